/**
 * `verify` over requests that became something else after they had come in: named, split, merged, taken down from the
 * phone, or made of a mail that nobody could read. What it is there to find still turns it red.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { MINUTE } from '../../src/domain/instant.ts';
import { writeLetter } from '../support/letters.ts';
import { testPolicy } from '../support/policy.ts';
import { type MigratedDatabases, startMigratedDatabases } from '../support/store-database.ts';
import { openStoreOffice, type StoreOffice } from '../support/store-office.ts';

let databases: MigratedDatabases;
let office: StoreOffice;
let letters = 0;

beforeAll(async () => {
  databases = await startMigratedDatabases();
});
afterAll(() => databases?.end());
afterEach(() => office.close());

async function open(): Promise<void> {
  office = await openStoreOffice(await databases.fresh(), { limits: { messageBytesMax: 65_536 } });
  await office.settle();
}

/** Somebody writes to the inbox; `answers` is the Message-ID of what they wrote before. */
async function writes(from: string, subject: string, text: string, answers?: string): Promise<string> {
  letters += 1;
  const messageId = `reshaped-${letters}@mail.example`;
  const raw = writeLetter({
    from,
    to: ['maintenance@elm.example'],
    subject,
    text,
    date: office.clock.now(),
    messageId,
    answers: answers === undefined ? null : { messageId: answers, references: [] },
  });
  office.mailbox.append('INBOX', raw, office.clock.now());
  await settled();
  return messageId;
}

/** A member answers the last mail that they were sent. */
async function says(member: string, text: string): Promise<void> {
  const address = `${member}@elm.example`;
  await office.answers(address, await office.mailTo(address), text);
  await settled();
}

async function settled(): Promise<void> {
  office.clock.advance(MINUTE);
  await office.settle();
  expect(office.errors).toEqual([]);
}

async function column(text: string): Promise<unknown[]> {
  const { rows } = await office.pool.query({ text, rowMode: 'array' });
  return rows.map(([value]: unknown[]) => value);
}

const FORWARD = [
  '---------- Forwarded message ---------',
  'From: Maria Lopez <maria@example.com>',
  'Date: Tue, Mar 3, 2026 at 9:12 AM',
  'Subject: Leak under the sink',
  'To: Priya <priya@elm.example>',
  '',
  'Water is dripping.',
].join('\n');

describe('verify is green over', () => {
  test('what a member passed on, once its customer was named and told', async () => {
    await open();
    await writes('priya@elm.example', 'Fwd: Leak under the sink', FORWARD);
    await says('priya', 'yes');
    expect(await column('SELECT customer_address FROM conversation_words')).toEqual(['maria@example.com']);
    expect(await column(`SELECT count(*) FROM outbox WHERE kind = 'acknowledgement'`)).toEqual([1]);
    expect(await office.violations()).toEqual([]);
  });

  test('a request that was split, and two that became one', async () => {
    await open();
    const first = await writes('maria@example.com', 'Leak in the kitchen', 'It drips.');
    await says('priya', 'accept');
    await writes('maria@example.com', 'Flood in the cellar', 'The cellar as well.', first);
    await says('priya', 'split');
    expect(await column('SELECT count(*) FROM conversation')).toEqual([2]);
    expect(await office.violations()).toEqual([]);
    await says('priya', 'accept');
    const [one, two] = await column('SELECT id FROM conversation ORDER BY id');
    await says('priya', `merge #${one}`);
    expect(await column('SELECT phase FROM conversation ORDER BY id')).toEqual(['owned', 'done']);
    expect(await office.violations()).toEqual([]);
    expect((await office.store.readRequest(Number(one))).messages).toHaveLength(2);
    expect((await office.store.readRequest(Number(two))).messages).toHaveLength(1);
  });

  test('a mail to two inboxes, the copy of which became a request of its own', async () => {
    const inboxes = { billing: { triage: { type: 'member', member: 'sam' } } } as const;
    const second = { inboxId: 'billing', folder: 'Billing' };
    office = await openStoreOffice(await databases.fresh(), { policy: testPolicy({ inboxes }), second });
    await office.settle();
    const raw = writeLetter({
      from: 'maria@example.com',
      to: ['maintenance@elm.example', 'billing@elm.example'],
      subject: 'Leak and the bill',
      text: 'Who pays?',
      date: office.clock.now(),
      messageId: 'both@mail.example',
    });
    for (const folder of ['INBOX', second.folder]) office.mailbox.append(folder, raw, office.clock.now());
    await settled();
    expect(await column('SELECT inbox_id FROM conversation')).toEqual(['maintenance']);
    expect(await office.violations()).toEqual([]);
    await says('sam', 'split');
    expect(await column('SELECT inbox_id FROM conversation ORDER BY id')).toEqual(['maintenance', 'billing']);
    expect(await column(`SELECT count(*) FROM outbox WHERE kind = 'acknowledgement'`)).toEqual([1]);
    expect(await office.violations()).toEqual([]);
  });

  test('a call that was taken down in answer to a mail about no request', async () => {
    await open();
    await writes('maria@example.com', 'All my photos', 'x'.repeat(100_000));
    await says('leah', 'handoff to dana');
    await says('dana', 'new: Leak at Mrs Adams\nfor adams@example.com');
    expect(await column('SELECT customer_address FROM conversation_words')).toEqual(['adams@example.com']);
    await says('priya', 'reply: We come today.');
    expect(
      await column(`SELECT disposition FROM message WHERE conversation_id IS NOT NULL ORDER BY id`),
    ).toEqual(['command', 'command']);
    expect(await office.violations()).toEqual([]);
  });

  test('mails that nobody could read: put aside, read again, made into a request', async () => {
    await open();
    await writes('maria@example.com', 'Leak one', 'x'.repeat(100_000));
    await says('leah', 'dismiss');
    await writes('maria@example.com', 'Leak two', 'y'.repeat(100_000));
    await says('leah', 'retry');
    expect(await column(`SELECT count(*) FROM outbox WHERE kind = 'parked'`)).toEqual([3]);
    await says('leah', 'request');
    expect(await column('SELECT subject FROM conversation_words')).toEqual(['Leak two']);
    expect(await office.violations()).toEqual([]);
  });
});

test('verify still finds a request without a mail, and a command that acts for another request', async () => {
  await open();
  await writes('maria@example.com', 'Leak in the kitchen', 'It drips.');
  await says('priya', 'accept');
  await writes('jo@example.com', 'Leak next door', 'It drips too.');
  await office.pool.query(
    `UPDATE message SET conversation_id = (SELECT max(id) FROM conversation) WHERE disposition = 'command'`,
  );
  expect(await office.violations()).toContain(
    'I7 replies acted on whose token belongs to somebody else or to another conversation',
  );
  await office.pool.query(`UPDATE message SET disposition = 'follow-up' WHERE disposition = 'request'`);
  expect(await office.violations()).toContain(
    'I2 conversations without exactly one message that opened them, or words that a member took down',
  );
});
