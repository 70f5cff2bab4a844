/** What a look back keeps in PostgreSQL, what `take over` makes of it, and that every promise holds afterwards. */

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { postgresBoard } from '../../src/adapters/db/board.ts';
import { postgresLookBacks } from '../../src/adapters/db/look-backs.ts';
import { postgresOverview } from '../../src/adapters/db/overview.ts';
import { lookBackAt, readMailboxes } from '../../src/app/look-back.ts';
import { sendLookBack } from '../../src/app/send-look-back.ts';
import { DAY, HOUR, type Instant } from '../../src/domain/instant.ts';
import { writeLetter } from '../support/letters.ts';
import { type MemoryMailbox, memoryMailbox } from '../support/memory-mailbox.ts';
import { pastMailboxOf } from '../support/memory-past-mailbox.ts';
import { type MigratedDatabases, startMigratedDatabases } from '../support/store-database.ts';
import { INBOX_ID, openStoreOffice, type StoreOffice } from '../support/store-office.ts';

const DANA = 'dana@elm.example';

let databases: MigratedDatabases;
const offices: StoreOffice[] = [];
beforeAll(async () => {
  databases = await startMigratedDatabases();
});
afterAll(() => databases?.end());
afterEach(async () => {
  for (const office of offices.splice(0)) await office.close();
});

async function openOffice(): Promise<StoreOffice> {
  const office = await openStoreOffice(await databases.fresh());
  offices.push(office);
  return office;
}

/** Of so many days ago, also in the folder that the office watches. */
function wrote(office: StoreOffice, past: MemoryMailbox, folder: string, name: string, days: number): void {
  const date = office.clock.now() - days * DAY;
  const raw = writeLetter({
    ...{ from: `${name} <${name}@tenant.example>`, to: ['maintenance@elm.example'], date },
    ...{ subject: `About ${name}`, text: `${name} waits.`, messageId: `${name}@tenant.example` },
  });
  past.append(folder, raw, date);
  if (folder === 'INBOX') office.mailbox.append(folder, raw, date);
}

async function lookBackBy(office: StoreOffice, past: MemoryMailbox, startFrom: Instant | null = null) {
  const { deps, pool, clock } = office;
  const until = clock.now();
  const mailbox = pastMailboxOf(past, ['Archive']);
  const policy = deps.policy();
  const read = await readMailboxes(
    {
      ...{ parser: deps.parser, policy, told: () => {} },
      open: async () => mailbox,
      foldersOf: () => ({ inbox: 'INBOX', sent: [] }),
    },
    [INBOX_ID],
    until - 30 * DAY,
  );
  const { inboxes } = lookBackAt(read, policy, { from: until - 30 * DAY, until });
  const found = inboxes.find(({ inbox }) => inbox === INBOX_ID);
  if (found === undefined) throw new Error('there is an inbox');
  const lookBacks = postgresLookBacks({ pool, time: clock });
  const taken = { folder: 'INBOX', from: startFrom };
  const { places } = read;
  return sendLookBack({ ...deps, lookBacks }, { found, days: 30, until, places, mailbox, taken });
}

/** Ties between words are the renderer's. */
const flat = (text: string): string => text.replace(/\s+/g, ' ');

const messages = async ({ pool }: StoreOffice) =>
  (
    await pool.query<{ folder: string; disposition: string; reason: string; history: boolean }>(
      `SELECT folder, disposition, reason_code AS reason, history FROM message
       JOIN mailbox ON mailbox.id = mailbox_id WHERE disposition <> 'command' ORDER BY message.id`,
    )
  ).rows;

test('those who wait become requests with owners, from the watched folder and from an archive, and every promise holds', async () => {
  const office = await openOffice();
  const past = memoryMailbox(['INBOX', 'Archive']);
  wrote(office, past, 'INBOX', 'Maria', 12);
  wrote(office, past, 'Archive', 'Jo', 9);
  await office.settle();
  expect(await lookBackBy(office, past)).toEqual({ to: 'dana', kept: 2 });
  await office.settle();
  const told = await office.mailTo(DANA);
  expect(told.subject).toBe('maintenance@, last 30 days: 2 people never got an answer');
  expect(flat(told.text)).toContain('Maria: About Maria. Waits for 12 days.');
  expect(flat(told.text)).toContain('Jo: About Jo. Waits for 9 days.');
  expect(await office.violations()).toEqual([]);

  office.clock.advance(HOUR);
  await office.answers(DANA, told, 'take over');
  await office.settle();
  expect(office.errors).toEqual([]);
  expect(flat((await office.mailTo(DANA)).text)).toContain(
    '2 requests were opened. Nobody outside was mailed.',
  );
  expect(await messages(office)).toEqual([
    { folder: 'INBOX', disposition: 'request', reason: 'taken-over', history: true },
    { folder: 'Archive', disposition: 'request', reason: 'taken-over', history: true },
  ]);
  const shown = (await postgresBoard(office.pool).mailsIn()).filter(
    ({ disposition }) => disposition === 'request',
  );
  expect(shown.map(({ at }) => Math.round((office.clock.now() - at) / DAY))).toEqual([12, 9]);
  expect(office.memory.delivered.some(({ envelopeTo }) => envelopeTo.endsWith('tenant.example'))).toBe(false);
  expect(await office.violations()).toEqual([]);

  office.clock.advance(HOUR);
  await office.answers(DANA, told, 'take over');
  await office.settle();
  expect(flat((await office.mailTo(DANA)).text)).toContain('Nothing was opened.');
  expect((await messages(office)).length).toBe(2);
  expect(await office.violations()).toEqual([]);
});

test('a look back before the first start does not move the beginning, and its mails are taken in once', async () => {
  const office = await openOffice();
  const past = memoryMailbox(['INBOX', 'Archive']);
  wrote(office, past, 'INBOX', 'Maria', 12);
  await lookBackBy(office, past);
  const { folders } = await postgresOverview({ pool: office.pool, time: office.clock }).read();
  expect(folders).toEqual([]);
  office.clock.advance(2 * DAY);
  wrote(office, past, 'INBOX', 'Wei', 1);
  office.clock.advance(1_000_000);
  await office.settle();
  expect(await messages(office)).toEqual([
    { folder: 'INBOX', disposition: 'history', reason: 'history', history: true },
    { folder: 'INBOX', disposition: 'history', reason: 'history', history: true },
  ]);
  expect(await office.violations()).toEqual([]);
});

test('what Baton will take up by itself is not kept as older mail, or it would never be confirmed', async () => {
  const office = await openOffice();
  const past = memoryMailbox(['INBOX', 'Archive']);
  wrote(office, past, 'INBOX', 'Maria', 12);
  wrote(office, past, 'INBOX', 'Wei', 2);
  const start = office.clock.now() - 5 * DAY;
  expect((await lookBackBy(office, past, start)).kept).toBe(1);
  expect((await messages(office)).map(({ disposition }) => disposition)).toEqual(['history']);
});

test('two look backs of one mailbox open each request once, whichever is answered', async () => {
  const office = await openOffice();
  const past = memoryMailbox(['INBOX', 'Archive']);
  wrote(office, past, 'Archive', 'Maria', 12);
  await office.settle();
  await lookBackBy(office, past);
  await office.settle();
  const first = await office.mailTo(DANA);
  office.clock.advance(HOUR);
  await lookBackBy(office, past);
  await office.settle();
  const second = await office.mailTo(DANA);
  expect(second.replyTo).not.toEqual(first.replyTo);
  for (const mail of [first, second]) {
    office.clock.advance(HOUR);
    await office.answers(DANA, mail, 'take over');
    await office.settle();
  }
  expect(office.errors).toEqual([]);
  expect((await messages(office)).map(({ disposition }) => disposition)).toEqual(['request']);
  expect(flat((await office.mailTo(DANA)).text)).toContain('1 is taken over or seen to already');
  expect(await office.violations()).toEqual([]);
});
