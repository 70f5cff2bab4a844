/** What is forgotten when its time is over, what is not, and how everybody copes who reads it. */
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { postgresSessions } from '../../src/adapters/db/door.ts';
import { postgresParkedList } from '../../src/adapters/db/parked.ts';
import { postgresRetention } from '../../src/adapters/db/retention.ts';
import { forgetter } from '../../src/app/forget-old.ts';
import { parkMessage } from '../../src/app/park-message.ts';
import type { Keep } from '../../src/app/ports/retention.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/instant.ts';
import { whereSpoken } from '../support/every-row.ts';
import { writeLetter } from '../support/letters.ts';
import { emptyDatabase, type MigratedDatabases } from '../support/store-database.ts';
import { INBOX_ID, openStoreOffice, type StoreOffice } from '../support/store-office.ts';

export function forgetSuite(databases: () => MigratedDatabases): void {
  const KEEP: Keep = { raw: 10 * DAY, texts: null, history: 5 * DAY, bulk: 2 * DAY, machine: 2 * DAY };

  let url: string;
  let office: StoreOffice;

  beforeAll(async () => {
    url = await databases().fresh();
  });
  beforeEach(async () => {
    await emptyDatabase(url);
    office = await openStoreOffice(url);
  });
  afterEach(() => office.close());

  let letters = 0;
  function arrives(text: string, headers: readonly string[] = [], attachments: readonly string[] = []): void {
    letters += 1;
    const letter = writeLetter({
      from: `Carla Ruiz <carla${letters}@tenant.example>`,
      to: ['maintenance@elm.example'],
      subject: `Dripping ${letters}`,
      date: office.clock.now(),
      messageId: `forget-${letters}@tenant.example`,
      text,
      headers,
      attachments,
    });
    office.mailbox.append('INBOX', letter, office.clock.now());
  }

  /** The front desk answers the latest mail that it was sent. */
  async function answers(text: string): Promise<void> {
    await office.answers('leah@elm.example', await office.mailTo('leah@elm.example'), text);
    await office.settle();
  }

  /** A clock that ticks until nothing is left to be done. */
  async function forget(keep: Keep = KEEP): Promise<number> {
    const retention = postgresRetention({ pool: office.pool, time: office.clock });
    const sessions = postgresSessions({ pool: office.pool, time: office.clock });
    const tick = forgetter({ retention, sessions, clock: office.clock, keep: () => keep });
    let changed = 0;
    for (let done = 1, round = 0; done > 0 || round < 2; round += 1) {
      done = await tick();
      changed += done;
      office.clock.set(office.clock.now() + MINUTE);
    }
    return changed;
  }

  const column = async (sql: string): Promise<unknown[]> =>
    (await office.pool.query({ text: sql, rowMode: 'array' })).rows.map(([value]: unknown[]) => value);

  const forgotten = () => column('SELECT forgotten FROM message ORDER BY id');

  async function doneRequest(): Promise<void> {
    arrives('It drips, says the zebrafinch.', [], ['pipe.pdf']);
    await office.settle();
    await answers('accept');
    await answers('done');
  }

  test('from where a link to the board was asked for is forgotten within the hour, though nobody asks again', async () => {
    await office.pool.query(
      `INSERT INTO sign_in (id, token_hash, member_id, browser, visitor, asked_from, asked_at, expires_at)
       SELECT gen_random_uuid(), repeat('a', 64), 'leah', repeat('b', 64), 'v', '192.0.2.1', at, at + interval '15 minutes'
       FROM to_timestamp($1 / 1e6) AS at`,
      [office.clock.now() - HOUR - MINUTE],
    );
    await forget();
    expect((await office.pool.query('SELECT asked_from FROM sign_in')).rows).toEqual([]);
  });

  describe('forgetting', () => {
    test('takes the bytes of a request that is done for so long, and its mails of ours, and keeps the words', async () => {
      await doneRequest();
      office.clock.set(office.clock.now() + 9 * DAY);
      expect(await column('SELECT DISTINCT raw_form FROM message_words')).toEqual(['new']);
      await forget();
      expect(await forgotten()).toEqual([null, null, null]);
      office.clock.set(office.clock.now() + 2 * DAY);
      await forget();
      expect(await forgotten()).toEqual(['raw', 'raw', 'raw']);
      expect(await column('SELECT count(*) FROM outbox_words')).toEqual([0]);
      expect(await whereSpoken(office.pool, ['zebrafinch'])).toEqual(['public.message_words: zebrafinch']);
      expect(await office.store.readRaw(1)).toBeNull();
      expect(await office.violations()).toEqual([]);
      await office.pool.query('UPDATE message SET forgotten = NULL WHERE id = 1');
      expect(await office.violations()).toEqual(['I1 messages without their raw bytes, which nobody forgot']);
    });

    test('leaves what is open, owed or set aside as it is, however old', async () => {
      arrives('It drips.');
      await office.settle();
      arrives('Please read this.', ['Content-Type: text/plain']);
      await office.settle();
      await office.pool.query(
        `UPDATE message SET disposition = 'parked', reason_code = 'unreadable', conversation_id = NULL WHERE id = 2`,
      );
      office.clock.set(office.clock.now() + 400 * DAY);
      await forget();
      expect(await forgotten()).toEqual([null, null]);
    });

    test('takes bulk mail and machines whole, and knows them again by their bytes', async () => {
      arrives('Ten percent off for every zebrafinch.', [
        'List-Unsubscribe: <https://shop.example/>',
        'Precedence: bulk',
      ]);
      await office.settle();
      expect(await column('SELECT disposition FROM message')).toEqual(['bulk']);
      office.clock.set(office.clock.now() + 3 * DAY);
      await forget();
      expect(await forgotten()).toEqual(['words']);
      expect(await whereSpoken(office.pool, ['zebrafinch'])).toEqual([]);
      office.mailbox.changeUidValidity('INBOX');
      await office.settle();
      expect(await column('SELECT disposition FROM message ORDER BY id')).toEqual(['bulk', 'duplicate']);
      expect(await whereSpoken(office.pool, ['zebrafinch'])).toEqual([]);
      expect(await office.violations()).toEqual([]);
    });

    test('takes all words of old requests where that is asked for, and a later mail begins anew', async () => {
      await doneRequest();
      await office.pool.query(`UPDATE conversation_words SET because = '["zebrafinch"]'`);
      const acknowledged = await office.mailTo(`carla${letters}@tenant.example`);
      office.clock.set(office.clock.now() + 31 * DAY);
      await forget({ ...KEEP, texts: 30 * DAY });
      expect(await whereSpoken(office.pool, ['zebrafinch', 'carla'])).toEqual([]);
      expect(await column('SELECT customer_name FROM conversation_words')).toEqual(['no longer kept']);
      expect(await office.violations()).toEqual([]);
      const from = `carla${letters}@tenant.example`;
      const answer = { messageId: acknowledged.messageId, references: [] };
      const again = writeLetter({
        from,
        to: ['maintenance@elm.example'],
        subject: 'Re: Dripping',
        date: office.clock.now(),
        messageId: 'again@tenant.example',
        text: 'It drips again.',
        answers: answer,
      });
      office.mailbox.append('INBOX', again, office.clock.now());
      await office.settle();
      expect(
        await column('SELECT customer_address FROM conversation_words ORDER BY conversation_id'),
      ).toEqual(['', from]);
    });

    test('tells of files that are no longer kept where a request comes up again', async () => {
      await doneRequest();
      office.clock.set(office.clock.now() + 11 * DAY);
      await forget();
      const { messages } = await office.store.readRequest(1001);
      expect(messages[0]?.attachments).toEqual([]);
      expect(messages[0]?.text).toMatch(/\[a file that came with this is no longer kept\]$/);
    });

    test('packs bytes once nobody waits for them, and everybody reads them as they were', async () => {
      arrives('It drips and drips. '.repeat(300));
      await office.settle();
      await answers('accept');
      const [raw] = await column('SELECT raw FROM message_words ORDER BY message_id');
      const sent = await office.store.readSent('leah', 1001, 9);
      office.clock.set(office.clock.now() + HOUR + MINUTE);
      await forget();
      expect(await column('SELECT DISTINCT raw_form FROM message_words')).toEqual(['zstd']);
      expect(await office.store.readRaw(1)).toEqual(raw);
      expect(await office.store.readSent('leah', 1001, 9)).toEqual(sent);
      const [size] = await column('SELECT length(raw) FROM message_words ORDER BY message_id');
      expect(Number(size)).toBeLessThan((raw as Buffer).length / 5);
    });

    test('gives an operator the bytes of mail that waits for a look as they came, packed or not', async () => {
      arrives('It drips and drips. '.repeat(300));
      await office.ingest();
      const [raw] = await column('SELECT raw FROM message_words');
      await office.store.transact([], (tx) =>
        parkMessage(office.deps, tx, { id: 1, inboxId: INBOX_ID }, { code: 'bomb', why: 'x', reading: null }),
      );
      office.clock.set(office.clock.now() + HOUR + MINUTE);
      await forget();
      expect(await column('SELECT raw_form FROM message_words')).toEqual(['zstd']);
      expect(await postgresParkedList({ pool: office.pool }).readRaw(1)).toEqual(raw);
    });
  });
}
