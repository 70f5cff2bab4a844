/**
 * A clock: each tick that it hears is one look at what is due, and where it has heard none for a while it looks by
 * itself and has the ticks set again. So a queue that is away, empty or deaf costs seconds, and one look is never begun
 * while another of this process lasts.
 */
import { type Duration, SECOND } from '../domain/instant.ts';
import type { Ticks } from './ports/ticks.ts';

export type KeepTimeDeps = {
  readonly ticks: Ticks;
  /** How long this process has been running: unlike the time of day, nobody sets it. */
  readonly elapsed: () => Duration;
  readonly pause: (length: Duration, until: AbortSignal) => Promise<void>;
};

export const TICK_EVERY: Duration = 5 * SECOND;
/** Another clock may have heard the ticks of so long; a look for nothing costs one query. */
export const QUIET_MAX: Duration = 20 * SECOND;

/** Runs until aborted, and waits for the look that runs then. `look` throws nothing. */
export async function keepTime(
  { ticks, elapsed, pause }: KeepTimeDeps,
  look: () => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<void> | null = null;
  const lookOnce = async (): Promise<void> => {
    if (signal.aborted) return;
    looking ??= look().finally(() => {
      looking = null;
      lookedAt = elapsed();
    });
    await looking;
  };
  await ticks.onTick(lookOnce);
  while (!signal.aborted) {
    if (elapsed() - lookedAt >= QUIET_MAX) {
      await ticks.setTicks(TICK_EVERY);
      await lookOnce();
    }
    await pause(TICK_EVERY, signal);
  }
  await looking;
}
