/**
 * What a mailer asks before it sends, in an office of few people with weeks of mail behind it: what it costs must not
 * grow with that. PostgreSQL chooses by how many rows it expects, so a plan that is right for a thousand members may go
 * through all that was ever sent where there are five.
 */
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findBrakes } from '../../src/adapters/db/brakes.ts';
import { createPool } from '../../src/adapters/db/pool.ts';
import { sqlOn } from '../../src/adapters/db/sql.ts';
import { postgresStore } from '../../src/adapters/db/store.ts';
import { DEFAULT_CAPS } from '../../src/domain/brakes.ts';
import { HOUR, MINUTE } from '../../src/domain/instant.ts';
import { planOf, rowsIn, watched } from '../bench/scale/measure.ts';
import { MONDAY } from '../support/policy.ts';
import { settableClock } from '../support/settable-clock.ts';
import { type MigratedDatabases, startMigratedDatabases } from '../support/store-database.ts';
import { beginWorld } from './store-world.ts';

const SENT = 10_000;
const WAITING = 500;
const clock = settableClock(MONDAY);

let databases: MigratedDatabases;
let database: ReturnType<typeof watched>;
beforeAll(async () => {
  databases = await startMigratedDatabases();
  database = watched(createPool(await databases.fresh(), { max: 4 }));
  const store = postgresStore({ pool: database.pool, time: clock });
  await beginWorld({ store, clock, close: async () => {} });
  await sentLongAgo(database.pool);
}, 120_000);
afterAll(async () => {
  await database.pool.end();
  await databases.end();
});

/** Escalations to three people and as many confirmations, a day before; and what waits for one of the three now. */
async function sentLongAgo(pool: pg.Pool): Promise<void> {
  const before = new Date((MONDAY - 23 * HOUR) / 1_000);
  await pool.query(
    `INSERT INTO outbox (dedupe_key, key, inbox_id, kind, recipient_id, body, answered, epoch, created_at, state, due_at,
       may_wait, settled_at)
     SELECT 'old ' || n, 'old ' || n, 'maintenance', 'no-progress',
       CASE WHEN n % 2 = 0 THEN (ARRAY ['dana', 'priya', 'sam'])[1 + n / 2 % 3] END, '{}', 0, 0, $2, 'sent', $2,
       n % 2 = 0, $2
     FROM generate_series(1, $1::integer) AS n`,
    [SENT, before],
  );
  await pool.query(
    `INSERT INTO outbox (dedupe_key, key, inbox_id, kind, recipient_id, body, answered, epoch, created_at, due_at, may_wait)
     SELECT 'new ' || n, 'new ' || n, 'maintenance', 'no-progress', 'dana', '{}', 0, 0, $2, $2, true
     FROM generate_series(1, $1::integer) AS n`,
    [WAITING, new Date(MONDAY / 1_000)],
  );
  await pool.query(
    `INSERT INTO automatic_mail (outbox_id, recipient, proved, at)
     SELECT id, 'customer ' || id, true, $1 FROM outbox WHERE NOT may_wait`,
    [before],
  );
  await pool.query('ANALYZE');
}

async function rowsRead(ask: () => Promise<unknown>): Promise<number> {
  database.heard.length = 0;
  await ask();
  const statements = [...database.heard];
  let rows = 0;
  for (const statement of statements) rows += rowsIn(await planOf(database.pool, statement));
  return rows;
}

test('whether mails to a member wait for company is found without a look at what was sent before', async () => {
  const store = postgresStore({ pool: database.pool, time: clock });
  expect(await rowsRead(() => store.sentLately(['dana', 'priya', 'sam'], MONDAY - HOUR))).toBeLessThan(50);
  expect(await rowsRead(() => store.claimWaiting('priya', { limit: 100, lease: MINUTE }))).toBeLessThan(50);
});

test('automatic mail is counted by one look at that of the day, however many are about to go out', async () => {
  const counted = Array.from({ length: 20 }, (_, at) => {
    const mail = {
      id: SENT + WAITING + 1 + at,
      recipient: `somebody ${at}`,
      conversationId: at,
      proved: true,
    };
    return { mail: { ...mail, answers: null, tellsMore: false }, caps: DEFAULT_CAPS };
  });
  const inADay = SENT / 2;
  expect(await rowsRead(() => findBrakes(sqlOn(database.pool), clock, counted))).toBeLessThan(inADay + 500);
});
