/**
 * Ticks: a bell that rings by itself every so often and says nothing but that time has passed. All who set it share one
 * schedule, and one of all listeners hears each tick. It may be lost, late or double: what is due stands in the store.
 */
import type { Duration } from '../../domain/instant.ts';

export interface Ticks {
  /**
   * Sees to it that ticks are rung every so often, however many see to it; nothing happens where they are. Never throws
   * and never waits for longer than seconds: whoever hears none sets them again.
   */
  setTicks(every: Duration): Promise<void>;
  /**
   * Calls `look` for each tick, one at a time. What takes longer than a period costs ticks: never more than one waits.
   * An error thrown by it is logged, and the next tick comes all the same.
   */
  onTick(look: () => Promise<void>): Promise<void>;
}
