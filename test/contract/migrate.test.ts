/** Migrations through Prisma's engine: once, in order, one at a time, and all or nothing. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../../src/adapters/db/migrate.ts';
import { startTestServer, type TestServer } from '../support/embedded-database.ts';
import { MIGRATIONS } from '../support/store-database.ts';

describe('migrate', () => {
  let server: TestServer;
  let folder: string;
  let url: string;
  beforeAll(async () => {
    server = await startTestServer();
  });
  afterAll(() => server.end());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'baton-migrations-'));
    url = await server.freshDatabase();
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function put(name: string, sql: string): Promise<void> {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'migration.sql'), sql);
  }

  it('applies what is missing in the order of the names, and nothing twice', async () => {
    await put('0002_second', 'ALTER TABLE requests ADD COLUMN title text;');
    await put('0001_first', 'CREATE TABLE requests (id bigint PRIMARY KEY);');
    expect(await migrate(url, { folder })).toEqual({ applied: ['0001_first', '0002_second'] });
    expect(await migrate(url, { folder })).toEqual({ applied: [] });
    await put('0003_third', 'ALTER TABLE requests ADD COLUMN due timestamptz(6);');
    expect(await migrate(url, { folder })).toEqual({ applied: ['0003_third'] });
  });

  it("keeps Prisma's own history, which its command line can read", async () => {
    await put('0001_first', 'CREATE TABLE requests (id bigint PRIMARY KEY);');
    await migrate(url, { folder });
    const rows = await query(
      'SELECT migration_name, length(checksum) AS sum, finished_at FROM _prisma_migrations',
    );
    expect(rows).toEqual([{ migration_name: '0001_first', sum: 64, finished_at: expect.any(Date) }]);
  });

  it('applies functions and triggers, whose bodies are full of semicolons', async () => {
    await put(
      '0001_trigger',
      `CREATE TABLE events (id int);
       CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'append only'; END; $$;
       CREATE TRIGGER refuse BEFORE DELETE ON events FOR EACH ROW EXECUTE FUNCTION refuse();
       INSERT INTO events VALUES (1);`,
    );
    await migrate(url, { folder });
    await expect(query('DELETE FROM events')).rejects.toThrow('append only');
  });

  it('applies each migration once when several Batons start together', async () => {
    await put('0001_first', 'CREATE TABLE requests (id bigint PRIMARY KEY);');
    await put('0002_second', 'CREATE TABLE members (id text PRIMARY KEY);');
    const results = await Promise.all(Array.from({ length: 4 }, () => migrate(url, { folder })));
    expect(results.flatMap((result) => result.applied)).toEqual(['0001_first', '0002_second']);
  });

  it('gives mail that waited for a look before there was a clock a person and an hour', async () => {
    const names = (await readdir(MIGRATIONS))
      .filter((name) => /^\d{4}_/.test(name) && name <= '0006_parked')
      .sort();
    const texts = await Promise.all(
      names.map((name) => readFile(join(MIGRATIONS, name, 'migration.sql'), 'utf8')),
    );
    for (const text of texts.slice(0, -1)) await query(text);
    await query(`
      INSERT INTO inbox VALUES ('office', 'office@elm.example');
      INSERT INTO member VALUES ('leah', 'Leah'), ('dana', 'Dana');
      INSERT INTO mailbox (inbox_id, folder, role, start_from) VALUES ('office', 'INBOX', 'inbox', now());
      INSERT INTO message (mailbox_id, uid_validity, uid, stored_at, received_at, size, history, stage, disposition,
          reason_code, reason, settled_at)
        SELECT 1, 1, n, now(), now(), 10, false, 'settled', 'parked', code, 'why', now()
        FROM (VALUES (1, 'too-large'), (2, 'dismissed')) AS mail (n, code);
      INSERT INTO outbox (dedupe_key, key, inbox_id, kind, recipient_id, body, answered, epoch, created_at, due_at)
        SELECT 'message:1/parked/5/member:' || who, who, 'office', 'parked', who, '{"messageId":1}', 0, 0, now(), now()
        FROM (VALUES ('leah'), ('dana')) AS told (who);`);
    await query(texts.at(-1) ?? '');
    expect(await query('SELECT message_id, accountable_id, due_at > now() AS waits FROM parked')).toEqual([
      { message_id: '1', accountable_id: 'dana', waits: true },
    ]);
    const [event] = await query(`SELECT data, extract(epoch FROM at) AS at FROM parked_event`);
    expect(event).toMatchObject({
      data: { to: 'dana', rung: 'front-desk', code: 'too-large', inboxId: 'office' },
    });
    expect(await query(`SELECT body->>'accountable' AS has FROM outbox`)).toEqual([
      { has: 'leah' },
      { has: 'dana' },
    ]);
  });

  it('names the migration that failed, keeps nothing of it, and goes on once it is cured', async () => {
    await put('0001_first', 'CREATE TABLE requests (id bigint PRIMARY KEY);');
    await put('0002_broken', 'CREATE TABLE half (id int); CREATE TABLE other (id no_such_type);');
    await expect(migrate(url, { folder })).rejects.toMatchObject({
      name: 'Failure',
      kind: 'permanent',
      code: 'migration-failed',
      message: expect.stringMatching(/^Migration 0002_broken .*no_such_type.*npx baton migrate/s),
    });
    expect(await query("SELECT to_regclass('requests')::text AS r, to_regclass('half')::text AS h")).toEqual([
      { r: 'requests', h: null },
    ]);
    await put('0002_broken', 'CREATE TABLE half (id int);');
    expect(await migrate(url, { folder })).toEqual({ applied: ['0002_broken'] });
  });

  it('takes up a migration whose process died in the middle', async () => {
    await put('0001_first', 'CREATE TABLE requests (id bigint PRIMARY KEY);');
    await migrate(url, { folder });
    await put('0002_second', 'CREATE TABLE members (id text PRIMARY KEY);');
    await begunWithoutEnd('0002_second');
    expect(await migrate(url, { folder })).toEqual({ applied: ['0002_second'] });
  });

  it('says how to note a migration that was applied just before its process died', async () => {
    await put('0001_first', 'CREATE TABLE requests (id bigint PRIMARY KEY);');
    await migrate(url, { folder });
    await put('0002_second', 'CREATE TABLE members (id text PRIMARY KEY);');
    await query('CREATE TABLE members (id text PRIMARY KEY)');
    await begunWithoutEnd('0002_second');
    await expect(migrate(url, { folder })).rejects.toMatchObject({
      code: 'migration-failed',
      message: expect.stringContaining('npx prisma migrate resolve --applied 0002_second'),
    });
  });

  it('refuses an applied migration whose file was changed, and applies nothing', async () => {
    await put('0001_first', 'CREATE TABLE requests (id bigint PRIMARY KEY);');
    await migrate(url, { folder });
    await put('0001_first', 'CREATE TABLE requests (id int PRIMARY KEY);');
    await put('0002_second', 'CREATE TABLE members (id text PRIMARY KEY);');
    await expect(migrate(url, { folder })).rejects.toMatchObject({
      code: 'migration-edited',
      message: expect.stringContaining('0001_first'),
    });
    expect(await query("SELECT to_regclass('members')::text AS m")).toEqual([{ m: null }]);
  });

  it('leaves no connection and no lock behind', async () => {
    await put('0001_first', 'CREATE TABLE requests (id bigint PRIMARY KEY);');
    await migrate(url, { folder });
    const others =
      'SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()';
    await expect.poll(async () => (await query(others))[0]).toEqual({ n: 0 });
  });

  it('is a temporary failure when the server is not there', async () => {
    await expect(migrate('postgresql://u:p@127.0.0.1:1/x', { folder })).rejects.toMatchObject({
      name: 'Failure',
      kind: 'temporary',
    });
  });

  it('says so when the folder of migrations is missing', async () => {
    await expect(migrate(url, { folder: join(folder, 'none') })).rejects.toMatchObject({
      code: 'migrations-missing',
    });
  });

  /** What the history holds when a process was killed between beginning a migration and noting its end. */
  const begunWithoutEnd = (name: string): Promise<unknown> =>
    query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, applied_steps_count)
       VALUES (gen_random_uuid()::text, repeat('0', 64), '${name}', now(), 0)`,
    );

  async function query(text: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      return (await client.query(text)).rows;
    } finally {
      await client.end();
    }
  }
});
