/** When mails to a member come too fast, they come together: none is dropped, and each can be answered. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BUNDLE_SPAN, planBundling } from '../../src/domain/bundling.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';
import type { Mail } from '../../src/domain/message.ts';
import { writeLetter } from '../support/letters.ts';
import { testPolicy } from '../support/policy.ts';
import { brokenPromises } from '../support/promises.ts';
import { openWorld, type World } from '../support/world.ts';

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
  expect(bundle?.mail.subject).toBe('4 mails in one');
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
