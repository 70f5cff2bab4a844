/**
 * What a weekly report is made of, read in one transaction of one moment.
 *
 * Events lie in the order in which they happened, so that those of five weeks are found by their time without the years
 * before them (`event_recent`, BRIN), or by the requests of one inbox among many. How many are open is counted within an index alone, and what has happened since the
 * end of a week is taken off again.
 */
import type pg from 'pg';
import type { WeeklyReportStore } from '../../app/ports/weekly-report.ts';
import { Phases } from '../../domain/conversation/state.ts';
import type { ConversationId, InboxId } from '../../domain/ids.ts';
import { toIso } from '../../domain/instant.ts';
import type {
  EscalationFacts,
  Flow,
  RequestFacts,
  Week,
  WeeklyFacts,
  WeeklyQuestion,
} from '../../domain/weekly-report/facts.ts';
import type { LearnedFacts } from '../../domain/weekly-report/learned.ts';
import { inTransaction } from './in-transaction.ts';
import { json, micros, type Sql } from './sql.ts';
import { readEvents } from './views.ts';

export function weeklyReportStore(pool: pg.Pool): WeeklyReportStore {
  return {
    readWeeks: (question) =>
      inTransaction(pool, async (tx) => {
        await tx('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
        return readFacts(tx, question);
      }),
  };
}

async function readFacts(sql: Sql, { inboxes, weeks }: WeeklyQuestion): Promise<WeeklyFacts> {
  const [first, last] = [weeks[0], weeks.at(-1)];
  if (first === undefined || last === undefined)
    return { requests: [], escalations: [], flow: [], learned: { requests: [], ...NothingStands } };
  const span = [inboxes, toIso(first.from), toIso(last.until)];
  const rows = json(weeks.map(({ from, until }) => ({ from_at: toIso(from), until_at: toIso(until) })));
  return {
    requests: await sql<RequestFacts>(REQUESTS, [...span, toIso(last.seen)]),
    escalations: await sql<EscalationFacts>(ESCALATIONS, span),
    flow: await sql<Flow>(FLOW, [inboxes, toIso(first.from), rows]),
    learned: await readLearned(sql, inboxes, last),
  };
}

async function readLearned(
  sql: Sql,
  inboxes: readonly InboxId[],
  { from, until, seen }: Week,
): Promise<LearnedFacts> {
  const found = await sql<{ id: ConversationId }>(SURE, [inboxes, toIso(from), toIso(until)]);
  const events = await readEvents(
    sql,
    found.map(({ id }) => id),
  );
  const [standing] = await sql<typeof NothingStands>(
    `SELECT lowered, CASE outcome WHEN 'failed' THEN ${micros('finished_at')} END AS "failedAt" FROM learning`,
  );
  const requests = found.map(({ id }) => (events.get(id) ?? []).filter(({ at }) => at <= seen));
  return { requests, ...(standing ?? NothingStands) };
}

const NothingStands: Omit<LearnedFacts, 'requests'> = { lowered: null, failedAt: null };

const ABOUT = `request.id, request.inbox_id AS "inboxId", request.category, request.priority,
  request.snapshot #>> '{classified,ruleId}' AS "ruleId", request.owner_id AS owner`;

/**
 * Requests of these inboxes to which anything has happened since, within an index alone. They are found first and their
 * events with them: of the events of all inboxes most belong to others, and each would be looked up for it.
 */
const active = (since: string): string => `
  active AS MATERIALIZED (
    SELECT id FROM conversation WHERE inbox_id = ANY ($1::text[]) AND phase IN (${EVERY_PHASE})
      AND last_event_at >= ${since}::timestamptz)`;

/** Named one by one, the phases do not keep an index from being searched by what comes behind them. */
const EVERY_PHASE = Phases.map((phase) => `'${phase}'`).join(', ');

/**
 * One pass over what happened since the first week began. Looked up for each request by itself, the same took many times
 * as long. What happened to a request that had come before falls out at the end.
 */
const REQUESTS = `
  WITH ${active('$2')},
  happened AS (
    SELECT conversation_id, min(at) FILTER (WHERE type = 'arrived') AS came,
      coalesce(bool_or((data ->> 'person')::boolean) FILTER (WHERE type = 'arrived'), false) AS person,
      json_agg(json_build_object('at', ${micros('at')}, 'by', data ->> 'by') ORDER BY seq)
        FILTER (WHERE type = 'accepted') AS accepted,
      min(at) FILTER (WHERE type IN ('replied', 'answered-directly')) AS answered,
      json_agg(json_build_object('at', ${micros('at')}, 'to', coalesce(data ->> 'as', type)) ORDER BY seq)
        FILTER (WHERE type IN ('done', 'reopened')) AS turns
    FROM event JOIN active ON active.id = event.conversation_id
    WHERE at >= $2::timestamptz AND at <= $4::timestamptz
      AND type IN ('arrived', 'accepted', 'replied', 'answered-directly', 'done', 'reopened')
    GROUP BY conversation_id HAVING bool_or(type = 'arrived' AND at < $3::timestamptz))
  SELECT ${ABOUT}, ${micros('came')} AS "openedAt", person, coalesce(accepted, '[]') AS accepted,
    ${micros('answered')} AS "answeredAt", coalesce(turns, '[]') AS turns
  FROM happened JOIN conversation AS request ON request.id = happened.conversation_id`;

/** Whoever asks, a clock does: a colleague's own question to another is a handoff. In the words of `event_escalated`. */
const ESCALATIONS = `
  WITH ${active('$2')}
  SELECT ${ABOUT}, ${micros('asked.at')} AS at, asked.data #>> '{reason,code}' AS cause,
    (asked.data ->> 'rung')::integer AS rung, asked.data ->> 'acceptBy' IS NULL AS last
  FROM event AS asked JOIN active ON active.id = asked.conversation_id
    JOIN conversation AS request ON request.id = asked.conversation_id
  WHERE asked.at >= $2::timestamptz AND asked.at < $3::timestamptz AND asked.type = 'offered'
    AND asked.data ->> 'kind' <> 'offer' AND asked.data ->> 'by' IS NULL`;

const FLOW = `
  WITH ${active('$2')},
  week AS (SELECT * FROM json_to_recordset($3::json) AS row (from_at timestamptz, until_at timestamptz)),
  turn AS MATERIALIZED (
    SELECT event.at, event.type, event.data ->> 'as' AS ended
    FROM event JOIN active ON active.id = event.conversation_id
    WHERE event.at >= $2::timestamptz AND event.type IN ('arrived', 'done', 'reopened')),
  open AS (SELECT
    (SELECT count(*) FROM conversation WHERE phase = 'owned' AND inbox_id = ANY ($1::text[])) +
    (SELECT count(*) FROM conversation WHERE phase IN ('arrived', 'offered') AND inbox_id = ANY ($1::text[])) AS now)
  SELECT
    count(*) FILTER (WHERE turn.ended = 'finished' AND turn.at >= from_at AND turn.at < until_at)::integer AS finished,
    count(*) FILTER (WHERE turn.type = 'reopened' AND turn.at >= from_at AND turn.at < until_at)::integer AS reopened,
    (open.now + count(*) FILTER (WHERE turn.type = 'done' AND turn.at >= until_at)
      - count(*) FILTER (WHERE turn.type <> 'done' AND turn.at >= until_at))::integer AS open
  FROM week CROSS JOIN open LEFT JOIN turn ON true
  GROUP BY from_at, until_at, open.now ORDER BY from_at`;

const SURE = `
  WITH ${active('$2')}
  SELECT active.id FROM event JOIN active ON active.id = event.conversation_id
  WHERE event.at >= $2::timestamptz AND event.at < $3::timestamptz AND event.type = 'classified'
    AND event.data #>> '{proposal,sure}' = 'true'
  ORDER BY active.id`;
