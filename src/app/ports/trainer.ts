/** Makes a model where that holds nobody up and may be stopped. */
import type { Example } from '../../domain/learning/example.ts';
import type { Learned } from '../../domain/learning/learn.ts';
import type { HeldBack } from '../../domain/learning/training.ts';

export interface Trainer {
  /**
   * Throws Failure: `training-stopped`, `training-too-long`, `training-too-large`, `training-failed`. Nothing of it is
   * left then.
   */
  train(job: TrainingJob): Promise<Learned>;
}

export type TrainingJob = {
  readonly examples: AsyncIterable<readonly Example[]>;
  readonly heldBack: AsyncIterable<readonly HeldBack[]>;
  /** The model in use; null: there is none to be compared with. */
  readonly present: Uint8Array | null;
  readonly seed: number;
  readonly wrongAtMost: number;
  readonly told: (progress: TrainingProgress) => void;
  readonly signal: AbortSignal;
};

export type TrainingProgress =
  | { readonly step: 'reading'; readonly examples: number }
  | { readonly step: 'learning'; readonly examples: number };
