/** What `baton learn` says: how many examples there are of what, what was left out and why, and what would come of it. */
import { didYouMean, nearest } from '../config/problems.ts';
import type { CategoryId } from '../domain/ids.ts';
import type { ArchiveExample } from '../domain/learning/archive.ts';
import { configuredExamples } from '../domain/learning/configured-examples.ts';
import { type LeftOutWhy, LeftOutWhys } from '../domain/learning/from-archive.ts';
import { type ClassifierReport, withoutWords } from '../domain/learning/report.ts';
import { amount, counted } from '../domain/learning/report-words.ts';
import type { Policy } from '../domain/policy.ts';
import { reportLines } from './classify-report.ts';
import { safeLine } from './safe-text.ts';
import { table } from './table.ts';

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
  readonly report: ClassifierReport | null;
};

export type Told = {
  readonly lesson: Lesson;
  readonly policy: Policy;
  readonly paths: readonly string[];
  /** How many were new; null: nothing was kept. */
  readonly added: number | null;
  /** The page that was written. */
  readonly report: string | null;
};

const SHOWN_MAX = 12;
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
    ...foreseen(told),
    '',
    ...outcome(told),
  ];
  return `${lines.join('\n')}\n`;
}

function readLine({ read, examples }: Lesson): string {
  return `${counted(read, 'mail')} read: ${counted(examples.length, 'example')}, ${amount(read - examples.length)} left out.`;
}

function categoryTable({ examples }: Lesson, { categories }: Policy): string[] {
  const brought = Map.groupBy(examples, ({ category }) => category);
  const configured = Map.groupBy(configuredExamples(categories), ({ category }) => category);
  const rows = [...categories.values()].map(({ id, name }) => [
    safeLine(name),
    brought.get(id)?.length ?? 0,
    configured.get(id)?.length ?? 0,
  ]);
  const none = brought.get(null)?.length ?? 0;
  return table(
    ['category', 'examples', 'in the configuration'],
    none === 0 ? rows : [...rows, ['none of them', none, 0]],
  );
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

function foreseen({ lesson: { report, examples }, policy, report: page }: Told): string[] {
  const { categories, learning } = policy;
  const few = fewOf(examples, policy);
  return [
    '',
    ...(report === null
      ? [
          `With ${counted(examples.length, 'example')} from an archive nothing can be held back to judge by. Until there is more to learn from, it is sure of nothing: the front desk is asked, and shown its guesses.`,
        ]
      : [
          `What would come of it, judged by ${counted(report.inScope.of, 'mail')} that it had not learned from:`,
          ...reportLines(report, (id) => categories.get(id)?.name ?? id, learning.wrongAtMost),
        ]),
    ...(report !== null && few.length > 0
      ? ['', `Fewer than ${FEW} examples, too few to be sure: ${few.map(safeLine).join(', ')}.`]
      : []),
    ...(page === null ? [] : ['', `The page is ${safeLine(page)}. It quotes mails.`]),
  ];
}

function fewOf(examples: readonly ArchiveExample[], { categories }: Policy): string[] {
  const counts = Map.groupBy(examples, ({ category }) => category);
  return [...categories.values()]
    .filter(({ id }) => (counts.get(id)?.length ?? 0) < FEW)
    .map(({ name }) => name);
}

function outcome({ added, paths, lesson: { kept }, policy }: Told): string[] {
  const off = policy.learning.mode === 'off' ? ['learning.mode is off: nothing is learned while it is.'] : [];
  if (paths.length === 0) return [...off, 'Nothing was kept: no archive was given.'];
  if (added === null) return [...off, 'Nothing was kept.'];
  const known = kept.length - added;
  return [
    `Kept: ${counted(added, 'new example')}${known === 0 ? '' : `, ${amount(known)} that were known already`}. While Baton runs it learns from them within a minute.`,
    ...off,
  ];
}

// ── As JSON ──

/** Without the words of mails; the page has examples of confusions. */
export function lessonAsJson({ lesson, policy, added }: Told): object {
  const { read, examples, leftOut, unknownPlaces, unreadable, idle, report } = lesson;
  const brought = Map.groupBy(examples, ({ category }) => category);
  const configured = Map.groupBy(configuredExamples(policy.categories), ({ category }) => category);
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
    report: report === null ? null : withoutWords(report),
    added,
  };
}
