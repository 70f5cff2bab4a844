/** A slice of the simulation (`npm run simulate`), and the proof that it can find what is broken. */
import { describe, expect, test } from 'vitest';
import { MINUTE } from '../../src/domain/instant.ts';
import { judge } from '../chaos/simulate/judge.ts';
import { live } from '../chaos/simulate/life.ts';
import { mutantOf } from '../chaos/simulate/mutants.ts';
import { looseNotice } from '../contract/store-world.ts';
import { openWorld } from '../support/world.ts';

/**
 * A seed in which each is seen. What a seed means changes with every call that a process makes: when one of these is
 * found no more, `npm run simulate -- --mutant NAME` names another.
 */
const FOUND: Readonly<Record<string, number>> = {
  'confirms-twice': 1,
  'cursor-before-mail': 1,
  'a-bell-without-sweep': 1,
  'drops-a-notice': 2,
  'fires-early': 2,
  'makes-a-mail-anew': 2,
  'forgets-a-form': 2,
  'forgets-what-was-asked': 3,
  'reads-one-mail-twice': 19,
  'bundles-what-it-lost': 659,
};

test('lives of the simulation keep every promise', async () => {
  for (let seed = 1; seed <= 8; seed += 1) {
    const { broken } = await live(seed);
    expect(broken, `seed ${seed}`).toEqual([]);
  }
});

test('a member who makes a request of a copy that nobody could read has not opened the mail twice', async () => {
  expect((await live(6_023_886, { brief: true })).broken).toEqual([]);
});

test('an escalation that waits for others when a life ends is left undone only once its time has come', async () => {
  const { store, clock } = await openWorld();
  const { notices } = await store.transact([], (tx) => tx.write({ notices: [looseNotice('waits')] }));
  const [id = 0] = notices;
  const [claim] = await store.claimNotices({ ids: notices, limit: 1, lease: MINUTE });
  const retryAt = clock.now() + MINUTE;
  const untried = { attempt: null, result: null, code: 'bundled' } as const;
  await store.recordOutcome({ id, claims: claim?.claims ?? 0, ...untried, state: { retryAt } });
  const nothing = {
    ...{ mailboxes: new Map(), folders: [], deliveries: [], untold: new Set<string>() },
    ...{ pressed: [], pages: [], wrongs: 0 },
  };
  const undone = (now: number) =>
    judge({ ...nothing, store, now, mayRepeat: false }).filter((what) => what.includes('pending (bundled)'));
  expect(undone(retryAt - 1)).toEqual([]);
  expect(undone(retryAt)).toHaveLength(1);
});

test('a mail for which its server is asked once more may lie below the cursor until it is given', async () => {
  expect((await live(5_309)).broken).toEqual([]);
});

test('two mails that are listed late, one after the other, under the same UID of two numberings', async () => {
  expect((await live(32_133_789, { brief: true })).broken).toEqual([]);
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
