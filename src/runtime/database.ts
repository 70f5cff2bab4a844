/** The database that a configuration asks for: its own server where an address is given, else the embedded one. */
import { fileURLToPath } from 'node:url';
import { migrate, requireMigrated } from '../adapters/db/migrate.ts';
import type { TimeSource } from '../adapters/db/sql.ts';
import { Failure } from '../app/failures.ts';
import type { Config } from '../config/schema.ts';
import { timeIn } from './demo-time.ts';
import { joinEmbeddedPostgres, startEmbeddedPostgres, wasStarted } from './embedded-postgres.ts';

export const MIGRATIONS = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

export type Database = { readonly url: string; readonly embedded: boolean; stop(): Promise<void> };

/**
 * Starts or adopts the embedded server and brings its schema up to date. A given server is left as it is: which of
 * many processes changes its schema, and when, is its owner's decision. `isWhole`: all workers will run on it.
 */
export async function openDatabase(
  config: Config,
  say: (line: string) => void,
  { isWhole = false } = {},
): Promise<Database> {
  const { url } = config.database;
  if (url !== undefined) {
    await asFirst(requireMigrated(url, { folder: MIGRATIONS }), 'Baton did not start', 'start again');
    return { url, embedded: false, stop: async () => {} };
  }
  const server = await startEmbeddedPostgres({ dataDir: config.data, log: say, isWhole });
  try {
    await migrate(server.url, { folder: MIGRATIONS });
  } catch (error) {
    await server.stop();
    throw error;
  }
  return { url: server.url, embedded: true, stop: () => server.stop() };
}

/** What comes before everything else: where the server is not there, that is all that happened. */
export async function asFirst<T>(work: Promise<T>, so: string, then: string): Promise<T> {
  return work.catch((error: unknown) => {
    if (!(error instanceof Failure) || error.code !== 'db-connection') throw error;
    const advice = `${so}. Start PostgreSQL or mend database.url, then ${then}.`;
    throw new Failure(error.kind, error.code, `${error.message}\n${advice}`, { cause: error });
  });
}

/** The server without a look at what is in the database: for restoring one. */
export async function openServer(config: Config): Promise<Database> {
  const { url } = config.database;
  if (url !== undefined) return { url, embedded: false, stop: async () => {} };
  const server = await startEmbeddedPostgres({ dataDir: config.data });
  return { url: server.url, embedded: true, stop: () => server.stop() };
}

/** For commands that look at a running Baton: never starts anything. */
export async function joinDatabase(config: Config): Promise<string> {
  const { url } = config.database;
  if (url !== undefined) {
    await asFirst(requireMigrated(url, { folder: MIGRATIONS }), 'Nothing was done', 'try again');
    return url;
  }
  const running = await joinEmbeddedPostgres({ dataDir: config.data });
  if (running !== null) return running.url;
  throw new Failure(
    'temporary',
    'not-running',
    `No Baton runs on the data folder ${config.data}. Start it with "npx baton start all", then try again.`,
  );
}

/** Who tells the time of what is in it. */
export const timeOf = ({ database, data }: Config): Promise<TimeSource> =>
  database.url === undefined ? timeIn(data) : Promise.resolve('database');

export type Borrowed = { readonly url: string; readonly time: TimeSource; stop(): Promise<void> };

/**
 * The same for commands that may also look at a Baton at rest: where the embedded database does not run, it runs for
 * as long as the command does.
 */
export async function borrowDatabase(config: Config): Promise<Borrowed> {
  // What finds nothing in a database that it made itself would be believed.
  if (config.database.url === undefined && !(await wasStarted(config.data))) throw neverStarted(config.data);
  return borrowOrMakeDatabase(config);
}

/** For commands that bring something: they may well come before the first start. */
export async function borrowOrMakeDatabase(config: Config): Promise<Borrowed> {
  const isAtRest =
    config.database.url === undefined && (await joinEmbeddedPostgres({ dataDir: config.data })) === null;
  const time = await timeOf(config);
  if (isAtRest) return { ...(await openDatabase(config, () => {})), time };
  return { url: await joinDatabase(config), time, stop: async () => {} };
}

const neverStarted = (data: string): Failure =>
  new Failure(
    'permanent',
    'no-database',
    `There is no database of Baton in ${data}. Either nothing was started with this configuration yet, or "data" in it names another folder.`,
  );
