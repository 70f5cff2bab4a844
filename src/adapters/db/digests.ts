/**
 * What a digest tells, read in one transaction of one moment, and the rows that let each standing mail go out once.
 *
 * Nothing here goes through all open requests: what is stuck is found worst first by its columns (`conversation_attention`,
 * `_unowned`), at most so many for each reason; how much everybody has, and what happened since yesterday, is counted
 * within indexes alone.
 */
import type pg from 'pg';
import type { DigestStore, DigestTransaction, SettledMail, Title } from '../../app/ports/digests.ts';
import type { Conversation } from '../../domain/conversation/state.ts';
import {
  type DigestFacts,
  type DigestQuestion,
  LAID_ASIDE_DAYS,
  LAID_ASIDE_OFTEN,
  LOOKED_AT_MAX,
  type Load,
  lookedAtOf,
  type MailFlow,
  UNREACHED_DAYS,
  type UnreachedMember,
} from '../../domain/digest/facts.ts';
import type { ConversationId, InboxId } from '../../domain/ids.ts';
import { type Instant, toIso } from '../../domain/instant.ts';
import { inTransaction } from './in-transaction.ts';
import { provedReceipt } from './proved-receipts.ts';
import { json, micros, onlyRow, type Sql } from './sql.ts';

export function digestStore(pool: pg.Pool, sql: Sql): DigestStore {
  return {
    readDigest: (question) =>
      inTransaction(pool, async (tx) => {
        await tx('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
        return readFacts(tx, question);
      }),

    async readTitles(ids) {
      if (ids.length === 0) return new Map();
      type Row = {
        id: ConversationId;
        subject: string;
        name: string;
        address: string;
        wroteAt: Instant | null;
      };
      const rows = await sql<Row>(
        `SELECT w.conversation_id AS id, w.subject, w.customer_name AS name, w.customer_address AS address,
                ${micros('m.stored_at')} AS "wroteAt"
         FROM conversation_words w
         JOIN conversation c ON c.id = w.conversation_id
         LEFT JOIN message m ON m.id = (c.snapshot->>'lastCustomerMessage')::integer
         WHERE w.conversation_id = ANY ($1::integer[]) AND w.forgotten IS NULL`,
        [ids],
      );
      return new Map(
        rows.map(({ id, subject, name, address, wroteAt }): [ConversationId, Title] => [
          id,
          { subject, customer: { name, address }, wroteAt },
        ]),
      );
    },

    async lastStandingMail(member, kind) {
      const rows = await sql<SettledMail>(
        `SELECT member_id AS member, kind, to_char(date, 'YYYY-MM-DD') AS date, ${micros('at')} AS at, sent
         FROM standing_mail WHERE member_id = $1 AND kind = $2 ORDER BY date DESC LIMIT 1`,
        [member, kind],
      );
      return rows[0] ?? null;
    },
  };
}

export const digestLookUps = (sql: Sql): DigestTransaction => ({
  async claimStandingMail({ member, kind, date, at, sent }) {
    // Whoever comes second waits here until the first has committed, and then finds the row.
    const rows = await sql(
      `INSERT INTO standing_mail (member_id, kind, date, at, sent) VALUES ($1, $2, $3::date, $4::timestamptz, $5)
       ON CONFLICT DO NOTHING RETURNING 1`,
      [member, kind, date, toIso(at), sent],
    );
    return rows.length > 0;
  },
});

// ── What a digest tells ──

async function readFacts(sql: Sql, question: DigestQuestion): Promise<DigestFacts> {
  const { inboxes, since, at } = question;
  const looked = await readLookedAt(sql, question);
  const span = [inboxes, toIso(since), toIso(at)];
  return {
    ...looked,
    parked: await sql<DigestFacts['parked'][number]>(PARKED, [inboxes]),
    unreached: await sql<UnreachedMember>(UNREACHED, [inboxes, toIso(at)]),
    load: await sql<Load>(LOAD, [inboxes]),
    unowned: onlyRow(await sql<{ n: number }>(UNOWNED, [inboxes]), 'unowned requests').n,
    changes: onlyRow(await sql<DigestFacts['changes']>(CHANGES, span), 'changes'),
    mail: {
      ...onlyRow(await sql<Omit<MailFlow, 'outages' | 'signInsEnding'>>(FLOW, span), 'mail'),
      ...(await readSignIns(sql, inboxes, at)),
      outages: await sql<MailFlow['outages'][number]>(OUTAGES, span),
    },
  };
}

/** Google ends those of an app in testing after 7 days. One that nobody renews any more belongs to no inbox of today. */
async function readSignIns(
  sql: Sql,
  inboxes: readonly InboxId[],
  at: Instant,
): Promise<Pick<MailFlow, 'signInsEnding'>> {
  const rows = await sql<NonNullable<MailFlow['signInsEnding']>[number]>(
    `SELECT inbox_id AS "inboxId", ${micros('refresh_until')} AS at FROM oauth_token
     WHERE inbox_id = ANY ($1::text[]) AND failed_code IS NULL AND renewed_at > $2::timestamptz - interval '1 day'
       AND refresh_until BETWEEN $2::timestamptz AND $2::timestamptz + interval '3 days' ORDER BY refresh_until`,
    [inboxes, toIso(at)],
  );
  return rows.length === 0 ? {} : { signInsEnding: rows };
}

async function readLookedAt(
  sql: Sql,
  { inboxes, at, untakenBefore }: DigestQuestion,
): Promise<Pick<DigestFacts, 'requests' | 'isCut'>> {
  const untaken = json([...untakenBefore].map(([id, before]) => ({ id, before: toIso(before) })));
  type Row = { why: string; state: Conversation; laidAside: number };
  const most = lookedAtOf(inboxes.length);
  const rows = await sql<Row>(LOOKED_AT, [inboxes, untaken, toIso(at), most]);
  const counts = Map.groupBy(rows, ({ why, state }) => `${why}/${state.inboxId}`);
  const each = new Map<ConversationId, { state: Conversation; laidAside: number }>();
  for (const { state, laidAside } of rows) {
    const known = each.get(state.id)?.laidAside ?? 0;
    each.set(state.id, { state, laidAside: Math.max(known, laidAside) });
  }
  return {
    requests: [...each.values()],
    isCut: [...counts.values()].some(({ length }) => length >= most),
  };
}

/**
 * One walk through an index for each inbox and reason, which ends after so many. States are read last: what they say of a
 * rest or a date is for the domain to weigh, and in a condition here it would let the planner expect few rows and sort all.
 */
const LOOKED_AT = `
  WITH inboxes AS (SELECT unnest($1::text[]) AS id),
  untaken AS (SELECT * FROM json_to_recordset($2::json) AS row (id text, before timestamptz))
  SELECT 'attention' AS why, found.snapshot AS state, 0 AS "laidAside" FROM inboxes CROSS JOIN LATERAL (
    SELECT snapshot FROM conversation WHERE inbox_id = inboxes.id AND attention IS NOT NULL
    ORDER BY attention, attention_since LIMIT $4) AS found
  UNION ALL
  SELECT 'untaken', found.snapshot, 0 FROM untaken CROSS JOIN LATERAL (
    SELECT snapshot FROM conversation WHERE inbox_id = untaken.id AND phase IN ('arrived', 'offered')
      AND unowned_since < untaken.before
    ORDER BY unowned_since LIMIT $4) AS found
  UNION ALL
  SELECT 'laid-aside', conversation.snapshot, often.n::integer FROM (
    SELECT conversation_id, count(*) AS n FROM event
    WHERE type = 'snoozed' AND at > $3::timestamptz - interval '${LAID_ASIDE_DAYS} days'
    GROUP BY conversation_id HAVING count(*) >= ${LAID_ASIDE_OFTEN} ORDER BY n DESC LIMIT $4) AS often
  JOIN conversation ON conversation.id = often.conversation_id
  WHERE conversation.phase <> 'done' AND conversation.inbox_id = ANY ($1::text[])`;

const PARKED = `
  SELECT parked.message_id AS id, parked.inbox_id AS "inboxId", parked.accountable_id AS accountable,
    ${micros('coalesce(first.at, message.stored_at)')} AS since
  FROM parked JOIN message ON message.id = parked.message_id
    LEFT JOIN parked_event AS first ON first.message_id = parked.message_id AND first.seq = 1
  WHERE parked.due_at IS NOT NULL AND parked.inbox_id = ANY ($1::text[])
  ORDER BY since, parked.message_id LIMIT ${LOOKED_AT_MAX}`;

/** In the words of the index `outbox_failed`. */
const LOST = `(state = 'failed' OR (state = 'dropped' AND outcome_code = 'bad-address'))`;

/** Whoever has sent an order since is reached again. */
const UNREACHED = `
  SELECT lost.member, count(*)::integer AS count, ${micros('min(lost.at)')} AS since,
    (array_agg(lost.code ORDER BY lost.at DESC))[1] AS code
  FROM (
    SELECT recipient_id AS member, inbox_id, settled_at AS at, coalesce(outcome_code, 'unknown') AS code FROM outbox
    WHERE ${LOST} AND settled_at > $2::timestamptz - interval '${UNREACHED_DAYS} days'
    UNION ALL
    SELECT recipient_id, inbox_id, returned_at, returned_reason FROM outbox
    WHERE returned_as = 'failed' AND returned_at > $2::timestamptz - interval '${UNREACHED_DAYS} days'
  ) AS lost JOIN member ON member.id = lost.member AND member.left_at IS NULL
  WHERE lost.inbox_id = ANY ($1::text[]) AND NOT EXISTS (
    SELECT FROM outbox AS receipt WHERE receipt.recipient_id = lost.member AND ${provedReceipt('receipt')}
      AND receipt.created_at > lost.at)
  GROUP BY lost.member ORDER BY since, lost.member`;

/** Counted in two indexes, without a look at the requests themselves. */
const LOAD = `
  SELECT member, sum(open)::integer AS open, sum(asked)::integer AS asked FROM (
    SELECT whose AS member, count(*) AS open, 0 AS asked FROM conversation
    WHERE phase = 'owned' AND inbox_id = ANY ($1::text[]) GROUP BY whose
    UNION ALL
    SELECT offered_to, 0, count(*) FROM conversation
    WHERE offered_to IS NOT NULL AND inbox_id = ANY ($1::text[]) GROUP BY offered_to
  ) AS loads GROUP BY member ORDER BY member`;

const UNOWNED = `
  SELECT count(*) AS n FROM conversation WHERE phase IN ('arrived', 'offered') AND inbox_id = ANY ($1::text[])`;

const CHANGES = `
  SELECT count(*) FILTER (WHERE event.type = 'arrived')::integer AS arrived,
    count(*) FILTER (WHERE event.type = 'done')::integer AS finished,
    count(*) FILTER (WHERE event.type = 'reopened')::integer AS reopened
  FROM event JOIN conversation ON conversation.id = event.conversation_id AND conversation.inbox_id = ANY ($1::text[])
  WHERE event.at > $2::timestamptz AND event.at <= $3::timestamptz AND event.type IN ('arrived', 'done', 'reopened')`;

const FLOW = `
  WITH folders AS (SELECT id, junk FROM mailbox WHERE inbox_id = ANY ($1::text[]))
  SELECT
    (SELECT count(*) FROM message WHERE stored_at > $2::timestamptz AND stored_at <= $3::timestamptz
       AND NOT history AND mailbox_id IN (SELECT id FROM folders)) AS received,
    (SELECT count(*) FROM message WHERE stage <> 'settled' AND stored_at > $2::timestamptz
       AND stored_at <= $3::timestamptz AND NOT history AND mailbox_id IN (SELECT id FROM folders)) AS unsettled,
    (SELECT count(*) FROM outbox WHERE ${LOST} AND settled_at > $2::timestamptz
       AND recipient_id IS NULL AND inbox_id = ANY ($1::text[])) AS unsent,
    (SELECT count(*) FROM outbox WHERE kind = 'not-counted' AND created_at > $2::timestamptz
       AND inbox_id = ANY ($1::text[])) AS doubtful,
    (SELECT coalesce(array_agg(DISTINCT conversation_id ORDER BY conversation_id), '{}') FROM outbox
     WHERE kind = 'not-counted' AND created_at > $2::timestamptz AND inbox_id = ANY ($1::text[])
       AND conversation_id IS NOT NULL) AS "doubtfulIn",
    (SELECT sum(junk)::bigint FROM folders) AS junk`;

const OUTAGES = `
  SELECT kind, inbox_id AS "inboxId", ${micros('since')} AS since, ${micros('ended_at')} AS until FROM outage
  WHERE inbox_id = ANY ($1::text[]) AND since <= $3::timestamptz - interval '1 minute'
    AND (ended_at IS NULL OR (ended_at > $2::timestamptz AND ended_at > since + interval '1 minute'))
  ORDER BY since, id LIMIT 20`;
