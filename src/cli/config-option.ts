/** The configuration that a command is given, or an end with everything that is wrong with it. */
import { Option } from 'commander';
import { type LoadedWell, loadConfig } from '../config/load.ts';
import { formatProblems, type Problem } from '../config/problems.ts';
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
type Needed = 'database.url' | 'secret';

/**
 * The same for commands that only look: nobody who asks for the digest needs to know the passwords of mailboxes. What
 * is missing is a problem where it is needed, and else WITHHELD stands in its place.
 */
export function loadForReading(path: string, needed: readonly Needed[] = ['database.url']): LoadedWell {
  const whole = loadConfig(path, process.env);
  if (whole.ok) return whole;
  const missing = whole.problems.filter((problem) => needed.some((one) => one === problem.path));
  const loaded = loadConfig(path, process.env, WITHHELD);
  if (!loaded.ok) throw badConfig(union(loaded.problems, missing));
  if (missing.length > 0) throw badConfig(missing);
  return loaded;
}

function union(problems: readonly Problem[], more: readonly Problem[]): Problem[] {
  const known = problems.map((problem) => formatProblems([problem]));
  return [...problems, ...more.filter((problem) => !known.includes(formatProblems([problem])))];
}

const badConfig = (problems: readonly Problem[]): Finding =>
  new Finding(formatProblems(problems), ExitCode.config);

export const warningLines = (warnings: readonly Problem[]): string[] =>
  warnings.map((warning) => `WARNING: ${formatProblems([warning])}`);
