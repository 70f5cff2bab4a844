/** Databases with Baton's whole schema, copied from one that was migrated: an empty one costs a copy of files. */
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/adapters/db/migrate.ts';
import { createPool } from '../../src/adapters/db/pool.ts';
import { startTestServer, type TestServer } from './embedded-database.ts';

export const MIGRATIONS = join(import.meta.dirname, '../../prisma/migrations');

export type MigratedDatabases = {
  /** Connection string of a database that holds the schema and no rows. */
  fresh(): Promise<string>;
  end(): Promise<void>;
};

/** On the embedded PostgreSQL unless another one is given. */
export async function startMigratedDatabases(
  start: () => Promise<TestServer> = startTestServer,
): Promise<MigratedDatabases> {
  const server = await start();
  const template = await server.freshDatabase();
  await migrate(template, { folder: MIGRATIONS });
  let count = 0;
  return {
    fresh: async () => {
      const name = `store_${++count}`;
      const from = pg.escapeIdentifier(new URL(template).pathname.slice(1));
      // A connection for each: some tests have the server crash in between.
      const admin = new pg.Client({ connectionString: urlOf(template, 'postgres') });
      await admin.connect();
      try {
        await admin.query(`CREATE DATABASE ${name} TEMPLATE ${from}`);
      } finally {
        await admin.end();
      }
      return urlOf(template, name);
    },
    end: () => server.end(),
  };
}

function urlOf(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

/** Takes all rows away, past the trigger that refuses it: half the price of a fresh database. */
export async function emptyDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ tables: string }>(
      `SELECT string_agg(quote_ident(tablename), ', ') AS tables FROM pg_tables
       WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`,
    );
    await client.query('SET session_replication_role = replica');
    await client.query(`TRUNCATE ${rows[0]?.tables} RESTART IDENTITY`);
  } finally {
    await client.end();
  }
}

/** Few connections, since every test has its own pool. */
export const testPool = (url: string, lockTimeoutMs = 5_000): pg.Pool =>
  createPool(url, { max: 10, lockTimeoutMs });
