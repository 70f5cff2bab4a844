/**
 * Backing up: every table of Baton as it was at one moment (one repeatable-read transaction), streamed. Baton may run
 * meanwhile. Tables are read from the catalog, so that one that a later migration adds is not forgotten.
 *
 * Left out: the queue's own tables, which hold ids to look at, and every worker looks by itself; and the secret of
 * the configuration, without which answers to mails sent before are not recognised.
 */
import { createHash } from 'node:crypto';
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import type pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { Failure } from '../../app/failures.ts';
import { verify } from '../../app/verify.ts';
import type { Instant } from '../../domain/instant.ts';
import { postgresAudit } from './audit.ts';
import { endFrame, type Findings, FORMAT, frame, type Header, type TableBegin } from './backup-format.ts';
import { longClient } from './pool.ts';
import { micros, onlyRow, type Sql, sqlOn } from './sql.ts';
import { toFailure } from './to-failure.ts';

export type Progress = (told: {
  readonly table: string;
  readonly rows: number | null;
  readonly bytes: number;
}) => void;

export type BackupTold = Findings & { readonly createdAt: Instant; readonly rows: number };

/** Writes a backup to `out` and ends it. */
export async function backUp(url: string, out: Writable, progress: Progress): Promise<BackupTold> {
  const client = longClient(url, 'baton-backup');
  const told: { header?: Header; findings?: Findings; rows: number } = { rows: 0 };
  try {
    await client.connect();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const frames = Readable.from(framesOf(client, told, progress), { objectMode: false });
    const packed = createZstdCompress({
      params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 },
    });
    await pipeline(frames, packed, out);
    await client.query('COMMIT');
  } catch (error) {
    throw isOfDisk(error) ? notWritten(error) : toFailure(error);
  } finally {
    await client.end().catch(() => undefined);
  }
  const { header, findings, rows } = told;
  if (header === undefined || findings === undefined) throw new Error('bug: a backup without its beginning');
  return { ...findings, createdAt: header.createdAt, rows };
}

const isOfDisk = (error: unknown): error is NodeJS.ErrnoException =>
  ['ENOSPC', 'EDQUOT', 'EFBIG', 'EIO', 'EROFS'].includes(String((error as { code?: unknown }).code));

const notWritten = (cause: Error): Failure =>
  new Failure('permanent', 'backup-not-written', `The backup could not be written: ${cause.message}.`, {
    cause,
  });

async function* framesOf(
  client: pg.Client,
  told: { header?: Header; findings?: Findings; rows: number },
  progress: Progress,
): AsyncGenerator<Buffer> {
  const sql = sqlOn(client);
  const all = createHash('sha256');
  const summed = (...given: Parameters<typeof frame>): Buffer => {
    const bytes = frame(...given);
    all.update(bytes);
    return bytes;
  };
  told.header = await headerOf(sql);
  yield summed('H', told.header);
  for (const table of await tablesOf(sql)) {
    yield summed('T', table);
    const hash = createHash('sha256');
    let bytes = 0;
    const rows = client.query(copyTo(`COPY ${copied(table)} TO STDOUT (FORMAT binary)`));
    for await (const chunk of rows as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      yield summed('D', chunk);
      progress({ table: table.name, rows: null, bytes });
    }
    told.rows += rows.rowCount;
    progress({ table: table.name, rows: rows.rowCount, bytes });
    yield summed('E', { rows: rows.rowCount, bytes, sha256: hash.digest('hex') });
  }
  told.findings = await findingsAt(client, told.header.createdAt);
  yield summed('M', told.findings);
  yield endFrame(all);
}

async function headerOf(sql: Sql): Promise<Header> {
  const { at } = onlyRow(await sql<{ at: Instant }>(`SELECT ${micros('now()')} AS at`), 'time');
  const migrations = await sql<{ name: string }>(
    `SELECT migration_name AS name FROM _prisma_migrations
     WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL ORDER BY 1`,
  );
  return { baton: 'backup', format: FORMAT, createdAt: at, migrations: migrations.map(({ name }) => name) };
}

/** What every check of `verify` finds in the database at that instant: the same must be found after restoring it. */
export async function findingsAt(on: Pick<pg.Pool, 'query'>, at: Instant): Promise<Findings> {
  const audit = postgresAudit({ pool: on, time: { now: () => at } });
  const { signal } = new AbortController();
  const { violations, counts } = await verify({ audit, readerOf: () => null, sink: null, signal });
  return { violations, counts };
}

/**
 * In an order in which each finds what its rows point at, apart from keys that are checked at the end of the
 * transaction.
 */
async function tablesOf(sql: Sql): Promise<TableBegin[]> {
  const tables = await sql<{ name: string; columns: string[]; needs: string[] }>(
    `SELECT c.relname AS name,
       (SELECT json_agg(attname ORDER BY attnum) FROM pg_attribute
        WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '') AS columns,
       (SELECT coalesce(json_agg(DISTINCT target.relname), '[]') FROM pg_constraint
        JOIN pg_class target ON target.oid = confrelid
        WHERE conrelid = c.oid AND contype = 'f' AND NOT condeferred AND confrelid <> conrelid) AS needs
     FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname <> '_prisma_migrations'
     ORDER BY c.relname`,
  );
  const ordered: TableBegin[] = [];
  const placed = new Set<string>();
  while (placed.size < tables.length) {
    const ready = tables.filter(
      ({ name, needs }) => !placed.has(name) && needs.every((need) => placed.has(need)),
    );
    if (ready.length === 0) throw new Error('bug: tables that need each other at once');
    for (const { name, columns } of ready) {
      placed.add(name);
      ordered.push({ name, columns });
    }
  }
  return ordered;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const copied = ({ name, columns }: TableBegin): string =>
  `public.${quoted(name)} (${columns.map(quoted).join(', ')})`;
