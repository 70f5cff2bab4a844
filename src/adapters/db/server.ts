/** Two questions to a PostgreSQL server before there is a pool: does it answer, and has it our database? */
import pg from 'pg';
import { sqlState, toFailure } from './to-failure.ts';

/** `refused` is an answer too: wrong password, no such database, too many clients. */
export type Answer = 'ready' | 'starting' | 'silent' | 'refused';

/** Asks once, within `timeoutMs`. Never throws. */
export async function askServer(url: string, timeoutMs: number): Promise<Answer> {
  const client = connection(url, timeoutMs);
  try {
    await client.connect();
    await client.query('SELECT 1');
    return 'ready';
  } catch (error) {
    const code = sqlState(error);
    if (code === null) return 'silent';
    return code === '57P03' ? 'starting' : 'refused';
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Creates the database `name` when the server has none; `adminUrl` leads to a database that exists. */
export async function ensureDatabase(adminUrl: string, name: string): Promise<void> {
  const client = connection(adminUrl, 10_000);
  try {
    await client.connect();
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`);
  } catch (error) {
    // Somebody else has just created it.
    if (sqlState(error) !== '42P04') throw toFailure(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}

function connection(url: string, timeoutMs: number): pg.Client {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
  });
  client.on('error', () => undefined);
  return client;
}
