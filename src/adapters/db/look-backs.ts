/** Look backs as rows. What they keep of mails lies among messages, so that whatever erases and forgets these has it too. */
import type pg from 'pg';
import type {
  LookBackMail,
  LookBacks,
  LookBackTransaction,
  NewLookBack,
  Referring,
} from '../../app/ports/look-backs.ts';
import type { InboxId, LookBackId, MessageId } from '../../domain/ids.ts';
import { type Instant, toIso } from '../../domain/instant.ts';
import { inTransaction } from './in-transaction.ts';
import { json, micros, nowSql, onlyRow, type Sql, type TimeSource } from './sql.ts';

/** A thread that thousands of mails name is judged by its first. */
const REFERRING_MAX = 200;

export const postgresLookBacks = ({
  pool,
  time,
}: {
  readonly pool: pg.Pool;
  readonly time: TimeSource;
}): LookBacks => ({
  keep: (lookBack) => inTransaction(pool, (sql) => keep(sql, time, lookBack)),
});

async function keep(
  sql: Sql,
  time: TimeSource,
  { inboxId, until, taken, mails }: NewLookBack,
): Promise<{ id: LookBackId; messages: (MessageId | null)[] }> {
  // The poller must not store the same mail between a look and an insert.
  await sql(`SELECT pg_advisory_xact_lock(hashtextextended('baton:intake:' || $1, 0))`, [`${inboxId}/inbox`]);
  const from = await takenFrom(sql, inboxId, taken);
  const messages: (MessageId | null)[] = [];
  for (const mail of mails) {
    const isTaken = mail.folder === taken.folder && from !== null && mail.receivedAt >= from;
    messages.push(
      (await findMail(sql, inboxId, mail)) ?? (isTaken ? null : await keepMail(sql, time, inboxId, mail)),
    );
  }
  const { id } = onlyRow(
    await sql<{ id: LookBackId }>(
      `INSERT INTO look_back (inbox_id, until_at, made_at) VALUES ($1, $2::timestamptz, ${nowSql(time)}) RETURNING id`,
      [inboxId, toIso(until)],
    ),
    'look back',
  );
  await sql(
    `INSERT INTO look_back_mail (look_back_id, message_id, request)
     SELECT $1, message_id, min(request) FROM json_to_recordset($2::json) AS row (message_id bigint, request integer)
     WHERE message_id IS NOT NULL GROUP BY message_id`,
    [id, json(mails.map(({ request }, at) => ({ message_id: messages[at], request })))],
  );
  return { id, messages };
}

/** From when on mail of the watched folder is no history; null: nobody has watched it, and nobody has said. */
async function takenFrom(
  sql: Sql,
  inboxId: InboxId,
  { folder, from }: NewLookBack['taken'],
): Promise<Instant | null> {
  const [watched] = await sql<{ from: Instant }>(
    `SELECT ${micros('start_from')} AS from FROM mailbox WHERE inbox_id = $1 AND folder = $2 AND fence > 0`,
    [inboxId, folder],
  );
  return watched?.from ?? from;
}

async function findMail(
  sql: Sql,
  inboxId: InboxId,
  { folder, uidValidity, uid }: LookBackMail,
): Promise<MessageId | null> {
  const [known] = await sql<{ id: MessageId }>(
    `SELECT message.id FROM message JOIN mailbox ON mailbox.id = message.mailbox_id
     WHERE mailbox.inbox_id = $1 AND mailbox.folder = $2 AND message.uid_validity = $3::numeric AND message.uid = $4`,
    [inboxId, folder, uidValidity, uid],
  );
  return known?.id ?? null;
}

/** A folder that nobody watches has a row of its own, without a cursor. */
async function keepMail(
  sql: Sql,
  time: TimeSource,
  inboxId: InboxId,
  { folder, uidValidity, uid, receivedAt, size, raw, rawHash }: LookBackMail,
): Promise<MessageId> {
  await sql(
    `INSERT INTO mailbox (inbox_id, folder, role, start_from) VALUES ($1, $2, 'inbox', ${nowSql(time)})
     ON CONFLICT (inbox_id, folder) DO NOTHING`,
    [inboxId, folder],
  );
  const { id } = onlyRow(
    await sql<{ id: MessageId }>(
      `INSERT INTO message (mailbox_id, uid_validity, uid, stored_at, received_at, size, raw_hash, history, stage)
       SELECT id, $3::numeric, $4, ${nowSql(time)}, $5::timestamptz, $6, $7, true, 'stored'
       FROM mailbox WHERE inbox_id = $1 AND folder = $2 RETURNING id`,
      [inboxId, folder, uidValidity, uid, toIso(receivedAt), size, rawHash],
    ),
    'message',
  );
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  await sql('INSERT INTO message_words (message_id, raw) VALUES ($1, $2)', [id, bytes]);
  return id;
}

export function lookBackLookUps(sql: Sql): LookBackTransaction {
  return {
    async findLookBack(id) {
      const [found] = await sql<{ inboxId: InboxId; until: Instant }>(
        `SELECT inbox_id AS "inboxId", ${micros('until_at')} AS until FROM look_back WHERE id = $1`,
        [id],
      );
      if (found === undefined) return null;
      const mails = await sql<{ messageId: MessageId; request: number }>(
        `SELECT coalesce(message.copy_of, message.id) AS "messageId", request
         FROM look_back_mail JOIN message ON message.id = look_back_mail.message_id
         WHERE look_back_id = $1 ORDER BY request, message.received_at, message.id`,
        [id],
      );
      return { id, ...found, mails };
    },

    findReferring: (id) =>
      sql<Referring>(
        `SELECT other.id AS "messageId", mailbox.role, other.conversation_id AS "conversationId",
           coalesce(message_words.mail->'from', '[]') AS from,
           coalesce((message_words.mail->'to') || (message_words.mail->'cc'), '[]') AS to
         FROM thread_key AS own
         JOIN thread_key AS named ON named.inbox_id = own.inbox_id AND named.key = own.key AND NOT named.own
         JOIN message AS other ON other.id = named.message_id
         JOIN mailbox ON mailbox.id = other.mailbox_id
         LEFT JOIN message_words ON message_words.message_id = other.id
         WHERE own.message_id = $1 AND own.own
         ORDER BY other.received_at, other.id LIMIT ${REFERRING_MAX}`,
        [id],
      ),
  };
}
