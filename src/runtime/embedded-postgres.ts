/**
 * A PostgreSQL server of Baton's own, for the shape in which nothing has to be installed.
 *
 * What it promises:
 * - The data outlives Baton, and so may the server: after a kill -9 of Baton the next start adopts the running
 *   server, or clears what a dead one left behind. fsync stays on.
 * - Any number of Batons on one machine may share a data folder. The first starts the server, later ones adopt it,
 *   and **whoever is the last to stop stops the server**: each start leaves a mark in `users/` that names its
 *   process, and marks of dead processes do not count. Commands that merely join leave no mark.
 * - Only this machine can reach it (127.0.0.1, no Unix socket), with a random password that only the user who runs
 *   Baton can read.
 *
 * Where things are: `dataDir` always holds state.json (address and password, mode 0600), the password, the lock and
 * the marks. The cluster is in `dataDir/postgres` where the server's user can reach that; otherwise (as root, below a
 * closed home) in /var/lib/baton/<random>, which `dataDir/cluster` names.
 */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { askServer, ensureDatabase } from '../adapters/db/server.ts';
import { Failure } from '../app/failures.ts';
import { isTokenAlive, processToken, withFileLock } from './file-lock.mjs';
import { makeFolder } from './make-folder.ts';
import { findBinaries, serverUser } from './postgres-binaries.ts';
import {
  findHome,
  initialise,
  type PostgresHome,
  readState,
  removeHome,
  writeState,
} from './postgres-home.ts';
import { launch, type RunningServer, runningServer, shutDown, waitUntilReady } from './postgres-server.ts';

export type EmbeddedPostgres = {
  /** Connection string of the database `baton`, password included. */
  readonly url: string;
  /** True when the server was already running. */
  readonly adopted: boolean;
  /** Takes this start's mark away, and stops the server when it was the last. Safe to call twice. */
  stop(): Promise<void>;
};

type Log = (line: string) => void;

const DATABASE = 'baton';
const LOCK_WAIT_MS = 120_000;
const RETRY_FOR_MS = 15_000;
const RETRY_AFTER_MS = 200;

/**
 * Starts the server of `dataDir`, or adopts the one that runs.
 * @throws Failure naming what is in the way (permissions, disk, platform, foreign version) and what to do about it.
 */
export async function startEmbeddedPostgres(options: {
  dataDir: string;
  log?: Log;
  /** All workers run on it: whoever starts a second time by mistake is told of the first. */
  isWhole?: boolean;
}): Promise<EmbeddedPostgres> {
  const { isWhole = false } = options;
  const dataDir = resolve(options.dataDir);
  const log = options.log ?? (() => undefined);
  await prepareFolder(dataDir);
  return locked(dataDir, async () => {
    const user = await serverUser();
    const binaries = await findBinaries(user);
    const home = await findHome(dataDir, user);
    const made = await initialise(home, binaries);
    if (made) log(`database created in ${home.cluster}`);

    const running = await adopt(home);
    const server = running ?? (await startAnew(home, binaries.postgres));
    await ensureDatabase(server.urlOf('postgres'), DATABASE);
    const url = server.urlOf(DATABASE);
    await writeState(dataDir, { url, port: server.port, pid: server.pid });
    if (isWhole) sayWhoElse(await wholeOnes(dataDir), dataDir, log);
    const mark = await leaveMark(dataDir, isWhole);
    log(
      `database ${running === null ? 'started' : 'adopted'} on 127.0.0.1:${server.port} (process ${server.pid})`,
    );

    let stopping: Promise<void> | null = null;
    const stop = () => locked(dataDir, () => leave(dataDir, home, mark, log));
    return {
      url,
      adopted: running !== null,
      stop: () => {
        stopping ??= stop();
        return stopping;
      },
    };
  });
}

/**
 * The address of the server that runs on `dataDir`, for commands that only want to look or ask; null when none runs.
 * @throws Failure `postgres-state-unreadable` when it belongs to another user.
 */
export async function joinEmbeddedPostgres(options: { dataDir: string }): Promise<{ url: string } | null> {
  const state = await readState(resolve(options.dataDir));
  if (state === null) return null;
  return (await askServer(state.url, 5_000)) === 'ready' ? { url: state.url } : null;
}

/** Whether a server was ever started on this data folder. */
export const wasStarted = async (dataDir: string): Promise<boolean> =>
  (await readState(resolve(dataDir))) !== null;

/** Stops the server, whoever uses it, and deletes its data: for trials that leave nothing behind. */
export async function removeEmbeddedPostgres(options: { dataDir: string }): Promise<void> {
  const dataDir = resolve(options.dataDir);
  await prepareFolder(dataDir);
  await locked(dataDir, async () => {
    const home = await findHome(dataDir, await serverUser());
    const running = await runningServer(home);
    if (running !== null) await shutDown(home, running.pid);
    await removeHome(home);
    for (const name of ['state.json', 'users'])
      await rm(join(dataDir, name), { recursive: true, force: true });
  });
}

async function prepareFolder(dataDir: string): Promise<void> {
  try {
    // Passable, so that as root the server's user can get to its own part; what is secret has mode 0600.
    await makeFolder(dataDir, 0o711);
    await makeFolder(join(dataDir, 'users'), 0o700);
  } catch (error) {
    throw new Failure(
      'permanent',
      'postgres-folder',
      `The data folder ${dataDir} cannot be written: ${(error as Error).message}. ` +
        'Give this user the right to write there, make room, or name another folder (`database.dataDir`).',
      { cause: error },
    );
  }
}

async function locked<T>(dataDir: string, work: () => Promise<T>): Promise<T> {
  try {
    return await withFileLock(join(dataDir, 'start.lock'), work, LOCK_WAIT_MS);
  } catch (error) {
    if ((error as { code?: unknown }).code !== 'ELOCKED') throw error;
    throw new Failure(
      'temporary',
      'postgres-locked',
      `Another Baton has been starting or stopping the database in ${dataDir} for more than two minutes. ` +
        'Look whether that process hangs; ending it frees the lock.',
      { cause: error },
    );
  }
}

/** The server of an earlier Baton, once it answers; null when there is none. */
async function adopt(home: PostgresHome): Promise<RunningServer | null> {
  const running = await runningServer(home);
  if (running === null) return null;
  await waitUntilReady(home, running, () => null);
  return running;
}

/** Retries what cures itself: a port lost to somebody quicker, and the last children of a killed server. */
async function startAnew(home: PostgresHome, postgres: string): Promise<RunningServer> {
  const remembered = (await readState(home.dataDir))?.port ?? null;
  const giveUpAt = Date.now() + RETRY_FOR_MS;
  for (let attempt = 1; ; attempt++) {
    try {
      return await launch(home, postgres, attempt === 1 ? remembered : null);
    } catch (error) {
      const cures = error instanceof Failure && error.kind === 'temporary';
      if (!cures || Date.now() > giveUpAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER_MS));
    }
  }
}

async function leaveMark(dataDir: string, isWhole: boolean): Promise<string> {
  const token = processToken(process.pid) ?? '';
  const mark = join(
    dataDir,
    'users',
    `${process.pid}-${Date.now().toString(36)}-${++marks}${isWhole ? WHOLE : ''}`,
  );
  await writeFile(mark, token, { mode: 0o600 });
  return mark;
}
let marks = 0;

/** How the name of a mark ends whose process runs all workers. */
const WHOLE = '-all';

/** The processes that run all workers on this data folder. */
async function wholeOnes(dataDir: string): Promise<number[]> {
  const folder = join(dataDir, 'users');
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(WHOLE));
  const tokens = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')));
  return tokens.filter(isTokenAlive).map((token) => Number.parseInt(token, 10));
}

function sayWhoElse(pids: readonly number[], dataDir: string, log: Log): void {
  if (pids.length === 0) return;
  const who = `${pids.length === 1 ? 'process' : 'processes'} ${pids.join(', ')}`;
  log(
    `Baton already runs on the data in ${dataDir} (${who}). This one only helps; stop it with Ctrl-C if you did not want that.`,
  );
}

async function leave(dataDir: string, home: PostgresHome, mark: string, log: Log): Promise<void> {
  await rm(mark, { force: true });
  if (await hasUsers(dataDir)) return;
  const running = await runningServer(home);
  if (running === null) return;
  await shutDown(home, running.pid);
  log('database stopped');
}

async function hasUsers(dataDir: string): Promise<boolean> {
  const folder = join(dataDir, 'users');
  let inUse = false;
  for (const name of await readdir(folder).catch(() => [])) {
    const token = await readFile(join(folder, name), 'utf8').catch(() => '');
    if (isTokenAlive(token)) inUse = true;
    else await rm(join(folder, name), { force: true });
  }
  return inUse;
}
