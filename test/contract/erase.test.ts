/** Erasing a person from a Baton that has answered them: nothing of them is left, and every promise still holds. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { postgresErasure } from '../../src/adapters/db/erasure.ts';
import { erasePerson } from '../../src/app/erase-person.ts';
import type { Erasure } from '../../src/app/ports/erasure.ts';
import { HOUR } from '../../src/domain/instant.ts';
import { whereSpoken } from '../support/every-row.ts';
import { writeLetter } from '../support/letters.ts';
import { emptyDatabase, type MigratedDatabases, startMigratedDatabases } from '../support/store-database.ts';
import { openStoreOffice, type StoreOffice } from '../support/store-office.ts';

const MARIA = 'maria.quill@tenant.example';
const CANARIES = [MARIA, 'Maria Quill', 'zebrafinch', 'Wobbly banister upstairs'];

let databases: MigratedDatabases;
let url: string;
let office: StoreOffice;
let erasure: Erasure;

beforeAll(async () => {
  databases = await startMigratedDatabases();
  url = await databases.fresh();
});
afterAll(() => databases.end());
beforeEach(async () => {
  await emptyDatabase(url);
  office = await openStoreOffice(url);
  erasure = postgresErasure({ pool: office.pool, time: office.clock });
});
afterEach(() => office.close());

let letters = 0;
type Sent = Partial<Parameters<typeof writeLetter>[0]>;
/** A letter lies in the mailbox; answers its UID. */
function arrives(letter: Sent & { readonly from: string; readonly text: string }): number {
  letters += 1;
  const whole = {
    to: ['maintenance@elm.example'],
    subject: 'Wobbly banister upstairs',
    date: office.clock.now(),
    messageId: `erase-${letters}@tenant.example`,
    ...letter,
  };
  return office.mailbox.append('INBOX', writeLetter(whole), office.clock.now());
}

/** Maria writes, a teammate takes it, answers and finishes it. */
async function servedMaria(): Promise<void> {
  arrives({
    from: `Maria Quill <${MARIA}>`,
    text: 'The banister wobbles, says the zebrafinch.',
    attachments: ['a.pdf'],
  });
  await office.settle();
  const [offer] = office.memory.delivered.filter(({ envelopeTo }) => envelopeTo.endsWith('@elm.example'));
  const member = offer?.envelopeTo ?? '';
  await office.answers(member, await office.mailTo(member), 'accept\nnote\nzebrafinch seen');
  await office.settle();
  await office.answers(
    member,
    await office.mailTo(member),
    'reply:\nDear Maria Quill, the zebrafinch is right.',
  );
  await office.settle();
  await office.answers(member, await office.mailTo(member), 'done: zebrafinch fed');
  await office.settle();
}

const erase = (changes: Partial<Parameters<typeof erasePerson>[0]> = {}) =>
  erasePerson({ erasure, address: MARIA, evenOpen: false, dryRun: false, ...changes });

const remains = () => whereSpoken(office.pool, CANARIES);

describe('erasing a person', () => {
  test('leaves neither address nor name nor words in any table, and every promise holds', async () => {
    await servedMaria();
    expect(await office.violations()).toEqual([]);
    expect((await remains()).length).toBeGreaterThan(8);
    const ledger = await office.pool.query('SELECT * FROM ledger ORDER BY 1, 2');

    const outcome = await erase();

    expect(outcome).toMatchObject({ type: 'erased', counts: { requests: 1 } });
    expect(await remains()).toEqual([]);
    expect(await office.violations()).toEqual([]);
    expect((await office.pool.query('SELECT * FROM ledger ORDER BY 1, 2')).rows).toEqual(ledger.rows);
    expect(await erase()).toEqual({ type: 'nothing' });
  });

  test('tells which mails lie on the server still', async () => {
    await servedMaria();
    const outcome = await erase();
    expect(outcome.type === 'erased' && outcome.places).toEqual([
      { inboxId: 'maintenance', folder: 'INBOX', uids: [1, 2, 3, 4] },
    ]);
  });

  test('only tells what it would do when asked for no more', async () => {
    await servedMaria();
    const before = await remains();
    expect(await erase({ dryRun: true })).toMatchObject({
      type: 'would-erase',
      counts: { requests: 1, messages: 4 },
    });
    expect(await remains()).toEqual(before);
  });

  test('waits for whoever has a request of theirs, unless told otherwise', async () => {
    arrives({ from: `Maria Quill <${MARIA}>`, text: 'The banister wobbles, says the zebrafinch.' });
    await office.settle();
    const outcome = await erase();
    expect(outcome).toMatchObject({ type: 'in-the-way', obstacles: { open: [1001], undecided: [] } });
    expect((await remains()).length).toBeGreaterThan(0);

    expect(await erase({ evenOpen: true })).toMatchObject({ type: 'erased' });
    expect(await remains()).toEqual([]);
    await office.passTime(office.clock.now() + 5 * HOUR, HOUR);
    expect(office.errors).toEqual([]);
    expect(await remains()).toEqual([]);
    expect(await office.violations()).toEqual([]);
  });

  test('waits for mail that nobody has read yet', async () => {
    arrives({ from: MARIA, text: 'zebrafinch' });
    await office.ingest();
    expect(await erase()).toMatchObject({ type: 'in-the-way', obstacles: { undecided: [1] } });
  });

  test('takes their address out of the mails of others, whose requests can still be answered', async () => {
    arrives({
      from: 'Otto Brick <otto@tenant.example>',
      subject: 'Cold radiator',
      text: `Ask ${MARIA} about it, she froze too.`,
      headers: [`Cc: "Maria Quill" <${MARIA}>`],
    });
    await office.settle();
    expect(await erase()).toMatchObject({
      type: 'erased',
      counts: { requests: 0, messages: 0, redacted: 1 },
    });
    expect(await whereSpoken(office.pool, [MARIA, 'Maria Quill'])).toEqual([]);
    const { customer, messages } = await office.store.readRequest(1001);
    expect(customer.address).toBe('otto@tenant.example');
    expect(messages[0]?.text).toBe('Ask erased about it, she froze too.');
    expect(await office.violations()).toEqual([]);
  });

  test('finds an address that only the bytes of a file know', async () => {
    const file = Buffer.from(`From: x\r\n\r\n${'padding '.repeat(20)}\r\ncall ${MARIA}\r\n`).toString(
      'base64',
    );
    const lines = file.replace(/.{76}/g, '$&\r\n');
    arrives({
      from: 'Otto Brick <otto@tenant.example>',
      subject: 'Cold radiator',
      text: 'see file',
      headers: ['X-File: yes'],
    });
    const raw = `From: otto@tenant.example\r\nTo: maintenance@elm.example\r\nSubject: Cold\r\nMessage-ID: <f@x>\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=a.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines}\r\n`;
    office.mailbox.append('INBOX', Buffer.from(raw), office.clock.now());
    await office.settle();
    expect(await erase()).toMatchObject({ counts: { redacted: 1, messages: 0 } });
    expect(await remains()).toEqual([]);
  });

  test('makes whoever writes again somebody new, also in an old thread', async () => {
    await servedMaria();
    const answered = await office.mailTo(MARIA);
    await erase();
    arrives({
      from: MARIA,
      subject: `Re: ${answered.subject}`,
      text: 'Here I am again.',
      answers: { messageId: answered.messageId, references: [] },
    });
    await office.settle();
    const { rows } = await office.pool.query(
      'SELECT conversation_id AS id, customer_address AS address FROM conversation_words ORDER BY 1',
    );
    expect(rows).toEqual([
      { id: 1001, address: '' },
      { id: 1002, address: MARIA },
    ]);
    expect(await office.violations()).toEqual([]);
  });

  test('does not take in again what is still on the server when its folder is rebuilt', async () => {
    await servedMaria();
    await erase();
    office.mailbox.changeUidValidity('INBOX');
    await office.settle();
    expect(await remains()).toEqual([]);
    expect(await office.violations()).toEqual([]);
  });
});
