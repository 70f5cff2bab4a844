/** What ticks promise on each backend of the queue. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Queue } from '../../src/app/ports/queue.ts';
import type { Ticks } from '../../src/app/ports/ticks.ts';
import { MILLISECOND } from '../../src/domain/instant.ts';
import { waitUntil } from '../support/wait-until.ts';

export type TicksHarness = {
  /** Another process with the same backend. */
  open(): Promise<Queue & Ticks>;
  /** Everything that the backend holds of ticks is gone. */
  lose(): Promise<void>;
  /** Jobs of ticks that wait, run or have been kept. */
  left(): Promise<number>;
  end(): Promise<void>;
};

const PERIOD_MS = 40;
const EVERY = PERIOD_MS * MILLISECOND;

export function describeTicks(name: string, make: () => Promise<TicksHarness>): void {
  describe(`ticks (${name})`, () => {
    const open: Queue[] = [];
    let harness: TicksHarness;
    const process = async (): Promise<Queue & Ticks> => {
      const queue = await harness.open();
      open.push(queue);
      return queue;
    };
    afterEach(async () => {
      for (const queue of open.splice(0)) await queue.close();
      await harness.end();
    });

    it(`are rung for one of all listeners, however many have set them, and leave nothing behind (${name})`, async () => {
      harness = await make();
      const clocks = [await process(), await process(), await process()];
      let heard = 0;
      const begunAt = performance.now();
      for (const clock of clocks) {
        await clock.onTick(async () => {
          heard += 1;
        });
        await clock.setTicks(EVERY);
      }
      await waitUntil('several ticks', () => heard >= 6);
      expect(heard).toBeLessThanOrEqual((performance.now() - begunAt) / PERIOD_MS + 2);
      for (const clock of clocks) await clock.close();
      // The one that would have come next.
      expect(await harness.left()).toBeLessThanOrEqual(1);
    });

    it(`do not pile up while a look takes longer than a period (${name})`, async () => {
      harness = await make();
      const clock = await process();
      const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
      let running = 0;
      let most = 0;
      let heard = 0;
      await clock.onTick(async () => {
        most = Math.max(most, ++running);
        heard += 1;
        await mayEnd;
        running -= 1;
      });
      await clock.setTicks(EVERY);
      await waitUntil('the first tick', () => heard === 1);
      const begunAt = performance.now();
      await waitUntil('many periods', () => performance.now() - begunAt > 10 * PERIOD_MS);
      const left = await harness.left();
      end();
      expect(left).toBeLessThanOrEqual(2);
      await waitUntil('the next tick', () => heard > 1);
      expect(most).toBe(1);
    });

    it(`come again once they are set again after everything was lost, and go on after a look that failed (${name})`, async () => {
      harness = await make();
      const clock = await process();
      let heard = 0;
      await clock.onTick(async () => {
        heard += 1;
        throw new Error('not now');
      });
      await clock.setTicks(EVERY);
      await waitUntil('two ticks', () => heard >= 2);
      await harness.lose();
      const before = heard;
      await waitUntil('a tick', async () => {
        await clock.setTicks(EVERY);
        return heard > before + 1;
      });
    });
  });
}
