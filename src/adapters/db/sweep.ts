/** What waits: rows that nobody rang for, clocks that have run out, and when to look again. */

import { type Bell, Bells } from '../../app/ports/queue.ts';
import { type PendingReply, type Store, type StoredMessage, TRY_SPAN } from '../../app/ports/store.ts';
import type { ConversationId, MessageId } from '../../domain/ids.ts';
import { type Duration, type Instant, SECOND } from '../../domain/instant.ts';
import { type RawForm, unpack } from './raw-form.ts';
import { micros, nowSql, onlyRow, type Sql, type TimeSource } from './sql.ts';

type SweepStore = Pick<Store, 'beginClassify' | 'beginReplies' | 'findUnrung' | 'findDue' | 'nextDueAt'>;

export function sweepStore(sql: Sql, time: TimeSource): SweepStore {
  return {
    beginClassify: (ids) => beginClassify(sql, time, ids),
    beginReplies: (ids) => beginReplies(sql, time, ids),
    findUnrung: (patience, limit, begunPatience = patience) =>
      findUnrung(sql, time, { patience, begunPatience }, limit),

    async findDue(limit) {
      const rows = await sql<{ id: ConversationId }>(FIND_DUE(nowSql(time)), [limit]);
      return rows.map(({ id }) => id);
    },

    async nextDueAt() {
      const rows = await sql<{ at: Instant | null }>(
        `SELECT ${micros(`least(
           (SELECT min(due_at) FROM conversation),
           (SELECT min(due_at) FROM parked),
           (SELECT min(due_at) FROM outbox WHERE state = 'pending'),
           (SELECT min(lease_until) FROM outbox WHERE state = 'sending'))`)} AS at`,
      );
      return onlyRow(rows, 'next due').at;
    },
  };
}

/**
 * What is urgent before all else, then whatever has waited longest: after a downtime the order in which people would
 * see to it. Each half reads an index of its own, and as much of it as is asked for.
 */
const FIND_DUE = (now: string): string => `
  SELECT id FROM (
    (SELECT id, due_at, 0 AS rank FROM conversation WHERE priority = 'urgent' AND due_at <= ${now}
     ORDER BY due_at, id LIMIT $1)
    UNION ALL
    (SELECT id, due_at, 1 AS rank FROM conversation WHERE priority <> 'urgent' AND due_at <= ${now}
     ORDER BY due_at, id LIMIT $1)
  ) AS due ORDER BY rank, due_at, id LIMIT $1`;

/** The try is committed before the mail is read: a mail that kills its reader has been counted. */
const tried = (time: TimeSource): string => `
  UPDATE message SET tried_at = ${nowSql(time)}, tries = tries + CASE
    WHEN tried_at > ${nowSql(time)} - interval '${TRY_SPAN / SECOND} seconds' THEN 0 ELSE 1 END
  FROM open WHERE message.id = open.id RETURNING message.*`;

async function beginReplies(sql: Sql, time: TimeSource, ids: readonly MessageId[]): Promise<PendingReply[]> {
  if (ids.length === 0) return [];
  return sql<PendingReply>(
    `WITH open AS (
       SELECT id FROM message WHERE id = ANY ($1::bigint[]) AND stage = 'replying' ORDER BY id FOR NO KEY UPDATE
     ), tried AS (
       ${tried(time)}
     )
     SELECT tried.id, mailbox.inbox_id AS "inboxId", ${micros('tried.stored_at')} AS "storedAt",
       tried.member_id AS member, tried.conversation_id AS "conversationId", tried.tries
     FROM tried JOIN mailbox ON mailbox.id = tried.mailbox_id ORDER BY tried.id`,
    [ids],
  );
}

async function beginClassify(
  sql: Sql,
  time: TimeSource,
  ids: readonly MessageId[],
): Promise<StoredMessage[]> {
  if (ids.length === 0) return [];
  const rows = await sql<Omit<StoredMessage, 'raw'> & { raw: Buffer; form: RawForm }>(
    `WITH open AS (
       SELECT id FROM message WHERE id = ANY ($1::bigint[]) AND stage = 'stored' ORDER BY id FOR NO KEY UPDATE
     ), tried AS (
       ${tried(time)}
     )
     SELECT tried.id, mailbox.inbox_id AS "inboxId", mailbox.role, ${micros('tried.stored_at')} AS "storedAt",
       tried.size, tried.history, tried.raw_hash IS NOT NULL AS whole, tried.tries, message_words.raw,
       CASE WHEN tried.reason_code = 'not-given' THEN tried.reason END AS "notGiven",
       message_words.raw_form AS form
     FROM tried
     JOIN mailbox ON mailbox.id = tried.mailbox_id
     JOIN message_words ON message_words.message_id = tried.id AND message_words.raw IS NOT NULL
     ORDER BY tried.id`,
    [ids],
  );
  return Promise.all(rows.map(async ({ form, raw, ...row }) => ({ ...row, raw: await unpack(raw, form) })));
}

/** A message that has just become a reply may be rung for at once: nothing notes when, and a bell does no harm. */
async function findUnrung(
  sql: Sql,
  time: TimeSource,
  { patience, begunPatience }: { readonly patience: Duration; readonly begunPatience: Duration },
  limit: number,
): Promise<ReadonlyMap<Bell, readonly number[]>> {
  const now = nowSql(time);
  const before = `${now} - $1 * interval '1 microsecond'`;
  const unread = `(tried_at < ${now} - $3 * interval '1 microsecond' OR (tried_at IS NULL AND stored_at < ${before}))`;
  const rows = await sql<{ bell: Bell; id: number }>(
    `SELECT bell, id FROM (
       (SELECT 'classify' AS bell, id, row_number() OVER (ORDER BY id) AS place FROM message
        WHERE stage = 'stored' AND ${unread} ORDER BY id LIMIT $2)
       UNION ALL
       (SELECT 'reply', id, row_number() OVER (ORDER BY id) FROM message
        WHERE stage = 'replying' AND ${unread} ORDER BY id LIMIT $2)
       UNION ALL
       (SELECT 'route', id, row_number() OVER (ORDER BY last_event_at, id) FROM conversation
        WHERE phase = 'arrived' AND offered_to IS NULL AND last_event_at < ${before}
        ORDER BY last_event_at, id LIMIT $2)
       UNION ALL
       (SELECT 'deliver', id, row_number() OVER (ORDER BY due_at, id) FROM (
          (SELECT id, due_at FROM outbox
           WHERE state = 'pending' AND due_at < ${before} ORDER BY due_at, id LIMIT $2)
          UNION ALL
          (SELECT id, due_at FROM outbox
           WHERE state = 'sending' AND lease_until < ${now} ORDER BY due_at, id LIMIT $2)
        ) AS waiting ORDER BY due_at, id LIMIT $2)
     ) AS unrung ORDER BY bell, place`,
    [patience, limit, begunPatience],
  );
  const idsOf = (wanted: Bell) => rows.filter(({ bell }) => bell === wanted).map(({ id }) => id);
  return new Map(Bells.map((bell) => [bell, idsOf(bell)]));
}
