/**
 * The clock's third part: it learns anew once a day, and at once after an erasure or when the categories are others. A
 * part of its own, since a training takes minutes and no clock may wait for it.
 */
import { DEFAULT_SEED, learnAnew } from '../src/app/learn.ts';
import type { Services } from '../src/runtime/services.ts';

const LOOK_MS = 30_000;
/** A training has an hour; see the trainer's bounds. */
const TURN_MS = 2 * 3_600_000;

/** Runs until aborted. Any number may run: one of them has the turn. */
export async function runLearning(services: Services, signal: AbortSignal): Promise<void> {
  const { log } = services.deps;
  while (!signal.aborted) {
    try {
      const outcome = await learnAnew(
        { ...services.deps, ...services.learning },
        { now: false, seed: DEFAULT_SEED, told: () => {}, signal },
      );
      if (outcome.type === 'learned') {
        const { version, used, why } = outcome;
        log.info({ step: 'learn', version, used, why }, 'learned anew from what was decided');
      }
    } catch (error) {
      if (!signal.aborted) log.warn({ step: 'learn', error: String(error) }, 'nothing was learned this time');
    }
    await services.pulse.pause('learning', LOOK_MS, signal, TURN_MS);
  }
}
