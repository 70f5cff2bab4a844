/** What `baton learn` says: how many examples there are of what, what was left out and why, and what would come of it. */
import type { Foreseen } from '../app/judge-examples.ts';
import type { LearnOutcome } from '../app/learn.ts';
import { didYouMean, nearest } from '../config/problems.ts';
import type { CategoryId } from '../domain/ids.ts';
import type { ArchiveExample } from '../domain/learning/archive.ts';
import { configuredExamples } from '../domain/learning/configured-examples.ts';
import { type LeftOutWhy, LeftOutWhys } from '../domain/learning/from-archive.ts';
import { withoutWords } from '../domain/learning/report.ts';
import { amount, counted, NONE } from '../domain/learning/report-words.ts';
import type { Policy } from '../domain/policy.ts';
import { reportLines } from './classify-report.ts';
import { WHY_NEVER } from './classify-words.ts';
import { safeLine } from './safe-text.ts';
import { table } from './table.ts';
import { wrapped } from './wrapped.ts';

export type Lesson = {
  /** Mails and texts that could be read. */
  readonly read: number;
  readonly kept: readonly ArchiveExample[];
  readonly examples: readonly ArchiveExample[];
  readonly leftOut: ReadonlyMap<LeftOutWhy, number>;
  readonly unknownPlaces: ReadonlyMap<string, number>;
  readonly unreadable: readonly { readonly file: string; readonly error: string }[];
  /** Folders of --map in which nothing lay. */
  readonly idle: readonly string[];
  readonly foreseen: Foreseen | null;
};

export type Kept = {
  /** How many were new. */
  readonly added: number;
  readonly learned: LearnOutcome;
};

export type Told = {
  readonly lesson: Lesson;
  readonly policy: Policy;
  readonly paths: readonly string[];
  /** null: nothing was kept. */
  readonly kept: Kept | null;
  /** The page that was written. */
  readonly report: string | null;
};

const SHOWN_MAX = 12;
const CATEGORIES_MAX = 30;
/** With fewer of a category nobody can tell how often it would be wrong. */
const FEW = 10;

const Whys: Readonly<Record<LeftOutWhy, string>> = {
  ours: 'we wrote ourselves, from the address of an inbox',
  member: 'are from teammates',
  automatic: 'machines wrote',
  'no-category': 'lie in folders, or have labels, that mean no category',
  'several-categories': 'belong to several categories by where they lie',
  'goes-on': 'go on with a conversation; only the mail that begins it is learned from',
  'nothing-written': 'say nothing',
  duplicate: 'say the same as another one',
  'sender-cap': 'are more than one sender, or one domain, may give; the latest count',
};

export function lessonInWords(told: Told): string {
  const { lesson, policy, paths } = told;
  const lines = [
    ...(paths.length === 0 ? [] : [readLine(lesson), '']),
    ...categoryTable(lesson, policy),
    ...leftOutLines(lesson),
    ...unknownLines(lesson, policy),
    ...lesson.idle.map((folder) => `--map ${safeLine(folder)}=…: nothing lies in such a folder.`),
    ...unreadableLines(lesson),
    ...foreseenLines(told),
    '',
    ...outcome(told),
  ];
  return `${lines.join('\n')}\n`;
}

function readLine({ read, examples }: Lesson): string {
  return `${counted(read, 'mail')} read: ${counted(examples.length, 'example')}, ${amount(read - examples.length)} left out.`;
}

function categoryTable({ examples }: Lesson, policy: Policy): string[] {
  const brought = Map.groupBy(examples, ({ category }) => category);
  const configured = Map.groupBy(configuredExamples(policy), ({ category }) => category);
  const counts = [...policy.categories.values()]
    .map(({ id, name }) => ({
      name,
      examples: brought.get(id)?.length ?? 0,
      own: configured.get(id)?.length ?? 0,
    }))
    .sort((a, b) => a.examples - b.examples || a.own - b.own);
  const more = counts.length - CATEGORIES_MAX;
  const rows = counts
    .slice(0, CATEGORIES_MAX)
    .map(({ name, examples: count, own }) => [safeLine(name), count, own]);
  const none = brought.get(null)?.length ?? 0;
  return [
    ...table(
      ['category', 'examples', 'in the configuration'],
      none === 0 ? rows : [...rows, [NONE, none, 0]],
    ),
    ...(more > 0 ? [`and ${counted(more, 'category', 'categories')} with more`] : []),
  ];
}

function leftOutLines({ leftOut }: Lesson): string[] {
  const found = LeftOutWhys.filter((why) => (leftOut.get(why) ?? 0) > 0);
  if (found.length === 0) return [];
  const width = Math.max(...found.map((why) => amount(leftOut.get(why) ?? 0).length));
  return [
    '',
    'Left out were those that',
    ...found.map((why) => `  ${amount(leftOut.get(why) ?? 0).padStart(width)}  ${Whys[why]}`),
  ];
}

function unknownLines({ unknownPlaces }: Lesson, policy: Policy): string[] {
  if (unknownPlaces.size === 0) return [];
  const places = [...unknownPlaces].sort((a, b) => b[1] - a[1]);
  const more = places.length - SHOWN_MAX;
  return [
    '',
    'Folders and labels that mean no category; say what they mean with --map FOLDER=category (or =none):',
    ...places
      .slice(0, SHOWN_MAX)
      .map(([place, count]) =>
        `  ${safeLine(place)}: ${amount(count)}. ${didYouMean(lastOf(place), namesOf(policy))}`.trimEnd(),
      ),
    ...(more > 0 ? [`  and ${amount(more)} others`] : []),
  ];
}

const lastOf = (place: string): string => place.slice(place.lastIndexOf('/') + 1);

const namesOf = ({ categories }: Policy): string[] =>
  [...categories.values()].flatMap(({ id, name }) => (name === id ? [id] : [id, name]));

function unreadableLines({ unreadable }: Lesson): string[] {
  if (unreadable.length === 0) return [];
  const more = unreadable.length - SHOWN_MAX;
  return [
    '',
    'Could not be read:',
    ...unreadable.slice(0, SHOWN_MAX).map(({ file, error }) => `  ${safeLine(file)}: ${safeLine(error)}`),
    ...(more > 0 ? [`  and ${amount(more)} others`] : []),
  ];
}

function foreseenLines({ lesson: { foreseen, examples }, policy, report: page }: Told): string[] {
  const { categories, learning } = policy;
  const few = fewOf(examples, policy);
  return [
    '',
    ...(foreseen === null
      ? wrapped(
          `${examples.length === 0 ? 'No archive taught anything' : `${counted(examples.length, 'example')} from an archive are few`}, so that nothing can be held back to judge by. Until there is more to learn from, it is sure of nothing: the front desk is asked, and shown its guesses.`,
        )
      : [
          `What would come of it, judged by ${counted(foreseen.report.inScope.of, 'mail')} that it had not learned from:`,
          ...reportLines(foreseen.report, (id) => categories.get(id)?.name ?? id, learning.wrongAtMost),
          ...neverSureLines(foreseen.neverSure),
        ]),
    ...(foreseen !== null && few.length > 0
      ? ['', ...wrapped(`Fewer than ${FEW} examples, too few to be sure: ${few.map(safeLine).join(', ')}.`)]
      : []),
    ...(page === null ? [] : ['', `The page is ${safeLine(page)}. It quotes mails.`]),
  ];
}

const neverSureLines = (why: Foreseen['neverSure']): string[] =>
  why === null
    ? []
    : [
        '',
        ...wrapped(
          `It is sure of nothing yet: ${WHY_NEVER[why]}.${why === 'too-few-unknown' ? ' Folders of such mail help (--map FOLDER=none).' : ''}`,
        ),
      ];

function fewOf(examples: readonly ArchiveExample[], { categories }: Policy): string[] {
  const counts = Map.groupBy(examples, ({ category }) => category);
  return [...categories.values()]
    .filter(({ id }) => (counts.get(id)?.length ?? 0) < FEW)
    .map(({ name }) => name);
}

function outcome({ kept, paths, lesson, policy }: Told): string[] {
  if (paths.length === 0) return [...offLine(policy), 'Nothing was kept: no archive was given.'];
  if (kept === null) return [...offLine(policy), 'Nothing was kept.'];
  const known = lesson.kept.length - kept.added;
  return [
    `Kept: ${counted(kept.added, 'new example')}${known === 0 ? '' : `, ${amount(known)} that were known already`}.`,
    learnedLine(kept.learned),
  ];
}

const OFF = 'learning.mode is off: nothing is learned while it is.';
const offLine = ({ learning }: Policy): string[] => (learning.mode === 'off' ? [OFF] : []);

export function learnedLine(learned: LearnOutcome): string {
  switch (learned.type) {
    case 'learned':
      return learned.used
        ? `Model ${learned.version}, learned from ${counted(learned.report.examples, 'example')}, is in use from now on.`
        : `Model ${learned.version} was learned and is not used: on recent decisions it does worse than the one in use.`;
    case 'off':
      return OFF;
    case 'not-now':
      return 'Another training is under way; the next one learns from these.';
    case 'too-few':
      return 'Nothing was learned: there are no two categories with anything to learn from.';
    case 'erased-meanwhile':
      return 'A person was erased meanwhile; it is learned anew while Baton runs.';
    default:
      return learned satisfies never;
  }
}

// ── As JSON ──

/** Without the words of mails; the page has examples of confusions. */
export function lessonAsJson({ lesson, policy, kept }: Told): object {
  const { read, examples, leftOut, unknownPlaces, unreadable, idle, foreseen } = lesson;
  const brought = Map.groupBy(examples, ({ category }) => category);
  const configured = Map.groupBy(configuredExamples(policy), ({ category }) => category);
  const count = (of: Map<CategoryId | null, readonly unknown[]>, id: CategoryId | null) =>
    of.get(id)?.length ?? 0;
  return {
    read,
    examples: examples.length,
    categories: [...policy.categories.keys()].map((id) => ({
      category: id,
      examples: count(brought, id),
      configured: count(configured, id),
    })),
    none: count(brought, null),
    leftOut: Object.fromEntries(leftOut),
    unknownPlaces: [...unknownPlaces].map(([place, mails]) => ({
      place,
      mails,
      nearest: nearest(lastOf(place), namesOf(policy)),
    })),
    unreadable,
    mapsWithoutMail: idle,
    report: foreseen === null ? null : withoutWords(foreseen.report),
    neverSure: foreseen?.neverSure ?? null,
    kept: kept === null ? null : { added: kept.added, ...learnedAsJson(kept.learned) },
  };
}

export const learnedAsJson = (learned: LearnOutcome): object =>
  learned.type === 'learned'
    ? { outcome: learned.type, model: learned.version, used: learned.used }
    : { outcome: learned.type };
