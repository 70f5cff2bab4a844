/**
 * Mail out: notices are claimed for a lease, and each attempt is on record before a server is spoken to.
 *
 * An attempt whose process died keeps no outcome; the next claim sees that it was made.
 */
import { Failure } from '../../app/failures.ts';
import type { AttemptStart, ClaimedNotice, Store } from '../../app/ports/store.ts';
import { type ClaimedRow, NOTICE_COLUMNS, toClaimed } from './rows.ts';
import { nowSql, type Sql, type TimeSource } from './sql.ts';

type OutboxStore = Pick<Store, 'claimNotices' | 'beginAttempt'>;

export function outboxStore(sql: Sql, time: TimeSource): OutboxStore {
  return {
    claimNotices: (request) => claimNotices(sql, time, request),
    beginAttempt: (attempt) => beginAttempt(sql, time, attempt),
  };
}

async function claimNotices(
  sql: Sql,
  time: TimeSource,
  { ids, limit, lease }: Parameters<Store['claimNotices']>[0],
): Promise<ClaimedNotice[]> {
  const now = nowSql(time);
  const chosen = ids === undefined ? '' : 'AND id = ANY ($3::bigint[])';
  // Rows that another mailer holds are passed over, never waited for. Two branches, so that each uses its index.
  const rows = await sql<ClaimedRow>(
    `WITH due AS (
       SELECT id, due_at FROM outbox WHERE state = 'pending' AND due_at <= ${now} ${chosen}
       ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
     ), abandoned AS (
       SELECT id, due_at FROM outbox WHERE state = 'sending' AND lease_until <= ${now} ${chosen}
       ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
     ), taken AS (
       SELECT id FROM (SELECT * FROM due UNION ALL SELECT * FROM abandoned) AS waiting ORDER BY due_at, id LIMIT $2
     ), claimed AS (
       UPDATE outbox SET state = 'sending', lease_until = ${now} + $1 * interval '1 microsecond'
       FROM taken WHERE outbox.id = taken.id RETURNING outbox.*
     )
     SELECT ${NOTICE_COLUMNS}, outbox.attempts, outbox_words.recipient, outbox_words.raw
     FROM claimed AS outbox LEFT JOIN outbox_words ON outbox_words.outbox_id = outbox.id
     ORDER BY outbox.due_at, outbox.id`,
    ids === undefined ? [lease, limit] : [lease, limit, ids],
  );
  return rows.map(toClaimed);
}

/** Refuses whoever lost the lease and with it the turn: somebody else is sending this mail. */
async function beginAttempt(sql: Sql, time: TimeSource, attempt: AttemptStart): Promise<void> {
  const { id, number, recipient, raw } = attempt;
  const rows = await sql(
    `WITH begun AS (
       UPDATE outbox SET attempts = $2 WHERE id = $1 AND state = 'sending' AND attempts = $2 - 1 RETURNING id
     ), kept AS (
       INSERT INTO outbox_words (outbox_id, recipient, raw) SELECT id, $3, $4::bytea FROM begun
       ON CONFLICT (outbox_id) DO NOTHING
     )
     INSERT INTO attempt (outbox_id, number, started_at) SELECT id, $2, ${nowSql(time)} FROM begun
     RETURNING number`,
    [id, number, recipient, Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)],
  );
  if (rows.length === 1) return;
  throw new Failure(
    'temporary',
    'attempt-out-of-turn',
    `Attempt ${number} of notice ${id} is not ours to make: the lease has ended, or another mailer has it.`,
  );
}
