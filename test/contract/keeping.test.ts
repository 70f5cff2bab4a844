/** What is kept, learned, forgotten, erased and brought back, on one real PostgreSQL. */
import { afterAll, beforeAll, describe } from 'vitest';
import { type MigratedDatabases, startMigratedDatabases } from '../support/store-database.ts';
import { backupSuite } from './keeping-backup.ts';
import { eraseSuite } from './keeping-erase.ts';
import { forgetSuite } from './keeping-forget.ts';
import { learningSuite } from './keeping-learning.ts';

let started: MigratedDatabases;
beforeAll(async () => {
  started = await startMigratedDatabases();
});
afterAll(() => started.end());

describe('when somebody asks', () => eraseSuite(() => started));
describe('when time has passed', () => forgetSuite(() => started));
describe('when what was decided is learned', () => learningSuite(() => started));
describe('when all is lost', () => backupSuite(() => started));
