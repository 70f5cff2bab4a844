/** What a classifier would do that is made of these examples: judged on some of them that it has not seen. */
import { partsOf } from './cross-validation.ts';
import type { Content, Example } from './example.ts';
import { aboutModel, predict, trainModel } from './model.ts';
import { cutShort, type JudgedMail } from './report.ts';

/** An example with who wrote it; '' when nobody is named. */
export type FromSomebody = Example & { readonly sender: string };

export type TrialOptions = {
  readonly seed: number;
  readonly wrongAtMost: number;
  /** What is always learned from and never judged, such as the words of the configuration. */
  readonly given: readonly Example[];
};

export type NeverSure = ReturnType<typeof aboutModel>['neverSure'];

export type PartJudged = {
  readonly judged: readonly JudgedMail[];
  /** Why what was learned from the others is never sure; null: it may be. */
  readonly neverSure: NeverSure;
};

const PARTS = 5;
/** Of more, one part says enough about all, and learning five times would take minutes. */
const ALL_PARTS_UP_TO = 2_500;
/** Nothing can be held back of fewer. */
const EXAMPLES_MIN = 10;

/** How many parts will be judged; 0: there are too few examples. */
export const partsJudged = (examples: number): number =>
  examples < EXAMPLES_MIN ? 0 : examples <= ALL_PARTS_UP_TO ? PARTS : 1;

/** One part after the other, since each takes a while. */
export function* tryOut(
  examples: readonly FromSomebody[],
  { seed, wrongAtMost, given }: TrialOptions,
): Generator<PartJudged> {
  const partOf = partsOf(examples, PARTS, seed);
  for (let part = 0; part < partsJudged(examples.length); part += 1) {
    const seen = examples.filter((_, at) => partOf[at] !== part);
    const model = trainModel([...given, ...seen], { seed, wrongAtMost });
    yield {
      neverSure: aboutModel(model).neverSure,
      judged: examples
        .filter((_, at) => partOf[at] === part)
        .map(({ content, category }) => judgedMail(content, category, predict(model, content))),
    };
  }
}

export const judgedMail = (
  content: Content,
  truth: Example['category'],
  { guesses, confidence, sure }: ReturnType<typeof predict>,
): JudgedMail => ({
  text: cutShort([content.subject, content.body].filter((text) => text.trim() !== '').join(': ')),
  truth,
  guess: guesses[0]?.category ?? null,
  confidence,
  sure,
});
