/** Backup and restore on real PostgreSQL: every row of every table comes back, and a file that is not whole changes nothing. */
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { backUp } from '../../src/adapters/db/backup.ts';
import { checkBackup, lookAtTarget, restore } from '../../src/adapters/db/restore.ts';
import { Failure } from '../../src/app/failures.ts';
import { MINUTE } from '../../src/domain/instant.ts';
import { writeWhole } from '../../src/runtime/backup-file.ts';
import { MIGRATIONS, type MigratedDatabases } from '../support/store-database.ts';
import { openStoreOffice } from '../support/store-office.ts';

export function backupSuite(databases: () => MigratedDatabases): void {
  let folder: string;
  let source: string;
  let file: string;

  const quiet = () => {};

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'baton-backup-'));
    source = await databases().fresh();
    file = join(folder, 'office.backup');
    await fillOffice(source);
    await writeWhole(file, (out) => backUp(source, out, quiet));
  });
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  /** Requests in several states, with answers, a helper, an absence, a copy, and bytes of every value. */
  async function fillOffice(url: string): Promise<void> {
    const office = await openStoreOffice(url);
    const bytes = Buffer.from(Array.from({ length: 4_096 }, (_, at) => at % 256));
    for (let n = 0; n < 3; n += 1)
      office.customerWrites(n === 0 ? 'Ünïcode \u{1f6bf} in "quotes"\\' : undefined);
    office.mailbox.append(
      'INBOX',
      Buffer.concat([Buffer.from('From: x@y.example\r\n\r\n'), bytes]),
      office.clock.now(),
    );
    office.mailbox.append('INBOX', Buffer.from('Subject: twice\r\n\r\nx\r\n'), office.clock.now());
    office.mailbox.append('INBOX', Buffer.from('Subject: twice\r\n\r\nx\r\n'), office.clock.now());
    await office.settle();
    const answers = async (text: string) => {
      await office.answers('leah@elm.example', await office.mailTo('leah@elm.example'), text);
      await office.settle();
    };
    await answers('accept');
    await answers('ask plumber@tools.example: can you come?');
    await answers('away until 5 March cover Priya');
    await answers('reply:\nWe come today.');
    await answers('done: repaired');
    await office.passTime(office.clock.now() + 2 * MINUTE, MINUTE);
    await office.close();
  }

  /** Each table with all its rows, by what PostgreSQL itself writes of them. */
  async function everything(url: string): Promise<Map<string, string>> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      const { rows: tables } = await client.query<{ name: string }>(
        `SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'
       AND tablename <> '_prisma_migrations' ORDER BY 1`,
      );
      const all = new Map<string, string>();
      for (const { name } of tables) {
        const { rows } = await client.query<{ row: string }>(
          `SELECT t::text AS row FROM ${name} t ORDER BY 1`,
        );
        all.set(name, rows.map(({ row }) => row).join('\n'));
      }
      return all;
    } finally {
      await client.end();
    }
  }

  const open = (path: string) => () => createReadStream(path);

  const restoreInto = async (url: string, path = file) =>
    restore({
      url,
      open: open(path),
      checked: await checkBackup(open(path)()),
      folder: MIGRATIONS,
      progress: quiet,
    });

  describe('a backup', () => {
    test('brings back every row of every table, byte for byte, and every promise with it', async () => {
      const target = await databases().fresh();
      expect(await restoreInto(target)).toEqual([]);
      const before = await everything(source);
      expect(before.get('attempt')).not.toBe('');
      expect(before.get('contact')).not.toBe('');
      expect(await everything(target)).toEqual(before);
    });

    test('is readable for its owner alone, and leaves nothing half written beside it', async () => {
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      const failing = writeWhole(join(folder, 'full.backup'), async (out) => {
        out.write('half');
        throw new Error('no space left');
      });
      await expect(failing).rejects.toThrow('no space left');
      expect(await readdir(folder)).not.toContainEqual(expect.stringMatching(/^full/));
      await expect(writeWhole(file, (out) => backUp(source, out, quiet))).rejects.toMatchObject({
        code: 'backup-exists',
      });
    });

    test('is one moment, whatever is written meanwhile', async () => {
      const url = source;
      const before = await everything(url);
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      let written = false;
      const path = join(folder, 'moment.backup');
      await writeWhole(path, (out) =>
        backUp(url, out, () => {
          if (!written) void client.query(`INSERT INTO member (id, name) VALUES ('new', 'New')`).catch(quiet);
          written = true;
        }),
      );
      await client.end();
      expect((await everything(url)).get('member')).toContain('new');
      const target = await databases().fresh();
      await restoreInto(target, path);
      expect(await everything(target)).toEqual(before);
    });

    test('that was cut off, changed or never was one is refused before anything is written', async () => {
      const whole = await readFile(file);
      const harmed = {
        'cut.backup': whole.subarray(0, whole.length - 20),
        'half.backup': whole.subarray(0, whole.length / 2),
        'none.backup': Buffer.alloc(0),
        'other.backup': Buffer.from('SELECT 1;'),
      };
      for (const [name, bytes] of Object.entries(harmed)) {
        await writeFile(join(folder, name), bytes);
        await expect(checkBackup(open(join(folder, name))()), name).rejects.toMatchObject({
          code: 'backup-damaged',
        });
      }
      const unharmed = await checkBackup(open(file)());
      for (let at = 3; at < whole.length; at += Math.floor(whole.length / 60)) {
        const flipped = Buffer.from(whole);
        flipped[at] = (flipped[at] ?? 0) ^ 0x10;
        const path = join(folder, 'flipped.backup');
        await writeFile(path, flipped);
        const told = await checkBackup(open(path)()).catch((error: unknown) => error);
        // A few bits of a zstd file mean nothing (RFC 8878 section 3.1.1.1.1): then all that it holds is unharmed.
        if (told instanceof Failure) expect(told.code, `bit of byte ${at}`).toBe('backup-damaged');
        else expect(told, `bit of byte ${at}`).toEqual(unharmed);
      }
    });

    test('gives no number again that was given after it', async () => {
      const target = await databases().fresh();
      await restoreInto(target);
      const office = await openStoreOffice(target);
      // Beyond the UIDs of the first office.
      for (let n = 0; n < 14; n += 1) office.customerWrites(`After the loss ${n}`);
      await office.settle();
      const { rows } = await office.pool.query<{ id: number }>('SELECT max(id) AS id FROM conversation');
      expect(rows[0]?.id).toBeGreaterThan(11_000);
      expect(await office.violations()).toEqual([]);
      await office.close();
    });
  });

  describe('a restored database', () => {
    test('lets nobody in by a session or a link of the board that was good when the backup was made', async () => {
      const url = await databases().fresh();
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      const hash = 'a'.repeat(64);
      await client.query(`
        INSERT INTO member (id, name) VALUES ('leah', 'Leah');
        INSERT INTO board_session (hash, member_id, begun_at, seen_at) VALUES ('${hash}', 'leah', now(), now());
        INSERT INTO sign_in (id, token_hash, member_id, browser, visitor, asked_from, asked_at, expires_at)
        VALUES (gen_random_uuid(), '${hash}', 'leah', '${hash}', 'v', '192.0.2.1', now(), now() + interval '15 minutes')`);
      await client.end();
      const path = join(folder, 'signed-in.backup');
      await writeWhole(path, (out) => backUp(url, out, quiet));
      const target = await databases().fresh();
      expect(await restoreInto(target, path)).toEqual([]);
      const after = await everything(target);
      expect([after.get('member'), after.get('board_session'), after.get('sign_in')]).toEqual([
        expect.stringContaining('leah'),
        '',
        '',
      ]);
    });
  });

  describe('a database to restore into', () => {
    test('is empty, in use, or not ours', async () => {
      expect(await lookAtTarget(await databases().fresh())).toEqual({ kind: 'empty', busy: false });
      expect(await lookAtTarget(source)).toMatchObject({ kind: 'in-use' });
      const other = await databases().fresh();
      const client = new pg.Client({ connectionString: other });
      await client.connect();
      await client.query(
        'DROP SCHEMA public CASCADE; CREATE SCHEMA public; CREATE TABLE theirs (id integer)',
      );
      await client.end();
      expect(await lookAtTarget(other)).toMatchObject({ kind: 'foreign' });
    });

    test('is left alone while Baton works on it', async () => {
      const url = await databases().fresh();
      const office = await openStoreOffice(url);
      office.customerWrites();
      await office.settle();
      expect(await lookAtTarget(url)).toMatchObject({ busy: true });
      await office.close();
    });
  });
}
