/**
 * Notices when the configuration file has changed, and hands over the new configuration, or what is wrong with it.
 * Whatever is wrong, the configuration in force stays in force.
 *
 * A change counts only when two looks in a row see the same file: a half-written file may be valid and lack half
 * of the team. Looks at the path and not at an open file, since editors put a new file in the place of the old.
 * The wordings of mails beside it are watched like the file. Not watched: environment variables, which cannot change, and the files of secrets.
 */
import { statSync } from 'node:fs';
import { digestOnDisk, type Loaded, type LoadedWell, loadConfig } from './load.ts';
import { markOfNotices } from './notices.ts';
import type { Problem } from './problems.ts';
import type { Config } from './schema.ts';
import type { Environment } from './source.ts';

/** Calls `look` now and then until it is stopped. */
export type Trigger = (look: () => void) => { stop(): void };

export type WatchOptions = {
  readonly path: string;
  readonly env: Environment;
  /** The digest that came with the configuration in force. */
  readonly inForce: string;
  /** The folder of own wordings that came with it. */
  readonly notices: string;
  /** Puts a new configuration into force. If it fails, it is called again at the next look. */
  readonly onConfig: (config: Config, warnings: readonly Problem[]) => void | Promise<void>;
  /** Called once for each state of the file that cannot be used. */
  readonly onProblems: (problems: readonly Problem[]) => void;
  /** Called when a file that could not be used is again the one whose configuration is in force. */
  readonly onMended: () => void;
  /** Told when onConfig fails. */
  readonly onError: (error: unknown) => void;
  readonly trigger?: Trigger;
};

export type Watch = {
  /** Looks at the file once; resolves when everything that comes of it is done. Looks never overlap. */
  look(): Promise<void>;
  /** Stops looking and waits for a look under way. */
  close(): Promise<void>;
};

const LOOK_EVERY_MS = 1_000;

const everySecond: Trigger = (look) => {
  const timer = setInterval(look, LOOK_EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
};

/** Begins to watch. The first look compares the file with `inForce`, so no change between loading and watching is missed. */
export function watchConfig(options: WatchOptions): Watch {
  const state: State = {
    seen: '',
    settled: '',
    inForce: options.inForce,
    refused: null,
    notices: options.notices,
  };
  let underWay: Promise<void> | null = null;
  const look = (): Promise<void> => {
    underWay ??= lookOnce(options, state).finally(() => {
      underWay = null;
    });
    return underWay;
  };
  const timer = (options.trigger ?? everySecond)(() => {
    look().catch(options.onError);
  });
  return {
    look,
    close: async () => {
      timer.stop();
      await underWay?.catch(() => undefined);
    },
  };
}

type State = {
  /** The mark of the file at the last look. */
  seen: string;
  /** The mark up to which everything has been dealt with. */
  settled: string;
  inForce: string;
  /** The digest of the last text that had problems. */
  refused: string | null;
  /** The folder of own wordings that the last file named. */
  notices: string;
};

async function lookOnce(options: WatchOptions, state: State): Promise<void> {
  const mark = `${markOf(options.path)}\n${markOfNotices(state.notices)}`;
  const steady = mark === state.seen;
  state.seen = mark;
  if (!steady || mark === state.settled) return;
  const digest = digestOnDisk(options.path, state.notices);
  if (digest === state.inForce) {
    if (state.refused !== null) options.onMended();
    state.refused = null;
  } else if (digest !== state.refused) {
    const loaded = loadConfig(options.path, options.env);
    const isSameFolder = loaded.notices === state.notices;
    state.notices = loaded.notices;
    // Of another folder no mark was taken yet.
    if (!(await take(loaded, options, state)) || !isSameFolder) return;
  }
  state.settled = mark;
}

/** False when there is reason to look again although the file stays the same. */
async function take(loaded: Loaded, options: WatchOptions, state: State): Promise<boolean> {
  if (!loaded.ok) {
    state.refused = loaded.digest;
    options.onProblems(loaded.problems);
    return true;
  }
  return putIntoForce(loaded, options, state);
}

async function putIntoForce(
  { config, digest, warnings }: LoadedWell,
  options: WatchOptions,
  state: State,
): Promise<boolean> {
  try {
    await options.onConfig(config, warnings);
  } catch (error) {
    options.onError(error);
    return false;
  }
  state.inForce = digest;
  state.refused = null;
  return true;
}

/** Changes whenever the file is written or replaced; one and the same for a file that cannot be looked at. */
function markOf(path: string): string {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(':');
  } catch {
    return 'out of sight';
  }
}
