/** The clock hears ticks, and goes without them: what is due does not wait for a queue. */
import { expect, test } from 'vitest';
import type { Deps } from '../../src/app/deps.ts';
import { keepTime, QUIET_MAX, TICK_EVERY } from '../../src/app/keep-time.ts';
import { letTimePass, type Part } from '../../src/app/let-time-pass.ts';
import type { Duration } from '../../src/domain/instant.ts';
import { MemoryTicks } from '../support/memory-ticks.ts';

/** A clock on virtual time; `during` happens in its pauses, of which the last ends it. */
async function running(
  pauses: number,
  during: (nth: number) => unknown,
  ticks = new MemoryTicks(),
  lasts: Duration = 0,
) {
  const stop = new AbortController();
  let now = 0;
  let nth = 0;
  const looks: Duration[] = [];
  await keepTime(
    {
      ticks,
      elapsed: () => now,
      pause: async (length) => {
        nth += 1;
        now += length;
        await during(nth);
        if (nth >= pauses) stop.abort();
      },
    },
    async () => {
      looks.push(now);
      now += lasts;
    },
    stop.signal,
  );
  return { looks, ticks, ring: () => ticks.ring() };
}

test('a clock looks when it starts, and then once for each tick that it hears', async () => {
  const ticks = new MemoryTicks();
  const { looks } = await running(10, () => ticks.ring(), ticks);
  expect(looks).toEqual([0, ...Array.from({ length: 10 }, (_, nth) => (nth + 1) * TICK_EVERY)]);
  expect(ticks.asked).toBe(1);
});

test('where no tick was rung for a while the clock looks by itself and has the ticks set again', async () => {
  const ticks = new MemoryTicks();
  const { looks } = await running(
    12,
    (nth) => {
      if (nth === 2) ticks.every = null;
      return ticks.ring();
    },
    ticks,
  );
  const [, heard = 0, alone = 0, ...again] = looks;
  expect([heard, alone]).toEqual([TICK_EVERY, TICK_EVERY + QUIET_MAX]);
  // From then on they are rung again.
  expect(again[0]).toBe(alone + TICK_EVERY);
  expect(ticks.asked).toBe(2);
});

test('a queue that rings nothing costs seconds and no look', async () => {
  const deaf = new MemoryTicks();
  deaf.setTicks = async () => {};
  const { looks } = await running(12, () => {}, deaf);
  expect(looks).toEqual([0, QUIET_MAX, 2 * QUIET_MAX]);
});

test('no look begins while another of the same clock lasts, and none after the end', async () => {
  const ticks = new MemoryTicks();
  const stop = new AbortController();
  const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
  let looks = 0;
  const kept = keepTime(
    { ticks, elapsed: () => 0, pause: async () => stop.abort() },
    async () => {
      looks += 1;
      await mayEnd;
    },
    stop.signal,
  );
  await Promise.resolve();
  await Promise.resolve();
  const heard = [ticks.ring(), ticks.ring()];
  end();
  await Promise.all([kept, ...heard]);
  expect(looks).toBe(1);
  await ticks.ring();
  expect(looks).toBe(1);
});

test('a part that works in batches gives each of the others its turn in between, and what fails stops none', async () => {
  const turns: string[] = [];
  let left = 2;
  const logged: unknown[] = [];
  const parts: readonly Part[] = [
    ['first', async () => void turns.push('first')],
    [
      'many',
      async () => {
        turns.push('many');
        return left-- > 0 ? 100 : 0;
      },
      'batches',
    ],
    ['broken', () => Promise.reject(new Error('no'))],
    ['last', async () => turns.push('last')],
  ];
  const log = { info() {}, warn() {}, error: (fields: unknown) => void logged.push(fields) };
  await letTimePass({ log } as unknown as Deps, parts, new AbortController().signal);
  expect(turns).toEqual(Array(3).fill(['first', 'many', 'last']).flat());
  expect(logged).toHaveLength(3);
});
