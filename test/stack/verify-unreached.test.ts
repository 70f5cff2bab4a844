/** `verify` and `status` over mail that came back: green as it is, red for each defect, planted in turn. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { postgresAudit } from '../../src/adapters/db/audit.ts';
import { postgresOverview } from '../../src/adapters/db/overview.ts';
import type { Change, Store } from '../../src/app/ports/store.ts';
import { conversationNoticeKey } from '../../src/domain/notices/notice-key.ts';
import { writeReport } from '../support/reports.ts';
import { type MigratedDatabases, startMigratedDatabases } from '../support/store-database.ts';
import {
  openStoreOffice,
  type StoreOffice,
  type StoreOfficeOptions,
  withTransactions,
} from '../support/store-office.ts';

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

async function openOffice(options: StoreOfficeOptions = {}): Promise<StoreOffice> {
  const office = await openStoreOffice(await databases.fresh(), options);
  offices.push(office);
  return office;
}

/** The last mail to this address comes back. */
async function comesBack(office: StoreOffice, address: string): Promise<void> {
  const mail = await office.mailTo(address);
  const to = office.memory.delivered.findLast(({ envelopeTo }) => envelopeTo === address)?.envelopeFrom ?? '';
  const report = { lost: mail, to, recipient: address, date: office.clock.now() };
  const id = `report-${office.memory.delivered.length}@mx.example`;
  office.mailbox.append('INBOX', writeReport({ ...report, id }), office.clock.now());
  await office.settle();
}

/** The confirmation came back; Priya's answer waits. */
async function anAnswerThatWaits(options: StoreOfficeOptions = {}): Promise<StoreOffice> {
  const office = await openOffice(options);
  const customer = office.customerWrites();
  await office.settle();
  await comesBack(office, customer);
  await office.answers(PRIYA, await office.mailTo(PRIYA), 'reply: I come at noon.');
  await office.settle();
  expect(office.errors).toEqual([]);
  return office;
}

const kinds = async ({ pool }: StoreOffice): Promise<string[]> =>
  (await pool.query<{ kind: string }>('SELECT kind FROM outbox ORDER BY id')).rows.map(({ kind }) => kind);

describe('mail that came back', () => {
  test('is accounted for as such, and nothing more goes to its reader until somebody says so', async () => {
    const office = await anAnswerThatWaits();
    expect(await kinds(office)).toEqual(['acknowledgement', 'offer', 'undeliverable', 'receipt']);
    expect(await office.violations()).toEqual([]);
    const { outbox } = await postgresAudit({ pool: office.pool, time: office.clock }).counts();
    expect(outbox).toMatchObject({ sent: 3, returned: 1 });
    await office.answers(PRIYA, await office.mailTo(PRIYA), 'release');
    await office.settle();
    expect((await kinds(office)).slice(-2).sort()).toEqual(['customer-reply', 'receipt']);
    expect(await office.violations()).toEqual([]);
  });

  test('of a member is counted, and told of them until they order something', async () => {
    const office = await openOffice();
    office.customerWrites();
    await office.settle();
    await comesBack(office, PRIYA);
    const read = async () => {
      const { outbox, members } = await postgresOverview({ pool: office.pool, time: office.clock }).read();
      const { waiting: _, ...counted } = outbox;
      return { ...counted, unreached: members.filter(({ unreached }) => unreached).map(({ id }) => id) };
    };
    expect(await read()).toEqual({
      pending: 0,
      failed: 0,
      returned: 1,
      capped: 0,
      unconfirmed: 0,
      repeated: 0,
      unreached: ['priya'],
    });
    expect(await kinds(office)).toContain('member-unreached');
    office.clock.advance(1_000_000);
    await office.answers(PRIYA, await office.mailTo(PRIYA), 'status');
    await office.settle();
    expect(await read()).toMatchObject({ returned: 1, unreached: [] });
    expect(await office.violations()).toEqual([]);
  });

  test('is found where an answer goes out although nobody has said that it may', async () => {
    const sabotage = (store: Store) =>
      withTransactions(store, (tx) => ({ write: (change) => tx.write(letOut(change)) }));
    const office = await anAnswerThatWaits({ sabotage });
    expect(await kinds(office)).toContain('customer-reply');
    expect(await office.violations()).toContain(
      'I4 mails to a customer from whom mail came back for good, before anybody said that it may go there',
    );
  });

  test('is found where its request was never told', async () => {
    const sabotage = (store: Store) =>
      withTransactions(store, (tx) => ({
        write: (change) =>
          tx.write(
            (change.returns ?? []).length === 0 ? change : { ...change, conversations: [], notices: [] },
          ),
      }));
    const office = await openOffice({ sabotage });
    const customer = office.customerWrites();
    await office.settle();
    await comesBack(office, customer);
    expect(await office.violations()).toEqual([
      'I5 mails that came back, of which their request knows nothing',
    ]);
  });

  test('is found where the columns by which its address is looked up say something else', async () => {
    const office = await anAnswerThatWaits();
    await office.pool.query('UPDATE conversation SET unreached_since = NULL');
    expect(await office.violations()).toEqual([
      'I10 conversations whose state is not what their events make of it',
    ]);
  });
});

/** Sends what was held, as if nothing were known of the address. */
function letOut(change: Change): Change {
  const held = (change.conversations ?? []).flatMap(({ before, events }) =>
    before === null ? [] : events.flatMap((event) => (event.type === 'held' ? [event] : [])),
  );
  const [first] = held;
  const [notice] = change.notices ?? [];
  if (first === undefined || notice === undefined) return change;
  const recipient = { type: 'customer' } as const;
  const { conversationId, seq, by, text, messageId } = first;
  const dedupeKey = conversationNoticeKey(conversationId, seq, 'customer-reply', recipient);
  const body = { kind: 'customer-reply', by, text, messageId } as const;
  const draft = { ...notice.draft, dedupeKey, conversationId, seq, recipient, body };
  const sent = { draft, key: `${notice.key.slice(1)}a`, token: null };
  return { ...change, notices: [...(change.notices ?? []), sent] };
}
