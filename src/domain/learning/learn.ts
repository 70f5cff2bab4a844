/** One training: a model made of examples, and how it does beside the one in use on decisions that neither has seen. */
import type { SureChoice } from './drift.ts';
import type { Example } from './example.ts';
import { aboutModel, type Model, modelFromBytes, modelToBytes, predict, trainModel } from './model.ts';
import { type Comparison, compare, type HeldBack } from './training.ts';

export type LearnFrom = {
  readonly examples: readonly Example[];
  readonly heldBack: readonly HeldBack[];
  /** The one in use; null: there is none. */
  readonly present: Uint8Array | null;
  readonly seed: number;
  readonly wrongAtMost: number;
};

export type Learned = {
  readonly bytes: Uint8Array;
  readonly about: ReturnType<typeof aboutModel>;
  readonly comparison: Comparison;
  /** What it would have chosen of what was held back. */
  readonly choices: readonly (SureChoice & { readonly at: number })[];
};

export function learn({ examples, heldBack, present, seed, wrongAtMost }: LearnFrom): Learned {
  const model = trainModel(examples, { seed, wrongAtMost });
  const before = present === null ? null : readable(present);
  const { comparison, choices } = compare(
    heldBack,
    (content) => predict(model, content),
    before && ((content) => predict(before, content)),
  );
  return { bytes: modelToBytes(model), about: aboutModel(model), comparison, choices };
}

/** One that cannot be read any more, as after a change of its form, is none. */
function readable(bytes: Uint8Array): Model | null {
  try {
    return modelFromBytes(bytes);
  } catch {
    return null;
  }
}
