/**
 * The server process of one embedded cluster: found, launched, waited for, shut down.
 *
 * It runs in a session of its own, so that Ctrl-C at the terminal reaches Baton alone and Baton decides the order of
 * shutting down; and it logs to a file, so that it can go on when Baton was killed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { askServer } from '../adapters/db/server.ts';
import { Failure } from '../app/failures.ts';
import { processToken } from './file-lock.mjs';
import { asUser } from './postgres-binaries.ts';
import { type PostgresHome, ROLE } from './postgres-home.ts';

export type RunningServer = {
  readonly pid: number;
  readonly port: number;
  urlOf(database: string): string;
};

const READY_WAIT_MS = 60_000;
const STOP_WAIT_MS = 60_000;
const LOOK_AGAIN_MS = 20;
const LOG_MAX_BYTES = 5_000_000;

/** For a small machine that does other things too; durability is untouched (fsync and synchronous_commit stay on). */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  // No socket file: its path may be at most 107 bytes long, and nobody needs it.
  unix_socket_directories: '',
  shared_buffers: '64MB',
  max_connections: '60',
  effective_cache_size: '256MB',
  maintenance_work_mem: '32MB',
  max_wal_size: '512MB',
  // Parallel queries take shared memory that small containers do not have.
  max_parallel_workers_per_gather: '0',
  io_method: 'sync',
  max_logical_replication_workers: '0',
  jit: 'off',
  TimeZone: 'UTC',
  log_timezone: 'UTC',
  log_min_messages: 'warning',
  log_line_prefix: '%m ',
};

function serverAt(home: PostgresHome, pid: number, port: number): RunningServer {
  return {
    pid,
    port,
    // sslmode in the address, since PGSSLMODE of the environment would otherwise be obeyed.
    urlOf: (database) =>
      `postgresql://${ROLE}:${home.password}@127.0.0.1:${port}/${database}?sslmode=disable`,
  };
}

/**
 * The server that runs on this cluster, ready or not; null when there is none. A postmaster.pid that names a dead
 * process, or one that has nothing to do with this cluster, is cleared away: PostgreSQL itself would refuse to start
 * when the number had gone to another process of the same user.
 */
export async function runningServer(home: PostgresHome): Promise<RunningServer | null> {
  const path = join(home.cluster, 'postmaster.pid');
  const lines = (await readFile(path, 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  const port = Number(lines[3]);
  if (!Number.isInteger(pid) || pid <= 0) return null;
  if (!(await isPostmaster(home, pid))) {
    await rm(path, { force: true });
    return null;
  }
  return serverAt(home, pid, Number.isInteger(port) && port > 0 ? port : 0);
}

/** A postmaster works inside its data directory; where /proc does not tell, a living process must do. */
async function isPostmaster(home: PostgresHome, pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  if (process.platform !== 'linux') return true;
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => null);
  return folder === (await realpath(home.cluster));
}

const isAlive = (pid: number): boolean => {
  const token = processToken(pid);
  return token !== null && !token.endsWith(':gone');
};

/**
 * Starts the server on `port` when that is free, otherwise on any free port, and waits until it answers.
 * @throws Failure `postgres-port-taken` when the port was lost in between, `postgres-start` with the log's last words.
 */
export async function launch(
  home: PostgresHome,
  postgres: string,
  port: number | null,
): Promise<RunningServer> {
  const chosen = (port === null ? null : await freePort(port)) ?? (await freePort(0));
  if (chosen === null) {
    throw new Failure(
      'permanent',
      'postgres-port',
      'No port on 127.0.0.1 can be opened, so the embedded database cannot be reached. ' +
        'Look at the limits of this container or sandbox, or set `database.url` to a PostgreSQL server of your own.',
    );
  }
  await cutLog(home.logFile);
  const logFrom = (await stat(home.logFile).catch(() => null))?.size ?? 0;
  const child = await spawnServer(home, postgres, chosen);
  const server = serverAt(home, child.pid ?? 0, chosen);
  try {
    await waitUntilReady(home, server, () => child.exitCode ?? child.signalCode);
  } catch (error) {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGQUIT');
    throw await startFailure(home, logFrom, error);
  }
  return server;
}

async function spawnServer(home: PostgresHome, postgres: string, port: number): Promise<ChildProcess> {
  const settings = Object.entries(SETTINGS).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openSync(home.logFile, 'a', 0o600);
  try {
    const child = spawn(postgres, ['-D', home.cluster, '-p', String(port), ...settings], {
      ...asUser(home.user),
      detached: true,
      stdio: ['ignore', log, log],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    // Baton may end without waiting for its server.
    child.unref();
    return child;
  } catch (error) {
    throw new Failure(
      'permanent',
      'postgres-start',
      `The embedded database could not be started: ${String(error)}`,
      {
        cause: error,
      },
    );
  } finally {
    closeSync(log);
  }
}

/**
 * Resolves when the server answers with our password.
 * @throws Failure when it ends (`ended` tells), refuses us, or stays silent for a minute.
 */
export async function waitUntilReady(
  home: PostgresHome,
  server: RunningServer,
  ended: () => number | string | null,
): Promise<void> {
  const giveUpAt = Date.now() + READY_WAIT_MS;
  for (;;) {
    const how = ended();
    if (how !== null || !isAlive(server.pid)) {
      throw new Failure(
        'temporary',
        'postgres-start',
        `The embedded database ended while starting (${how ?? 'gone'}).`,
      );
    }
    const answer = await askServer(server.urlOf('postgres'), 5_000);
    if (answer === 'ready') return;
    if (answer === 'refused' || Date.now() > giveUpAt) {
      throw new Failure(
        'permanent',
        'postgres-unresponsive',
        `The embedded database (process ${server.pid}, port ${server.port}) ${
          answer === 'refused' ? 'refuses Baton' : 'has not answered for a minute'
        }. Its own words are in ${home.logFile}; ending that process (kill -INT ${server.pid}) lets Baton start it anew.`,
      );
    }
    await pause();
  }
}

async function startFailure(home: PostgresHome, logFrom: number, error: unknown): Promise<Failure> {
  const log = await readFile(home.logFile).catch(() => Buffer.alloc(0));
  const words = log.subarray(logFrom).toString('utf8').trim().split('\n').slice(-5).join('\n');
  if (/could not bind|address already in use/i.test(words)) {
    return new Failure('temporary', 'postgres-port-taken', 'The chosen port was taken meanwhile.', {
      cause: error,
    });
  }
  if (/pre-existing shared memory block/i.test(words)) {
    return new Failure(
      'temporary',
      'postgres-remnant',
      `Processes of a killed server still use ${home.cluster}. They end by themselves; if they do not, end them.`,
      { cause: error },
    );
  }
  const advice = /no space left/i.test(words)
    ? 'The disk is full: make room and start again.'
    : /permission denied|invalid permissions|wrong ownership/i.test(words)
      ? 'Permissions of its folder have changed: restore them.'
      : 'What was committed is safe on disk.';
  const message = `The embedded database in ${home.cluster} did not start: ${
    words || (error as Error).message
  }\n${advice} The whole log: ${home.logFile}`;
  return new Failure('permanent', 'postgres-start', message, { cause: error });
}

/**
 * Fast shutdown: open transactions are rolled back, everything committed is on disk. A server that does not end
 * within a minute is told to drop everything at once, and recovers at its next start.
 */
export async function shutDown(home: PostgresHome, pid: number): Promise<void> {
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    if (!tell(pid, signal)) return;
    const giveUpAt = Date.now() + STOP_WAIT_MS;
    while (Date.now() < giveUpAt) {
      if (!(await isPostmaster(home, pid))) return;
      await pause();
    }
  }
  throw new Failure(
    'temporary',
    'postgres-stop',
    `The embedded database (process ${pid}) does not end. Its own words are in ${home.logFile}.`,
  );
}

function tell(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ESRCH') return false;
    throw new Failure(
      'permanent',
      'postgres-stop',
      `The embedded database (process ${pid}) belongs to another user and cannot be stopped by this one.`,
      { cause: error },
    );
  }
}

/** The port when it can be taken on 127.0.0.1 (0 asks for any), else null. */
function freePort(port: number): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(null));
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address();
      const free = typeof address === 'object' && address !== null ? address.port : null;
      probe.close(() => resolve(free));
    });
  });
}

async function cutLog(path: string): Promise<void> {
  const size = (await stat(path).catch(() => null))?.size ?? 0;
  if (size > LOG_MAX_BYTES) await rename(path, `${path}.1`);
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
