/** Work goes on without bells: a worker finds its own rows, and leaves alone what somebody has in hand. */
import { expect, test } from 'vitest';
import { DEFAULT_LIMITS } from '../../src/app/deps.ts';
import { lookUnrung } from '../../src/app/look-unrung.ts';
import { MINUTE, SECOND } from '../../src/domain/instant.ts';
import { beginWorld } from '../contract/store-world.ts';
import { memoryStore } from '../support/memory-store.ts';
import { MONDAY } from '../support/policy.ts';
import { settableClock } from '../support/settable-clock.ts';

async function begin() {
  const clock = settableClock(MONDAY);
  const store = memoryStore({ clock });
  const world = await beginWorld({ store, clock, close: () => store.close() });
  const seen: number[] = [];
  const deps = { store, limits: DEFAULT_LIMITS, log: { info() {}, warn() {}, error() {} } };
  const look = (isAway = false) =>
    lookUnrung(deps, 'classify', async (ids) => void seen.push(...ids), isAway);
  return { ...world, store, clock, seen, look };
}

test('a row that no bell has led anybody to is looked at after half a minute', async () => {
  const { receiveOne, clock, seen, look } = await begin();
  const id = await receiveOne();
  clock.advance(30 * SECOND);
  expect(await look()).toBe(0);
  clock.advance(1);
  expect(await look()).toBe(1);
  expect(seen).toEqual([id]);
});

test('a row that somebody has begun on just now is left to them', async () => {
  const { receiveOne, store, clock, seen, look } = await begin();
  const id = await receiveOne();
  clock.advance(MINUTE);
  await store.beginClassify([id]);
  clock.advance(30 * SECOND);
  expect(await look()).toBe(0);
  expect(seen).toEqual([]);
});

test('while the queue is away nothing waits for its bell, and what somebody has begun on is left to them all the same', async () => {
  const { receiveOne, store, clock, seen, look } = await begin();
  const [begun, left] = [await receiveOne(), await receiveOne()];
  await store.beginClassify([begun]);
  clock.advance(2 * SECOND);
  expect(await look()).toBe(0);
  expect(await look(true)).toBe(1);
  expect(seen).toEqual([left]);
  clock.advance(30 * SECOND);
  await look(true);
  expect(seen).toEqual([left, begun, left]);
});
