/**
 * Forgetting in PostgreSQL. Each step looks at a span of ids, so that it costs the same however much is kept, and takes
 * its rows in the order of locks of transaction.ts, passing over those that somebody else has.
 */
import type pg from 'pg';
import type { Keep, Retention, Step } from '../../app/ports/retention.ts';
import { type Duration, HOUR } from '../../domain/instant.ts';
import { inTransaction } from './in-transaction.ts';
import { pack } from './raw-form.ts';
import { nowSql, type Sql, sqlOn, type TimeSource } from './sql.ts';

/** Rows of one step. */
const SPAN = 2_000;
const PACKED_MAX = 100;
const PACKED_BYTES_MAX = 16 * 1024 * 1024;
/** Replies, retries and the files of an answer have been read by then. */
const QUIET: Duration = HOUR;

export function postgresRetention({ pool, time }: { pool: pg.Pool; time: TimeSource }): Retention {
  const sql = sqlOn(pool);
  return {
    forgetMessages: (after, keep) => inTransaction(pool, (tx) => forgetMessages(tx, time, after, keep)),
    forgetNotices: (after, keep) => inTransaction(pool, (tx) => forgetNotices(tx, time, after, keep)),
    forgetRequests: (after, keep) => inTransaction(pool, (tx) => forgetRequests(tx, time, after, keep)),
    packMessages: (after) => packRows(sql, time, after, MessageBytes),
    packNotices: (after) => packRows(sql, time, after, NoticeBytes),
  };
}

/** The instant before which something is old; nothing is when it is kept for good. */
const before = (time: TimeSource, span: Duration | null): string =>
  span === null ? `'-infinity'::timestamptz` : `(${nowSql(time)} - interval '${span} microseconds')`;

/**
 * Whether a request has rested since then, and everything that it became a part of: what is open in another request is
 * shown there and passed on from there.
 */
const restsSince = (conversation: string, since: string): string => `NOT EXISTS (
  WITH RECURSIVE whole (id) AS (
    SELECT ${conversation}
    UNION
    SELECT (c.snapshot -> 'ended' ->> 'into')::integer FROM whole JOIN conversation c ON c.id = whole.id
    WHERE c.snapshot -> 'ended' ->> 'into' IS NOT NULL
  )
  SELECT FROM whole JOIN conversation c ON c.id = whole.id
  WHERE c.phase <> 'done' OR c.last_event_at >= ${since}
    OR EXISTS (SELECT FROM outbox o WHERE o.conversation_id = c.id AND o.settled_at IS NULL))`;

async function endOf(sql: Sql, table: string, key: string, after: number): Promise<number | null> {
  const rows = await sql<{ id: number | null; n: number }>(
    `SELECT max(id) AS id, count(*) AS n FROM (
       SELECT ${key} AS id FROM ${table} WHERE ${key} > $1 ORDER BY ${key} LIMIT ${SPAN}) AS span`,
    [after],
  );
  return rows[0]?.id ?? null;
}

/** Of requests the bytes go first; other mail goes whole, and what nobody made a request of by the time of texts. */
async function forgetMessages(sql: Sql, time: TimeSource, after: number, keep: Keep): Promise<Step> {
  const end = await endOf(sql, 'message_words', 'message_id', after);
  if (end === null) return { done: 0, next: null };
  const { history, bulk, machine, texts, raw } = keep;
  const rows = await sql<{ id: number; whole: boolean }>(
    `WITH span AS (
       SELECT m.id, m.conversation_id, m.settled_at, w.raw IS NOT NULL AS has_raw, CASE
           WHEN m.history OR m.disposition = 'history' THEN ${before(time, history)}
           WHEN m.disposition = 'bulk' THEN ${before(time, bulk)}
           WHEN m.disposition IN ('auto-reply', 'bounce', 'report', 'duplicate', 'own') THEN ${before(time, machine)}
           WHEN m.conversation_id IS NULL THEN ${before(time, texts)}
           ELSE '-infinity' END AS whole_before
       FROM message m JOIN message_words w ON w.message_id = m.id
       WHERE m.id > $1 AND m.id <= $2 AND m.stage = 'settled'
         AND (m.disposition <> 'parked' OR m.reason_code = 'dismissed')
     ), old AS (
       SELECT id, conversation_id, settled_at < whole_before AS whole,
         CASE WHEN settled_at < whole_before THEN whole_before ELSE ${before(time, raw)} END AS since
       FROM span WHERE settled_at < whole_before OR (has_raw AND settled_at < ${before(time, raw)})
     )
     SELECT m.id, old.whole FROM old JOIN message m ON m.id = old.id
     WHERE old.conversation_id IS NULL OR ${restsSince('old.conversation_id', 'old.since')}
     ORDER BY m.id FOR NO KEY UPDATE OF m SKIP LOCKED`,
    [after, end],
  );
  const again = await sql<{ id: number }>(
    `SELECT m.id FROM message m JOIN message_words w ON w.message_id = m.id JOIN message o ON o.id = m.copy_of
     WHERE m.id > $1 AND m.id <= $2 AND m.stage = 'settled' AND o.forgotten = 'erased'`,
    [after, end],
  );
  const whole = rows.filter((row) => row.whole).map(({ id }) => id);
  await dropMessages(sql, whole, 'words');
  // A mail of somebody who was erased, come by another way with other bytes: it was known by what it says.
  await dropMessages(
    sql,
    again.map(({ id }) => id),
    'erased',
  );
  await dropBytes(
    sql,
    rows.filter((row) => !row.whole).map(({ id }) => id),
  );
  return { done: rows.length + again.length, next: end };
}

async function dropMessages(sql: Sql, ids: readonly number[], forgotten: 'words' | 'erased'): Promise<void> {
  if (ids.length === 0) return;
  await sql('DELETE FROM message_words WHERE message_id = ANY ($1::bigint[])', [ids]);
  await sql('DELETE FROM text WHERE message_id = ANY ($1::bigint[]) AND conversation_id IS NULL', [ids]);
  await sql('DELETE FROM thread_key WHERE message_id = ANY ($1::bigint[])', [ids]);
  await sql('UPDATE message SET forgotten = $2 WHERE id = ANY ($1::bigint[])', [ids, forgotten]);
}

async function dropBytes(sql: Sql, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await sql(`UPDATE message_words SET raw = NULL, raw_form = 'plain' WHERE message_id = ANY ($1::bigint[])`, [
    ids,
  ]);
  await sql(`UPDATE message SET forgotten = 'raw' WHERE id = ANY ($1::bigint[]) AND forgotten IS NULL`, [
    ids,
  ]);
}

async function forgetNotices(sql: Sql, time: TimeSource, after: number, keep: Keep): Promise<Step> {
  const end = await endOf(sql, 'outbox_words', 'outbox_id', after);
  if (end === null) return { done: 0, next: null };
  const since = before(time, keep.raw);
  const rows = await sql<{ id: number }>(
    `SELECT o.id FROM outbox o JOIN outbox_words w ON w.outbox_id = o.id
     WHERE o.id > $1 AND o.id <= $2 AND o.settled_at < ${since}
       AND (o.conversation_id IS NULL OR ${restsSince('o.conversation_id', since)})
     ORDER BY o.id FOR NO KEY UPDATE OF o SKIP LOCKED`,
    [after, end],
  );
  const ids = rows.map(({ id }) => id);
  await sql('DELETE FROM outbox_words WHERE outbox_id = ANY ($1::bigint[])', [ids]);
  await sql(`UPDATE outbox SET forgotten = 'words' WHERE id = ANY ($1::bigint[])`, [ids]);
  return { done: ids.length, next: end };
}

/** As when its customer is erased: whoever writes into its thread again begins a new request. */
async function forgetRequests(sql: Sql, time: TimeSource, after: number, keep: Keep): Promise<Step> {
  if (keep.texts === null) return { done: 0, next: null };
  const end = await endOf(sql, 'conversation_words', 'conversation_id', after);
  if (end === null) return { done: 0, next: null };
  const rows = await sql<{ id: number }>(
    `SELECT c.id FROM conversation c JOIN conversation_words w ON w.conversation_id = c.id
     WHERE c.id > $1 AND c.id <= $2 AND w.forgotten IS NULL AND ${restsSince('c.id', before(time, keep.texts))}
       AND NOT EXISTS (SELECT FROM message m WHERE m.conversation_id = c.id AND m.stage <> 'settled')
     ORDER BY c.id FOR NO KEY UPDATE OF c SKIP LOCKED`,
    [after, end],
  );
  const ids = rows.map(({ id }) => id);
  await emptyRequests(sql, ids);
  return { done: ids.length, next: end };
}

async function emptyRequests(sql: Sql, ids: readonly number[]): Promise<void> {
  const inThem = 'conversation_id = ANY ($1::integer[])';
  await sql(
    `UPDATE conversation_words SET subject = $2, customer_name = $2, customer_address = '', because = NULL,
       forgotten = 'words'
     WHERE ${inThem}`,
    [ids, FORGOTTEN],
  );
  await sql(`DELETE FROM thread_key USING message m WHERE m.id = thread_key.message_id AND m.${inThem}`, [
    ids,
  ]);
  await sql(
    `DELETE FROM message_words USING message m WHERE m.id = message_words.message_id AND m.${inThem}`,
    [ids],
  );
  await sql(
    `UPDATE message SET forgotten = 'words' WHERE ${inThem} AND copy_of IS NULL AND forgotten IS DISTINCT FROM 'erased'`,
    [ids],
  );
  await sql(`DELETE FROM text WHERE ${inThem}`, [ids]);
  await sql(`UPDATE contact SET name = $2, address = '' WHERE ${inThem}`, [ids, FORGOTTEN]);
  await sql(`DELETE FROM outbox_words USING outbox o WHERE o.id = outbox_words.outbox_id AND o.${inThem}`, [
    ids,
  ]);
  await sql(`UPDATE outbox SET forgotten = 'words' WHERE ${inThem} AND forgotten IS NULL`, [ids]);
}

/** What stands in the place of a name that is no longer kept. */
const FORGOTTEN = 'no longer kept';

type Bytes = { readonly table: string; readonly key: string; readonly owner: string };

const MessageBytes: Bytes = { table: 'message_words', key: 'message_id', owner: 'message' };
const NoticeBytes: Bytes = { table: 'outbox_words', key: 'outbox_id', owner: 'outbox' };

/** Packed outside of any lock; a row that was forgotten or changed meanwhile is left alone. */
async function packRows(
  sql: Sql,
  time: TimeSource,
  after: number,
  { table, key, owner }: Bytes,
): Promise<Step> {
  const end = await endOf(sql, table, key, after);
  if (end === null) return { done: 0, next: null };
  const rows = await sql<{ id: number; raw: Buffer }>(
    `WITH new AS (
       SELECT w.${key} AS id, sum(octet_length(w.raw)) OVER (ORDER BY w.${key}) - octet_length(w.raw) AS before
       FROM ${table} w JOIN ${owner} o ON o.id = w.${key}
       WHERE w.${key} > $1 AND w.${key} <= $2 AND w.raw_form = 'new' AND w.raw IS NOT NULL
         AND o.settled_at < ${before(time, QUIET)}
       ORDER BY w.${key} LIMIT ${PACKED_MAX}
     )
     SELECT new.id, w.raw FROM new JOIN ${table} w ON w.${key} = new.id
     WHERE new.before < ${PACKED_BYTES_MAX} ORDER BY new.id`,
    [after, end],
  );
  for (const { id, raw } of rows) {
    const packed = await pack(raw);
    const bytes = packed.form === 'zstd' ? ', raw = $3' : '';
    await sql(
      `UPDATE ${table} SET raw_form = $2${bytes} WHERE ${key} = $1 AND raw_form = 'new' AND raw IS NOT NULL`,
      packed.form === 'zstd' ? [id, packed.form, packed.raw] : [id, packed.form],
    );
  }
  const last = rows.at(-1);
  // A portion that was full goes on where it ended.
  const isFull =
    rows.length === PACKED_MAX || rows.reduce((sum, { raw }) => sum + raw.length, 0) >= PACKED_BYTES_MAX;
  return { done: rows.length, next: isFull && last !== undefined ? last.id : end };
}
