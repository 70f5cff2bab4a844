/**
 * `verify` is believed because it turns red: each defect that it is there to find is planted, in the code that writes
 * or in the rows by hand, and the same work without the defect stays green.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { OutgoingMail } from '../../src/app/ports/mail-sender.ts';
import type { Store } from '../../src/app/ports/store.ts';
import { readSink } from '../../src/runtime/sink-folder.ts';
import { type MigratedDatabases, startMigratedDatabases } from '../support/store-database.ts';
import {
  asDump,
  openStoreOffice,
  type StoreOffice,
  type StoreOfficeOptions,
  withTransactions,
} from '../support/store-office.ts';

let databases: MigratedDatabases;
const offices: StoreOffice[] = [];
const sinks: string[] = [];

beforeAll(async () => {
  databases = await startMigratedDatabases();
});
afterAll(() => databases?.end());
afterEach(async () => {
  for (const office of offices.splice(0)) await office.close();
  for (const folder of sinks.splice(0)) rmSync(folder, { recursive: true });
});

async function openOffice(options: StoreOfficeOptions = {}): Promise<StoreOffice> {
  const office = await openStoreOffice(await databases.fresh(), options);
  offices.push(office);
  return office;
}

/** A customer wrote, Priya accepted and answered: every kind of mail that a plain request brings about. */
async function aRequestAnswered(options: StoreOfficeOptions = {}): Promise<StoreOffice> {
  const office = await openOffice(options);
  office.customerWrites();
  await office.settle();
  await office.answers('priya@elm.example', await office.mailTo('priya@elm.example'), 'accept');
  await office.settle();
  await office.answers(
    'priya@elm.example',
    await office.mailTo('priya@elm.example'),
    'reply: I come at noon.',
  );
  await office.settle();
  expect(office.errors).toEqual([]);
  return office;
}

/** The folder that a sink filled with these mails. */
function sinkOf(mails: readonly OutgoingMail[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'baton-sink-'));
  sinks.push(folder);
  for (const [at, mail] of mails.entries()) writeFileSync(join(folder, `mail.${at}`), asDump(mail), 'latin1');
  return folder;
}

const withSink = (office: StoreOffice, mails = office.memory.delivered) =>
  office.violations(readSink(sinkOf(mails)));

/** Otherwise the caps would still hold what a broken look-up lets through. */
const withoutBrakes = (store: Store): Store => ({
  ...store,
  beginAttempt: (attempt) => store.beginAttempt({ ...attempt, counted: null }),
});

describe('verify', () => {
  test('is green over a request that was answered, with and without what the sink received', async () => {
    const office = await aRequestAnswered();
    const kinds = await office.pool.query<{ kind: string }>('SELECT kind FROM outbox ORDER BY id');
    expect(kinds.rows.map(({ kind }) => kind)).toEqual([
      'acknowledgement',
      'offer',
      'receipt',
      'customer-reply',
      'receipt',
    ]);
    expect(await office.violations()).toEqual([]);
    expect(await withSink(office)).toEqual([]);
  });

  describe('an outbox row dropped', () => {
    test.each([
      ['acknowledgement', 'I4 conversations routed without the acknowledgement that was due'],
      ['offer', 'I5 conversations with a question that was put to nobody by mail'],
      ['receipt', 'I5 replies of members that got no receipt, or several'],
      ['customer-reply', 'I5 conversations with an answer to the customer that is not in the outbox'],
    ])('by the code that should commit it with its event is found: %s', async (kind, what) => {
      const sabotage = (store: Store) =>
        withTransactions(store, (tx) => ({
          write: (change) =>
            tx.write({
              ...change,
              notices: (change.notices ?? []).filter(({ draft }) => draft.body.kind !== kind),
            }),
        }));
      const office = await openOffice({ sabotage });
      office.customerWrites();
      await office.settle();
      if (kind !== 'offer') {
        const offer = await office.mailTo('priya@elm.example');
        for (const text of ['accept', 'reply: I come at noon.']) {
          await office.answers('priya@elm.example', offer, text);
          await office.settle();
        }
      }
      expect(await office.violations()).toEqual([what]);
    });

    test.each(['acknowledgement', 'offer', 'receipt', 'customer-reply'])(
      'by hand after it was sent is found where it should be, and by the mail in the sink: %s',
      async (kind) => {
        const office = await aRequestAnswered();
        await office.pool.query(
          `WITH gone AS (SELECT id FROM outbox WHERE kind = $1 ORDER BY id LIMIT 1),
             words AS (DELETE FROM outbox_words WHERE outbox_id IN (SELECT id FROM gone)),
             tries AS (DELETE FROM attempt WHERE outbox_id IN (SELECT id FROM gone))
           DELETE FROM outbox WHERE id IN (SELECT id FROM gone)`,
          [kind],
        );
        expect(await office.violations()).toHaveLength(1);
        expect(await withSink(office)).toContain('I5 mails in the sink that are in no outbox');
      },
    );
  });

  test('a mail that is said to stand in a bundle and stands in none is found', async () => {
    const office = await aRequestAnswered();
    await office.pool.query(`UPDATE outbox SET state = 'bundled' WHERE kind = 'offer'`);
    expect(await office.violations()).toContain(
      'I5 notices that are said to be in a bundle and are in none, or in one and went out by themselves',
    );
  });

  describe('a dedupe skipped', () => {
    test.each([
      ['acknowledgement', 'I4 conversations with more than one acknowledgement'],
      ['offer', 'I5 notices that tell the same to the same person twice'],
      ['customer-reply', 'I5 notices that tell the same to the same person twice'],
      ['receipt', 'I5 replies of members that got no receipt, or several'],
    ])('by the key of a notice is found as soon as it was sent a second time: %s', async (kind, what) => {
      const office = await aRequestAnswered();
      await office.pool.query(
        `INSERT INTO outbox (dedupe_key, key, inbox_id, conversation_id, seq, kind, recipient_id, body, shown,
           answered, epoch, created_at, due_at)
         SELECT dedupe_key || '/again', reverse(key), inbox_id, conversation_id, seq, kind, recipient_id, body, shown,
           answered, epoch, created_at, due_at
         FROM outbox WHERE kind = $1 ORDER BY id LIMIT 1`,
        [kind],
      );
      const before = office.memory.delivered.length;
      await office.passTime(office.clock.now() + 60_000_000);
      // A question that is no longer open is not put again, and the caps know that this customer was told.
      const isStopped = kind === 'offer' || kind === 'acknowledgement';
      expect(office.memory.delivered).toHaveLength(before + (isStopped ? 0 : 1));
      expect(await withSink(office)).toContain(what);
    });

    test('of mails is found when one comes in again by another way and its sender is acknowledged again', async () => {
      const sabotage = (store: Store) =>
        withoutBrakes(
          withTransactions(store, () => ({ findEarlierCopy: async () => null, findThreads: async () => [] })),
        );
      const [healthy, sick] = [await openOffice(), await openOffice({ sabotage })];
      for (const office of [healthy, sick]) {
        office.customerWrites();
        await office.settle();
        const { rows } = await office.pool.query<{ raw: Buffer }>('SELECT raw FROM message_words');
        const again = [Buffer.from('Received: from list.example\r\n'), rows[0]?.raw ?? Buffer.of()];
        office.mailbox.append('INBOX', Buffer.concat(again), office.clock.now());
        await office.settle();
      }
      const acknowledged = (office: StoreOffice) =>
        office.memory.delivered.filter(({ envelopeTo }) => envelopeTo.endsWith('@tenant.example')).length;
      expect([acknowledged(healthy), acknowledged(sick)]).toEqual([1, 2]);
      expect(await healthy.violations()).toEqual([]);
      expect(await sick.violations()).toEqual(['I2 mails that opened more than one conversation']);
      // A member may make a request of a copy that could not be read.
      await sick.pool.query(
        `UPDATE message SET reason_code = 'request-by-member' WHERE id = (SELECT max(id) FROM message)`,
      );
      expect(await sick.violations()).toEqual([]);
    });
  });

  describe("the token's member ignored", () => {
    async function samUsesPriyasToken(options: StoreOfficeOptions): Promise<StoreOffice> {
      const office = await openOffice(options);
      office.customerWrites();
      await office.settle();
      const offer = await office.mailTo('priya@elm.example');
      await office.answers('sam@elm.example', offer, 'note: mine now');
      await office.settle();
      expect(office.errors).toEqual([]);
      return office;
    }

    test('is found where a command is carried out for whoever sent it', async () => {
      const sabotage = (store: Store) =>
        withTransactions(store, (tx) => ({
          findTokens: async (hashes) =>
            (await tx.findTokens(hashes)).map((token) => ({ ...token, member: 'sam' })),
          readReply: async (id) => {
            const reply = await tx.readReply(id);
            return { ...reply, token: { ...reply.token, member: reply.member } };
          },
        }));
      const office = await samUsesPriyasToken({ sabotage });
      expect(await eventsBy(office)).toEqual(['noted sam']);
      expect(await office.violations()).toEqual([
        'I7 replies acted on whose token belongs to somebody else or to another conversation',
      ]);
    });

    test('is found where a command is carried out in the name of somebody who did not send it', async () => {
      const sabotage = (store: Store) =>
        withTransactions(store, (tx) => ({
          readReply: async (id) => ({ ...(await tx.readReply(id)), member: 'luis' }),
        }));
      const office = await openOffice({ sabotage });
      office.customerWrites();
      await office.settle();
      await office.answers('priya@elm.example', await office.mailTo('priya@elm.example'), 'note: hello');
      await office.settle();
      expect(await eventsBy(office)).toEqual(['noted luis']);
      expect(await office.violations()).toContain(
        'I7 conversations changed in the name of a member who wrote nothing to them',
      );
    });

    test('cannot happen while tokens are looked at: the same mail changes nothing and all is green', async () => {
      const office = await samUsesPriyasToken({});
      expect(await eventsBy(office)).toEqual([]);
      expect(await office.violations()).toEqual([]);
    });
  });

  describe('a cursor moved early', () => {
    test('by a poller that commits it without the mails is found on the server', async () => {
      const sabotage = (store: Store): Store => ({
        ...store,
        saveBatch: (batch) => store.saveBatch({ ...batch, messages: batch.messages.slice(1) }),
      });
      const [healthy, sick] = [await openOffice(), await openOffice({ sabotage })];
      for (const office of [healthy, sick]) {
        await office.settle();
        for (let count = 0; count < 3; count += 1) office.customerWrites();
        await office.settle();
      }
      expect(await healthy.violations()).toEqual([]);
      expect(await sick.violations()).toEqual([
        'I1 mails on the server that were never taken in (UIDs in maintenance/INBOX)',
      ]);
    });

    test('by hand is found, and is healed by moving it back', async () => {
      const office = await openOffice();
      await office.settle();
      const { rows } = await office.pool.query(
        'UPDATE mailbox SET last_uid = last_uid + 2 RETURNING last_uid',
      );
      office.customerWrites();
      office.customerWrites();
      await office.settle();
      expect(await office.violations()).toEqual([
        'I1 mails on the server that were never taken in (UIDs in maintenance/INBOX)',
      ]);
      await office.pool.query('UPDATE mailbox SET last_uid = $1', [rows[0].last_uid - 2]);
      await office.settle();
      expect(await office.violations()).toEqual([]);
    });
  });

  describe('--sent', () => {
    const changed = (mail: OutgoingMail): OutgoingMail => ({
      ...mail,
      raw: Buffer.from(
        Buffer.from(mail.raw).toString('latin1').replace('\r\n\r\n', '\r\n\r\nPS: hurry.\r\n'),
        'latin1',
      ),
    });
    const stray = (mail: OutgoingMail): OutgoingMail => ({
      ...mail,
      raw: Buffer.from('Subject: x\r\nMessage-ID: <nobody@sent.this>\r\n\r\nx\r\n'),
    });

    test.each([
      [
        'a mail that nobody sent',
        ([first, ...rest]: Mails) => [stray(first), first, ...rest],
        'I5 mails in the sink that are in no outbox',
      ],
      [
        'a mail without a Message-ID',
        ([first, ...rest]: Mails) => [
          { ...first, raw: Buffer.from('Subject: x\r\n\r\nx\r\n') },
          first,
          ...rest,
        ],
        'I5 mails in the sink that are in no outbox',
      ],
      ['a missing mail', ([, ...rest]: Mails) => rest, 'I5 notices sent of which the sink has no mail'],
      [
        'a wrong recipient',
        ([first, ...rest]: Mails) => [{ ...first, envelopeTo: 'sam@elm.example' }, ...rest],
        'I5 notices that reached somebody else',
      ],
      [
        'three copies',
        ([first, ...rest]: Mails) => [first, first, first, ...rest],
        'I6 notices received more often than their uncertain attempts explain',
      ],
      [
        'copies that differ',
        ([first, ...rest]: Mails) => [first, changed(first), ...rest],
        'I6 notices whose copies differ',
      ],
    ])('is red over %s', async (_, tamper, what) => {
      const office = await aRequestAnswered();
      expect(await withSink(office, tamper(office.memory.delivered as Mails))).toContain(what);
    });

    test('explains a second copy by an attempt of which nobody knows what became', async () => {
      const office = await openOffice();
      office.memory.failNext('smtp-lost', { type: 'unknown', delivered: true });
      office.customerWrites();
      await office.settle();
      await office.passTime(office.clock.now() + 60_000_000);
      const copies = Map.groupBy(office.memory.delivered, ({ envelopeFrom }) => envelopeFrom);
      expect([...copies.values()].map(({ length }) => length).sort()).toEqual([1, 2]);
      expect(await withSink(office)).toEqual([]);
    });

    // Seen in `npm run chaos -- --seed 34`: a mailer was stopped just when the server had taken a mail.
    test.each([
      [
        'explains a second copy',
        'before the mailer of the first, stopped beyond its lease, told of it',
        -1,
        [],
      ],
      [
        'is red over a second copy',
        'after the first was known to be taken',
        1,
        [
          'I6 notices sent again after they had been accepted',
          'I6 notices received more often than their uncertain attempts explain',
        ],
      ],
    ])('%s that was begun %s', async (_, __, seconds, expected) => {
      const office = await aRequestAnswered();
      const { rows } = await office.pool.query<{ key: string }>(
        `WITH first AS (SELECT * FROM attempt ORDER BY outbox_id LIMIT 1),
           again AS (
             INSERT INTO attempt (outbox_id, number, started_at, finished_at, outcome, code)
             SELECT outbox_id, 2, finished_at + $1 * interval '1 second', finished_at + interval '2 seconds', outcome, code
             FROM first)
         UPDATE outbox SET attempts = 2 FROM first WHERE id = outbox_id RETURNING key`,
        [seconds],
      );
      const mails = office.memory.delivered as Mails;
      const second = mails.filter(({ raw }) => Buffer.from(raw).includes(rows[0]?.key ?? ' '));
      expect(second).toHaveLength(1);
      expect(await withSink(office, [...mails, ...second])).toEqual(expected);
    });
  });
});

type Mails = [OutgoingMail, ...OutgoingMail[]];

async function eventsBy({ pool }: StoreOffice): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(
    `SELECT type || ' ' || (data->>'by') AS line FROM event WHERE data->>'by' IS NOT NULL ORDER BY at`,
  );
  return rows.map(({ line }) => line);
}
