/**
 * Fills an empty database with so many open requests, and on from there with more: some thousands are told, the others
 * copied from these.
 */
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
import { copyRequests, forgetSeed, rememberSeed } from './copies.ts';
import { growOld, seed } from './seed.ts';

export type FillOptions = {
  readonly url: string;
  readonly policy: Policy;
  /** How many are told; the others are copies of these. */
  readonly told: number;
  /** From the smallest to the largest, in open requests: whole multiples of what is told. */
  readonly sizes: readonly number[];
  readonly say: (line: string) => void;
  /** What is done at each size, before it grows on. */
  readonly filled: (size: number) => Promise<void>;
};

/** As many as four open ones have one that is done. */
const DONE_PART = 4;

export async function fill({ url, policy, told, sizes, say, filled }: FillOptions): Promise<void> {
  await migrate(url, { folder: MIGRATIONS });
  const clock = settableClock(lastWednesday(fromMs(Date.now())));
  const store = postgresStore({ pool: createPool(url, { max: 4 }), time: clock });
  say(`telling the stories of ${told} open requests`);
  await store.syncRoster(rosterOf(policy));
  const done = Math.ceil(told / DONE_PART);
  await seed({ store, clock, policy, count: told, done, now: clock.now() });
  await store.close();
  const client = longClient(url, 'baton-scale');
  await client.connect();
  try {
    const sql = sqlOn(client as Pick<pg.Pool, 'query'>);
    await growOld(sql, clock.now());
    await rememberSeed(sql);
    let copies = 1;
    for (const size of sizes) {
      const wanted = Math.max(1, Math.round(size / told));
      if (wanted > copies) {
        say(`growing from ${copies * told} to ${wanted * told} open requests`);
        await copyRequests(sql, [copies, wanted - 1], say);
        copies = wanted;
      }
      say('collecting statistics');
      await sql('VACUUM ANALYZE');
      await filled(wanted * told);
    }
    await forgetSeed(sql);
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
