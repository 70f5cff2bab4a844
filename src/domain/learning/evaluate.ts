/** How good a model is on examples that it has not seen: the figures of `baton classify`. */
import type { CategoryId } from '../ids.ts';
import type { Prediction } from './model.ts';

export type Judged = {
  /** null: it belongs to no category. */
  readonly truth: CategoryId | null;
  readonly prediction: Prediction;
};

/** Fractions from 0 to 1; null where nothing was there to be counted. */
export type Figures = {
  /** The first guess is right, of what belongs somewhere, however sure. */
  readonly accuracy: number | null;
  /** The same at the operating point: a mail that is not answered counts as held to be out of scope. */
  readonly inScopeAccuracy: number | null;
  readonly outOfScopeRecall: number | null;
  readonly outOfScopePrecision: number | null;
  /** The largest share of all that could be answered with at most 5 (or 1) of 100 answers wrong. */
  readonly coverageAt95: number;
  readonly coverageAt99: number;
  /** At the operating point: the share of all that is answered, and of those that is wrong. */
  readonly answered: number;
  readonly wrong: number | null;
};

export function figuresOf(judged: readonly Judged[]): Figures {
  const inScope = judged.filter(({ truth }) => truth !== null);
  const outOfScope = judged.filter(({ truth }) => truth === null);
  const unanswered = judged.filter(({ prediction }) => !prediction.sure);
  const answered = judged.filter(({ prediction }) => prediction.sure);
  const share = (part: readonly Judged[], whole: readonly Judged[]) =>
    whole.length === 0 ? null : part.length / whole.length;
  const unansweredOutside = outOfScope.filter(({ prediction }) => !prediction.sure);
  return {
    accuracy: share(inScope.filter(isRight), inScope),
    inScopeAccuracy: share(
      inScope.filter((one) => one.prediction.sure && isRight(one)),
      inScope,
    ),
    outOfScopeRecall: share(unansweredOutside, outOfScope),
    outOfScopePrecision: share(unansweredOutside, unanswered),
    coverageAt95: coverageAt(judged, 0.95),
    coverageAt99: coverageAt(judged, 0.99),
    answered: share(answered, judged) ?? 0,
    wrong: share(
      answered.filter((one) => !isRight(one)),
      answered,
    ),
  };
}

export const isRight = ({ truth, prediction }: Judged): boolean =>
  truth !== null && prediction.guesses[0]?.category === truth;

function coverageAt(judged: readonly Judged[], precision: number): number {
  const surest = [...judged].sort((a, b) => b.prediction.confidence - a.prediction.confidence);
  let right = 0;
  let most = 0;
  for (const [index, one] of surest.entries()) {
    if (isRight(one)) right += 1;
    // Those of one confidence are answered together or not at all.
    const isLastOfEqual = surest[index + 1]?.prediction.confidence !== one.prediction.confidence;
    if (isLastOfEqual && right >= precision * (index + 1)) most = index + 1;
  }
  return judged.length === 0 ? 0 : most / judged.length;
}
