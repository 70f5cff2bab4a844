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

/** Stands for what the environment does not hold, where nothing is sent or signed; looks like any kind of secret. */
export const WITHHELD = 'postgresql://withheld@withheld.invalid:5432/withheld';

/** The same for commands that use no secret: a variable that is not set is no problem of theirs. */
export function loadForReading(path: string): LoadedWell {
  const loaded = loadConfig(path, withheld());
  if (!loaded.ok) throw new Finding(formatProblems(loaded.problems), ExitCode.config);
  return loaded;
}

const withheld = (): NodeJS.ProcessEnv =>
  new Proxy(process.env, {
    get: (env, name) => Reflect.get(env, name) ?? WITHHELD,
    getOwnPropertyDescriptor: (env, name) =>
      Reflect.getOwnPropertyDescriptor(env, name) ?? {
        value: WITHHELD,
        configurable: true,
        enumerable: true,
        writable: true,
      },
  });
