/**
 * Connections to PostgreSQL that never wait for ever.
 *
 * pg's own defaults wait without end for a connection, a lock or an answer; every wait here has a bound.
 * `binary: true` is never used: node-postgres corrupts bytes of 0x80 and above in that mode.
 */
import pg from 'pg';

export type Pool = pg.Pool;

/** How workers call themselves to PostgreSQL; each command has a name of its own. */
export const WORKERS = 'baton';

export type PoolOptions = {
  readonly max?: number;
  /** How long to wait for a connection, in milliseconds. */
  readonly connectionTimeoutMs?: number;
  readonly statementTimeoutMs?: number;
  readonly lockTimeoutMs?: number;
  readonly idleInTransactionTimeoutMs?: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName?: string;
  /** First schema looked in for unqualified names. */
  readonly searchPath?: string;
  /** Hears of connections that broke while nobody used them. */
  readonly onError?: (error: Error) => void;
};

const INT8 = 20;

/** Counts and row numbers stay far below 2^53; one that does not is a bug, and must not be rounded. */
export function parseInt8(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`bigint ${text} does not fit a JavaScript number`);
  return value;
}

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 && format !== 'binary'
      ? parseInt8
      : pg.types.getTypeParser(oid, format as 'text')) as pg.CustomTypesConfig['getTypeParser'],
};

/** One connection for work that takes as long as it takes: statements on it have no bound, a silent network has. */
export function longClient(url: string, applicationName: string): pg.Client {
  const client = new pg.Client({
    connectionString: url,
    types,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: applicationName,
  });
  client.on('error', () => undefined);
  return client;
}

/** A pool over `url`. Opens nothing until it is used; end it with `end()`. */
export function createPool(url: string, options: PoolOptions = {}): pg.Pool {
  const statementTimeoutMs = options.statementTimeoutMs ?? 30_000;
  const pool = new pg.Pool({
    connectionString: url,
    types,
    max: options.max ?? 10,
    connectionTimeoutMillis: options.connectionTimeoutMs ?? 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    statement_timeout: statementTimeoutMs,
    // The server keeps the first bound; this one holds when the server itself has stopped answering.
    query_timeout: statementTimeoutMs + 5_000,
    lock_timeout: options.lockTimeoutMs ?? 10_000,
    // A stopped process must not keep its rows, a mailbox among them, from whoever takes over.
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs ?? 15_000,
    application_name: options.applicationName ?? WORKERS,
    options: [
      // Compiling a statement took up to a second where running it takes a tenth of that.
      '-c jit=off',
      ...(options.searchPath === undefined ? [] : [`-c search_path=${options.searchPath}`]),
    ].join(' '),
  });
  // Without a listener a broken idle connection would end the process.
  pool.on('error', options.onError ?? (() => undefined));
  // So would one that breaks while it is lent out and idle, as BullMQ keeps those that it listens on: whoever has it
  // is told by their next query.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
