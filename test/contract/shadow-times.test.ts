/** The times of looking on, and what the outbox tells of them, in a real database. */
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { postgresShadowTimes } from '../../src/adapters/db/shadow-times.ts';
import { deliverOutbox } from '../../src/app/deliver-outbox.ts';
import { looksOn } from '../../src/app/look-on.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/instant.ts';
import {
  emptyDatabase,
  type MigratedDatabases,
  startMigratedDatabases,
  testPool,
} from '../support/store-database.ts';
import { openStoreOffice, type StoreOffice } from '../support/store-office.ts';

let databases: MigratedDatabases;
let url: string;
let pool: pg.Pool;
let office: StoreOffice;
beforeAll(async () => {
  databases = await startMigratedDatabases();
  url = await databases.fresh();
});
afterAll(() => databases.end());
beforeEach(async () => {
  await emptyDatabase(url);
  pool = testPool(url);
  office = await openStoreOffice(url);
});
afterEach(async () => {
  await office.close();
  await pool.end();
});

test('while Baton looks on managers are told once a day whom it would have asked, and once at the end what is open', async () => {
  const times = postgresShadowTimes({ pool, time: office.clock });
  const tick = looksOn(times);
  const { deps, clock, memory } = office;
  const looking = { ...deps, policy: () => ({ ...deps.policy(), shadow: true as const }) };
  await tick(looking);
  await tick(looking);
  const running = await times.running();
  expect(running?.beganAt).toBe(clock.now());

  office.customerWrites('Leak under the sink');
  await office.ingest();
  // The office itself works: here its outbox is looked at by a mailer that looks on.
  await office.looks.classify((await deps.store.findUnrung(-DAY, 10)).get('classify') ?? []);
  await office.looks.route((await deps.store.findUnrung(-DAY, 10)).get('route') ?? []);
  await deliverOutbox(looking);
  expect(memory.delivered).toEqual([]);
  const held = await times.heldSince(['maintenance'], clock.now() - HOUR);
  expect(held).toMatchObject({ outside: 1, members: 1, items: [{ asked: ['priya'] }] });
  expect(await times.heldSince(['billing'], clock.now() - HOUR)).toMatchObject({ items: [], outside: 0 });

  clock.set(clock.now() + MINUTE);
  await tick(deps);
  await tick(deps);
  expect(await times.running()).toBeNull();
  await office.settle();
  const told = await office.mailTo('dana@elm.example');
  expect(told.subject).toContain('1 request still open');
  expect(told.text).toContain('Leak under the sink: Priya');
  expect(memory.delivered.filter(({ envelopeTo }) => envelopeTo === 'priya@elm.example')).toEqual([]);
  expect(await office.violations()).toEqual([]);
});
