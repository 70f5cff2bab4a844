/** What learning works with, and how a process keeps up with the model in use. */
import { postgresLearning } from '../adapters/db/learning.ts';
import { postgresModels } from '../adapters/db/models.ts';
import type { Pool } from '../adapters/db/pool.ts';
import { childTrainer } from '../adapters/training/child-trainer.ts';
import type { HeldModel } from '../app/current-model.ts';
import type { Clock } from '../app/ports/clock.ts';
import type { Learning } from '../app/ports/learning.ts';
import type { Log } from '../app/ports/log.ts';
import type { Models } from '../app/ports/models.ts';
import type { Trainer } from '../app/ports/trainer.ts';

const REFRESH_MS = 5_000;

export type LearningServices = {
  readonly learning: Learning;
  readonly models: Models;
  readonly trainer: Trainer;
};

export function learningServices(pool: Pool, time: Clock | 'database'): LearningServices {
  return {
    learning: postgresLearning({ pool, time }),
    models: postgresModels({ pool, time }),
    trainer: childTrainer(),
  };
}

/**
 * Keeps the model in use up to date until aborted; those workers call it that read mail, and the others hold none. A
 * database that is away changes nothing. Resolves after the first look.
 */
export async function followModel(model: HeldModel, log: Log, signal: AbortSignal): Promise<void> {
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    await model
      .refresh()
      .catch((error: unknown) =>
        log.warn({ step: 'learn', error: String(error) }, 'whether there is a new model is not known'),
      );
    isLooking = false;
  };
  await look();
  const timer = setInterval(look, REFRESH_MS).unref();
  signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}
