/** One embedded PostgreSQL per test file, with a fresh database for whoever asks. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { removeEmbeddedPostgres, startEmbeddedPostgres } from '../../src/runtime/embedded-postgres.ts';

export type TestServer = {
  /** Connection string of a new, empty database. */
  freshDatabase(): Promise<string>;
  /** Stops the server and deletes everything. */
  end(): Promise<void>;
};

export async function startTestServer(): Promise<TestServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'baton-test-'));
  const server = await startEmbeddedPostgres({ dataDir });
  const ask = async (...statements: string[]) => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  };
  // No test pulls the plug, and what was written survives the death of every process without it.
  await ask('ALTER SYSTEM SET fsync = off', 'SELECT pg_reload_conf()');
  let count = 0;
  return {
    freshDatabase: async () => {
      const name = `fresh_${++count}`;
      await ask(`CREATE DATABASE ${name}`);
      const url = new URL(server.url);
      url.pathname = `/${name}`;
      return url.href;
    },
    end: async () => {
      await server.stop();
      await removeEmbeddedPostgres({ dataDir });
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
