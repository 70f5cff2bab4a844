/** Erasing a person from a Baton that has answered them: nothing of them is left, and every promise still holds. */
import fc from 'fast-check';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { postgresErasure } from '../../src/adapters/db/erasure.ts';
import { erasePerson } from '../../src/app/erase-person.ts';
import type { Erasure } from '../../src/app/ports/erasure.ts';
import type { CurrentModel } from '../../src/app/ports/model.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import { whereSpoken } from '../support/every-row.ts';
import { writeLetter } from '../support/letters.ts';
import { testPolicy } from '../support/policy.ts';
import { emptyDatabase, type MigratedDatabases } from '../support/store-database.ts';
import { openStoreOffice, type StoreOffice } from '../support/store-office.ts';

export function eraseSuite(databases: () => MigratedDatabases): void {
  const MARIA = 'maria.quill@tenant.example';
  const CANARIES = [MARIA, 'Maria Quill', 'zebrafinch', 'Wobbly banister upstairs'];

  /** Unsure, and by their very words. */
  const because = ['zebrafinch', 'Quill'];
  const guesses = [{ category: 'banisters', probability: 0.4 }];
  const model: CurrentModel = {
    propose: (_, { body }) => ({
      ...{ model: 1, sure: false, guesses },
      because: because.filter((word) => body.includes(word)),
    }),
  };
  const LEARNS = testPolicy({
    categories: [
      {
        ...{ id: 'banisters', name: 'Banisters', description: '', phrases: [], inboxes: ['maintenance'] },
        ...{ assign: { type: 'team', team: 'maintenance' }, priority: 'normal' },
      },
    ],
  });

  let url: string;
  let office: StoreOffice;
  let erasure: Erasure;

  beforeAll(async () => {
    url = await databases().fresh();
  });
  beforeEach(async () => {
    await emptyDatabase(url);
    office = await openStoreOffice(url, { policy: LEARNS, model });
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
      expect(await remains()).toContain('public.conversation_words: zebrafinch');
      expect((await remains()).length).toBeGreaterThan(8);
      const ledger = await office.pool.query('SELECT * FROM ledger ORDER BY 1, 2');
      const places = [{ inboxId: 'maintenance', folder: 'INBOX', uids: [1, 2, 3, 4] }];
      const counts = { requests: 1, messages: 4 };
      expect(await erase({ dryRun: true })).toMatchObject({ type: 'would-erase', counts, places });
      expect((await remains()).length).toBeGreaterThan(8);

      const counted = () => office.pool.query('SELECT FROM automatic_mail').then(({ rowCount }) => rowCount);
      expect(await counted()).toBeGreaterThan(0);
      expect(await erase()).toMatchObject({ type: 'erased', counts, places });

      expect(await remains()).toEqual([]);
      expect(await counted()).toBe(0);
      expect(await office.violations()).toEqual([]);
      expect((await office.pool.query('SELECT * FROM ledger ORDER BY 1, 2')).rows).toEqual(ledger.rows);
      expect(await erase()).toEqual({ type: 'nothing' });
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
        text: `Ask Quill (${MARIA}) about it, she froze too.`,
        headers: [`Cc: "Maria Quill" <${MARIA}>`],
      });
      await office.settle();
      const spoke = async () => (await office.pool.query('SELECT because FROM conversation_words')).rows;
      expect(await spoke()).toEqual([{ because: ['Quill'] }]);
      expect(await erase()).toMatchObject({
        type: 'erased',
        counts: { requests: 0, messages: 0, redacted: 1 },
      });
      expect(await whereSpoken(office.pool, [MARIA, 'Maria Quill'])).toEqual([]);
      expect(await spoke()).toEqual([{ because: null }]);
      const { customer, messages } = await office.store.readRequest(1001);
      expect(customer.address).toBe('otto@tenant.example');
      expect(messages[0]?.text).toBe('Ask Quill (erased) about it, she froze too.');
      expect(await office.violations()).toEqual([]);
    });

    test('finds an address that only the bytes of a file know', async () => {
      const file = Buffer.from(`From: x\r\n\r\n${'padding '.repeat(20)}\r\ncall ${MARIA}\r\n`).toString(
        'base64',
      );
      const lines = file.replace(/.{76}/g, '$&\r\n');
      const raw = `From: otto@tenant.example\r\nTo: maintenance@elm.example\r\nSubject: Cold\r\nMessage-ID: <f@x>\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=a.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines}\r\n`;
      office.mailbox.append('INBOX', Buffer.from(raw), office.clock.now());
      await office.settle();
      expect(await erase()).toMatchObject({ counts: { redacted: 1, messages: 0 } });
      expect(await remains()).toEqual([]);
    });

    test('does not take in again what lies on the server, and takes whoever writes again for somebody new', async () => {
      await servedMaria();
      const answered = await office.mailTo(MARIA);
      await erase();
      office.mailbox.changeUidValidity('INBOX');
      await office.settle();
      expect(await remains()).toEqual([]);
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

    test('looks again when a request moves on meanwhile, and then waits for whoever has it', async () => {
      await servedMaria();
      const moving: Erasure = {
        ...erasure,
        async erase(plan) {
          const messageId = (await office.mailTo(MARIA)).messageId;
          arrives({ from: MARIA, text: 'The zebrafinch again.', answers: { messageId, references: [] } });
          await office.settle();
          return erasure.erase(plan);
        },
      };
      expect(await erase({ erasure: moving })).toMatchObject({
        type: 'in-the-way',
        obstacles: { open: [1001] },
      });
      expect((await remains()).length).toBeGreaterThan(8);
    });

    test('knows which requests a bundle is about, and waits until it is sent', async () => {
      await office.close();
      office = await openStoreOffice(url, { policy: testPolicy({ caps: { member: { hour: 0 } } }) });
      erasure = postgresErasure({ pool: office.pool, time: office.clock });
      for (const number of [1, 2]) {
        const otto = `Otto Brick <otto${number}@tenant.example>`;
        arrives({ from: otto, text: `It is cold in room ${number}.` });
      }
      await office.settle();
      await office.passTime(office.clock.now() + 5 * MINUTE, MINUTE);
      office.memory.failNext('421');
      await office.passTime(office.clock.now() + 32 * SECOND);
      const { rows } = await office.pool.query(`SELECT id, state FROM outbox WHERE kind = 'bundle'`);
      expect(rows).toMatchObject([{ state: 'pending' }]);
      const bundle = rows[0]?.id;
      expect(await erasure.waitingNotices([1002])).toEqual([bundle]);
      expect(await erasure.waitingNotices([1003])).toEqual([]);
      await office.passTime(office.clock.now() + HOUR, HOUR);
      expect(await erasure.waitingNotices([1001, 1002])).toEqual([]);
      const about: number[] = [];
      for await (const notices of erasure.notices())
        about.push(...notices.filter(({ id }) => id === bundle).flatMap((notice) => notice.about));
      expect(about.sort()).toEqual([1001, 1002]);
    });

    test('counts a copy to somebody outside as no second mail to the customer, as verify sees it', async () => {
      arrives({ ...otto, text: 'It is cold.' });
      await office.settle();
      for (const text of [`add ${MARIA}`, 'reply:\nWe come today.']) {
        await leahAnswers(text);
        await office.settle();
      }
      expect((await office.mailTo(MARIA)).text).toContain('We come today.');
      expect(await office.violations()).toEqual([]);
    });

    // Each story is a few seconds on a busy machine. BATON_ERASURE_RUNS=200 tells many.
    const runs = Number(process.env.BATON_ERASURE_RUNS ?? 1);
    test('leaves nothing of them whatever came before, and every promise holds', {
      timeout: 30_000 + runs * 15_000,
    }, async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.constantFrom(...Object.keys(steps)), { minLength: 6, maxLength: 14 }),
          async (story) => {
            await office.close();
            await emptyDatabase(url);
            office = await openStoreOffice(url);
            erasure = postgresErasure({ pool: office.pool, time: office.clock });
            for (const step of ['maria writes', ...story]) {
              await steps[step]?.();
              await office.settle();
            }
            expect(await erase({ evenOpen: true })).toMatchObject({ type: 'erased' });
            expect(await remains(), story.join(', ')).toEqual([]);
            await office.passTime(office.clock.now() + 3 * HOUR, HOUR);
            expect(await remains(), `${story.join(', ')}, three hours`).toEqual([]);
            expect(await office.violations(), story.join(', ')).toEqual([]);
            expect(office.errors, story.join(', ')).toEqual([]);
          },
        ),
        { numRuns: runs, endOnFailure: true },
      );
    });
  });

  const fromMaria = `Maria Quill <${MARIA}>`;
  const otto = { from: 'Otto Brick <otto@tenant.example>', subject: 'Cold radiator' };

  /** What can happen in an office where Maria is a customer. Only she writes canaries; the front desk quotes them. */
  const steps: Readonly<Record<string, () => void | Promise<void>>> = {
    'maria writes': () =>
      void arrives({ from: fromMaria, text: 'The banister wobbles, says the zebrafinch.' }),
    'maria answers': async () => {
      const { messageId } = await office.mailTo(MARIA);
      arrives({ from: fromMaria, text: 'The zebrafinch again.', answers: { messageId, references: [] } });
    },
    'maria sends a newsletter': () =>
      void arrives({
        from: fromMaria,
        text: 'zebrafinch',
        headers: ['Precedence: bulk', 'List-Id: <z.example>'],
      }),
    'maria is away': () =>
      void arrives({ from: fromMaria, text: 'zebrafinch', headers: ['Auto-Submitted: auto-replied'] }),
    'otto writes': () => void arrives({ ...otto, text: 'It is cold.' }),
    'otto copies maria': () =>
      void arrives({ ...otto, text: `It is cold, ${MARIA} says so.`, headers: [`Cc: ${fromMaria}`] }),
    'leah accepts': () => leahAnswers('accept'),
    'leah answers': () => leahAnswers('reply:\nWe come today.'),
    'leah notes': () => leahAnswers('note\nseen'),
    'leah asks maria': () => leahAnswers(`ask ${MARIA}: what do you say?`),
    'leah copies maria': () => leahAnswers(`add ${MARIA}`),
    'leah looks at her desk': () => leahAnswers('mine'),
    'leah merges': () => leahAnswers('merge #1001'),
    'leah splits': () => leahAnswers('split'),
    'leah finishes': () => leahAnswers('done'),
    'time passes': () => office.passTime(office.clock.now() + HOUR, HOUR),
  };

  /** Quotes the whole of what she answers, as most programs do. */
  async function leahAnswers(text: string): Promise<void> {
    const notice = await office.mailTo('leah@elm.example');
    const quoted = notice.text.replaceAll(/^/gm, '> ');
    await office.answers('leah@elm.example', notice, `${text}\n\nOn Mon, 2 Mar 2026, Elm wrote:\n${quoted}`);
  }
}
