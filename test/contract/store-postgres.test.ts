/** PostgreSQL keeps the store's contract. */
import { afterAll, beforeAll } from 'vitest';
import { postgresStore } from '../../src/adapters/db/store.ts';
import { MONDAY } from '../support/policy.ts';
import { settableClock } from '../support/settable-clock.ts';
import {
  emptyDatabase,
  type MigratedDatabases,
  startMigratedDatabases,
  testPool,
} from '../support/store-database.ts';
import { describeStore } from './store-suite.ts';

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
