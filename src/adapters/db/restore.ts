/**
 * Restoring: a file is read to its end and checked before anything is written, and read once more while it is. The rows
 * of all tables come back in one transaction, or none does.
 *
 * Numbers that were given after the backup are not given again: a mail that somebody still has, about a request that is
 * lost, must not act on another one. So every sequence goes on well above what is there.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { Failure } from '../../app/failures.ts';
import type { Violation } from '../../app/ports/audit.ts';
import { copied, findingsAt, type Progress } from './backup.ts';
import {
  damaged,
  type Findings,
  FORMAT,
  type Frame,
  type Header,
  jsonOf,
  readFrames,
  type TableBegin,
  type TableEnd,
} from './backup-format.ts';
import { migrate } from './migrate.ts';
import { longClient } from './pool.ts';
import { micros, onlyRow, type Sql, sqlOn } from './sql.ts';
import { toFailure } from './to-failure.ts';

export type CheckedBackup = Findings & { readonly header: Header; readonly rows: number };

/** Reads the whole file. @throws Failure `backup-damaged`, `backup-newer` or `backup-unreadable`. */
export async function checkBackup(file: Readable): Promise<CheckedBackup> {
  let header: Header | null = null;
  let findings: Findings | null = null;
  let rows = 0;
  const table = tableCheck();
  for await (const frame of readFrames(file)) {
    if (header === null) header = headerOf(frame);
    // What changed bytes claim is believed of nobody: to the end, whose checksum tells.
    else if (header.format > FORMAT) continue;
    else if (frame.kind === 'M') findings = jsonOf<Findings>(frame);
    else rows += table(frame);
  }
  if (header === null) throw damaged('it is empty');
  if (header.format > FORMAT)
    throw new Failure(
      'permanent',
      'backup-newer',
      'This backup was made by a newer Baton. Update Baton, then restore it. Nothing was written.',
    );
  if (findings === null) throw damaged('it is empty');
  return { ...findings, header, rows };
}

function headerOf(frame: Frame): Header {
  const header = frame.kind === 'H' ? jsonOf<Header>(frame) : null;
  if (header?.baton !== 'backup') throw damaged('it is another kind of file');
  return header;
}

/** Counts and sums each table; answers the rows of one that has just ended. */
function tableCheck(): (frame: Frame) => number {
  let hash = createHash('sha256');
  let bytes = 0;
  return (frame) => {
    if (frame.kind === 'D') {
      hash.update(frame.payload);
      bytes += frame.payload.length;
    }
    if (frame.kind !== 'E') return 0;
    const end = jsonOf<TableEnd>(frame);
    if (end.bytes !== bytes || end.sha256 !== hash.digest('hex'))
      throw damaged('the checksum of a table is another');
    hash = createHash('sha256');
    bytes = 0;
    return end.rows;
  };
}

export type Target = {
  readonly kind: 'empty' | 'in-use' | 'foreign';
  /** Whether workers of Baton are connected, or a mailbox is being watched. */
  readonly busy: boolean;
};

export async function lookAtTarget(url: string): Promise<Target> {
  return withClient(url, async (sql) => {
    const tables = await sql<{ name: string }>(
      `SELECT quote_ident(relname) AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`,
    );
    const names = tables.map(({ name }) => name);
    const busy = await isBusy(sql, names);
    if (names.length === 0) return { kind: 'empty', busy };
    if (!names.includes('_prisma_migrations') || !names.includes('ledger')) return { kind: 'foreign', busy };
    for (const name of names.filter((one) => one !== '_prisma_migrations')) {
      if ((await sql(`SELECT FROM public.${name} LIMIT 1`)).length > 0) return { kind: 'in-use', busy };
    }
    return { kind: 'empty', busy };
  });
}

async function isBusy(sql: Sql, tables: readonly string[]): Promise<boolean> {
  const connected = `SELECT FROM pg_stat_activity WHERE datname = current_database()
    AND application_name IN ('baton', 'baton-queue') LIMIT 1`;
  if ((await sql(connected)).length > 0) return true;
  if (!tables.includes('mailbox')) return false;
  return (await sql('SELECT FROM mailbox WHERE lease_until > clock_timestamp() LIMIT 1')).length > 0;
}

export type RestoreOptions = {
  readonly url: string;
  readonly open: () => Readable;
  readonly checked: CheckedBackup;
  /** Of the migrations. */
  readonly folder: string;
  readonly progress: Progress;
};

/** Empties the database and fills it; answers what is found now and was not when the backup was made. */
export async function restore(options: RestoreOptions): Promise<readonly Violation[]> {
  const { url, folder, checked } = options;
  const { migrations, createdAt } = checked.header;
  await withClient(url, async (sql) => {
    await sql('DROP SCHEMA IF EXISTS bullmq CASCADE');
    await sql('DROP SCHEMA IF EXISTS public CASCADE');
    await sql('CREATE SCHEMA public');
  });
  await migrate(url, { folder, only: migrations });
  await withClient(url, async (sql, client) => {
    await sql('BEGIN');
    await load(client, options);
    await skipNumbers(sql, createdAt);
    await sql('COMMIT');
  });
  await migrate(url, { folder });
  return withClient(url, async (sql, client) => {
    // Whoever signed out since the backup stays out, and a link that was used since opens nothing.
    await sql('DELETE FROM board_session');
    await sql('DELETE FROM sign_in');
    const found = await findingsAt(client, createdAt);
    const known = new Set(checked.violations.map(({ what, ids }) => JSON.stringify([what, ids])));
    return [
      ...found.violations.filter(({ what, ids }) => !known.has(JSON.stringify([what, ids]))),
      ...differences(checked, found),
    ];
  });
}

const differences = (before: Findings, after: Findings): Violation[] =>
  JSON.stringify(before.counts) === JSON.stringify(after.counts)
    ? []
    : [{ invariant: 'I1', what: 'other numbers of rows than when the backup was made', ids: [] }];

async function load(client: pg.Client, { open, progress }: RestoreOptions): Promise<void> {
  const check = tableCheck();
  let table: TableBegin | null = null;
  let into: (Writable & { rowCount: number }) | null = null;
  let bytes = 0;
  for await (const frame of readFrames(open())) {
    if (frame.kind === 'T') {
      table = jsonOf<TableBegin>(frame);
      bytes = 0;
      into = client.query(copyFrom(`COPY ${copied(table)} FROM STDIN (FORMAT binary)`));
      // Told where it is waited for.
      into.on('error', () => undefined);
    }
    const rows = check(frame);
    if (into === null || table === null) continue;
    if (frame.kind === 'D') {
      bytes += frame.payload.length;
      if (into.errored) throw into.errored;
      if (!into.write(frame.payload)) await once(into, 'drain');
      progress({ table: table.name, rows: null, bytes });
    }
    if (frame.kind === 'E') {
      into.end();
      await finished(into);
      if (into.rowCount !== rows) throw damaged(`table ${table.name} has another number of rows`);
      progress({ table: table.name, rows, bytes });
      into = null;
    }
  }
}

/** Of requests fewer, since people read them. */
const SKIPPED = 100_000;
const SKIPPED_REQUESTS = 10_000;

async function skipNumbers(sql: Sql, createdAt: number): Promise<void> {
  const { now } = onlyRow(await sql<{ now: number }>(`SELECT ${micros('clock_timestamp()')} AS now`), 'time');
  if (now <= createdAt) throw new Failure('permanent', 'backup-from-later', LATER);
  const columns = await sql<{ name: string; column: string }>(
    `SELECT quote_ident(table_name) AS name, column_name AS column FROM information_schema.columns
     WHERE table_schema = 'public' AND is_identity = 'YES'`,
  );
  for (const { name, column } of columns) {
    const skipped = name === 'conversation' ? SKIPPED_REQUESTS : SKIPPED;
    await sql(
      `SELECT setval(pg_get_serial_sequence('public.${name}', '${column}'), max("${column}") + ${skipped})
       FROM public.${name} HAVING max("${column}") IS NOT NULL`,
    );
  }
}

const LATER =
  'By the clock of this database server the backup was made in the future. Set the clock right, then restore it again.';

async function withClient<T>(url: string, work: (sql: Sql, client: pg.Client) => Promise<T>): Promise<T> {
  const client = longClient(url, 'baton-restore');
  try {
    await client.connect();
    return await work(sqlOn(client), client);
  } catch (error) {
    throw toFailure(error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
