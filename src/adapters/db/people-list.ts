/** What everybody has in hand, counted as lists of requests count it, and whether mail reaches them. */
import type pg from 'pg';
import type { PeopleList, PersonRow } from '../../app/ports/people-list.ts';
import type { Requests } from '../../app/ports/requests.ts';
import { readAbsences } from './people.ts';
import { lostForGood, provedReceipt } from './proved-receipts.ts';
import { micros, nowSql, sqlOn, type TimeSource } from './sql.ts';

export type PeopleListOptions = {
  readonly pool: pg.Pool;
  readonly time: TimeSource;
  readonly requests: Pick<Requests, 'counts'>;
};

type Row = Pick<PersonRow, 'id' | 'hasLeft' | 'lastOrderAt' | 'unreachedSince'>;

export function postgresPeopleList({ pool, time, requests }: PeopleListOptions): PeopleList {
  const sql = sqlOn(pool);
  return {
    async members() {
      const rows = await sql<Row>(peopleSql(nowSql(time)));
      const { byMember } = await requests.counts(null);
      const loads = new Map(byMember.map(({ member, ...load }) => [member, load]));
      return rows
        .map((row) => ({ ...row, ...(loads.get(row.id) ?? NOTHING) }))
        .filter(({ hasLeft, answersFor, asked }) => !hasLeft || answersFor + asked > 0);
    },
    absences: () => readAbsences(sql, nowSql(time)),
  };
}

const NOTHING = { answersFor: 0, owns: 0, asked: 0, stuck: 0 };

const peopleSql = (now: string): string => `
  WITH lost AS (
    SELECT recipient_id AS member, returned_at AS at FROM outbox
    WHERE recipient_id IS NOT NULL AND ${lostForGood('outbox', now)}
  )
  SELECT member.id, member.left_at IS NOT NULL AS "hasLeft", ${micros('ordered.at')} AS "lastOrderAt",
    (SELECT ${micros('max(lost.at)')} FROM lost
     WHERE lost.member = member.id AND lost.at > coalesce(ordered.at, '-infinity')) AS "unreachedSince"
  FROM member CROSS JOIN LATERAL (
    SELECT max(r.created_at) AS at FROM outbox r WHERE r.recipient_id = member.id AND ${provedReceipt('r')}) AS ordered
  ORDER BY member.id`;
