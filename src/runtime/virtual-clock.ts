/** A clock that stands still until it is moved, and can be let go to run on by itself. */
import type { Clock } from '../app/ports/clock.ts';
import { fromMs, type Instant } from '../domain/instant.ts';

export type VirtualClock = Clock & {
  /** Moves it on; it never goes back. */
  moveTo(at: Instant): void;
  /** From here on it keeps pace with the real time. */
  letRun(): void;
  /** Resolves once it has been let go: until then nobody can judge by it how long anything has lasted. */
  readonly runs: Promise<void>;
};

/** `real` tells the time that it keeps pace with; where that begins does not matter. */
export function virtualClock(start: Instant, real = () => fromMs(performance.now())): VirtualClock {
  let standing = start;
  let runsSince: Instant | null = null;
  const { promise: runs, resolve: tell } = Promise.withResolvers<void>();
  const now = () => (runsSince === null ? standing : standing + (real() - runsSince));
  return {
    now,
    moveTo(at) {
      standing = Math.max(at, now());
      if (runsSince !== null) runsSince = real();
    },
    letRun() {
      runsSince ??= real();
      tell();
    },
    runs,
  };
}
