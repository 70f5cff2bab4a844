/**
 * Mail in: the cursor of each watched folder, and messages committed together with it.
 *
 * The raw bytes of a mail that came before into the same inbox (a folder that was rebuilt, a second folder) are kept
 * once: its further rows are settled as duplicates at once, so that every UID has its row and nobody reads it twice.
 */
import type pg from 'pg';
import { Failure } from '../../app/failures.ts';
import type {
  MailBatch,
  Mailbox,
  MailboxLease,
  NewMessage,
  Store,
  WatchedFolder,
} from '../../app/ports/store.ts';
import type { InboxId, MessageId } from '../../domain/ids.ts';
import { type Duration, type Instant, toIso } from '../../domain/instant.ts';
import { inTransaction } from './in-transaction.ts';
import { isoOrNull, json, micros, nowSql, type Sql, type TimeSource } from './sql.ts';

type IntakeStore = Pick<Store, 'leaseMailbox' | 'releaseMailbox' | 'saveBatch'>;

export function intakeStore(pool: pg.Pool, sql: Sql, time: TimeSource): IntakeStore {
  return {
    leaseMailbox: (folder, holder, lease) => leaseMailbox(sql, time, folder, holder, lease),
    releaseMailbox: async ({ id, fence }) => {
      const text = 'UPDATE mailbox SET lease_holder = NULL, lease_until = NULL WHERE id = $1 AND fence = $2';
      await sql(text, [id, fence]);
    },
    saveBatch: (batch) => inTransaction(pool, (tx) => saveBatch(tx, time, batch)),
  };
}

async function leaseMailbox(
  sql: Sql,
  time: TimeSource,
  folder: WatchedFolder,
  holder: string,
  lease: Duration,
): Promise<MailboxLease> {
  const known = await takeLease(sql, time, folder, holder, lease);
  if (known !== null) return known;
  // What was agreed at first sight stays: a folder's `startFrom` is not moved by a later configuration. It is cut to
  // the second, as INTERNALDATE is (RFC 3501 section 9, date-time): mail of the first second is no history.
  await sql(
    `INSERT INTO mailbox (inbox_id, folder, role, start_from)
     VALUES ($1, $2, $3, coalesce($4::timestamptz, date_trunc('second', ${nowSql(time)}))) ON CONFLICT (inbox_id, folder) DO NOTHING`,
    [folder.inboxId, folder.folder, folder.role, isoOrNull(folder.startFrom)],
  );
  return (await takeLease(sql, time, folder, holder, lease)) ?? { type: 'taken', freeIn: 0 };
}

/** null: there is no such row. */
async function takeLease(
  sql: Sql,
  time: TimeSource,
  { inboxId, folder, role, startFrom }: WatchedFolder,
  holder: string,
  lease: Duration,
): Promise<MailboxLease | null> {
  const now = nowSql(time);
  const [mailbox] = await sql<Mailbox>(
    `UPDATE mailbox SET role = $3, lease_holder = $4, lease_until = ${now} + $5 * interval '1 microsecond',
       -- A look back makes the row before anybody watches: the first who does begins.
       start_from = CASE WHEN fence > 0 THEN start_from
         ELSE coalesce($6::timestamptz, date_trunc('second', ${now})) END,
       fence = fence + CASE WHEN lease_holder = $4 THEN 0 ELSE 1 END
     WHERE inbox_id = $1 AND folder = $2
       -- One that ends far later than any lease does was given before the clock was set back.
       AND (lease_holder IS NULL OR lease_holder = $4 OR lease_until <= ${now}
         OR lease_until > ${now} + $5 * interval '2 microseconds')
     RETURNING id, inbox_id AS "inboxId", folder, role, ${micros('start_from')} AS "startFrom",
       uid_validity::text AS "uidValidity", last_uid AS "lastUid", fence`,
    [inboxId, folder, role, holder, lease, isoOrNull(startFrom)],
  );
  if (mailbox !== undefined) return { type: 'held', mailbox };
  const [other] = await sql<{ freeIn: Duration }>(
    `SELECT greatest(0, ${micros(`(coalesce(lease_until, ${now}) - ${now})`)}) AS "freeIn"
     FROM mailbox WHERE inbox_id = $1 AND folder = $2`,
    [inboxId, folder],
  );
  return other === undefined ? null : { type: 'taken', freeIn: other.freeIn };
}

type Target = { inboxId: InboxId; role: 'inbox' | 'sent'; storedAt: Instant; startFrom: Instant };

async function saveBatch(sql: Sql, time: TimeSource, batch: MailBatch): Promise<MessageId[]> {
  const target = await moveCursor(sql, time, batch);
  const first = await insertNew(sql, batch, target, batch.messages);
  if (first.left.length === 0) return first.stored;
  const others = await takePlaces(sql, batch, first.left);
  const second = await insertNew(sql, batch, target, others);
  if (second.left.length > 0) throw new Error('bug: a message found no place');
  return [...first.stored, ...second.stored];
}

/** Passes over those whose UID has a row already: they are what is left. */
async function insertNew(
  sql: Sql,
  batch: MailBatch,
  target: Target,
  messages: readonly NewMessage[],
): Promise<{ stored: MessageId[]; left: NewMessage[] }> {
  if (messages.length === 0) return { stored: [], left: [] };
  const earlier = await findEarlier(sql, target, messages);
  const originals = new Map<string, NewMessage>();
  const copies: NewMessage[] = [];
  const fresh = messages.filter((message) => {
    const hash = message.rawHash;
    if (hash === null) return true;
    if (earlier.has(hash) || originals.has(hash)) {
      copies.push(message);
      return false;
    }
    originals.set(hash, message);
    return true;
  });
  const stored = await insertMessages(sql, batch, target, fresh, null);
  for (const { uid, id } of stored) {
    const hash = fresh.find((message) => message.uid === uid)?.rawHash ?? null;
    if (hash !== null) earlier.set(hash, id);
  }
  await insertRaw(sql, fresh, stored);
  // A copy of one that found its place taken waits for it.
  const ready = copies.filter(({ rawHash }) => rawHash !== null && earlier.has(rawHash));
  const settled = await insertMessages(sql, batch, target, ready, earlier);
  const placed = new Set([...stored, ...settled].map(({ uid }) => uid));
  return { stored: stored.map(({ id }) => id), left: messages.filter(({ uid }) => !placed.has(uid)) };
}

/** Moves the cursor only under the lease and from where it was when the batch was read; whoever else waits here and fails. */
async function moveCursor(sql: Sql, time: TimeSource, batch: MailBatch): Promise<Target> {
  const now = time === 'database' ? 'clock_timestamp()' : nowSql(time);
  const rows = await sql<Target>(
    `UPDATE mailbox SET uid_validity = $2::numeric, last_uid = $3, polled_at = ${now}, trouble_code = NULL, trouble_at = NULL
     WHERE id = $1 AND fence = $6 AND uid_validity IS NOT DISTINCT FROM $4::numeric AND last_uid = $5
     RETURNING inbox_id AS "inboxId", role, ${micros('polled_at')} AS "storedAt",
       ${micros('start_from')} AS "startFrom"`,
    [
      batch.mailboxId,
      batch.uidValidity,
      batch.lastUid,
      batch.before.uidValidity,
      batch.before.lastUid,
      batch.fence,
    ],
  );
  const [row] = rows;
  if (row !== undefined) return row;
  const held = 'SELECT FROM mailbox WHERE id = $1 AND fence = $2';
  if ((await sql(held, [batch.mailboxId, batch.fence])).length === 0) throw leaseLost(batch.mailboxId);
  throw new Failure(
    'temporary',
    'cursor-moved',
    `Another poller has moved the cursor of mailbox ${batch.mailboxId}; this batch was not stored.`,
  );
}

const leaseLost = (mailboxId: number): Failure =>
  new Failure(
    'temporary',
    'lease-lost',
    `Another poller watches mailbox ${mailboxId} by now; this batch was not stored.`,
  );

/** By hash, the first message with these bytes in the folders of the same inbox and role. */
async function findEarlier(
  sql: Sql,
  { inboxId, role }: Target,
  messages: readonly NewMessage[],
): Promise<Map<string, MessageId>> {
  const hashes = messages.map(({ rawHash }) => rawHash).filter((hash) => hash !== null);
  // Two folders of one inbox that are read at the same time must not both believe to be first.
  await sql(`SELECT pg_advisory_xact_lock(hashtextextended('baton:intake:' || $1, 0))`, [
    `${inboxId}/${role}`,
  ]);
  const rows = await sql<{ hash: string; id: MessageId }>(
    // Materialised, or the planner reads the index of all messages of the folder beside that of the hashes.
    `WITH same AS MATERIALIZED (
       SELECT raw_hash, id, mailbox_id FROM message WHERE raw_hash = ANY ($1::text[]) AND copy_of IS NULL
     )
     SELECT same.raw_hash AS hash, min(same.id) AS id FROM same JOIN mailbox ON mailbox.id = same.mailbox_id
     WHERE mailbox.inbox_id = $2 AND mailbox.role = $3
     GROUP BY same.raw_hash`,
    [hashes, inboxId, role],
  );
  return new Map(rows.map(({ hash, id }) => [hash, id]));
}

type Inserted = { uid: number; id: MessageId };

/** With `copyOf` the messages are settled as copies of what stands there under their hash. */
async function insertMessages(
  sql: Sql,
  batch: MailBatch,
  { storedAt, startFrom }: Target,
  messages: readonly NewMessage[],
  copyOf: ReadonlyMap<string, MessageId> | null,
): Promise<Inserted[]> {
  if (messages.length === 0) return [];
  const rows = messages.map(({ uid, receivedAt, size, rawHash, notGiven = null }) => ({
    uid,
    received_at: toIso(receivedAt),
    size,
    raw_hash: rawHash,
    history: receivedAt < startFrom,
    copy_of: rawHash === null ? null : (copyOf?.get(rawHash) ?? null),
    not_given: notGiven,
  }));
  return sql<Inserted>(
    `INSERT INTO message (mailbox_id, uid_validity, uid, stored_at, received_at, size, raw_hash, history,
       stage, disposition, reason_code, reason, copy_of, settled_at)
     SELECT $1, $2::numeric, uid, $3::timestamptz, received_at, size, raw_hash, history,
       CASE WHEN copy_of IS NULL THEN 'stored' ELSE 'settled' END,
       CASE WHEN copy_of IS NOT NULL THEN 'duplicate' END,
       CASE WHEN copy_of IS NOT NULL THEN 'same-bytes' WHEN not_given IS NOT NULL THEN 'not-given' END,
       coalesce('the same mail came in before as message ' || copy_of, not_given),
       copy_of,
       CASE WHEN copy_of IS NOT NULL THEN $3::timestamptz END
     FROM json_to_recordset($4::json) AS row (uid bigint, received_at timestamptz, size bigint, raw_hash text,
       history boolean, copy_of bigint, not_given text)
     ORDER BY uid
     ON CONFLICT (mailbox_id, uid_validity, uid) DO NOTHING
     RETURNING uid, id`,
    [batch.mailboxId, batch.uidValidity, toIso(storedAt), json(rows)],
  );
}

/** Bytes travel as parameters of their own: as text they would be twice as long. */
async function insertRaw(
  sql: Sql,
  messages: readonly NewMessage[],
  stored: readonly Inserted[],
): Promise<void> {
  if (stored.length === 0) return;
  const raws = new Map(messages.map(({ uid, raw }) => [uid, raw]));
  const values = stored.map((_, index) => `($${index * 2 + 1}::bigint, $${index * 2 + 2}::bytea)`);
  await sql(
    `INSERT INTO message_words (message_id, raw) VALUES ${values.join(', ')}`,
    stored.flatMap(({ uid, id }) => [id, bytesOf(raws.get(uid))]),
  );
}

function bytesOf(raw: Uint8Array | undefined): Buffer {
  if (raw === undefined) throw new Error('a message was stored that was not in the batch');
  return Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
}

/**
 * A folder restored from a backup brings old UIDs back, which have their rows already, and gives some of them to other
 * mails. Those take over the place: the row that had it keeps everything but its UID, and becomes `-id`, which no server
 * gives. Answers the mails that have no row of their own yet.
 */
async function takePlaces(
  sql: Sql,
  batch: MailBatch,
  messages: readonly NewMessage[],
): Promise<NewMessage[]> {
  const rows = await sql<{ id: MessageId; uid: number; rawHash: string | null; size: number }>(
    `SELECT id, uid, raw_hash AS "rawHash", size FROM message
     WHERE mailbox_id = $1 AND uid_validity = $2::numeric AND uid = ANY ($3::bigint[])`,
    [batch.mailboxId, batch.uidValidity, messages.map(({ uid }) => uid)],
  );
  const known = new Map(rows.map((row) => [row.uid, row]));
  const others = messages.filter(({ uid, rawHash, size }) => {
    const row = known.get(uid);
    return row === undefined || row.rawHash !== rawHash || (rawHash === null && row.size !== size);
  });
  const taken = others.map(({ uid }) => known.get(uid)?.id).filter((id) => id !== undefined);
  if (taken.length > 0) await sql('UPDATE message SET uid = -id WHERE id = ANY ($1::bigint[])', [taken]);
  return others;
}
