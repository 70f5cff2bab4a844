/** Counts what `status` and `health` tell, each with one statement. */
import type pg from 'pg';
import type {
  FolderRow,
  MemberLoad,
  Overview,
  OverviewRows,
  RequestCounts,
} from '../../app/ports/overview.ts';
import { Brakes } from '../../domain/brakes.ts';
import type { InboxId } from '../../domain/ids.ts';
import { SILENT_MAX } from './outages.ts';
import { micros, nowSql, onlyRow, sqlOn, type TimeSource } from './sql.ts';

const FIRST_DUE = 'least((SELECT min(due_at) FROM conversation), (SELECT min(due_at) FROM parked))';

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
        `SELECT c.inbox_id AS id, count(*) AS open, count(*) FILTER (WHERE c.phase <> 'owned') AS unaccepted,
           count(*) FILTER (WHERE c.due_at <= ${now} OR (c.phase <> 'owned' AND EXISTS (
             SELECT FROM offer o WHERE o.conversation_id = c.id AND o.outcome = 'lapsed'
               AND o.closed_at > coalesce((SELECT max(l.from_at) FROM ledger l WHERE l.conversation_id = c.id AND l.ended),
                 '-infinity')))) AS overdue
         FROM conversation c WHERE c.phase <> 'done' GROUP BY c.inbox_id`,
      );
      const members = await sql<MemberLoad>(
        `SELECT id, owns, offered, unreached FROM (
           SELECT m.id, m.left_at,
             (SELECT count(*) FROM conversation c WHERE c.owner_id = m.id AND c.phase = 'owned') AS owns,
             (SELECT count(*) FROM conversation c WHERE c.offered_to = m.id AND c.phase <> 'done') AS offered,
             EXISTS (SELECT FROM outbox o WHERE o.recipient_id = m.id AND o.returned_as = 'failed'
               AND o.returned_at > ${now} - interval '7 days' AND o.returned_permanent
               AND NOT EXISTS (SELECT FROM outbox r WHERE r.recipient_id = m.id AND r.kind = 'receipt'
                 AND r.created_at > o.returned_at)) AS unreached
           FROM member m
         ) AS loads WHERE left_at IS NULL OR owns > 0 OR offered > 0 ORDER BY id`,
      );
      const rest = onlyRow(
        await sql<
          Pick<OverviewRows, 'parked' | 'parkedSince' | 'clocksLate' | 'pages'> & OverviewRows['outbox']
        >(
          `SELECT (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')) AS pending,
             (SELECT count(*) FROM outbox WHERE state = 'failed') AS failed,
             (SELECT count(*) FROM outbox WHERE returned_as = 'failed') AS returned,
             (SELECT count(*) FROM outbox WHERE state = 'dropped' AND outcome_code = ANY ($1::text[])
               AND settled_at > ${now} - interval '1 day') AS capped,
             (SELECT json_build_object(
                'waiting', count(*) FILTER (WHERE settled_at IS NULL),
                'failed', count(*) FILTER (WHERE state = 'failed'))
              FROM page WHERE settled_at IS NULL OR settled_at > ${now} - interval '1 day') AS pages,
             (SELECT count(*) FROM message WHERE disposition = 'parked' AND reason_code <> 'dismissed') AS parked,
             (SELECT ${micros('min(message.stored_at)')} FROM parked JOIN message ON message.id = parked.message_id
              WHERE parked.due_at IS NOT NULL) AS "parkedSince",
             greatest(0, coalesce(${micros(`(${now} - ${FIRST_DUE})`)}, 0)) AS "clocksLate"`,
          [Brakes],
        ),
        'overview',
      );
      const { parked, parkedSince, clocksLate, pages, ...outbox } = rest;
      return {
        folders,
        inboxes: new Map(inboxes.map(({ id, ...counts }) => [id, counts])),
        members,
        outbox,
        pages,
        parked,
        parkedSince,
        clocksLate,
      };
    },
  };
}
