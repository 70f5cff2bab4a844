/** What learning works with, and the model in use, kept up to date for as long as a process runs. */
import { postgresLearning } from '../adapters/db/learning.ts';
import { postgresModels } from '../adapters/db/models.ts';
import type { Pool } from '../adapters/db/pool.ts';
import { childTrainer } from '../adapters/training/child-trainer.ts';
import { type CurrentModelDeps, heldModel } from '../app/current-model.ts';
import type { Clock } from '../app/ports/clock.ts';
import type { Learning } from '../app/ports/learning.ts';
import type { CurrentModel } from '../app/ports/model.ts';
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

export type OpenModel = CurrentModel & { close(): void };

/** A model that is missing when this begins is taken up once it is there; a database that is away changes nothing. */
export async function openModel(deps: CurrentModelDeps): Promise<OpenModel> {
  const held = heldModel(deps);
  let isLooking = false;
  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    await held
      .refresh()
      .catch((error: unknown) =>
        deps.log.warn({ step: 'learn', error: String(error) }, 'whether there is a new model is not known'),
      );
    isLooking = false;
  };
  await look();
  const timer = setInterval(look, REFRESH_MS).unref();
  return { propose: held.propose, close: () => clearInterval(timer) };
}
