/** What a real Redis does to bells: gives them up, hangs, loses them, is not there yet; none of it loses work. */
import { setTimeout as pause } from 'node:timers/promises';
import { Queue as BullQueue } from 'bullmq';
import { afterEach, expect, test } from 'vitest';
import { type BullQueueOptions, bullQueue } from '../../src/adapters/queue/bull-queue.ts';
import { checkRedis } from '../../src/adapters/queue/check-redis.ts';
import { DEFAULT_LIMITS } from '../../src/app/deps.ts';
import { keepTime } from '../../src/app/keep-time.ts';
import type { Queue } from '../../src/app/ports/queue.ts';
import type { Ticks } from '../../src/app/ports/ticks.ts';
import { sweepStale } from '../../src/app/sweep-stale.ts';
import { fromMs, MILLISECOND, MINUTE, toMs } from '../../src/domain/instant.ts';
import { beginWorld } from '../contract/store-world.ts';
import { memoryStore } from '../support/memory-store.ts';
import { MONDAY } from '../support/policy.ts';
import { settableClock } from '../support/settable-clock.ts';
import { startRedis } from '../support/stack/redis.ts';
import { describeOn, useServer } from '../support/stack/use-server.ts';
import { waitUntil } from '../support/wait-until.ts';

const log = { info() {}, warn() {}, error() {} };

describeOn(['redis'], 'bells over a real Redis', () => {
  const redis = useServer(startRedis);
  const open: Queue[] = [];
  afterEach(async () => {
    redis().goOn();
    for (const queue of open.splice(0)) await queue.close();
    await redis().flushAll();
  });
  const openQueue = async (more: Partial<BullQueueOptions> = {}): Promise<Queue & Ticks> => {
    const backend = { type: 'redis', url: redis().url } as const;
    const queue = await bullQueue({ backend, retryAfterMs: 5, ...more });
    open.push(queue);
    return queue;
  };

  test('a bell that BullMQ gave up on is rung again by the sweep (row 25)', async () => {
    const clock = settableClock(MONDAY);
    const store = memoryStore({ clock });
    const { receiveOne } = await beginWorld({ store, clock, close: () => store.close() });
    const id = await receiveOne();
    const queue = await openQueue();
    let isWell = false;
    const seen: number[] = [];
    await queue.listen('classify', async (ids) => {
      if (!isWell) throw new Error('not now');
      seen.push(...ids);
    });
    await queue.ring('classify', [id]);
    const inside = new BullQueue('classify', { connection: { url: redis().url }, prefix: 'baton' });
    await waitUntil('BullMQ gives up', async () => (await inside.getFailedCount()) === 1);
    await inside.close();
    isWell = true;
    clock.advance(MINUTE);
    expect(await sweepStale({ store, queue, limits: DEFAULT_LIMITS, log })).toBe(1);
    await waitUntil('the bell is heard', () => seen.length > 0);
    expect(seen).toEqual([id]);
  });

  test('ringing a Redis that hangs ends within seconds, however often, and what hangs in between is heard later (row 22)', async () => {
    const queue = await openQueue();
    const seen = new Set<number>();
    await queue.listen('route', async (ids) => {
      for (const id of ids) seen.add(id);
    });
    redis().hang();
    expect(await checkRedis(redis().url)).toBe('away');
    const begunAt = performance.now();
    for (let id = 1; id <= 100; id += 1) await queue.ring('route', [id]);
    expect(performance.now() - begunAt).toBeLessThan(3_000);
    redis().goOn();
    await waitUntil('a bell after it went on', async () => {
      await queue.ring('route', [999]);
      return seen.has(999);
    });
  });

  test('it is known whether Redis is away: while it hangs, and not before or after', async () => {
    const queue = await openQueue();
    await waitUntil('Redis is there', async () => !(await queue.isAway()));
    redis().hang();
    expect(await queue.isAway()).toBe(true);
    redis().goOn();
    await waitUntil('Redis is there again', async () => !(await queue.isAway()));
  });

  test('a Redis that is gone is told of once, and once when it is back, and no warning says it in codes', async () => {
    const told: boolean[] = [];
    const warnings: string[] = [];
    const queue = await openQueue({
      watch: { tell: (isAway) => void told.push(isAway), isAway: false },
      log: (level, message) => void (level === 'warn' && warnings.push(message)),
    });
    await waitUntil('Redis is there', async () => !(await queue.isAway()));
    await redis().crash();
    await waitUntil('it is told of', async () => {
      await queue.ring('route', [1]);
      return told.length > 0;
    });
    for (let round = 0; round < 3; round += 1) expect(await queue.isAway()).toBe(true);
    expect(told).toEqual([true]);
    await redis().daemon.start();
    await waitUntil('it is back', async () => !(await queue.isAway()));
    await queue.ring('route', [2]);
    expect(told).toEqual([true, false]);
    expect(warnings).toEqual([]);
  });

  test('a listener hears bells again after FLUSHALL, and after a Redis that died and came back empty (rows 20, 21)', async () => {
    const queue = await openQueue();
    const seen = new Set<number>();
    await queue.listen('reply', async (ids) => {
      for (const id of ids) seen.add(id);
    });
    const heard = (id: number) =>
      waitUntil(`bell ${id}`, async () => {
        await queue.ring('reply', [id]);
        return seen.has(id);
      });
    await heard(1);
    await redis().flushAll();
    await heard(2);
    await redis().crash();
    await queue.ring('reply', [3]);
    await redis().daemon.start();
    await heard(4);
  });

  test('three clocks on a Redis that is flushed, hangs or is gone look on by themselves, and share its ticks again (row 20)', async () => {
    const stop = new AbortController();
    const clocks = [await openQueue(), await openQueue(), await openQueue()];
    let looks = 0;
    let quick = 0;
    const kept = clocks.map((ticks) =>
      keepTime(
        {
          ticks,
          // Its time runs a thousand times as fast, so that a while is a fraction of a second.
          elapsed: () => 1_000 * fromMs(performance.now()),
          pause: (length, until) =>
            pause(toMs(length) / 1_000, undefined, { signal: until }).catch(() => undefined),
        },
        async () => {
          looks += 1;
        },
        stop.signal,
      ),
    );
    const goesOn = (what: string) => {
      const before = looks;
      return waitUntil(`looks ${what}`, () => looks > before + 6);
    };
    await goesOn('at first');
    await redis().flushAll();
    await goesOn('after it was flushed');
    redis().hang();
    await goesOn('while it hangs');
    redis().goOn();
    await redis().crash();
    await goesOn('while it is gone');
    await redis().daemon.start();
    const one = await openQueue();
    await one.onTick(async () => {
      quick += 1;
    });
    await waitUntil('a tick of the new Redis', async () => {
      await one.setTicks(20 * MILLISECOND);
      return quick > 1;
    });
    stop.abort();
    await Promise.all(kept);
  });

  test('a queue opened while Redis hangs works as soon as it goes on', async () => {
    redis().hang();
    const queue = await openQueue();
    const seen = new Set<number>();
    await queue.listen('deliver', async (ids) => {
      for (const id of ids) seen.add(id);
    });
    // Until what is asked of Redis at the beginning has been given up.
    expect(await checkRedis(redis().url)).toBe('away');
    redis().goOn();
    await waitUntil('a bell', async () => {
      await queue.ring('deliver', [1]);
      return seen.has(1);
    });
  });

  test('a queue opened while Redis is not there works as soon as it is', async () => {
    await redis().crash();
    expect(await checkRedis(redis().url)).toBe('away');
    const queue = await openQueue();
    const seen = new Set<number>();
    await queue.listen('deliver', async (ids) => {
      for (const id of ids) seen.add(id);
    });
    await queue.ring('deliver', [1]);
    await redis().daemon.start();
    await waitUntil('a bell', async () => {
      await queue.ring('deliver', [2]);
      return seen.has(2);
    });
  });
});
