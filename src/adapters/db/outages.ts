/**
 * Outages in the database. Every look is bounded: it goes through what waits and through the newest notices, never
 * through history.
 */
import type pg from 'pg';
import type { OpenOutage, Outages, Told } from '../../app/ports/outages.ts';
import { type Instant, SECOND } from '../../domain/instant.ts';
import { SEEN_FOR, type Trouble, withoutConsequences } from '../../domain/outage.ts';
import { inTransaction } from './in-transaction.ts';
import { isoOrNull, json, micros, nowSql, onlyRow, type Sql, sqlOn, type TimeSource } from './sql.ts';

/** Twice what lies between two polls, and half a minute for the poll itself. */
export const SILENT_MAX = `interval '150 seconds'`;
/** So many of the newest notices tell whether anything goes out. */
const RECENT = 1_000;

export function postgresOutages({ pool, time }: { pool: pg.Pool; time: TimeSource }): Outages {
  const sql = sqlOn(pool);
  const now = () => nowSql(time);
  return {
    async look({ folders, logins = [], canaryWithin }) {
      const asked = onlyRow(await sql<{ now: Instant }>(`SELECT ${micros(now())} AS now`), 'now');
      const wanted = json(folders.map(({ inboxId, folder }) => ({ inbox_id: inboxId, folder })));
      const rows = await sql<Trouble>(lookSql(now()), [wanted, canaryWithin, logins]);
      return { now: asked.now, troubles: withoutConsequences(rows) };
    },
    note: (troubles) => inTransaction(pool, (tx) => note(tx, now(), troubles)),
    claim: ({ after, remindEvery }, lease) =>
      sql<Told>(claimSql(now()), [after, remindEvery, lease, Math.min(after, SEEN_FOR)]),
    async told({ id, telling }) {
      await sql(`UPDATE outage SET told_at = ${now()}, told_over = $2, claimed_until = NULL WHERE id = $1`, [
        id,
        telling === 'over',
      ]);
    },
    async notTold({ id }, pause) {
      const text = `UPDATE outage SET claimed_until = ${now()} + $2 * interval '1 microsecond' WHERE id = $1`;
      await sql(text, [id, pause]);
    },
    open: () =>
      sql<OpenOutage>(
        `SELECT kind, inbox_id AS "inboxId", ${micros('since')} AS since, code FROM outage
         WHERE ended_at IS NULL AND since <= ${now()} - interval '${SEEN_FOR / SECOND} seconds' ORDER BY since, id`,
      ),
  };
}

/** Locked in one order, so that two clocks that note at once do not wait for each other for ever. */
async function note(sql: Sql, now: string, troubles: readonly Trouble[]): Promise<void> {
  const rows = json(
    troubles.map(({ kind, inboxId, since, code }) => ({
      ...{ kind, inbox_id: inboxId, since: isoOrNull(since), code },
    })),
  );
  const given = `json_to_recordset($1::json) AS given (kind text, inbox_id text, since timestamptz, code text)`;
  await sql(`SELECT pg_advisory_xact_lock(hashtextextended('baton:outages', 0))`);
  await sql(
    `UPDATE outage SET ended_at = ${now}, claimed_until = NULL
     WHERE ended_at IS NULL AND NOT EXISTS (
       SELECT FROM ${given} WHERE given.kind = outage.kind AND given.inbox_id = outage.inbox_id)`,
    [rows],
  );
  await sql(
    `INSERT INTO outage (kind, inbox_id, since, seen_at, code)
     SELECT given.kind, given.inbox_id, coalesce(given.since, ${now}), ${now}, given.code FROM ${given}
     JOIN inbox ON inbox.id = given.inbox_id
     ON CONFLICT (kind, inbox_id) WHERE ended_at IS NULL DO UPDATE SET code = excluded.code`,
    [rows],
  );
}

const claimSql = (now: string): string => `
  WITH due AS (
    SELECT id FROM outage
    WHERE (ended_at IS NULL OR (told_at IS NOT NULL AND NOT told_over))
      AND (claimed_until IS NULL OR claimed_until <= ${now})
      AND (ended_at IS NOT NULL
        OR (told_at IS NULL AND kind = 'login')
        OR (told_at IS NULL AND since <= ${now} - $1 * interval '1 microsecond'
          AND seen_at <= ${now} - $4 * interval '1 microsecond')
        OR told_at <= ${now} - $2 * interval '1 microsecond')
    ORDER BY id LIMIT 20 FOR UPDATE SKIP LOCKED
  )
  UPDATE outage SET claimed_until = ${now} + $3 * interval '1 microsecond' FROM due WHERE outage.id = due.id
  RETURNING outage.id, kind, inbox_id AS "inboxId", ${micros('since')} AS since, code,
    ${micros('told_at')} AS "toldAt", ${micros(now)} AS now,
    CASE WHEN ended_at IS NOT NULL THEN 'over' WHEN told_at IS NULL THEN 'begun' ELSE 'still' END AS telling`;

/**
 * Sending is down where nothing went out since the last thing that failed for a reason of the server's, or since three
 * different notices were refused: one refused or greylisted recipient is no outage. Or where something was due, and
 * nobody has taken it or sent anything else since. Paging likewise: nothing was taken since a page that failed three
 * times, or for good within the hour, or that nobody has even tried.
 */
const lookSql = (now: string): string => `
  WITH wanted AS (
    SELECT inbox_id, folder FROM json_to_recordset($1::json) AS row (inbox_id text, folder text)
  ), login AS (
    SELECT inbox_id, failed_at AS since, failed_code AS code FROM oauth_token
    WHERE inbox_id = ANY ($3::text[]) AND failed_at IS NOT NULL
      AND (failed_for_good OR coalesce(renewed_at, failed_at) <= ${now} - interval '1 day')
  ), intake AS (
    SELECT wanted.inbox_id, coalesce(m.polled_at, m.trouble_at) AS since, m.trouble_code AS code
    FROM wanted LEFT JOIN mailbox m ON m.inbox_id = wanted.inbox_id AND m.folder = wanted.folder
    WHERE m.polled_at IS NULL OR m.trouble_at IS NOT NULL OR m.lease_until IS NULL OR m.lease_until <= ${now}
      OR m.polled_at <= ${now} - ${SILENT_MAX}
  ), reading AS (
    SELECT m.inbox_id, min(message.stored_at) AS since, NULL AS code
    FROM message JOIN mailbox m ON m.id = message.mailbox_id
    WHERE message.stage <> 'settled' AND NOT message.history
      AND message.stored_at <= ${now} - interval '${SEEN_FOR / SECOND} seconds'
    GROUP BY m.inbox_id
  ), recent AS (
    SELECT id, inbox_id, state, settled_at, outcome_code FROM outbox ORDER BY id DESC LIMIT ${RECENT}
  ), sent AS (
    SELECT inbox_id, max(settled_at) AS at FROM recent WHERE state = 'sent' GROUP BY inbox_id
  ), waiting AS (
    (SELECT id, inbox_id, due_at AS due FROM outbox WHERE state = 'pending' ORDER BY due_at LIMIT ${RECENT})
    UNION ALL
    (SELECT id, inbox_id, lease_until FROM outbox WHERE state = 'sending' ORDER BY lease_until LIMIT ${RECENT})
  ), tried AS (
    SELECT w.inbox_id, w.id, min(a.started_at) AS at, (array_agg(a.code ORDER BY a.number DESC))[1] AS code
    FROM waiting w JOIN attempt a ON a.outbox_id = w.id LEFT JOIN sent ON sent.inbox_id = w.inbox_id
    WHERE a.outcome IN ('temporary', 'unknown') AND a.started_at > coalesce(sent.at, '-infinity')
    GROUP BY w.inbox_id, w.id
    UNION ALL
    SELECT r.inbox_id, r.id, r.settled_at, r.outcome_code FROM recent r LEFT JOIN sent ON sent.inbox_id = r.inbox_id
    WHERE r.state = 'failed' AND r.outcome_code ~ '^(smtp|oauth)-' AND r.settled_at > coalesce(sent.at, ${now} - interval '1 day')
  ), refused AS (
    SELECT inbox_id, min(at) AS since, (array_agg(code ORDER BY at DESC))[1] AS code FROM tried GROUP BY inbox_id
    HAVING count(*) >= 3 OR bool_or(coalesce(code ~ '^(smtp|oauth)-' AND code !~ '^smtp-[45][0-9][0-9]$', false))
  ), untaken AS (
    SELECT w.inbox_id, greatest(min(w.due), max(sent.at)) AS since, NULL AS code
    FROM waiting w LEFT JOIN sent ON sent.inbox_id = w.inbox_id
    WHERE w.due <= ${now} - interval '${SEEN_FOR / SECOND} seconds' GROUP BY w.inbox_id
  ), sending AS (
    SELECT inbox_id, min(since) AS since, max(code) AS code
    FROM (SELECT * FROM refused UNION ALL SELECT * FROM untaken) AS down GROUP BY inbox_id
  ), canary_out AS (
    SELECT c.inbox_id, min(c.sent_at) AS since, (array_agg(c.code ORDER BY c.sent_at DESC))[1] AS code FROM canary c
    WHERE c.arrived_at IS NULL AND c.sent_at <= ${now} - $2::bigint * interval '1 microsecond'
      AND c.sent_at > coalesce(
        (SELECT max(last.sent_at) FROM canary last WHERE last.inbox_id = c.inbox_id AND last.arrived_at IS NOT NULL),
        '-infinity')
    GROUP BY c.inbox_id
  ), paging AS (
    SELECT outbox.inbox_id, min(page.created_at) AS since, (array_agg(page.code ORDER BY page.created_at DESC))[1] AS code
    FROM page JOIN outbox ON outbox.id = page.outbox_id
    WHERE page.created_at > coalesce((SELECT max(p.settled_at) FROM page p WHERE p.state = 'sent'), '-infinity')
      AND (page.state = 'failed' AND page.settled_at > ${now} - interval '1 hour'
        OR page.settled_at IS NULL AND (page.tries >= 3
          OR page.due_at <= ${now} - interval '${SEEN_FOR / SECOND} seconds'))
    GROUP BY outbox.inbox_id
  ), down AS (
    SELECT 0 AS place, 'login' AS kind, * FROM login
    UNION ALL SELECT 1, 'intake', * FROM intake
    UNION ALL SELECT 2, 'reading', * FROM reading
    UNION ALL SELECT 3, 'sending', * FROM sending
    UNION ALL SELECT 4, 'canary', * FROM canary_out
    UNION ALL SELECT 5, 'paging', * FROM paging
  )
  SELECT kind, down.inbox_id AS "inboxId", ${micros('since')} AS since, code
  FROM down WHERE down.inbox_id IN (SELECT inbox_id FROM wanted) ORDER BY place, down.inbox_id`;
