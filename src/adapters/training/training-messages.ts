/** What goes between the process that asks for a training and the one that does it. */
import type { Example } from '../../domain/learning/example.ts';
import type { Learned } from '../../domain/learning/learn.ts';
import type { HeldBack } from '../../domain/learning/training.ts';

export type ToTrainer =
  | { readonly type: 'examples'; readonly examples: readonly Example[] }
  | { readonly type: 'held-back'; readonly heldBack: readonly HeldBack[] }
  | {
      readonly type: 'learn';
      readonly present: Uint8Array | null;
      readonly seed: number;
      readonly wrongAtMost: number;
    };

export type FromTrainer =
  | { readonly type: 'learned'; readonly learned: Learned }
  | { readonly type: 'failed'; readonly why: string };
