/** A slice of the simulation (`npm run simulate`), seeds that once found something, and the proof that it can find. */
import { describe, expect, test } from 'vitest';
import { live } from '../chaos/simulate/life.ts';
import { mutantOf } from '../chaos/simulate/mutants.ts';

/** Seeds in which a promise was broken, and what was mended for it. */
const KEPT: readonly (readonly [seed: number, found: string])[] = [
  [10323, 'the only mail of a folder, at which a connection broke off twice, was not asked for again'],
  [1308, 'a mailer slower than its lease bundled what another had sent: it was told twice'],
  [10659, 'a mailer slower than its lease marked as bundled what stood in no bundle'],
];

/** A seed in which each is seen. */
const FOUND: Readonly<Record<string, number>> = {
  'confirms-twice': 1,
  'drops-a-notice': 6,
  'makes-a-mail-anew': 6,
  'forgets-what-was-asked': 23,
  'bundles-what-it-lost': 10659,
};

test('lives of the simulation keep every promise', async () => {
  for (let seed = 1; seed <= 8; seed += 1) {
    const { broken } = await live(seed);
    expect(broken, `seed ${seed}`).toEqual([]);
  }
});

test.each(KEPT)('seed %i of the simulation: %s', async (seed) => {
  expect((await live(seed)).broken).toEqual([]);
});

test('a member who makes a request of a copy that nobody could read has not opened the mail twice', async () => {
  expect((await live(6_023_886, { brief: true })).broken).toEqual([]);
});

test('the same seed is the same life, step by step, and another seed is another', async () => {
  const [one, again, other] = [await live(7), await live(7, { words: true }), await live(8)];
  expect(again.hash).toBe(one.hash);
  expect(again.steps).toBe(one.steps);
  expect(other.hash).not.toBe(one.hash);
});

describe('a Baton that is broken on purpose is found by the simulation', () => {
  test.each(Object.entries(FOUND))('%s', async (name, seed) => {
    const { broken } = await live(seed, { mutation: mutantOf(name) });
    expect(broken).not.toEqual([]);
    expect((await live(seed)).broken).toEqual([]);
  });
});
