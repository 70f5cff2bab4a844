/**
 * The learned classifier: from mails whose category people settled to a guess about a new one, with how sure it is. Pure
 * and repeatable: the same examples, seed and budget give the same model. It is made anew from all examples each time,
 * which takes seconds.
 *
 * How sure it may be is measured on examples held back in turn (cross-validation), never on those that it learned from.
 * A mail of no known category counts as wrong there whatever is guessed. With too few examples it is never sure.
 */
import type { CategoryId } from '../ids.ts';
import { chanceOf, inChance } from './chance.ts';
import type { Content, Example } from './example.ts';
import { type Features, featuresOf, hashOfWord, runsOfWord } from './features.ts';
import { type Separators, scoresOf, separate } from './linear.ts';
import type { Guess } from './proposal.ts';
import { makeVocabulary, placeOf, type Vector, type Vocabulary, vectorOf } from './vocabulary.ts';
import { wordsOf } from './words.ts';

export { modelFromBytes, modelToBytes } from './model-bytes.ts';

export type Model = {
  readonly categories: readonly CategoryId[];
  readonly vocabulary: Vocabulary;
  readonly separators: Separators;
  readonly about: About;
};

/** What can be told of a model without its examples. */
export type About = {
  readonly seed: number;
  readonly wrongAtMost: number;
  readonly examples: number;
  /** Those of no category. */
  readonly outOfScope: number;
  /** In the order of categories. */
  readonly perCategory: readonly { readonly category: CategoryId; readonly examples: number }[];
  /** The least confidence that is sure; above 1 when nothing is. */
  readonly operatingPoint: number;
  /** Of held-back examples: which share would be answered at the operating point, and which share of those wrongly. */
  readonly answered: number;
  readonly wrong: number;
  /** Too little to be sure of anything. */
  readonly tooFew: boolean;
};

export type Prediction = {
  /** The most probable first, at most five. */
  readonly guesses: readonly Guess[];
  /** The probability that the first guess is right. */
  readonly confidence: number;
  /** Whether that is enough for the share of wrong choices that is allowed. */
  readonly sure: boolean;
  /** The few words of the mail that spoke most for the first guess, as they stand there. */
  readonly because: readonly string[];
};

export type TrainingOptions = { readonly seed: number; readonly wrongAtMost: number };

const GUESSES_MAX = 5;
const BECAUSE_MAX = 4;
const FEATURES_MAX = 200_000;
const FOLDS = 4;
/** Fewer held-back answers than this show no share of wrong ones. */
const SHOWN_BY_MIN = 20;
const EXAMPLES_MIN = 5;

export function trainModel(examples: Iterable<Example>, options: TrainingOptions): Model {
  const features: Features[] = [];
  const settled: (CategoryId | null)[] = [];
  for (const { content, category } of examples) {
    features.push(featuresOf(content));
    settled.push(category);
  }
  const categories = [...new Set(settled)].filter((category) => category !== null).sort();
  const numbers = new Map(categories.map((category, index) => [category, index]));
  const labels = Int32Array.from(settled, (category) =>
    category === null ? -1 : (numbers.get(category) ?? -1),
  );
  const counts = categories.map((_, index) => labels.filter((label) => label === index).length);
  const { vocabulary, separators } = learn(features, labels, categories.length, options.seed);
  const judged = heldBack(features, labels, categories.length, options.seed);
  const tooFew = categories.length < 2 || counts.some((count) => count < EXAMPLES_MIN);
  const point = tooFew ? null : operatingPoint(judged, options.wrongAtMost);
  return {
    categories,
    vocabulary,
    separators,
    about: {
      seed: options.seed,
      wrongAtMost: options.wrongAtMost,
      examples: labels.length,
      outOfScope: labels.filter((label) => label < 0).length,
      perCategory: categories.map((category, index) => ({ category, examples: counts[index] ?? 0 })),
      operatingPoint: point?.confidence ?? 2,
      answered: point?.answered ?? 0,
      wrong: point?.wrong ?? 0,
      tooFew: point === null,
    },
  };
}

export function predict(model: Model, content: Content): Prediction {
  const { categories, vocabulary, separators, about } = model;
  const vector = vectorOf(vocabulary, featuresOf(content));
  const scores = scoresOf(separators, vector);
  const ranked = [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0)).slice(0, GUESSES_MAX);
  const confidence = confidenceOf(scores);
  const first = ranked[0];
  return {
    guesses: ranked.map((index) => ({
      category: categories[index] ?? '',
      probability: probabilityOf(scores, index),
    })),
    confidence,
    sure: !about.tooFew && confidence >= about.operatingPoint,
    because: first === undefined ? [] : wordsFor(model, content, first),
  };
}

export const aboutModel = (model: Model): About => model.about;

function learn(features: readonly Features[], labels: Int32Array, categories: number, seed: number) {
  const vocabulary = makeVocabulary(features, FEATURES_MAX);
  const vectors: Vector[] = features.map((each) => vectorOf(vocabulary, each));
  const size = { categories, features: vocabulary.features.length };
  return { vocabulary, separators: separate(vectors, labels, size, chanceOf(seed)) };
}

type Judged = { readonly confidence: number; readonly isRight: boolean };

/** Each example judged by a model that has not seen it. */
function heldBack(
  features: readonly Features[],
  labels: Int32Array,
  categories: number,
  seed: number,
): Judged[] {
  const order = inChance([...features.keys()], chanceOf(seed + 1));
  const judged: Judged[] = [];
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const seen = order.filter((_, index) => index % FOLDS !== fold);
    const kept = order.filter((_, index) => index % FOLDS === fold);
    const { vocabulary, separators } = learn(
      seen.map((index) => features[index] as Features),
      Int32Array.from(seen, (index) => labels[index] ?? -1),
      categories,
      seed,
    );
    for (const index of kept) {
      const scores = scoresOf(separators, vectorOf(vocabulary, features[index] as Features));
      const best = scores.indexOf(Math.max(...scores));
      judged.push({ confidence: confidenceOf(scores), isRight: best === labels[index] });
    }
  }
  return judged;
}

/** The least confidence at which no more is wrong than allowed; null when the held-back examples show none. */
function operatingPoint(judged: readonly Judged[], wrongAtMost: number) {
  const surest = [...judged].sort((a, b) => b.confidence - a.confidence);
  let wrong = 0;
  let found: { confidence: number; answered: number; wrong: number } | null = null;
  for (const [index, { confidence, isRight }] of surest.entries()) {
    if (!isRight) wrong += 1;
    const answered = index + 1;
    if (answered >= SHOWN_BY_MIN && wrong / answered <= wrongAtMost) {
      found = { confidence, answered: answered / judged.length, wrong: wrong / answered };
    }
  }
  return found;
}

/** How fast probability grows with the distance to the border between two categories. */
const STEEPNESS = 4;

function probabilityOf(scores: Float32Array, index: number): number {
  // "None" lies on the border.
  let sum = 1;
  for (const score of scores) sum += Math.exp(STEEPNESS * score);
  return Math.exp(STEEPNESS * (scores[index] ?? 0)) / sum;
}

function confidenceOf(scores: Float32Array): number {
  let best = Number.NEGATIVE_INFINITY;
  for (const score of scores) best = Math.max(best, score);
  let sum = 1;
  for (const score of scores) sum += Math.exp(STEEPNESS * score);
  return scores.length === 0 ? 0 : Math.exp(STEEPNESS * best) / sum;
}

/** What each word of the mail adds to the score of a category, beyond what it adds to all on average. */
function wordsFor(model: Model, content: Content, category: number): string[] {
  const { vocabulary, separators } = model;
  const said = new Map<string, { readonly written: string; readonly weight: number }>();
  for (const { form, written } of [...wordsOf(content.subject), ...wordsOf(content.body)]) {
    if (said.has(form)) continue;
    let weight = 0;
    for (const feature of [hashOfWord(form), ...runsOfWord(form)]) {
      const place = placeOf(vocabulary, feature);
      if (place >= 0) weight += (vocabulary.weights[place] ?? 0) * beyondOthers(separators, place, category);
    }
    said.set(form, { written, weight });
  }
  return [...said.values()]
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, BECAUSE_MAX)
    .map(({ written }) => written);
}

function beyondOthers({ categories, weights }: Separators, place: number, category: number): number {
  let sum = 0;
  for (let other = 0; other < categories; other += 1) sum += weights[place * categories + other] ?? 0;
  return (weights[place * categories + category] ?? 0) - sum / categories;
}
