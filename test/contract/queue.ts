/** What every Queue promises, run against the memory double and against BullMQ. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Bell, Queue } from '../../src/app/ports/queue.ts';

export type QueueHarness = {
  readonly queue: Queue;
  /** Resolves once `isDone` holds, letting the queue work meanwhile; rejects after a deadline. */
  until(isDone: () => boolean): Promise<void>;
  /** Resolves once no bell of this kind waits or runs any more. */
  quiet(bell: Bell): Promise<void>;
  /** Closes what the harness itself opened. */
  end(): Promise<void>;
};

export function describeQueue(name: string, make: () => Promise<QueueHarness>): void {
  describe(`the queue (${name})`, () => {
    const open: QueueHarness[] = [];
    const harness = async (): Promise<QueueHarness> => {
      const made = await make();
      open.push(made);
      return made;
    };
    afterEach(async () => {
      for (const made of open.splice(0)) {
        await made.queue.close();
        await made.end();
      }
    });

    it(`hands over the ids of a bell as they were rung (${name})`, async () => {
      const { queue, until } = await harness();
      const seen: (readonly number[])[] = [];
      await queue.listen('classify', async (ids) => void seen.push(ids));
      await queue.ring('classify', [7, 3, 9_007_199_254_740_991]);
      await until(() => seen.length > 0);
      expect(seen).toEqual([[7, 3, 9_007_199_254_740_991]]);
    });

    it(`keeps the four bells apart (${name})`, async () => {
      const { queue, until, quiet } = await harness();
      const seen: [Bell, number[]][] = [];
      for (const bell of ['classify', 'route', 'reply', 'deliver'] as const) {
        await queue.listen(bell, async (ids) => void seen.push([bell, [...ids]]));
      }
      await queue.ring('reply', [1]);
      await queue.ring('deliver', [2]);
      await until(() => seen.length >= 2);
      for (const bell of ['classify', 'route', 'reply', 'deliver'] as const) await quiet(bell);
      expect(seen.sort()).toEqual([
        ['deliver', [2]],
        ['reply', [1]],
      ]);
    });

    it(`splits a long list into bells of at most 100 ids and loses none (${name})`, async () => {
      const { queue, until } = await harness();
      const parts: number[] = [];
      const seen = new Set<number>();
      await queue.listen('route', async (ids) => {
        parts.push(ids.length);
        for (const id of ids) seen.add(id);
      });
      await queue.ring(
        'route',
        Array.from({ length: 250 }, (_, at) => at),
      );
      await until(() => seen.size === 250);
      expect(parts.sort((a, b) => a - b)).toEqual([50, 100, 100]);
    });

    it(`rings nobody for an empty list (${name})`, async () => {
      const { queue, until, quiet } = await harness();
      const seen: number[] = [];
      await queue.listen('route', async (ids) => void seen.push(ids.length));
      await queue.ring('route', []);
      await queue.ring('route', [1]);
      await until(() => seen.length > 0);
      await quiet('route');
      expect(seen).toEqual([1]);
    });

    it(`keeps a bell that was rung before anybody listened (${name})`, async () => {
      const { queue, until } = await harness();
      const seen: number[] = [];
      await queue.ring('deliver', [4]);
      await queue.listen('deliver', async (ids) => void seen.push(...ids));
      await until(() => seen.length > 0);
      expect(seen).toEqual([4]);
    });

    it(`rings again after the handler threw, and goes on with other bells (${name})`, async () => {
      const { queue, until, quiet } = await harness();
      const seen: number[] = [];
      let attempts = 0;
      await queue.listen('classify', async (ids) => {
        if (ids[0] === 1 && ++attempts < 3) throw new Error('not now');
        seen.push(...ids);
      });
      await queue.ring('classify', [1]);
      await queue.ring('classify', [2]);
      await until(() => seen.length >= 2);
      await quiet('classify');
      expect(seen.sort()).toEqual([1, 2]);
      expect(attempts).toBe(3);
    });

    it(`waits in close for a handler that runs (${name})`, async () => {
      const { queue, until } = await harness();
      const steps: string[] = [];
      const { promise: mayFinish, resolve: finish } = Promise.withResolvers<void>();
      await queue.listen('reply', async () => {
        steps.push('begun');
        await mayFinish;
        steps.push('finished');
      });
      await queue.ring('reply', [1]);
      const working = until(() => steps.length > 0 && steps[0] === 'begun');
      await working;
      const closing = queue.close().then(() => void steps.push('closed'));
      finish();
      await closing;
      expect(steps).toEqual(['begun', 'finished', 'closed']);
    });

    it(`takes a bell rung after close without a word (${name})`, async () => {
      const { queue } = await harness();
      await queue.close();
      await expect(queue.ring('reply', [1])).resolves.toBeUndefined();
    });
  });
}
