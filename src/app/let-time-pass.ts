/**
 * One look of the clock at all that time may have brought. What works through its rows in batches gets one batch in each
 * round, so that after a downtime nothing waits until everything else is done; what fails stops none of the others.
 */
import type { Deps } from './deps.ts';

/** `batches`: it answers how much it has moved, and where that is more than nothing there may be more. */
export type Part = readonly [name: string, run: (deps: Deps) => Promise<unknown>, pace?: 'batches'];

/** Rounds, in the order of the parts, until no batch moves anything or until aborted. */
export async function letTimePass(deps: Deps, parts: readonly Part[], signal: AbortSignal): Promise<void> {
  for (let isDone = false; !isDone && !signal.aborted; ) {
    isDone = true;
    for (const [part, run, pace] of parts) {
      const moved = await run(deps).catch((error: unknown) => {
        deps.log.error({ step: 'clock', part, error: String(error) }, 'a part of a tick failed');
        return 0;
      });
      if (pace === 'batches' && typeof moved === 'number' && moved > 0) isDone = false;
    }
  }
}
