/** Fills an empty database with so many open requests: a hundredth of them told, the others copied from these. */
import type pg from 'pg';
import { migrate } from '../../../src/adapters/db/migrate.ts';
import { createPool, longClient } from '../../../src/adapters/db/pool.ts';
import { sqlOn } from '../../../src/adapters/db/sql.ts';
import { postgresStore } from '../../../src/adapters/db/store.ts';
import { DAY, fromIso, fromMs, type Instant } from '../../../src/domain/instant.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import { rosterOf } from '../../support/policy.ts';
import { settableClock } from '../../support/settable-clock.ts';
import { MIGRATIONS } from '../../support/store-database.ts';
import { copyRequests } from './copies.ts';
import { growOld, seed } from './seed.ts';

export type FillOptions = {
  readonly url: string;
  readonly policy: Policy;
  readonly conversations: number;
  readonly copies: number;
  readonly say: (line: string) => void;
};

export async function fill({ url, policy, conversations, copies, say }: FillOptions): Promise<void> {
  await migrate(url, { folder: MIGRATIONS });
  const clock = settableClock(lastWednesday(fromMs(Date.now())));
  const told = Math.max(1, Math.round(conversations / copies));
  const store = postgresStore({ pool: createPool(url, { max: 4 }), time: clock });
  say(`telling the stories of ${told} requests`);
  await store.syncRoster(rosterOf(policy));
  await seed({ store, clock, policy, count: told, now: clock.now() });
  await store.close();
  const client = longClient(url, 'baton-scale');
  await client.connect();
  try {
    const sql = sqlOn(client as Pick<pg.Pool, 'query'>);
    await growOld(sql);
    say(`copying each ${copies - 1} times`);
    await copyRequests(sql, copies - 1, say);
    say('collecting statistics');
    await sql('VACUUM ANALYZE');
  } finally {
    await client.end();
  }
}

/** At two in the afternoon in Berlin: everybody is at work, and no two clocks run out together at nine the next day. */
function lastWednesday(now: Instant): Instant {
  const WEDNESDAY = fromIso('2026-01-07T13:00:00Z');
  return WEDNESDAY + Math.floor((now - WEDNESDAY) / (7 * DAY)) * 7 * DAY;
}

/** When all that was told had happened. */
export async function filledAt(pool: pg.Pool): Promise<Instant> {
  const { rows } = await pool.query<{ at: Date }>('SELECT max(polled_at) AS at FROM mailbox');
  return fromMs((rows[0]?.at ?? new Date(0)).getTime()) + 1;
}
