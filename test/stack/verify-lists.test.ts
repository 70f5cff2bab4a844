/** `verify` over answers to mails that listed requests: green as it is, and red where one acted on what was not listed. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type MigratedDatabases, startMigratedDatabases } from '../support/store-database.ts';
import { openStoreOffice, type StoreOffice } from '../support/store-office.ts';

const PRIYA = 'priya@elm.example';

let databases: MigratedDatabases;
const offices: StoreOffice[] = [];

beforeAll(async () => {
  databases = await startMigratedDatabases();
});
afterAll(() => databases?.end());
afterEach(async () => {
  for (const office of offices.splice(0)) await office.close();
});

/** Priya has two requests and says something about both in one answer to the list of them. */
async function bothInOneAnswer(): Promise<StoreOffice> {
  const office = await openStoreOffice(await databases.fresh(), {});
  offices.push(office);
  for (const subject of ['A leak', 'Another leak']) {
    office.customerWrites(subject);
    await office.settle();
    await office.answers(PRIYA, await office.mailTo(PRIYA), 'accept');
    await office.settle();
  }
  await office.answers(PRIYA, await office.mailTo(PRIYA), 'my requests');
  await office.settle();
  const list = await office.mailTo(PRIYA);
  const numbers = [...list.text.matchAll(/#(\d+) /g)].map(([, number]) => number);
  expect(numbers).toHaveLength(2);
  const [first, second] = numbers;
  await office.answers(PRIYA, list, `${second} reply: On my way\n${first} done`);
  await office.settle();
  expect(office.errors).toEqual([]);
  return office;
}

test('an answer to a list acts on each of its requests, once, and everything is accounted for', async () => {
  const office = await bothInOneAnswer();
  const { rows } = await office.pool.query('SELECT phase FROM conversation ORDER BY id');
  expect(rows).toEqual([{ phase: 'done' }, { phase: 'owned' }]);
  const sent = await office.pool.query(
    `SELECT count(*)::integer AS n FROM outbox WHERE kind = 'customer-reply'`,
  );
  expect(sent.rows).toEqual([{ n: 1 }]);
  expect((await office.mailTo(PRIYA)).text).toContain('All 2 carried out.');
  expect(await office.violations()).toEqual([]);
});

test('an order about a request that its mail did not list is found', async () => {
  const office = await bothInOneAnswer();
  await office.pool.query(`UPDATE outbox SET body = body - 'listed' WHERE body ? 'listed'`);
  await office.pool.query(`UPDATE message SET conversation_id = NULL WHERE disposition = 'command'`);
  expect(await office.violations()).toContain(
    'I7 conversations changed in the name of a member who wrote nothing to them',
  );
});
