/** How mail flows, counted within indexes of what was taken in and what went out lately. */
import type pg from 'pg';
import { FLOW_HOURS, type InboxFlow, type MailFlows } from '../../app/ports/mail-flow.ts';
import type { InboxId } from '../../domain/ids.ts';
import { HOUR, type Instant } from '../../domain/instant.ts';
import { SILENT_MAX } from './outages.ts';
import { instantSql, micros, nowSql, onlyRow, sqlOn, type TimeSource } from './sql.ts';

type InboxRow = Omit<InboxFlow, 'hours'>;
type HourRow = { readonly inboxId: InboxId; readonly hour: number; readonly n: number };

export function postgresMailFlows({ pool, time }: { pool: pg.Pool; time: TimeSource }): MailFlows {
  const sql = sqlOn(pool);
  return {
    async read() {
      const { now } = onlyRow(await sql<{ now: Instant }>(`SELECT ${micros(nowSql(time))} AS now`), 'time');
      const inboxes = await sql<InboxRow>(inboxesSql(now));
      const came = await sql<HourRow>(cameSql(now));
      const went = await sql<HourRow>(wentSql(now));
      return inboxes.map((inbox) => ({
        ...inbox,
        hours: Array.from({ length: FLOW_HOURS }, (_, index) => {
          const hour = FLOW_HOURS - 1 - index;
          const inHour = (rows: readonly HourRow[]): number =>
            rows.find((row) => row.inboxId === inbox.inboxId && row.hour === hour)?.n ?? 0;
          return { from: now - (hour + 1) * HOUR, in: inHour(came), out: inHour(went) };
        }),
      }));
    },
  };
}

const since = (now: Instant): string => instantSql(now - FLOW_HOURS * HOUR);

/** How many whole hours ago. */
const hoursAgo = (column: string, now: Instant): string =>
  `greatest(0, ceil(extract(epoch FROM ${instantSql(now)} - ${column}) / 3600) - 1)::integer`;

/** The first folder is the one that new mail arrives in. What was written before Baton began moves nobody. */
const inboxesSql = (now: Instant): string => `
  WITH last_in AS (
    SELECT mailbox.inbox_id, max(message.stored_at) AS at
    FROM message JOIN mailbox ON mailbox.id = message.mailbox_id
    WHERE message.stored_at > ${since(now)} AND NOT message.history AND mailbox.role = 'inbox' GROUP BY mailbox.inbox_id
  ), last_out AS (
    SELECT inbox_id, max(settled_at) AS at FROM outbox WHERE state = 'sent' AND settled_at > ${since(now)} GROUP BY inbox_id
  ), waiting AS (
    SELECT mailbox.inbox_id, min(message.stored_at) AS at
    FROM message JOIN mailbox ON mailbox.id = message.mailbox_id
    WHERE message.stage <> 'settled' AND NOT message.history GROUP BY mailbox.inbox_id
  )
  SELECT DISTINCT ON (first.inbox_id) first.inbox_id AS "inboxId",
    coalesce(first.lease_until > ${instantSql(now)} AND first.polled_at > ${instantSql(now)} - ${SILENT_MAX}
      AND first.trouble_at IS NULL, false) AS connected,
    ${micros('first.polled_at')} AS "polledAt", ${micros('last_in.at')} AS "lastMailAt",
    ${micros('last_out.at')} AS "lastSentAt",
    greatest(0, coalesce(${micros(`(${instantSql(now)} - waiting.at)`)}, 0)) AS lag
  FROM mailbox AS first LEFT JOIN last_in USING (inbox_id) LEFT JOIN last_out USING (inbox_id) LEFT JOIN waiting USING (inbox_id)
  WHERE first.role = 'inbox' ORDER BY first.inbox_id, first.id`;

const cameSql = (now: Instant): string => `
  SELECT mailbox.inbox_id AS "inboxId", ${hoursAgo('message.stored_at', now)} AS hour, count(*)::integer AS n
  FROM message JOIN mailbox ON mailbox.id = message.mailbox_id
  WHERE message.stored_at > ${since(now)} AND NOT message.history AND mailbox.role = 'inbox'
  GROUP BY mailbox.inbox_id, hour`;

const wentSql = (now: Instant): string => `
  SELECT inbox_id AS "inboxId", ${hoursAgo('settled_at', now)} AS hour, count(*)::integer AS n
  FROM outbox WHERE state = 'sent' AND settled_at > ${since(now)} GROUP BY inbox_id, hour`;
