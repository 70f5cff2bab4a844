/** PostgreSQL keeps the store's contract. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { glance } from '../../src/adapters/db/glance.ts';
import { postgresPages } from '../../src/adapters/db/pages.ts';
import { postgresStore } from '../../src/adapters/db/store.ts';
import { MONDAY } from '../support/policy.ts';
import { settableClock } from '../support/settable-clock.ts';
import {
  emptyDatabase,
  type MigratedDatabases,
  startMigratedDatabases,
  testPool,
} from '../support/store-database.ts';
import { describePages } from './store-pages.ts';
import { describeStore } from './store-suite.ts';
import { beginWorld, looseNotice } from './store-world.ts';

let databases: MigratedDatabases;
let url: string;
beforeAll(async () => {
  databases = await startMigratedDatabases();
  url = await databases.fresh();
});
afterAll(() => databases.end());

describeStore('PostgreSQL', async () => {
  const clock = settableClock(MONDAY);
  await emptyDatabase(url);
  const store = postgresStore({ pool: testPool(url), time: clock });
  return { store, clock, close: () => store.close() };
});

describePages('PostgreSQL', async () => {
  const clock = settableClock(MONDAY);
  await emptyDatabase(url);
  const pool = testPool(url);
  const store = postgresStore({ pool, time: clock });
  return { store, pages: postgresPages({ pool, time: clock }), clock, close: () => store.close() };
});

it('a glance into PostgreSQL sees what is there while others hold its locks, and cannot write', async () => {
  const clock = settableClock(MONDAY);
  await emptyDatabase(url);
  const pool = testPool(url, 500);
  const store = postgresStore({ pool, time: clock });
  try {
    const { openOwned, transact } = await beginWorld({ store, clock, close: async () => {} });
    const { id, messageId } = await openOwned();
    await transact(async (tx) => {
      await tx.lockConversations([id]);
      await tx.lockSettled(messageId);
      const seen = await glance(pool, clock, async (other) => ({
        states: await other.lockConversations([id]),
        message: await other.lockSettled(messageId),
      }));
      expect(seen.states.get(id)?.owner).toBe('priya');
      expect(seen.message?.conversationId).toBe(id);
    });
    await expect(glance(pool, clock, (tx) => tx.write({ notices: [looseNotice('a')] }))).rejects.toThrow(
      'read-only',
    );
  } finally {
    await store.close();
  }
});
