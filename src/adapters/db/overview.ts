/**
 * Counts what `status` and `health` tell, each with one statement and within indexes: a million open requests and all
 * mails that ever came are not read for it.
 */
import type pg from 'pg';
import type {
  FolderRow,
  MemberLoad,
  Overview,
  OverviewRows,
  RequestCounts,
} from '../../app/ports/overview.ts';
import { BrakesOf } from '../../domain/brakes.ts';
import type { InboxId } from '../../domain/ids.ts';
import { SILENT_MAX } from './outages.ts';
import { provedReceipt } from './proved-receipts.ts';
import { micros, nowSql, onlyRow, sqlOn, type TimeSource } from './sql.ts';

const FIRST_DUE = 'least((SELECT min(due_at) FROM conversation), (SELECT min(due_at) FROM parked))';

/**
 * Of those whose clocks have not run out: nobody has taken them since somebody let their time pass. What ended and was
 * opened again begins anew; few were, so that the ledger is asked of those alone.
 */
const lapsed = (now: string): string => `
  SELECT c.inbox_id AS id FROM conversation c
  WHERE c.phase IN ('arrived', 'offered') AND (c.due_at <= ${now}) IS NOT TRUE AND EXISTS (
    SELECT FROM offer o WHERE o.conversation_id = c.id AND o.outcome = 'lapsed'
      AND (c.epoch = 1 OR o.closed_at > coalesce(
        (SELECT max(l.from_at) FROM ledger l WHERE l.conversation_id = c.id AND l.ended), '-infinity')))`;

const heldBack = (brakes: string, now: string): string => `
  (SELECT count(*) FROM outbox WHERE state = 'dropped' AND outcome_code = ANY (${brakes}::text[])
     AND settled_at > ${now} - interval '1 day')`;

export function postgresOverview({ pool, time }: { pool: pg.Pool; time: TimeSource }): Overview {
  const sql = sqlOn(pool);
  return {
    async read() {
      const now = nowSql(time);
      const folders = await sql<FolderRow>(
        `SELECT inbox_id AS "inboxId", folder, uid_validity::text AS "uidValidity", last_uid AS "lastUid",
           coalesce(lease_until > ${now} AND polled_at > ${now} - ${SILENT_MAX} AND trouble_at IS NULL, false) AS connected,
           CASE WHEN reconciled_at IS NOT NULL THEN json_build_object(
             'at', ${micros('reconciled_at')}, 'missing', missing, 'repaired', repaired, 'gone', gone) END AS reconciled,
           CASE WHEN junk IS NOT NULL THEN json_build_object('folder', junk_folder, 'count', junk) END AS junk
         FROM mailbox WHERE fence > 0 ORDER BY id`,
      );
      const inboxes = await sql<RequestCounts & { id: InboxId }>(
        `SELECT id, sum(open)::integer AS open, sum(unaccepted)::integer AS unaccepted, sum(overdue)::integer AS overdue FROM (
           SELECT inbox_id AS id, count(*) AS open, count(*) FILTER (WHERE phase <> 'owned') AS unaccepted, 0 AS overdue
           FROM conversation WHERE phase IN ('arrived', 'offered', 'owned') GROUP BY inbox_id
           UNION ALL
           SELECT id, 0, 0, count(*) FROM (
             SELECT inbox_id AS id FROM conversation WHERE due_at <= ${now} AND phase <> 'done'
             UNION ALL ${lapsed(now)}) AS late GROUP BY id
         ) AS counts GROUP BY id`,
      );
      const members = await sql<MemberLoad>(
        `WITH lost AS (
           SELECT recipient_id AS member, returned_at AS at FROM outbox
           WHERE returned_as = 'failed' AND returned_permanent AND returned_at > ${now} - interval '7 days'
         )
         SELECT id, owns, offered, unreached FROM (
           SELECT m.id, m.left_at, coalesce(owned.n, 0) AS owns, coalesce(asked.n, 0) AS offered,
             EXISTS (SELECT FROM lost WHERE lost.member = m.id
               AND NOT EXISTS (SELECT FROM outbox r WHERE r.recipient_id = m.id AND ${provedReceipt('r')}
                 AND r.created_at > lost.at)) AS unreached
           FROM member m
             LEFT JOIN (SELECT owner_id AS id, count(*) AS n FROM conversation WHERE phase = 'owned' GROUP BY owner_id)
               AS owned USING (id)
             LEFT JOIN (SELECT offered_to AS id, count(*) AS n FROM conversation WHERE offered_to IS NOT NULL
               GROUP BY offered_to) AS asked USING (id)
         ) AS loads WHERE left_at IS NULL OR owns > 0 OR offered > 0 ORDER BY id`,
      );
      const waiting = await sql<{ id: InboxId; n: number }>(
        `SELECT id, sum(n)::integer AS n FROM (
           SELECT inbox_id AS id, count(*) AS n FROM outbox WHERE state = 'pending' GROUP BY inbox_id
           UNION ALL
           SELECT inbox_id, count(*) FROM outbox WHERE state = 'sending' GROUP BY inbox_id
         ) AS counts GROUP BY id`,
      );
      const rest = onlyRow(
        await sql<
          Pick<OverviewRows, 'parked' | 'parkedSince' | 'clocksLate' | 'pages'> &
            Omit<OverviewRows['outbox'], 'pending' | 'waiting'>
        >(
          `SELECT (SELECT count(*) FROM outbox WHERE state = 'failed') AS failed,
             (SELECT count(*) FROM outbox WHERE returned_as = 'failed') AS returned,
             ${Object.keys(BrakesOf)
               .map((kind, at) => `${heldBack(`$${at + 1}`, now)} AS ${kind},`)
               .join('\n')}
             (SELECT json_build_object(
                'waiting', count(*) FILTER (WHERE settled_at IS NULL),
                'failed', count(*) FILTER (WHERE state = 'failed'))
              FROM page WHERE settled_at IS NULL OR settled_at > ${now} - interval '1 day') AS pages,
             (SELECT count(*) FROM message WHERE disposition = 'parked' AND reason_code <> 'dismissed') AS parked,
             (SELECT ${micros('min(message.stored_at)')} FROM parked JOIN message ON message.id = parked.message_id
              WHERE parked.due_at IS NOT NULL) AS "parkedSince",
             greatest(0, coalesce(${micros(`(${now} - ${FIRST_DUE})`)}, 0)) AS "clocksLate"`,
          Object.values(BrakesOf),
        ),
        'overview',
      );
      const { parked, parkedSince, clocksLate, pages, ...outbox } = rest;
      return {
        folders,
        inboxes: new Map(inboxes.map(({ id, ...counts }) => [id, counts])),
        members,
        outbox: {
          ...outbox,
          pending: waiting.reduce((sum, { n }) => sum + n, 0),
          waiting: new Map(waiting.map(({ id, n }) => [id, n])),
        },
        pages,
        parked,
        parkedSince,
        clocksLate,
      };
    },
  };
}
