/** The configuration that a command is given, or an end with everything that is wrong with it. */
import { Option } from 'commander';
import { type LoadedWell, loadConfig } from '../config/load.ts';
import { formatProblems } from '../config/problems.ts';
import { ExitCode, Finding } from './exit.ts';

export const configOption = (): Option =>
  new Option('-c, --config <file>', 'the configuration').default('baton.yaml');

export function loadOrEnd(path: string): LoadedWell {
  const loaded = loadConfig(path, process.env);
  if (!loaded.ok) throw new Finding(formatProblems(loaded.problems), ExitCode.config);
  return loaded;
}
