/**
 * Mail out: notices are claimed for a lease, and each attempt is on record before a server is spoken to.
 *
 * An attempt whose process died keeps no outcome; the next claim sees that it was made.
 */
import type pg from 'pg';
import { Failure } from '../../app/failures.ts';
import type {
  AttemptStart,
  ClaimedNotice,
  NoticeOutcome,
  NoticeProgress,
  Outbox,
  SentLately,
} from '../../app/ports/outbox.ts';
import type { Brake } from '../../domain/brakes.ts';
import type { MemberId, NoticeId } from '../../domain/ids.ts';
import { type Instant, toIso } from '../../domain/instant.ts';
import { COUNTING_LOCK, countingParts, findBrakes, rowsOf } from './brakes.ts';
import { coalesce } from './coalesce.ts';
import { groupCommit } from './group-commit.ts';
import { inTransaction } from './in-transaction.ts';
import { runJoined } from './joined.ts';
import { type ClaimedRow, NOTICE_COLUMNS, type NoticeRow, toClaimed, toNotice } from './rows.ts';
import { micros, nowSql, type Sql, type TimeSource } from './sql.ts';
import { outcomeParts } from './write-mail.ts';

export function outboxStore(pool: pg.Pool, sql: Sql, time: TimeSource): Outbox {
  const record = groupCommit(async (outcomes: readonly NoticeOutcome[]) => {
    await runJoined(sql, outcomeParts(outcomes, nowSql(time)));
  });
  const begin = coalesce((attempts: readonly AttemptStart[]) => beginTogether(pool, sql, time, attempts));
  return {
    claimNotices: (request) => claimNotices(sql, time, request),
    claimWaiting: (member, request) => claimWaiting(sql, time, member, request),
    async sentLately(members, since) {
      const rows = await sql<SentLately & { member: MemberId }>(SENT_LATELY, [members, toIso(since)]);
      return new Map(rows.map(({ member, ...sent }) => [member, sent]));
    },
    async readNotices(keys) {
      const rows = await sql<NoticeRow>(
        `SELECT ${NOTICE_COLUMNS} FROM outbox WHERE key = ANY ($1::text[]) ORDER BY id`,
        [keys],
      );
      return rows.map(toNotice);
    },
    readProgress: (keys) =>
      sql<NoticeProgress>(
        `SELECT state, attempts, ${micros('settled_at')} AS "settledAt" FROM outbox WHERE key = ANY ($1::text[]) ORDER BY id`,
        [keys],
      ),
    async beginAttempt(attempt) {
      const begun = await begin(attempt);
      if (begun !== undefined) return begun === 'begun' ? null : begun;
      throw new Failure(
        'temporary',
        'attempt-out-of-turn',
        `Attempt ${attempt.number} of notice ${attempt.id} is not ours to make: its lease has ended, or another mailer has it.`,
      );
    },
    recordOutcome: record,
  };
}

async function claimNotices(
  sql: Sql,
  time: TimeSource,
  { ids, limit, lease }: Parameters<Outbox['claimNotices']>[0],
): Promise<ClaimedNotice[]> {
  const now = nowSql(time);
  const chosen = ids === undefined ? '' : 'AND id = ANY ($3::bigint[])';
  // Rows that another mailer holds are passed over, never waited for. Two branches, so that each uses its index.
  const rows = await sql<ClaimedRow>(
    `WITH due AS (
       SELECT id, due_at FROM outbox WHERE state = 'pending' AND due_at <= ${now} ${chosen}
       ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
     ), abandoned AS (
       SELECT id, due_at FROM outbox WHERE state = 'sending' ${chosen}
         -- One that ends far later than any lease does was given before the clock was set back. Twice its length: a
         -- statement that began before another may see what that one gave.
         AND (lease_until <= ${now} OR lease_until > ${now} + $1 * interval '2 microseconds')
       ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
     ), taken AS (
       SELECT id FROM (SELECT * FROM due UNION ALL SELECT * FROM abandoned) AS waiting ORDER BY due_at, id LIMIT $2
     ), claimed AS (
       UPDATE outbox SET state = 'sending', claims = outbox.claims + 1, lease_until = ${now} + $1 * interval '1 microsecond'
       FROM taken WHERE outbox.id = taken.id RETURNING outbox.*
     )
     ${CLAIMED}`,
    ids === undefined ? [lease, limit] : [lease, limit, ids],
  );
  return rows.map(toClaimed);
}

const CLAIMED = `
  SELECT ${NOTICE_COLUMNS}, outbox.attempts, outbox.claims, outbox.may_wait AS "mayWait", outbox_words.recipient,
    outbox_words.raw
  FROM claimed AS outbox LEFT JOIN outbox_words ON outbox_words.outbox_id = outbox.id
  ORDER BY outbox.due_at, outbox.id`;

async function claimWaiting(
  sql: Sql,
  time: TimeSource,
  member: MemberId,
  { limit, lease }: Parameters<Outbox['claimWaiting']>[1],
): Promise<ClaimedNotice[]> {
  const rows = await sql<ClaimedRow>(
    `WITH waiting AS (
       SELECT id FROM outbox
       WHERE recipient_id = $1 AND may_wait AND settled_at IS NULL AND state = 'pending' AND outcome_code = 'bundled'
       ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED
     ), claimed AS (
       UPDATE outbox SET state = 'sending', claims = outbox.claims + 1,
         lease_until = ${nowSql(time)} + $3 * interval '1 microsecond'
       FROM waiting WHERE outbox.id = waiting.id RETURNING outbox.*
     )
     ${CLAIMED}`,
    [member, limit, lease],
  );
  return rows.map(toClaimed);
}

/** Each by its index: the mails of an hour may be many, its escalations are few. */
const SENT_LATELY = `
  SELECT wanted.id AS member,
    (SELECT count(*) FROM outbox
     WHERE recipient_id = wanted.id AND state = 'sent' AND settled_at > $2::timestamptz) AS mails,
    (SELECT ${micros('min(settled_at)')} FROM outbox
     WHERE recipient_id = wanted.id AND may_wait AND state = 'sent' AND settled_at > $2::timestamptz) AS began,
    (SELECT json_build_object('id', id, 'createdAt', ${micros('created_at')}) FROM outbox
     WHERE recipient_id = wanted.id AND may_wait AND settled_at IS NULL ORDER BY id LIMIT 1) AS first
  FROM unnest($1::text[]) AS wanted (id)`;

type Begun = ReadonlyMap<AttemptStart, 'begun' | Brake>;

/** One commit for all attempts that begin at once; answers those that begin, and those that may not go out. */
async function beginTogether(
  pool: pg.Pool,
  sql: Sql,
  time: TimeSource,
  attempts: readonly AttemptStart[],
): Promise<Begun> {
  const counted = attempts.flatMap((attempt) => attempt.counted ?? []);
  if (counted.length === 0) return beginAttempts(sql, time, attempts);
  const work = async (tx: Sql): Promise<Begun> => {
    const { at, brakes } = await findBrakes(tx, time, counted);
    const brakeOf = ({ id }: AttemptStart): Brake | null => brakes.get(id) ?? null;
    const free = attempts.filter((attempt) => brakeOf(attempt) === null);
    const held = attempts.flatMap((attempt) => {
      const brake = brakeOf(attempt);
      return brake === null ? [] : [[attempt, brake] as const];
    });
    return new Map([...(await beginAttempts(tx, time, free, at)), ...held]);
  };
  return inTransaction(pool, work, COUNTING_LOCK);
}

/** `countedAt`: when those of them were counted that are. */
async function beginAttempts(
  sql: Sql,
  time: TimeSource,
  attempts: readonly AttemptStart[],
  countedAt: Instant | null = null,
): Promise<Begun> {
  if (attempts.length === 0) return new Map();
  const firstOf = new Map(attempts.toReversed().map((attempt) => [attempt.id, attempt]));
  const starts = [...firstOf.values()].sort((a, b) => a.id - b.id);
  const values = starts.map((_, at) => {
    const first = at * 6 + 1;
    return `($${first}::bigint, $${first + 1}::integer, $${first + 2}::text, $${first + 3}::bytea, $${first + 4}::integer, $${first + 5}::bigint)`;
  });
  const params: unknown[] = starts.flatMap(({ id, number, recipient, raw, claims, lease }) => [
    id,
    number,
    recipient,
    Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength),
    claims,
    lease,
  ]);
  const mails = starts.flatMap(({ counted }) => counted?.mail ?? []);
  const counting = countedAt === null ? '' : `, ${countingParts(params.push(rowsOf(mails)), countedAt)}`;
  // An attempt out of turn is not recorded: whoever lost the lease has nothing to send, somebody else does.
  const rows = await sql<{ id: NoticeId }>(
    `WITH start (id, number, recipient, raw, claims, lease) AS (VALUES ${values.join(', ')}),
     begun AS (
       UPDATE outbox SET attempts = start.number,
         lease_until = ${nowSql(time)} + start.lease * interval '1 microsecond'
       FROM start
       WHERE outbox.id = start.id AND outbox.state = 'sending' AND outbox.attempts = start.number - 1
         AND outbox.claims = start.claims
       RETURNING outbox.id
     ), kept AS (
       INSERT INTO outbox_words (outbox_id, recipient, raw)
       SELECT start.id, recipient, raw FROM start JOIN begun ON begun.id = start.id
       ON CONFLICT (outbox_id) DO NOTHING
     )${counting}
     INSERT INTO attempt (outbox_id, number, started_at)
     SELECT start.id, number, ${nowSql(time)} FROM start JOIN begun ON begun.id = start.id
     RETURNING outbox_id AS id`,
    params,
  );
  const begun = new Set(rows.map(({ id }) => id));
  return new Map(starts.filter(({ id }) => begun.has(id)).map((attempt) => [attempt, 'begun']));
}
