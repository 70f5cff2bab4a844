/** When mails to a member come too fast, they come together: none is dropped, and each can be answered. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { deliverOutbox } from '../../src/app/deliver-outbox.ts';
import type { Store } from '../../src/app/ports/store.ts';
import { BUNDLE_SPAN, planBundling, planEscalations } from '../../src/domain/bundling.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import type { Mail } from '../../src/domain/message.ts';
import { waitsUntil } from '../../src/domain/notices/escalation.ts';
import { addWorkingTime, workingTimeBetween } from '../../src/domain/working-time.ts';
import { writeLetter } from '../support/letters.ts';
import { MONDAY, testPolicy } from '../support/policy.ts';
import { brokenPromises } from '../support/promises.ts';
import { schedule } from '../support/schedules.ts';
import { Died, openWorld, type World } from '../support/world.ts';

const PER_HOUR = 5;

function leakFrom(world: World, number: number): void {
  const date = world.clock.now();
  const raw = writeLetter({
    from: `tenant${number}@example.com`,
    to: ['maintenance@elm.example'],
    subject: `Leak in flat ${number}`,
    text: 'Water is dripping.',
    date,
    messageId: `leak-${number}@example.com`,
  });
  world.deliver('maintenance', raw);
}

async function mailsTo(world: World, address: string) {
  return (await world.sent()).filter(({ outgoing }) => outgoing.envelopeTo === address);
}

async function stormOf(count: number): Promise<World> {
  const world = await openWorld({ policy: testPolicy({ caps: { member: { hour: PER_HOUR } } }) });
  for (let number = 1; number <= count; number += 1) {
    leakFrom(world, number);
    await world.settle();
    await world.advance(SECOND);
  }
  return world;
}

test('above so many mails an hour the rest comes to a member in one, and each of them can be answered', async () => {
  const world = await stormOf(9);
  const before = await mailsTo(world, 'priya@elm.example');
  expect(before.map(({ kind }) => kind)).toEqual(Array(PER_HOUR).fill('offer'));

  await world.advance(BUNDLE_SPAN + MINUTE);
  const [bundle, ...more] = (await mailsTo(world, 'priya@elm.example')).slice(PER_HOUR);
  expect(more).toEqual([]);
  expect(bundle?.kind).toBe('bundle');
  expect(bundle?.mail.subject).toBe('4 requests to take, in one mail');
  const text = bundle?.mail.text ?? '';
  for (const number of [6, 7, 8, 9]) expect(text).toContain(`Leak in flat ${number}`);

  const addresses = [...text.matchAll(/Answer this one: (\S+)/g)].map(([, address]) => address ?? '');
  expect(new Set(addresses).size).toBe(4);
  world.deliver(
    'maintenance',
    writeLetter({
      from: 'priya@elm.example',
      to: [addresses[1] ?? ''],
      subject: 'Re: Leak',
      text: 'accept',
      date: world.clock.now(),
      messageId: 'answer@elm.example',
    }),
  );
  await world.settle();
  const owned = world.store.conversations().filter(({ owner }) => owner === 'priya');
  expect(owned.map(({ id }) => id)).toEqual([1007]);
  expect(await brokenPromises(world)).toEqual([]);
});

test('what a mailer bundles that was slower than its lease, and others have bundled by then, is lost to nobody', async () => {
  const world = await stormOf(9);
  const { store } = world;
  world.clock.advance(BUNDLE_SPAN + MINUTE);
  const waiting = store.outbox().flatMap(({ notice, settledAt }) => (settledAt === null ? [notice.id] : []));
  let isSlow = true;
  const slow: Store = {
    ...store,
    async sentLately(...asked) {
      const sent = await store.sentLately(...asked);
      if (isSlow) {
        isSlow = false;
        world.clock.advance(3 * MINUTE);
        await deliverOutbox(world.deps(), waiting.slice(0, 2));
      }
      return sent;
    },
  };
  await deliverOutbox({ ...world.deps(), store: slow }, waiting).catch(() => {});
  await world.recover();
  const bundled = store
    .outbox()
    .flatMap(({ notice: { body } }) => (body.kind === 'bundle' ? body.notices : []));
  const said = store.outbox().flatMap(({ key, state }) => (state === 'bundled' ? [key] : []));
  expect(said.toSorted()).toEqual(bundled.toSorted());
  expect(await brokenPromises(world)).toEqual([]);
});

test('a question that is put to somebody else meanwhile comes in no bundle', async () => {
  const world = await stormOf(8);
  const policy = world.policy();
  await world.configure({
    ...policy,
    members: new Map([...policy.members].filter(([id]) => id !== 'priya')),
  });
  await world.advance(BUNDLE_SPAN + MINUTE);
  expect(await mailsTo(world, 'priya@elm.example')).toHaveLength(PER_HOUR);
  const asked = world.store.conversations().map(({ offer }) => offer?.to);
  expect(asked).not.toContain('priya');
  expect(asked).not.toContain(undefined);
  expect(await brokenPromises(world)).toEqual([]);
});

test('a bundle that its reader is refused is lost as if each of its mails had gone out: somebody else is asked', async () => {
  const world = await stormOf(8);
  const asked = () => world.store.conversations().map(({ offer }) => offer?.to);
  expect(asked()).toEqual(Array(8).fill('priya'));
  world.sender.failNext('550', { type: 'permanent' });
  await world.advance(BUNDLE_SPAN + MINUTE);
  expect(asked().slice(PER_HOUR)).not.toContain('priya');
  expect(asked().slice(0, PER_HOUR)).toEqual(Array(PER_HOUR).fill('priya'));
  expect(await brokenPromises(world)).toEqual([]);
});

test('what a customer sends in goes along with the bundle that tells of it', async () => {
  const world = await openWorld({ policy: testPolicy({ caps: { member: { hour: 2 } } }) });
  leakFrom(world, 1);
  await world.settle();
  const [offer] = await mailsTo(world, 'priya@elm.example');
  await answers(world, 'priya@elm.example', offer?.mail, 'accept');
  const [confirmed] = await mailsTo(world, 'tenant1@example.com');
  for (const [attachment, text] of [
    ['tap.jpg', 'This is the tap.'],
    ['sink.jpg', 'And the sink.'],
  ] as const) {
    const date = world.clock.now();
    const letter = {
      from: 'tenant1@example.com',
      to: ['maintenance@elm.example'],
      subject: 'Re: Leak',
      text,
    };
    const named = { date, messageId: attachment, attachments: [attachment] };
    const answered = { messageId: confirmed?.mail.messageId ?? null, references: [] };
    world.deliver('maintenance', writeLetter({ ...letter, ...named, answers: answered }));
    await world.settle();
    await world.advance(SECOND);
  }
  await world.advance(BUNDLE_SPAN + MINUTE);
  const last = (await mailsTo(world, 'priya@elm.example')).at(-1);
  expect(last?.kind).toBe('bundle');
  expect(last?.mail.attachments.map(({ filename }) => filename)).toEqual(['tap.jpg', 'sink.jpg']);
});

const LARGE = 'A photo of the roof.\n'.repeat(60_000);

/** The front desk is told of mails that are too large, above the cap. */
async function tooLarge(count: number, hour: number): Promise<World> {
  const world = await openWorld({ policy: testPolicy({ caps: { member: { hour } } }) });
  for (let number = 1; number <= count; number += 1) {
    const letter = { from: 'maria@example.com', to: ['maintenance@elm.example'], text: LARGE };
    const date = world.clock.now();
    const named = { subject: `Photos ${number}`, date, messageId: `photos-${number}@example.com` };
    world.deliver('maintenance', writeLetter({ ...letter, ...named }));
  }
  await world.settle();
  return world;
}

async function answers(
  world: World,
  from: string,
  mail: Mail | undefined,
  text: string,
  headers: string[] = [],
): Promise<void> {
  const date = world.clock.now();
  const raw = writeLetter({
    ...{ from, to: [mail?.replyTo[0]?.address ?? ''], subject: `Re: ${mail?.subject}` },
    ...{ text, date, messageId: `${date}@elm.example`, headers },
    answers: { messageId: mail?.messageId ?? null, references: mail?.references ?? [] },
  });
  world.deliver('maintenance', raw);
  await world.settle();
}

test('a mail that could not be read is put to the next person once, however often a lost bundle told of it', async () => {
  const world = await tooLarge(1, 1);
  const [told] = await mailsTo(world, 'leah@elm.example');
  for (let time = 1; time <= 2; time += 1) {
    await world.advance(MINUTE);
    await answers(world, 'leah@elm.example', told?.mail, 'retry');
  }
  expect(world.store.parked().map(({ times }) => times)).toEqual([3]);
  world.sender.failNext('550', { type: 'permanent' });
  await world.advance(BUNDLE_SPAN);
  expect(world.store.parked().map(({ accountable, unreached }) => [accountable, unreached])).toEqual([
    ['dana', ['leah']],
  ]);
  expect(world.errors).toEqual([]);
  expect(await brokenPromises(world)).toEqual([]);
});

test('who answers a bundle with an out-of-office keeps what could not be read until they are back', async () => {
  const world = await tooLarge(2, 0);
  await world.advance(BUNDLE_SPAN + MINUTE);
  const [bundle] = await mailsTo(world, 'leah@elm.example');
  expect(bundle?.kind).toBe('bundle');
  await answers(world, 'leah@elm.example', bundle?.mail, 'Back on Monday.', ['Auto-Submitted: auto-replied']);
  expect(world.store.messages().at(-1)?.disposition).toBe('auto-reply');
  expect(world.store.parked().map(({ accountable, unreached }) => [accountable, unreached])).toEqual([
    ['leah', []],
    ['leah', []],
  ]);
});

test('whatever comes when, every mail goes out or waits for less than a span, and none is in two places', () => {
  const ages = fc.array(fc.integer({ min: 0, max: 20 * MINUTE }), { maxLength: 60 });
  fc.assert(
    fc.property(ages, fc.nat(50), fc.nat(50), fc.integer({ min: 1e9, max: 1e15 }), (some, sent, cap, now) => {
      const items = some.map((age) => ({ createdAt: now - age })).sort((a, b) => a.createdAt - b.createdAt);
      const { each, wait, together } = planBundling(items, sent, cap, now);
      const all = [...each, ...together, ...wait.map(({ item }) => item)];
      expect(all).toHaveLength(items.length);
      expect(new Set(all)).toEqual(new Set(items));
      expect(together.length).not.toBe(1);
      for (const { item, until } of wait) {
        expect(until).toBeGreaterThan(now);
        expect(until - item.createdAt).toBeLessThanOrEqual(BUNDLE_SPAN);
      }
    }),
  );
});

test('an escalation goes first or waits no longer than its own time allows, and what waits goes along with what is ripe', () => {
  const item = fc.record({ age: fc.integer({ min: 0, max: 2 * HOUR }), patience: fc.nat(HOUR) });
  const began = fc.option(fc.integer({ min: 0, max: HOUR - 1 }), { nil: null });
  fc.assert(
    fc.property(fc.array(item, { maxLength: 30 }), began, fc.nat(40), (some, age, firstId) => {
      const now = 10 * HOUR;
      const items = some.map((one, id) => ({ id, latest: now - one.age + one.patience }));
      const hour = {
        began: age === null ? null : now - age,
        first: { id: firstId, createdAt: now - MINUTE },
      };
      const { first, wait, ripe } = planEscalations(items, hour, now);
      const all = [...first, ...ripe, ...wait.map((one) => one.item)];
      expect(all).toHaveLength(items.length);
      expect(new Set(all)).toEqual(new Set(items));
      expect(first.every(({ id }) => id === firstId && hour.began === null)).toBe(true);
      expect(wait.length === 0 || ripe.length === 0).toBe(true);
      for (const { item: one, until } of wait) {
        expect(until).toBeGreaterThan(now);
        expect(until).toBeLessThanOrEqual(Math.min(one.latest, (hour.began ?? now) + HOUR));
      }
    }),
  );
});

test('whoever is asked while their question waited has three quarters of their working time left, and it waits an hour at most', () => {
  const hours = schedule('Europe/Berlin');
  fc.assert(
    fc.property(fc.nat(7 * 24 * 60), fc.integer({ min: 1, max: 20 * 60 }), (minute, length) => {
      const from = MONDAY + minute * MINUTE;
      const acceptBy = addWorkingTime(hours, from, length * MINUTE) ?? 0;
      const reason = { code: 'no-answer', sentence: 'nobody answered' } as const;
      const until = waitsUntil({ kind: 'offer', acceptBy, accountable: 'leah', reason }, from, hours);
      expect(until).toBeGreaterThanOrEqual(from);
      expect(until).toBeLessThanOrEqual(from + HOUR);
      const left = workingTimeBetween(hours, until, acceptBy);
      expect(left).toBeGreaterThanOrEqual(Math.floor((length * MINUTE * 3) / 4));
    }),
  );
});

/** So many requests a minute apart, of a kind that `subject` tells. */
async function requestsOf(world: World, count: number, subject: string, inbox = 'maintenance') {
  for (let number = 1; number <= count; number += 1) {
    const raw = writeLetter({
      ...{ from: `tenant${number}@example.com`, to: [`${inbox}@elm.example`] },
      ...{ subject: `${subject} ${number}`, text: 'Please look.', date: world.clock.now() },
      messageId: `${subject}-${number}@example.com`,
    });
    world.deliver(inbox, raw);
    await world.settle();
    await world.advance(MINUTE);
  }
}

const FROM = MONDAY;
const minutesOf = (world: World, mails: Awaited<ReturnType<typeof mailsTo>>) =>
  mails.map(({ mail, kind }) => {
    const row = world.store.outbox().find(({ key }) => key === mail.messageId?.split('@')[0]);
    return [kind, Math.floor(((row?.settledAt ?? 0) - FROM) / MINUTE)];
  });

test('the first escalation of an hour goes at once, all others come in one mail at its end, without what was answered', async () => {
  const world = await openWorld();
  await requestsOf(world, 5, 'Question');
  await world.advanceTo(FROM + 130 * MINUTE);
  const told = await mailsTo(world, 'dana@elm.example');
  expect(minutesOf(world, told)).toEqual([['last-asked', 120]]);
  const [offer] = (await mailsTo(world, 'leah@elm.example')).slice(2);
  await answers(world, 'leah@elm.example', offer?.mail, 'take');
  expect(world.store.conversations().filter(({ owner }) => owner === 'leah')).toHaveLength(1);

  await world.advanceTo(FROM + 200 * MINUTE);
  const [, bundle, ...more] = (await mailsTo(world, 'dana@elm.example')).filter(
    ({ kind }) => kind !== 'withdrawn',
  );
  expect(more).toEqual([]);
  expect(minutesOf(world, bundle === undefined ? [] : [bundle])).toEqual([['bundle', 180]]);
  expect(bundle?.mail.subject).toBe('3 requests that nobody has taken, in one mail');
  expect([...(bundle?.mail.text ?? '').matchAll(/Answer this one/g)]).toHaveLength(3);
  expect(await brokenPromises(world)).toEqual([]);
});

test('whoever never had a question, which waited for others until somebody else answered it, is not told that it is settled', async () => {
  const world = await openWorld();
  await requestsOf(world, 4, 'Question');
  await world.advanceTo(FROM + 130 * MINUTE);
  expect((await mailsTo(world, 'dana@elm.example')).map(({ kind }) => kind)).toEqual(['last-asked']);
  const offers = await mailsTo(world, 'leah@elm.example');
  for (const offer of offers.slice(0, 2)) {
    await answers(world, 'leah@elm.example', offer.mail, 'take');
    await world.advance(SECOND);
  }
  const settled = world.store.outbox().filter(({ notice }) => notice.body.kind === 'withdrawn');
  expect(settled.map(({ state, code }) => [state, code])).toEqual([
    ['sent', 'accepted'],
    ['dropped', 'overtaken'],
  ]);

  await world.advanceTo(FROM + 200 * MINUTE);
  const told = (await mailsTo(world, 'dana@elm.example')).map(({ kind, mail }) => [kind, mail.subject]);
  expect(told.slice(1)).toEqual([
    ['withdrawn', expect.stringContaining('Question 1')],
    ['bundle', '2 requests that nobody has taken, in one mail'],
  ]);
  expect(await brokenPromises(world)).toEqual([]);
});

test('whoever is asked to take something reads it while three quarters of their time are left, with all that waits', async () => {
  const world = await openWorld();
  await requestsOf(world, 3, 'Invoice', 'billing');
  await world.advanceTo(FROM + 200 * MINUTE);
  const told = (await mailsTo(world, 'dana@elm.example')).slice(0, 2);
  // The second would wait until 151 minutes at most, a quarter of its two hours: the third goes with it.
  expect(minutesOf(world, told)).toEqual([
    ['offer', 120],
    ['bundle', 151],
  ]);
});

test('what is urgent waits for nothing', async () => {
  const world = await openWorld();
  await requestsOf(world, 3, 'Leak');
  await world.advanceTo(FROM + 20 * MINUTE);
  expect(minutesOf(world, await mailsTo(world, 'luis@elm.example'))).toEqual([
    ['offer', 15],
    ['offer', 16],
    ['offer', 17],
  ]);
});

const Moments = ['sentLately', 'claimWaiting', 'transact', 'sender.send'];

test('wherever the process dies while escalations come together, each is told once', async () => {
  const end = FROM + 200 * MINUTE;
  /** Three questions that nobody answered, just before the last two of them come in one mail. */
  async function nearly(): Promise<World> {
    const world = await openWorld();
    await requestsOf(world, 3, 'Question');
    await world.advanceTo(FROM + 179 * MINUTE);
    return world;
  }
  const whole = await nearly();
  const begun = whole.calls.length;
  await whole.advanceTo(end);
  const calls = whole.calls.slice(begun);
  for (const moment of Moments) {
    const world = await nearly();
    world.cut(begun + calls.indexOf(`after ${moment}`));
    await expect(world.advanceTo(end)).rejects.toThrow(Died);
    await world.restart();
    await world.advanceTo(end);
    await world.recover();
    const sent = await mailsTo(world, 'dana@elm.example');
    expect([moment, sent.at(-1)?.mail.subject]).toEqual([
      moment,
      '2 requests that nobody has taken, in one mail',
    ]);
    // What was handed over while nobody wrote that down goes out again as it was.
    expect(sent.length).toBeLessThanOrEqual(moment === 'sender.send' ? 3 : 2);
    expect(new Set(sent.map(({ mail }) => mail.messageId)).size).toBe(2);
  }
});

test('a request whose subject is an order stands in a bundle as its words, and the bundle goes out', async () => {
  const world = await openWorld();
  const subjects = ['accept', 'done', 'When are the bins collected?'];
  for (const [at, subject] of subjects.entries())
    world.deliver(
      'maintenance',
      writeLetter({
        from: `tenant${at}@example.com`,
        to: ['maintenance@elm.example'],
        subject,
        text: 'Please.',
        date: world.clock.now(),
        messageId: `order-${at}@example.com`,
      }),
    );
  await world.settle();
  await world.advance(200 * MINUTE);
  const { mail } = (await mailsTo(world, 'dana@elm.example')).find(({ kind }) => kind === 'bundle') ?? {};
  expect(mail?.subject).toBe('2 requests that nobody has taken, in one mail');
  expect(mail?.text.replaceAll('\u00a0', ' ')).toContain('\n"#1002 done, tenant1@example.com"\n');
});
