/** The configuration that a command is given, or an end with everything that is wrong with it. */
import { Option } from 'commander';
import { type LoadedWell, loadConfig } from '../config/load.ts';
import { formatProblems, type Problem } from '../config/problems.ts';
import type { Config } from '../config/schema.ts';
import { ExitCode, Finding } from './exit.ts';

export const configOption = (): Option =>
  new Option('-c, --config <file>', 'the configuration').default('baton.yaml');

/** For commands that send or fetch mail: every secret is needed. */
export function loadOrEnd(path: string): LoadedWell {
  const loaded = loadConfig(path, process.env);
  if (!loaded.ok) throw badConfig(loaded.problems);
  return loaded;
}

/** Stands for what the environment and the files of secrets do not hold; looks like any kind of secret. */
export const WITHHELD = 'postgresql://withheld@withheld.invalid:5432/withheld';

/** What a command may need that does not stand in the file itself. */
const NEEDED = {
  'database.url': ({ database }: Config) => database.url,
  secret: ({ secret }: Config) => secret,
} as const;
type Needed = keyof typeof NEEDED;

/**
 * The same for commands that only look: nobody who asks for the digest needs to know the passwords of mailboxes. What
 * is missing is a problem where it is needed, and else WITHHELD stands in its place.
 */
export function loadForReading(path: string, needed: readonly Needed[] = ['database.url']): LoadedWell {
  const loaded = loadConfig(path, process.env, WITHHELD);
  const isMissing = (config: Config, name: Needed): boolean =>
    NEEDED[name](config)?.includes(WITHHELD) === true;
  if (loaded.ok && !needed.some((name) => isMissing(loaded.config, name))) return loaded;
  const whole = loadConfig(path, process.env);
  if (whole.ok) return whole;
  // Of a value that is missing more can be said than of what stands in for it.
  const wrong = new Set(loaded.ok ? [] : loaded.problems.map(placeOf));
  const problems = whole.problems.filter(
    (problem) => needed.some((name) => name === problem.path) || wrong.has(placeOf(problem)),
  );
  throw badConfig(problems.length > 0 ? problems : whole.problems);
}

const placeOf = ({ file, path, line }: Problem): string => `${file} ${line} ${path}`;

const badConfig = (problems: readonly Problem[]): Finding =>
  new Finding(formatProblems(problems), ExitCode.config);

export const warningLines = (warnings: readonly Problem[]): string[] =>
  warnings.map((warning) => `WARNING: ${formatProblems([warning])}`);
