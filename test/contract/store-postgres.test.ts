/** PostgreSQL keeps the store's contract. */
import { afterAll, beforeAll } from 'vitest';
import { postgresStore } from '../../src/adapters/db/store.ts';
import { MONDAY } from '../support/policy.ts';
import { settableClock } from '../support/settable-clock.ts';
import { type MigratedDatabases, startMigratedDatabases, testPool } from '../support/store-database.ts';
import { describeStore } from './store-suite.ts';

let databases: MigratedDatabases;
beforeAll(async () => {
  databases = await startMigratedDatabases();
});
afterAll(() => databases.end());

describeStore('PostgreSQL', async () => {
  const clock = settableClock(MONDAY);
  const store = postgresStore({ pool: testPool(await databases.fresh()), time: clock });
  return { store, clock, close: () => store.close() };
});
