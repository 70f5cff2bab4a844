/**
 * One embedded PostgreSQL for all test files that run in one process, with a fresh database for whoever asks: making
 * a server takes two seconds of processor time. The first file that wants one starts it; the end of the run removes it.
 */
import { statSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../../src/runtime/embedded-postgres.ts';

export type TestServer = {
  /** Connection string of a new, empty database. */
  freshDatabase(): Promise<string>;
  /** Deletes the databases that were asked for. */
  end(): Promise<void>;
};

/** Names the folder where the servers of this run lie, each in one that is called like its process. */
const SERVERS = 'BATON_TEST_SERVERS';
const FOLDERS = /^baton-test-servers-(\d+)-/;

/** Called by vitest once per run, before the processes that run tests. */
export async function setup(): Promise<void> {
  const left = await readdir(tmpdir());
  // A run that was cut short removed nothing.
  for (const name of left.filter(isLeftBehind)) await removeServers(join(tmpdir(), name));
  process.env[SERVERS] = await mkdtemp(join(tmpdir(), `baton-test-servers-${process.pid}-`));
}

/** Called by vitest once all have ended. */
export const teardown = (): Promise<void> => removeServers(folderOfServers());

async function removeServers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await removeEmbeddedPostgres({ dataDir: join(folder, name) });
  await rm(folder, { recursive: true });
}

function isLeftBehind(name: string): boolean {
  const pid = Number(FOLDERS.exec(name)?.[1]);
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH' && isMine(join(tmpdir(), name));
  }
}

const isMine = (path: string): boolean => statSync(path).uid === process.getuid?.();

function folderOfServers(): string {
  const folder = process.env[SERVERS];
  if (folder === undefined) throw new Error('bug: setup of this file was not called');
  return folder;
}

let ofThisProcess: Promise<string> | null = null;
let count = 0;

/** Answers the address of a server that is there for all. */
async function start(): Promise<string> {
  const { url } = await startEmbeddedPostgres({ dataDir: join(folderOfServers(), String(process.pid)) });
  // No test pulls the plug, and what was written survives the death of every process without it.
  await ask(url, ['ALTER SYSTEM SET fsync = off', 'SELECT pg_reload_conf()']);
  return url;
}

/** As whoever owns the server. */
export async function ask(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

export async function startTestServer(): Promise<TestServer> {
  ofThisProcess ??= start();
  const server = await ofThisProcess;
  const names: string[] = [];
  return {
    freshDatabase: async () => {
      const name = `fresh_${++count}`;
      names.push(name);
      await ask(server, [`CREATE DATABASE ${name}`]);
      const url = new URL(server);
      url.pathname = `/${name}`;
      return url.href;
    },
    end: () => ask(server, names.splice(0).map(dropping)),
  };
}

/** Whoever is still connected to it is cut off. */
export const dropping = (database: string): string => `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`;
