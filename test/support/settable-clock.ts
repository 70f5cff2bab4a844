/** A clock that stands still until a test moves it. */
import type { Clock } from '../../src/app/ports/clock.ts';
import type { Duration, Instant } from '../../src/domain/instant.ts';

export type SettableClock = Clock & {
  set(at: Instant): void;
  /** Moves on by so much and answers the new time. */
  advance(by: Duration): Instant;
};

export function settableClock(start: Instant): SettableClock {
  let now = start;
  return {
    now: () => now,
    set: (at) => {
      now = at;
    },
    advance: (by) => {
      now += by;
      return now;
    },
  };
}
