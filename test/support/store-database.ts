/** Databases with Baton's whole schema, copied from one that was migrated: an empty one costs a copy of files. */
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '../../src/adapters/db/migrate.ts';
import { createPool } from '../../src/adapters/db/pool.ts';
import { ask, dropping, startTestServer, type TestServer } from './embedded-database.ts';

export const MIGRATIONS = join(import.meta.dirname, '../../prisma/migrations');

export type MigratedDatabases = {
  /** Connection string of a database that holds the schema and no rows. */
  fresh(): Promise<string>;
  end(): Promise<void>;
};

/** On the embedded PostgreSQL of this process unless another one is given. */
export async function startMigratedDatabases(start?: () => Promise<TestServer>): Promise<MigratedDatabases> {
  const server = start === undefined ? null : await start();
  const template = await (server === null ? templateOfThisProcess() : migrated(server));
  const names: string[] = [];
  // A connection for each: some tests have the server crash in between.
  const admin = urlOf(template, 'postgres');
  return {
    fresh: async () => {
      const from = new URL(template).pathname.slice(1);
      const name = `store_${++count}`;
      names.push(name);
      await ask(admin, [`CREATE DATABASE ${name} TEMPLATE ${from}`]);
      return urlOf(template, name);
    },
    end: () => (server === null ? ask(admin, names.map(dropping)) : server.end()),
  };
}

let count = 0;
let shared: Promise<string> | null = null;

/** Migrated once for all files that run in this process, and gone with its server. */
function templateOfThisProcess(): Promise<string> {
  shared ??= startTestServer().then(migrated);
  return shared;
}

async function migrated(server: TestServer): Promise<string> {
  const url = await server.freshDatabase();
  await migrate(url, { folder: MIGRATIONS });
  return url;
}

function urlOf(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

/**
 * Takes all rows away, past the trigger that refuses it, and counts from the beginning again. A test leaves few rows,
 * which are deleted in a ninth of the time of TRUNCATE, since that makes every table and index anew.
 */
export async function emptyDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ statement: string }>(
      `SELECT format('DELETE FROM %I', tablename) AS statement FROM pg_tables
       WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'
       UNION ALL
       SELECT format('SELECT setval(%L, %s, false)', format('%I.%I', schemaname, sequencename), start_value)
       FROM pg_sequences WHERE schemaname = 'public'`,
    );
    const statements = rows.map(({ statement }) => statement);
    await client.query(['SET session_replication_role = replica', ...statements].join(';'));
  } finally {
    await client.end();
  }
}

/** Few connections, since every test has its own pool. */
export const testPool = (url: string, lockTimeoutMs = 5_000): pg.Pool =>
  createPool(url, { max: 10, lockTimeoutMs });
