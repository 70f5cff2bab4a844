/** What a doctor asks of the database: what kind of server it is, what time it has, and which members were heard. */
import type pg from 'pg';
import type { MemberFacts } from '../../domain/doctor/members.ts';
import type { MemberId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { lostForGood, provedReceipt } from './proved-receipts.ts';
import { micros, onlyRow, sqlOn } from './sql.ts';

export type ServerFacts = {
  readonly version: number;
  readonly connectionsMax: number;
  readonly now: Instant;
};

export async function readServerFacts(pool: Pick<pg.Pool, 'query'>): Promise<ServerFacts> {
  return onlyRow(
    await sqlOn(pool)<ServerFacts>(
      `SELECT current_setting('server_version_num')::integer / 10000 AS version,
         current_setting('max_connections')::integer AS "connectionsMax",
         ${micros('clock_timestamp()')} AS now`,
    ),
    'facts of the server',
  );
}

type Row = { id: MemberId } & Omit<MemberFacts, 'name'>;

export async function readReadiness(
  pool: Pick<pg.Pool, 'query'>,
  members: readonly MemberId[],
): Promise<ReadonlyMap<MemberId, Omit<MemberFacts, 'name'>>> {
  const rows = await sqlOn(pool)<Row>(
    `SELECT wanted.id, counted.at IS NOT NULL AS ready,
       EXISTS (SELECT FROM outbox WHERE recipient_id = wanted.id AND kind = 'welcome') AS welcomed,
       EXISTS (SELECT FROM outbox WHERE recipient_id = wanted.id AND kind = 'not-counted'
         AND (counted.at IS NULL OR created_at > counted.at)) AS doubted,
       EXISTS (SELECT FROM outbox o WHERE o.recipient_id = wanted.id AND ${lostForGood('o', 'now()')}
         AND (counted.at IS NULL OR o.returned_at > counted.at)) AS unreached
     FROM unnest($1::text[]) AS wanted (id) CROSS JOIN LATERAL (
       SELECT max(r.created_at) AS at FROM outbox r WHERE r.recipient_id = wanted.id AND ${provedReceipt('r')}
     ) AS counted`,
    [members],
  );
  return new Map(rows.map(({ id, ...facts }) => [id, facts]));
}
