/**
 * Numbers for whoever watches, from indexes alone: with a million open requests `status` counts for minutes, and this
 * is asked every few seconds. Every count stops at COUNT_MAX.
 */
import type pg from 'pg';
import { COUNT_MAX, type Gauges, type Standing } from '../../app/ports/gauges.ts';
import { Severity, type Why } from '../../domain/digest/attention.ts';
import type { Duration } from '../../domain/instant.ts';
import { SILENT_MAX } from './outages.ts';
import { micros, nowSql, onlyRow, sqlOn, type TimeSource } from './sql.ts';

const FIRST_DUE = 'least((SELECT min(due_at) FROM conversation), (SELECT min(due_at) FROM parked))';

export function postgresGauges({ pool, time }: { pool: pg.Pool; time: TimeSource }): Gauges {
  const sql = sqlOn(pool);
  return {
    async clocksLate() {
      const rows = await sql<{ late: Duration }>(`SELECT ${since(FIRST_DUE, nowSql(time))} AS late`);
      return onlyRow(rows, 'clocks').late;
    },
    async read() {
      const rows = await sql<{ standing: Row }>(standingSql(nowSql(time)));
      const { attention, ...standing } = onlyRow(rows, 'gauges').standing;
      return {
        ...standing,
        attention: attention.flatMap(({ severity, ...rest }) => {
          const why = WhyOf.get(severity);
          return why === undefined ? [] : [{ ...rest, why }];
        }),
      };
    },
  };
}

type Row = Omit<Standing, 'attention'> & {
  readonly attention: readonly {
    readonly inboxId: string;
    readonly severity: number;
    readonly count: number;
  }[];
};

const WhyOf: ReadonlyMap<number, Why> = new Map(
  Object.entries(Severity).map(([why, severity]) => [severity, why as Why]),
);

/** A past moment as the length of time until now; 0 where there is none. */
const since = (at: string, now: string): string => `greatest(0, coalesce(${micros(`(${now} - ${at})`)}, 0))`;

const counted = (from: string): string =>
  `(SELECT count(*) FROM (SELECT 1 FROM ${from} LIMIT ${COUNT_MAX}) AS found)`;

const listed = (rows: string): string =>
  `(SELECT coalesce(json_agg(row_to_json(r)), '[]') FROM (${rows}) AS r)`;

/** One statement, so that all of it is of one moment and one connection is enough. */
const standingSql = (now: string): string => `SELECT json_build_object(
  'requests', ${listed(`
    SELECT id AS "inboxId", unaccepted, owned + unaccepted AS open FROM (
      SELECT inbox.id,
        ${counted("conversation WHERE inbox_id = inbox.id AND phase IN ('arrived', 'offered')")} AS unaccepted,
        ${counted("conversation WHERE inbox_id = inbox.id AND phase = 'owned'")} AS owned
      FROM inbox) AS of_inbox ORDER BY id`)},
  'attention', ${listed(`
    SELECT inbox.id AS "inboxId", severity,
      ${counted('conversation WHERE inbox_id = inbox.id AND attention = severity')} AS count
    FROM inbox CROSS JOIN unnest(ARRAY[${Object.values(Severity)}]) AS severity ORDER BY 1, 2`)},
  'waiting', (SELECT json_agg(json_build_object('bell', bell, 'count', count, 'oldest', oldest)) FROM (
    ${waiting('classify', "message WHERE stage <> 'settled' AND stage = 'stored'", 'stored_at', 'id', now)}
    UNION ALL
    ${waiting('reply', "message WHERE stage <> 'settled' AND stage = 'replying'", 'stored_at', 'id', now)}
    UNION ALL
    ${waiting('route', "conversation WHERE phase = 'arrived' AND offered_to IS NULL", 'last_event_at', 'last_event_at', now)}
    UNION ALL
    ${waiting('deliver', `outbox WHERE state = 'pending' AND due_at <= ${now}`, 'due_at', 'due_at', now)}
  ) AS all_waiting),
  'failed', ${listed(`
    SELECT inbox_id AS "inboxId", count(*) AS count FROM (
      SELECT inbox_id FROM outbox WHERE state = 'failed' AND settled_at > ${now} - interval '1 day' LIMIT ${COUNT_MAX}
    ) AS found GROUP BY inbox_id`)},
  'folders', ${listed(`
    SELECT inbox_id AS "inboxId", folder, missing, ${micros(`(${now} - polled_at)`)} AS "lookedAgo",
      coalesce(lease_until > ${now} AND polled_at > ${now} - ${SILENT_MAX} AND trouble_at IS NULL, false) AS connected
    FROM mailbox ORDER BY id`)},
  'outages', ${listed(`
    SELECT inbox_id AS "inboxId", kind, ${since('since', now)} AS lasts FROM outage WHERE ended_at IS NULL`)},
  'canaries', ${listed(`
    SELECT inbox.id AS "inboxId", ${micros('(c.arrived_at - c.sent_at)')} AS took, ${since('c.arrived_at', now)} AS age
    FROM inbox CROSS JOIN LATERAL (
      SELECT sent_at, arrived_at FROM canary WHERE inbox_id = inbox.id AND arrived_at IS NOT NULL
      ORDER BY turn DESC LIMIT 1) AS c`)},
  'pages', json_build_object(
    'waiting', ${counted('page WHERE settled_at IS NULL')},
    'failed', ${counted(`page WHERE state = 'failed' AND settled_at > ${now} - interval '1 day'`)}),
  'parked', (SELECT json_build_object('count', count(*), 'oldest', ${since('min(message.stored_at)', now)})
    FROM (SELECT message_id FROM parked WHERE due_at IS NOT NULL ORDER BY due_at LIMIT ${COUNT_MAX}) AS found
    JOIN message ON message.id = found.message_id),
  'clocksLate', ${since(FIRST_DUE, now)},
  'model', (SELECT json_build_object('version', version, 'age', ${since('made_at', now)}) FROM model WHERE active)
) AS standing`;

/** `first` is what an index has in order: whatever it gives first has waited longest, or nearly. */
function waiting(bell: string, from: string, at: string, first: string, now: string): string {
  const some = `SELECT ${at} AS at FROM ${from} ORDER BY ${first} LIMIT ${COUNT_MAX}`;
  return `(SELECT '${bell}' AS bell, count(*) AS count, ${since('min(at)', now)} AS oldest FROM (${some}) AS found)`;
}
