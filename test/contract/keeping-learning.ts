/** Learning on a real PostgreSQL: from mails that people dealt with to a model in use, and back when words are erased. */
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { postgresErasure } from '../../src/adapters/db/erasure.ts';
import { postgresLearning } from '../../src/adapters/db/learning.ts';
import { postgresModels } from '../../src/adapters/db/models.ts';
import { postgresRetention } from '../../src/adapters/db/retention.ts';
import { childTrainer } from '../../src/adapters/training/child-trainer.ts';
import { heldModel } from '../../src/app/current-model.ts';
import { erasePerson } from '../../src/app/erase-person.ts';
import { Failure } from '../../src/app/failures.ts';
import { type LearnOutcome, learnAnew } from '../../src/app/learn.ts';
import type { Learning, Turn } from '../../src/app/ports/learning.ts';
import type { Models } from '../../src/app/ports/models.ts';
import type { Trainer } from '../../src/app/ports/trainer.ts';
import { DAY, HOUR, MINUTE, toIso } from '../../src/domain/instant.ts';
import { contentOfText, type Example } from '../../src/domain/learning/example.ts';
import { learn } from '../../src/domain/learning/learn.ts';
import type { HeldBack, TrainingReport } from '../../src/domain/learning/training.ts';
import type { Category, Policy } from '../../src/domain/policy.ts';
import { whereSpoken } from '../support/every-row.ts';
import { writeLetter } from '../support/letters.ts';
import { testPolicy } from '../support/policy.ts';
import { emptyDatabase, type MigratedDatabases } from '../support/store-database.ts';
import { openStoreOffice, type StoreOffice } from '../support/store-office.ts';

const category = (id: string, member: string, phrases: readonly string[]): Category => ({
  ...{ id, name: id, description: '', phrases, inboxes: ['maintenance'], priority: 'normal' },
  assign: { type: 'member', member },
});

const POLICY = testPolicy({
  rules: [],
  categories: [
    category('repair', 'priya', ['My tap drips', 'The heating is cold', 'The door does not close']),
    category('invoice', 'omar', ['The invoice is wrong', 'I paid twice', 'Where is my receipt']),
  ],
});

const QUIET = { info() {}, warn() {}, error() {} };

export function learningSuite(databases: () => MigratedDatabases): void {
  let url: string;
  let office: StoreOffice;
  let learning: Learning;
  let models: Models;

  beforeAll(async () => {
    url = await databases().fresh();
  });
  beforeEach(async () => {
    await emptyDatabase(url);
    office = await openStoreOffice(url, { policy: POLICY });
    const on = { pool: office.pool, time: office.clock };
    learning = postgresLearning(on);
    models = postgresModels(on);
  });
  afterEach(() => office.close());

  /** Learns in this process, and keeps what it was given. */
  function trainer(seen: Example[] = [], during: () => Promise<unknown> = async () => {}): Trainer {
    return {
      async train(job) {
        const heldBack: HeldBack[] = [];
        for await (const portion of job.examples) seen.push(...portion);
        for await (const portion of job.heldBack) heldBack.push(...portion);
        await during();
        return learn({ ...job, examples: seen, heldBack });
      },
    };
  }

  const learnNow = (by: Trainer, now = true, policy: Policy = POLICY): Promise<LearnOutcome> =>
    learnAnew(
      { learning, models, trainer: by, policy: () => policy, log: QUIET },
      { now, seed: 1, told: () => {}, signal: new AbortController().signal },
    );

  const MARIA = 'maria.quill@tenant.example';

  /** Whoever is at the front desk hands it to a colleague, who takes it. */
  async function dealtWith(from: string, text: string, to: 'priya' | 'omar'): Promise<void> {
    const letter = writeLetter({
      from: `Maria Quill <${from}>`,
      to: ['maintenance@elm.example'],
      subject: 'A question',
      date: office.clock.now(),
      messageId: `${text.replaceAll(/\W/g, '')}@tenant.example`,
      text,
    });
    office.mailbox.append('INBOX', letter, office.clock.now());
    await office.settle();
    await office.answers('leah@elm.example', await office.mailTo('leah@elm.example'), `handoff to ${to}`);
    await office.settle();
    await office.answers(`${to}@elm.example`, await office.mailTo(`${to}@elm.example`), 'accept');
    await office.settle();
  }

  const rows = async (sql: string): Promise<unknown[]> => (await office.pool.query(sql)).rows;

  describe('examples', () => {
    test('are what people decided last, once, beside the words of the mail, and learned from with the configuration', async () => {
      await dealtWith(MARIA, 'The zebrafinch says that the banister wobbles.', 'priya');
      const seen: Example[] = [];
      expect(await learnNow(trainer(seen))).toMatchObject({ type: 'learned', used: true, why: 'first' });
      const [{ message_id: message, ...example } = { message_id: null }] = (await rows(
        'SELECT category, why, conversation_id, message_id, sender_known, content FROM example',
      )) as { message_id: number | null }[];
      expect(example).toEqual({
        ...{ category: 'repair', why: 'handed-over', conversation_id: 1001 },
        ...{ sender_known: 'not-asked', content: null },
      });
      expect(message).toBe(1);
      const [decided] = seen.filter(({ content }) => content.body.includes('zebrafinch'));
      expect(decided).toMatchObject({
        category: 'repair',
        content: { subject: 'A question', senderDomain: 'tenant.example' },
      });
      expect(seen.length).toBe(9);

      // Decided anew, it is still one.
      await office.answers('priya@elm.example', await office.mailTo('priya@elm.example'), 'handoff to Omar');
      await office.settle();
      await office.answers('omar@elm.example', await office.mailTo('omar@elm.example'), 'accept');
      await office.settle();
      await learnNow(trainer());
      await learnNow(trainer());
      expect(await rows('SELECT category FROM example')).toEqual([{ category: 'invoice' }]);
    });

    test('of an archive are once however often they are brought, and forgotten with mail from before the start', async () => {
      const brought = {
        content: contentOfText('Please repair it'),
        sender: 'Otto@tenant.example',
        writtenAt: null,
      };
      expect(await learning.addArchive([{ ...brought, category: 'repair', place: 'Repairs' }])).toBe(1);
      expect(await learning.addArchive([{ ...brought, category: 'invoice', place: 'Money' }])).toBe(0);
      expect(await rows('SELECT category, place, sender FROM example')).toEqual([
        { category: 'invoice', place: 'Money', sender: 'otto@tenant.example' },
      ]);
      const keep = { raw: null, texts: null, history: 5 * DAY, bulk: null, machine: null };
      const retention = postgresRetention({ pool: office.pool, time: office.clock });
      office.clock.set(office.clock.now() + 4 * DAY);
      expect(await retention.forgetExamples(0, keep)).toMatchObject({ done: 0 });
      office.clock.set(office.clock.now() + 2 * DAY);
      expect(await retention.forgetExamples(0, { ...keep, history: null })).toMatchObject({ done: 0 });
      expect(await retention.forgetExamples(0, keep)).toMatchObject({ done: 1 });
    });

    test('of an archive are told by their places, and taken away from one of them or from all', async () => {
      const from = (place: string, text: string) => ({
        ...{ content: contentOfText(text), sender: '', writtenAt: null, category: 'repair', place },
      });
      await learning.addArchive([
        from('archive/Repairs', 'It drips'),
        from('archive/Repairs', 'It is cold'),
        from('archive/Bills', 'I paid twice'),
      ]);
      expect(await learning.archivePlaces()).toEqual([
        { place: 'archive/Bills', examples: 1 },
        { place: 'archive/Repairs', examples: 2 },
      ]);
      expect(await learning.dropArchive('Repairs')).toBe(0);
      expect(await learning.dropArchive('archive/Repairs')).toBe(2);
      expect(await learning.archivePlaces()).toEqual([{ place: 'archive/Bills', examples: 1 }]);
      expect(await learning.dropArchive(null)).toBe(1);
      expect(await learning.archivePlaces()).toEqual([]);
    });
  });

  describe('the turn to learn', () => {
    const asked = { lease: HOUR, learnFor: 'these categories', now: false };

    test('is had by one at a time, once a day, and at once for other categories', async () => {
      const turn = await learning.begin(asked);
      expect(turn).not.toBeNull();
      expect(await learning.begin({ ...asked, now: true })).toBeNull();
      await learning.end(turn as Turn, { outcome: 'first', nextIn: DAY, gatheredUntil: null });
      office.clock.set(office.clock.now() + 23 * HOUR);
      expect(await learning.begin(asked)).toBeNull();
      const other = await learning.begin({ ...asked, learnFor: 'others' });
      expect(other).not.toBeNull();
      await learning.end(other as Turn, { outcome: 'first', nextIn: DAY, gatheredUntil: null });
      // As while a configuration is rolled out, where some processes have the old one still.
      expect(await learning.begin(asked)).toBeNull();
      office.clock.set(office.clock.now() + 11 * MINUTE);
      expect(await learning.begin(asked)).not.toBeNull();
    });

    test('that is over publishes nothing, and neither does one during which words were erased', async () => {
      const late = (await learning.begin(asked)) as Turn;
      office.clock.set(office.clock.now() + 2 * HOUR);
      const turn = (await learning.begin(asked)) as Turn;
      const model = {
        seed: 1,
        bytes: Buffer.from('a'),
        use: true,
        why: 'first',
        report: {} as TrainingReport,
      };
      expect(await models.publish(late, model)).toBeNull();
      await office.pool.query('UPDATE learning SET erased_at = $1, train_at = $1', [
        toIso(office.clock.now()),
      ]);
      expect(await models.publish(turn, model)).toBeNull();
      await learning.end(turn, { outcome: 'erased-meanwhile', nextIn: DAY, gatheredUntil: null });
      expect(await learning.begin({ ...asked, now: false })).not.toBeNull();
    });

    test('a failure ends it, and the next one comes within hours', async () => {
      const broken: Trainer = { train: () => Promise.reject(new Error('no memory')) };
      await expect(learnNow(broken)).rejects.toThrow('no memory');
      expect(await learning.standing()).toMatchObject({ running: false, outcome: 'failed' });
      expect(await learnNow(trainer(), false)).toEqual({ type: 'not-now' });
      office.clock.set(office.clock.now() + 6 * HOUR);
      expect(await learnNow(trainer(), false)).toMatchObject({ type: 'learned' });
    });

    test('that is asked for while another lasts comes right after it', async () => {
      const turn = (await learning.begin(asked)) as Turn;
      office.clock.set(office.clock.now() + MINUTE);
      await learning.askForTraining();
      await learning.end(turn, { outcome: 'first', nextIn: DAY, gatheredUntil: null });
      expect(await learning.begin(asked)).not.toBeNull();
    });

    test('that is stopped to begin anew has not failed, and begins at once', async () => {
      const stopped = new Failure('temporary', 'training-stopped', 'The training was stopped.');
      await expect(learnNow({ train: () => Promise.reject(stopped) })).rejects.toThrow(stopped);
      expect(await learnNow(trainer(), false)).toMatchObject({ type: 'learned' });
    });

    test('nothing is learned without categories, or where that is switched off', async () => {
      expect(await learnNow(trainer(), true, testPolicy())).toEqual({ type: 'off' });
      const off = { ...POLICY, learning: { ...POLICY.learning, mode: 'off' as const } };
      expect(await learnNow(trainer(), true, off)).toEqual({ type: 'off' });
      expect(await rows('SELECT FROM learning')).toEqual([]);
    });
  });

  describe('versions of a model', () => {
    test('are kept with a way back, of which one is in use, as the table itself demands', async () => {
      for (let round = 0; round < 8; round += 1) await learnNow(trainer());
      const versions = await models.list();
      expect(versions.map(({ version, active }) => [version, active])).toEqual([
        [8, true],
        ...[7, 6, 5, 4, 3].map((version) => [version, false]),
      ]);
      expect(await models.use(5, 'by-hand')).toBe(true);
      expect(await models.use(1, 'by-hand')).toBe(false);
      expect((await models.list()).filter(({ active }) => active)).toMatchObject([
        { version: 5, why: 'by-hand' },
      ]);
      await expect(office.pool.query('UPDATE model SET active = true WHERE version = 6')).rejects.toThrow(
        'model_active',
      );
    });

    test('are the same when the same is learned', async () => {
      await learnNow(trainer());
      await learnNow(trainer());
      const [one, other] = [await models.bytesOf(1), await models.bytesOf(2)];
      expect(Buffer.from(one ?? []).equals(Buffer.from(other ?? [1]))).toBe(true);
    });

    test('are taken up whole; one that cannot be read is told once and none is used, and mail goes on', async () => {
      const told: string[] = [];
      const log = { ...QUIET, error: (_: object, message: string) => void told.push(message) };
      const held = heldModel({ models, policy: () => POLICY, log });
      const guesses = () => held.propose('maintenance', contentOfText('The tap drips'))?.guesses ?? null;
      await held.refresh();
      expect(guesses()).toBeNull();
      await learnNow(trainer());
      expect(guesses()).toBeNull();
      await held.refresh();
      expect(guesses()?.[0]).toMatchObject({ category: 'repair' });
      expect(held.propose('billing', contentOfText('The tap drips'))).toBeNull();
      await office.pool.query(`INSERT INTO model (made_at, seed, bytes, size, active, why, report)
      SELECT made_at, seed, bytes, size, false, 'by-hand', report FROM model`);
      const bytesOf = async (version: number) =>
        version === 2 ? Buffer.from('no model') : models.bytesOf(version);
      const broken = heldModel({ models: { ...models, bytesOf }, policy: () => POLICY, log });
      await models.use(2, 'by-hand');
      await broken.refresh();
      await broken.refresh();
      expect(broken.propose('maintenance', contentOfText('The tap drips'))).toBeNull();
      expect(told).toEqual([expect.stringContaining('cannot be read')]);
      await models.use(1, 'by-hand');
      await broken.refresh();
      expect(broken.propose('maintenance', contentOfText('The tap drips'))).toMatchObject({ model: 1 });
    });

    test('that are damaged are no model, and learning goes on without them', async () => {
      await learnNow(trainer());
      await office.pool.query(`UPDATE model SET bytes = substring(bytes FROM 1 FOR 100)`);
      const told: string[] = [];
      const log = { ...QUIET, error: (_: object, message: string) => void told.push(message) };
      const held = heldModel({ models, policy: () => POLICY, log });
      await held.refresh();
      await held.refresh();
      expect(held.propose('maintenance', contentOfText('The tap drips'))).toBeNull();
      expect(told).toEqual([expect.stringContaining('cannot be read')]);
      expect(await learnNow(trainer())).toMatchObject({ version: 2, used: true, why: 'first' });
    });

    test('that no longer choose are sure of nothing, until a person chooses one', async () => {
      const about = { repair: 'tap drips', invoice: 'paid twice', keys: 'key lost', noise: 'noise above' };
      const categories = Object.entries(about).map(([id, words]) =>
        category(
          id,
          'priya',
          Array.from({ length: 10 }, (_, n) => `${words} number ${n}`),
        ),
      );
      const policy: Policy = {
        ...POLICY,
        categories: new Map(categories.map((one) => [one.id, one])),
        learning: { ...POLICY.learning, wrongAtMost: 0.3 },
      };
      await learnNow(trainer(), true, policy);
      const held = heldModel({ models, policy: () => policy, log: QUIET });
      const isSure = async () => {
        await held.refresh();
        return held.propose('maintenance', contentOfText('tap drips number 7'))?.sure;
      };
      expect(await isSure()).toBe(true);
      const counts = { right: 1, wrong: 9 };
      const lowered = { since: office.clock.now(), categories: ['repair'], counts };
      const turn = (await learning.begin({ lease: HOUR, learnFor: '', now: true })) as Turn;
      await learning.setLowered(turn, lowered, 'kept');
      expect(await isSure()).toBe(false);
      expect(await models.use(1, 'by-hand')).toBe(true);
      expect(await isSure()).toBe(true);
      // Counted before the person chose.
      await learning.setLowered(turn, lowered, 'kept');
      expect(await isSure()).toBe(true);
      expect(await learning.standing()).toMatchObject({ lowered: null, judgedFrom: office.clock.now() });
    });
  });

  describe('after an erasure', () => {
    const erase = () =>
      erasePerson({
        erasure: postgresErasure({ pool: office.pool, time: office.clock }),
        ...{ address: MARIA, evenOpen: true, dryRun: false },
      });

    test('no example is left of the person, all is learned anew at once, and no version from before stays', async () => {
      await dealtWith(MARIA, 'The zebrafinch says that the banister wobbles.', 'priya');
      await dealtWith('otto@tenant.example', 'I was charged twice.', 'omar');
      const brought = { category: 'repair', place: 'Repairs', writtenAt: null };
      await learning.addArchive([
        { ...brought, sender: MARIA, content: contentOfText('wobbly as well') },
        { ...brought, sender: '', content: contentOfText(`says ${MARIA}`) },
        { ...brought, sender: '', content: contentOfText('a squeaky hinge') },
      ]);
      await learnNow(trainer());
      await learnNow(trainer());
      expect(await rows('SELECT FROM example')).toHaveLength(5);

      expect(await erase()).toMatchObject({ type: 'erased', counts: { examples: 2 } });
      expect(await rows('SELECT source, category FROM example ORDER BY id')).toEqual([
        { source: 'archive', category: 'repair' },
        { source: 'decided', category: 'invoice' },
      ]);
      expect(await whereSpoken(office.pool, [MARIA, 'zebrafinch'])).toEqual([]);

      const seen: Example[] = [];
      expect(await learnNow(trainer(seen), false)).toMatchObject({
        version: 3,
        used: true,
        why: 'words-erased',
      });
      expect((await models.list()).map(({ version }) => version)).toEqual([3]);
      expect(JSON.stringify(seen)).not.toMatch(/zebrafinch|wobbl|quill/i);
      expect(await learnNow(trainer(), false)).toEqual({ type: 'not-now' });
    });

    test('no version stays either where nothing new can be learned, or nothing is to be learned any more', async () => {
      const broken: Trainer = { train: () => Promise.reject(new Error('no memory')) };
      const off = { ...POLICY, learning: { ...POLICY.learning, mode: 'off' as const } };
      const rest = [() => learnNow(broken, false).catch(() => {}), () => learnNow(trainer(), false, off)];
      for (const [time, learnsNothing] of rest.entries()) {
        await dealtWith(MARIA, `The zebrafinch says for the ${time + 1}. time that it wobbles.`, 'priya');
        await learnNow(trainer());
        await erase();
        expect(await models.list()).not.toEqual([]);
        await learnsNothing();
        expect(await models.list()).toEqual([]);
        expect(await learning.standing()).toMatchObject({ running: false, erasedAt: null });
      }
    });

    test('that comes while it learns, what it learned is thrown away, and it learns anew', async () => {
      await dealtWith(MARIA, 'The zebrafinch says that the banister wobbles.', 'priya');
      expect(await learnNow(trainer([], erase))).toEqual({ type: 'erased-meanwhile' });
      expect(await models.list()).toEqual([]);
      expect(await learnNow(trainer(), false)).toMatchObject({ type: 'learned' });
    });

    test('of somebody who only is in copy elsewhere, or never asked for anything, what was learned stays', async () => {
      await learnNow(trainer());
      const letter = writeLetter({
        ...{
          from: MARIA,
          to: ['maintenance@elm.example'],
          subject: 'News of the month',
          text: 'Nobody needs it.',
        },
        ...{ date: office.clock.now(), messageId: 'news@tenant.example' },
        headers: ['List-Unsubscribe: <https://tenant.example/>', 'Precedence: bulk'],
      });
      office.mailbox.append('INBOX', letter, office.clock.now());
      await office.settle();
      expect(await erase()).toMatchObject({ type: 'erased', counts: { messages: 1 } });
      expect(await learning.standing()).toMatchObject({ erasedAt: null });
    });
  });

  describe('a training in a process of its own', () => {
    async function* portions<T>(...all: readonly (readonly T[])[]): AsyncGenerator<readonly T[]> {
      yield* all;
    }
    const examples: Example[] = ['tap drips', 'tap leaks', 'paid twice', 'paid late'].map((text) => ({
      ...{ content: contentOfText(text), category: text.startsWith('tap') ? 'repair' : 'invoice' },
    }));
    const job = (signal = new AbortController().signal) => ({
      ...{ examples: portions(examples.slice(0, 2), examples.slice(2)), heldBack: portions<HeldBack>() },
      ...{ present: null, seed: 1, wrongAtMost: 0.05, told: () => {}, signal },
    });

    test('gives what one in this process gives', async () => {
      const here = learn({ ...job(), examples, heldBack: [] });
      const there = await childTrainer().train(job());
      expect(Buffer.from(there.bytes).equals(Buffer.from(here.bytes))).toBe(true);
      expect(there.about).toEqual(here.about);
    });

    test('ends when it takes too long, is stopped, or its process dies, and says which', async () => {
      await expect(childTrainer({ msMax: 1 }).train(job())).rejects.toMatchObject({
        code: 'training-too-long',
      });
      await expect(childTrainer().train(job(AbortSignal.abort()))).rejects.toMatchObject({
        code: 'training-stopped',
      });
      const dies = new URL('../support/dying-child.ts', import.meta.url);
      await expect(childTrainer({}, dies).train(job())).rejects.toMatchObject({ code: 'training-failed' });
    });
  });
}
