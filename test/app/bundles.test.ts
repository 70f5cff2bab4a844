/** When mails to a member come too fast, they come together: none is dropped, and each can be answered. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BUNDLE_SPAN, planBundling } from '../../src/domain/bundling.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';
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
