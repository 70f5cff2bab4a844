/**
 * Where everything that runs at once takes turns. Whatever a simulated process does between two calls of ports is one
 * step; before each call it waits here until it is its turn, and which of them goes on is a roll of the dice. Time
 * stands still while anything can go on, and jumps to the next thing that happens when nothing can.
 *
 * A process that has died goes on nowhere: its strands wait here for ever.
 */
import type { Duration, Instant } from '../../../src/domain/instant.ts';
import type { Dice } from './dice.ts';

/** One whose work ends when it dies. */
export type Mortal = { readonly alive: boolean };

export type Stage = {
  /** True time, which no process knows. */
  now(): Instant;
  /** Returns when it is this strand's turn, so much later at the earliest. */
  turn(of: Mortal, after?: Duration): Promise<void>;
  /** Something outside of all processes happens then; of one instant in any order. */
  at(when: Instant, deed: () => void): void;
  /** How many strands wait for their turn. */
  readonly waiting: number;
  /** One step; false: nothing can go on before `horizon`, to which time has jumped. */
  step(horizon: Instant): Promise<boolean>;
  /** What was to happen outside is forgotten. */
  clear(): void;
};

type Entry = { readonly of: Mortal; readonly at: Instant; readonly resume: () => void };

/** How long a step takes at most. */
const STEP: Duration = 40_000;
/** How often one that is alone goes on at once, and nothing else can begin in between. */
const ALONE = 0.75;
const AT_ONCE = Promise.resolve();

export function stageOf(start: Instant, dice: Dice): Stage {
  let now = start;
  /** Nothing goes on but what waits for its turn. */
  let isAtRest = true;
  let entries: Entry[] = [];
  let deeds: { readonly at: Instant; readonly deed: () => void }[] = [];

  /** Every strand has come to its next call, or to its end: nothing here waits for anything real. */
  async function rest(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    isAtRest = true;
  }

  function earliest(): Instant {
    let first = Number.POSITIVE_INFINITY;
    for (const { at } of entries) if (at < first) first = at;
    for (const { at } of deeds) if (at < first) first = at;
    return first;
  }

  return {
    now: () => now,
    turn(of, after = 0) {
      // Whoever is alone need not wait each time: most of what a step costs is waiting.
      if (after === 0 && entries.length === 0 && dice.next() < ALONE) {
        now += Math.floor(dice.next() * STEP);
        isAtRest = false;
        return AT_ONCE;
      }
      return new Promise<void>((resume) => {
        entries.push({ of, at: now + after, resume });
      });
    },
    at(when, deed) {
      deeds.push({ at: Math.max(now, Math.round(when)), deed });
    },
    get waiting() {
      return entries.length;
    },
    async step(horizon) {
      if (!isAtRest) await rest();
      if (entries.some(({ of }) => !of.alive)) entries = entries.filter(({ of }) => of.alive);
      const next = earliest();
      if (next > horizon) {
        now = Math.max(now, horizon);
        return false;
      }
      now = Math.max(now, next) + Math.floor(dice.next() * STEP);
      const ready = entries.filter(({ at }) => at <= now);
      const due = deeds.filter(({ at }) => at <= now);
      const chosen = Math.floor(dice.next() * (ready.length + due.length));
      const strand = ready[chosen];
      const happening = due[chosen - ready.length];
      if (strand !== undefined) {
        entries.splice(entries.indexOf(strand), 1);
        strand.resume();
      } else if (happening !== undefined) {
        deeds.splice(deeds.indexOf(happening), 1);
        happening.deed();
      }
      await rest();
      return true;
    },
    clear() {
      deeds = [];
    },
  };
}
