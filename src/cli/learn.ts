/**
 * `baton learn`: makes examples of an archive that people have sorted into folders or labels, so that requests go to the
 * right person from the first day. Tells what it would come to before anything is kept.
 */
import { type Command, Option } from 'commander';
import { createPool } from '../adapters/db/pool.ts';
import { pinoLog } from '../adapters/log/pino-log.ts';
import type { ClassifierPage } from '../adapters/web/classifier-page.ts';
import { keepExamples } from '../app/bring-archive.ts';
import { foresee } from '../app/judge-examples.ts';
import { DEFAULT_SEED, type LearnOutcome, learnAnew } from '../app/learn.ts';
import type { ArchivePlace } from '../app/ports/learning.ts';
import { toPolicy } from '../config/policy.ts';
import { didYouMean, list } from '../config/problems.ts';
import type { CategoryId } from '../domain/ids.ts';
import type { ArchiveExample } from '../domain/learning/archive.ts';
import { harvest } from '../domain/learning/from-archive.ts';
import { foldedPath, meaningOf, type PlaceMeaning, placeNames } from '../domain/learning/places.ts';
import { amount, counted } from '../domain/learning/report-words.ts';
import type { Policy } from '../domain/policy.ts';
import { placesMeant } from '../runtime/archive-places.ts';
import { type Borrowed, borrowDatabase, borrowOrMakeDatabase } from '../runtime/database.ts';
import { type LearningServices, learningServices } from '../runtime/learning.ts';
import { untilStopped } from '../runtime/lifecycle.ts';
import { configOption, loadForReading } from './config-option.ts';
import { allInWords, type Dropped, droppedAsJson, droppedInWords } from './drop-words.ts';
import { ExitCode, Finding } from './exit.ts';
import { isTyped } from './is-typed.ts';
import { type Kept, type Lesson, lessonAsJson, lessonInWords } from './learn-words.ts';
import { readArchive } from './read-archive.ts';
import { terminalLine } from './terminal-progress.ts';
import { writePage } from './write-page.ts';

type Options = {
  readonly config: string;
  readonly map?: ReadonlyMap<string, string>;
  readonly dryRun?: boolean;
  readonly json?: boolean;
  readonly report?: string;
  /** true: of all archives. */
  readonly drop?: string | true;
  readonly yes?: boolean;
};

const HELP = `
The folder in which a mail lies, or its labels in Google Takeout, say what it belongs to: by the id or the name
of a category in the configuration, or by --map. --map FOLDER=none says that what lies there belongs to none of them,
which teaches what to leave to a person. A .jsonl file has a {"text", "label"} on each line.

Learned from is what customers wrote to begin a request: no machine's mail, none of your teammates, no later mail of a
conversation. "baton erase" takes a person's examples away as well. What was brought before is not doubled.
--drop takes the path or the name of a folder, and lists the places there are when it is none, or several.

Examples:
  npx baton learn archive/ --dry-run
  npx baton learn Takeout/Mail/*.mbox --map "Old stuff/Heating=repair" --map Spam=none
  npx baton learn sorted.jsonl --dry-run --report report.html
  npx baton learn --drop archive/Repairs`;

export function addLearn(program: Command): void {
  program
    .command('learn')
    .description('learn from an archive that is sorted into folders or labels which request goes where')
    .argument(
      '[path...]',
      'folders of .eml files, Maildirs, mbox files (also packed with gzip), .jsonl files; none: the configuration alone',
    )
    .addOption(configOption())
    .option('--map <folder=category>', 'what a folder or label means; may be given several times', mapped)
    .option('--dry-run', 'only tell what would come of it; needs no database')
    .option('--report <file>', 'write what it would get right and wrong as a page for a browser')
    .addOption(
      new Option(
        '--drop [folder]',
        'take away what an archive brought from a folder, or all of it (asks first)',
      ).conflicts(['dryRun', 'report', 'map']),
    )
    .option('--yes', 'with --drop and no folder: do not ask')
    .option('--json', 'answer as JSON')
    .addHelpText('after', HELP)
    .action(run);
}

function mapped(typed: string, before: ReadonlyMap<string, string> = new Map()): ReadonlyMap<string, string> {
  const at = typed.lastIndexOf('=');
  const [folder, category] = [typed.slice(0, at).trim(), typed.slice(at + 1).trim()];
  if (at < 1 || foldedPath(folder) === '' || category === '')
    throw new Finding(`"${typed}" is no FOLDER=category.`, ExitCode.usage);
  if ([...before.keys()].some((other) => foldedPath(other) === foldedPath(folder)))
    throw new Finding(`--map says twice what "${folder}" means.`, ExitCode.usage);
  return new Map(before).set(folder, category);
}

async function run(paths: readonly string[], options: Options): Promise<void> {
  if (options.drop !== undefined) return drop(options.drop, paths, options);
  if (options.yes === true) throw new Finding('--yes goes with --drop.', ExitCode.usage);
  const keeps = options.dryRun !== true && paths.length > 0;
  const { config } = loadForReading(options.config, keeps ? ['database.url'] : []);
  const policy = toPolicy(config);
  if (policy.categories.size === 0) {
    throw new Finding(
      `${options.config} has no "categories", and they are what is learned: describe them there first.`,
      ExitCode.config,
    );
  }
  const said = meanings(policy, options.map ?? new Map());
  const line = terminalLine();
  // First of all: whoever has waited for the reading should not hear that there is no database.
  const database = keeps ? await borrowOrMakeDatabase(config) : null;
  let lesson: Lesson;
  let kept: Kept | null;
  try {
    lesson = await study(paths, policy, said, line);
    if (options.report !== undefined) writePage(options.report, pageOf(lesson, policy));
    kept = database === null ? null : await keep(database, policy, lesson.kept, line);
  } finally {
    line.end();
    await database?.stop();
  }
  const told = { lesson, policy, paths, kept, report: options.report ?? null };
  process.stdout.write(
    options.json ? `${JSON.stringify(lessonAsJson(told), null, 2)}\n` : lessonInWords(told),
  );
  const isFound = paths.length === 0 || lesson.kept.length > 0;
  process.exitCode = isFound && lesson.unreadable.length === 0 ? ExitCode.ok : ExitCode.finding;
}

type Line = ReturnType<typeof terminalLine>;

async function study(
  paths: readonly string[],
  policy: Policy,
  said: ReadonlyMap<string, PlaceMeaning>,
  line: Line,
): Promise<Lesson> {
  const names = placeNames(policy.categories, said);
  const { mails, texts, unreadable, saidAndFound } = await readArchive(paths, policy, names);
  const harvested = harvest(mails, texts, policy);
  const foreseen = foresee(harvested.examples, policy, (done, of) =>
    line.say(`Learning, and judging by what was held back: ${done} of ${of}`),
  );
  return {
    ...harvested,
    ...{ unreadable, foreseen, read: mails.length + texts.length },
    idle: [...said.keys()].filter((folder) => !saidAndFound.has(foldedPath(folder))),
  };
}

/** `none` is the word for none of them, unless a category is called so. */
function meanings(
  { categories }: Policy,
  said: ReadonlyMap<string, string>,
): ReadonlyMap<string, PlaceMeaning> {
  const names = placeNames(categories, new Map());
  return new Map([...said].map(([folder, typed]) => [folder, meaningTyped(typed)]));

  function meaningTyped(typed: string): CategoryId | null {
    const meant = meaningOf([[typed]], names);
    if (meant.type === 'one') return meant.category;
    if (typed.toLowerCase() === 'none') return null;
    const ids = [...categories.keys()];
    throw new Finding(
      `No category is called "${typed}". ${didYouMean(typed, ids)}Known categories: ${list([...ids, 'none'])}.`,
      ExitCode.usage,
    );
  }
}

async function keep(
  database: Borrowed,
  policy: Policy,
  examples: readonly ArchiveExample[],
  line: Line,
): Promise<Kept> {
  return withLearning(database, async (services) => {
    const added = await keepExamples(services.learning, examples, (done) =>
      line.say(`Keeping examples: ${done} of ${examples.length}`),
    );
    return { added, learned: await learnNow(services, policy, line) };
  });
}

/** What was brought by mistake; examples of what was decided stay. */
async function drop(folder: string | true, paths: readonly string[], options: Options): Promise<void> {
  if (paths.length > 0) throw new Finding('--drop takes one folder and no archive.', ExitCode.usage);
  const { config } = loadForReading(options.config);
  const policy = toPolicy(config);
  const line = terminalLine();
  const database = await borrowDatabase(config);
  let dropped: Dropped;
  try {
    dropped = await withLearning(database, (services) =>
      folder === true
        ? dropAll(services, policy, line, options.yes === true)
        : dropPlace(folder, services, policy, line),
    );
  } finally {
    line.end();
    await database.stop();
  }
  process.stdout.write(
    options.json ? `${JSON.stringify(droppedAsJson(dropped))}\n` : droppedInWords(dropped),
  );
  process.exitCode = dropped.type === 'dropped' ? ExitCode.ok : ExitCode.finding;
}

async function dropPlace(
  typed: string,
  services: LearningServices,
  policy: Policy,
  line: Line,
): Promise<Dropped> {
  const places = await services.learning.archivePlaces();
  const meant = placesMeant(
    typed,
    places.map(({ place }) => place),
  );
  const [only] = meant;
  if (only === undefined) return { type: 'nothing', places };
  if (meant.length > 1)
    return { type: 'several', places: places.filter(({ place }) => meant.includes(place)) };
  return takeAway(only, services, policy, line);
}

/** A folder that was forgotten at the end of the line should not cost all that was brought. */
async function dropAll(
  services: LearningServices,
  policy: Policy,
  line: Line,
  yes: boolean,
): Promise<Dropped> {
  const places = await services.learning.archivePlaces();
  if (places.length === 0) return { type: 'nothing', places };
  if (!yes && !(await isConfirmed(places))) return { type: 'unconfirmed', places };
  return takeAway(null, services, policy, line);
}

async function isConfirmed(places: readonly ArchivePlace[]): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  process.stderr.write(allInWords(places));
  if (await isTyped('drop', 'Take all of it away? Type "drop": ')) return true;
  throw new Finding('Nothing was taken away.');
}

async function takeAway(
  place: string | null,
  services: LearningServices,
  policy: Policy,
  line: Line,
): Promise<Dropped> {
  const count = await services.learning.dropArchive(place);
  // As with what is brought: also where another training has the turn just now.
  await services.learning.askForTraining();
  return { type: 'dropped', count, learned: await learnNow(services, policy, line) };
}

async function withLearning<T>(
  { url, time }: Borrowed,
  work: (services: LearningServices) => Promise<T>,
): Promise<T> {
  const pool = createPool(url, { max: 2, applicationName: 'baton-learn' });
  try {
    return await work(learningServices(pool, time));
  } finally {
    await pool.end();
  }
}

const learnNow = (services: LearningServices, policy: Policy, line: Line): Promise<LearnOutcome> =>
  untilStopped((signal) =>
    learnAnew(
      { ...services, policy: () => policy, log: pinoLog('silent') },
      {
        now: true,
        seed: DEFAULT_SEED,
        told: (progress) => line.say(`Learning from all that is known: ${progress.examples} examples`),
        signal,
      },
    ),
  );

function pageOf({ foreseen, examples }: Lesson, { categories, learning }: Policy): ClassifierPage {
  if (foreseen === null)
    throw new Finding(`There are too few examples for a report: ${amount(examples.length)}.`);
  const { report } = foreseen;
  return {
    title: 'What would be learned from this archive',
    about: [
      `${counted(examples.length, 'example')}. Judged by ${amount(report.inScope.of)} of them, each by what was learned from the others, with all mails of one sender held back together.`,
    ],
    report,
    names: (id) => categories.get(id)?.name ?? id,
    wrongAtMost: learning.wrongAtMost,
  };
}
