/**
 * The learned classifier: from mails whose category people settled to a guess about a new one, with how sure it is. Pure
 * and repeatable: the same examples, seed and budget give the same model. It is made anew from all examples each time,
 * which takes seconds.
 *
 * How sure it may be is measured on examples held back in turn (cross-validation), never on those that it learned from.
 * A mail of no known category counts as wrong there whatever is guessed. With too few examples it is never sure.
 */
import type { CategoryId } from '../ids.ts';
import { wordsFor } from './because.ts';
import { chanceOf, inChance } from './chance.ts';
import {
  type AboutConfidence,
  belongsNowhere,
  type Confidence,
  firstGuess,
  fitConfidence,
  type HeldBack,
  isSure,
  type Judgement,
  judge,
  type Scored,
} from './confidence.ts';
import { learnBoth } from './ensemble.ts';
import type { Content, Example } from './example.ts';
import { type Features, featuresOf } from './features.ts';
import { enoughOf, roundsOf } from './held-back.ts';
import { type Separators, scoresOf } from './linear.ts';
import type { Guess } from './proposal.ts';
import { makeVocabulary, type Row, rowOf, type Vocabulary, weigh, weightsOf } from './vocabulary.ts';
import { scoresBy, toBytes, type Weights } from './weights.ts';

export { modelFromBytes, modelToBytes } from './model-bytes.ts';

export type Model = {
  readonly categories: readonly CategoryId[];
  readonly vocabulary: Vocabulary;
  /** How much each feature tells at all. */
  readonly telling: Float32Array;
  /** For each category, and where enough examples belong nowhere once more for that. */
  readonly weights: Weights;
  readonly confidence: Confidence;
  readonly about: About;
};

/** What can be told of a model without its examples. */
export type About = {
  readonly seed: number;
  readonly examples: number;
  /** Those of no category. */
  readonly outOfScope: number;
  /** In the order of categories. */
  readonly perCategory: readonly { readonly category: CategoryId; readonly examples: number }[];
};

export type Prediction = {
  /** The most probable first, at most five. */
  readonly guesses: readonly Guess[];
  /** The probability that the first guess is right. */
  readonly confidence: number;
  /** The probability that the mail belongs to no category. */
  readonly none: number;
  /** That is clearly more probable than that the first guess is right. */
  readonly outOfScope: boolean;
  /** Whether the first guess is sure enough for the share of wrong choices that is allowed. */
  readonly sure: boolean;
  /** The few words of the mail that spoke most for the first guess, as they stand there. */
  readonly because: readonly string[];
};

export type TrainingOptions = { readonly seed: number; readonly wrongAtMost: number };

const GUESSES_MAX = 5;
/** Weights of all features and categories together, a byte each; and never more features than that. */
const WEIGHTS_MAX = 30_000_000;
const FEATURES_MAX = 250_000;
/** So many examples that belong nowhere are enough to learn what they have in common. */
const NONE_LEARNED_FROM = 20;
/** Which share of mail is taken to belong nowhere at least, whatever the examples say. */
const UNKNOWN_SHARE_MIN = 0.1;

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
  const outOfScope = labels.filter((label) => label < 0).length;
  const featuresMax = Math.min(FEATURES_MAX, Math.ceil(WEIGHTS_MAX / (categories.length + 1)));
  const vocabulary = makeVocabulary(features, featuresMax);
  const rows = features.map((each) => rowOf(vocabulary, each));
  const lesson = { rows, labels, categories: categories.length, features: vocabulary.features.length };
  const learned = learn(lesson, options.seed);
  return {
    categories,
    vocabulary,
    telling: learned.weights,
    weights: toBytes(learned.separators),
    confidence: fitConfidence(heldBack(lesson, options.seed), {
      wrongAtMost: options.wrongAtMost,
      unknownShare: Math.max(UNKNOWN_SHARE_MIN, outOfScope / Math.max(1, labels.length)),
    }),
    about: {
      seed: options.seed,
      examples: labels.length,
      outOfScope,
      perCategory: categories.map((category, index) => ({ category, examples: counts[index] ?? 0 })),
    },
  };
}

export function predict(model: Model, content: Content): Prediction {
  const { categories, vocabulary, confidence } = model;
  const row = rowOf(vocabulary, featuresOf(content));
  const values = new Float32Array(row.places.length);
  const known = weigh(row, model.telling, values);
  const scored = scoredFrom(scoresBy(model.weights, row.places, values), known, categories.length);
  const judgement = judge(confidence, scored);
  const probabilities = probabilitiesOf(scored.scores, judgement);
  // By score: of guesses that are hardly probable, several are given the same probability.
  const ranked = [...probabilities.keys()]
    .sort((a, b) => (scored.scores[b] ?? 0) - (scored.scores[a] ?? 0))
    .slice(0, GUESSES_MAX);
  const first = ranked[0];
  return {
    guesses: ranked.map((index) => ({
      category: categories[index] ?? '',
      probability: probabilities[index] ?? 0,
    })),
    confidence: judgement.right,
    none: judgement.none,
    outOfScope: first === undefined || belongsNowhere(judgement),
    sure: first !== undefined && isSure(confidence, judgement),
    because: first === undefined ? [] : wordsFor(model, content, first),
  };
}

export const aboutModel = ({ about, confidence }: Model): About & AboutConfidence => ({
  ...about,
  ...confidence.about,
});

/** With enough examples of it, belonging nowhere is learned like one more category, behind all others. */
const hearsNone = (labels: ArrayLike<number>): boolean =>
  Array.from(labels).filter((label) => label < 0).length >= NONE_LEARNED_FROM;

type Lesson = {
  readonly rows: readonly Row[];
  readonly labels: Int32Array;
  readonly categories: number;
  readonly features: number;
};

function learn({ rows, labels, categories, features }: Lesson, seed: number) {
  const weights = weightsOf(rows, features);
  const withNone = hearsNone(labels);
  const lesson = {
    rows,
    weights,
    categories: categories + (withNone ? 1 : 0),
    labels: withNone ? labels.map((label) => (label < 0 ? categories : label)) : labels,
  };
  return { weights, separators: learnBoth(lesson, chanceOf(seed)) };
}

const scoredFrom = (scores: Float32Array, known: number, categories: number): Scored => ({
  scores: scores.subarray(0, categories),
  none: scores[categories] ?? null,
  known,
});

/** Each example scored by what was learned without it. */
function heldBack(lesson: Lesson, seed: number): HeldBack[] {
  const { rows, labels, categories } = lesson;
  const order = inChance(
    Array.from({ length: categories }, (_, category) => category),
    chanceOf(seed + 1),
  );
  const rounds = enoughOf(roundsOf(labels, categories, order), labels);
  return rounds.flatMap(({ learned, judged, leftOut }) => {
    const { weights, separators } = learn(
      {
        ...lesson,
        rows: learned.map((example) => rows[example] as Row),
        labels: Int32Array.from(learned, (example) => labels[example] ?? -1),
      },
      seed,
    );
    return judged.map((example): HeldBack => {
      const scored = scoredWith(separators, rows[example] as Row, weights, categories);
      const label = labels[example] ?? -1;
      const scores = scored.scores as Float32Array;
      for (const category of leftOut) scores[category] = Number.NEGATIVE_INFINITY;
      const isLeftOut = leftOut.has(label);
      return { ...scored, isLeftOut, truth: label < 0 || isLeftOut ? null : label };
    });
  });
}

function scoredWith(separators: Separators, row: Row, weights: Float32Array, categories: number): Scored {
  const values = new Float32Array(row.places.length);
  const known = weigh(row, weights, values);
  return scoredFrom(scoresOf(separators, row.places, values), known, categories);
}

/** How fast probability falls with the distance behind the first guess. */
const STEEPNESS = 4;

/** The first guess has what it is judged to have; the others share what is left, none more than the first. */
function probabilitiesOf(scores: ArrayLike<number>, { right, none }: Judgement): number[] {
  const first = firstGuess(scores);
  const others = Array.from(scores, (score, index) =>
    index === first ? 0 : Math.exp(STEEPNESS * (score - (scores[first] ?? 0))),
  );
  const all = others.reduce((sum, other) => sum + other, 0);
  const left = Math.max(0, 1 - right - none);
  return others.map((other, index) => (index === first ? right : Math.min(right, (left * other) / all)));
}
