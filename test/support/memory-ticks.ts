/** The Ticks port in memory, for tests: a test rings each tick itself, and the schedule can be lost. */
import type { Ticks } from '../../src/app/ports/ticks.ts';
import type { Duration } from '../../src/domain/instant.ts';

export class MemoryTicks implements Ticks {
  /** How often ticks are rung; null: nobody has set them, or they were lost. */
  every: Duration | null = null;
  /** How often somebody asked for them. */
  asked = 0;
  #look: (() => Promise<void>) | null = null;

  async setTicks(every: Duration): Promise<void> {
    this.asked += 1;
    this.every = every;
  }

  async onTick(look: () => Promise<void>): Promise<void> {
    this.#look = look;
  }

  /** A tick, where any are set and somebody listens. */
  async ring(): Promise<void> {
    if (this.every !== null) await this.#look?.();
  }
}
