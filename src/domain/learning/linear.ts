/**
 * One linear separator for each category against all the rest, learned together: support vector machines with squared
 * hinge loss, by coordinate descent on the dual (Hsieh et al., ICML 2008). An example of no category speaks against all
 * of them.
 *
 * The weights of all categories for one feature lie side by side, so that a mail is scored, and learned from, in one
 * walk over its features. After the first rounds only those pairs of example and category are looked at that may still
 * change anything, which are few.
 */
import { type Chance, inChance } from './chance.ts';
import type { Vector } from './vocabulary.ts';

export type Separators = {
  readonly categories: number;
  /** Of feature f for category c at f × categories + c; the last row is the bias. */
  readonly weights: Float32Array;
};

/** How much a mistake costs against simple weights. */
const COST = 1;
const ROUNDS_MAX = 15;
/** Rounds that look at everything. */
const WHOLE_ROUNDS = 2;
/** Changes smaller than this end the learning. */
const SETTLED = 0.05;

export function separate(
  vectors: readonly Vector[],
  labels: Int32Array,
  size: { readonly categories: number; readonly features: number },
  chance: Chance,
): Separators {
  const { categories, features } = size;
  const weights = new Float32Array((features + 1) * categories);
  const separators = { categories, weights };
  const duals = vectors.map(() => new Float32Array(categories));
  const everyCategory = Int32Array.from({ length: categories }, (_, category) => category);
  const active = vectors.map(() => everyCategory);
  const scores = new Float32Array(categories);
  const order = vectors.map((_, index) => index);
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    let most = 0;
    for (const example of inChance(order, chance)) {
      const vector = vectors[example];
      const dual = duals[example];
      const watched = active[example];
      if (vector === undefined || dual === undefined || watched === undefined) continue;
      scoreSome(separators, vector, watched, scores);
      const { changed, steepest } = turn(dual, scores, watched, labels[example] ?? -1, squareOf(vector));
      if (changed.length > 0) change(separators, vector, changed);
      if (round + 1 >= WHOLE_ROUNDS) {
        active[example] = watched.filter((category) => (dual[category] ?? 0) > 0);
      }
      most = Math.max(most, steepest);
    }
    if (most < SETTLED) break;
  }
  return separators;
}

type Change = { readonly category: number; readonly by: number };

/** One step on each dual variable of an example. */
function turn(
  dual: Float32Array,
  scores: Float32Array,
  watched: Int32Array,
  label: number,
  square: number,
): { changed: Change[]; steepest: number } {
  const soft = 1 / (2 * COST);
  const changed: Change[] = [];
  let steepest = 0;
  for (const category of watched) {
    const side = category === label ? 1 : -1;
    const before = dual[category] ?? 0;
    const slope = side * (scores[category] ?? 0) - 1 + soft * before;
    if (before === 0 && slope >= 0) continue;
    steepest = Math.max(steepest, Math.abs(slope));
    const after = Math.max(0, before - slope / (square + soft));
    dual[category] = after;
    if (after !== before) changed.push({ category, by: side * (after - before) });
  }
  return { changed, steepest };
}

/** With the bias, which is a feature that every mail has. */
function squareOf({ values }: Vector): number {
  let square = 1;
  for (const value of values) square += value * value;
  return square;
}

function change(
  { categories, weights }: Separators,
  { places, values }: Vector,
  changed: readonly Change[],
): void {
  for (let at = 0; at <= places.length; at += 1) {
    const isBias = at === places.length;
    const row = isBias ? weights.length - categories : (places[at] ?? 0) * categories;
    const value = isBias ? 1 : (values[at] ?? 0);
    for (const { category, by } of changed) {
      weights[row + category] = (weights[row + category] ?? 0) + value * by;
    }
  }
}

/** How far on the side of each category a mail lies. */
export function scoresOf(separators: Separators, { places, values }: Vector): Float32Array {
  const { categories, weights } = separators;
  const scores = weights.slice(weights.length - categories);
  for (let at = 0; at < places.length; at += 1) {
    const row = (places[at] ?? 0) * categories;
    const value = values[at] ?? 0;
    for (let category = 0; category < categories; category += 1) {
      scores[category] = (scores[category] ?? 0) + value * (weights[row + category] ?? 0);
    }
  }
  return scores;
}

function scoreSome(separators: Separators, vector: Vector, watched: Int32Array, scores: Float32Array): void {
  const { categories, weights } = separators;
  if (watched.length === categories) {
    scores.set(scoresOf(separators, vector));
    return;
  }
  const { places, values } = vector;
  for (const category of watched) {
    let score = weights[weights.length - categories + category] ?? 0;
    for (let at = 0; at < places.length; at += 1) {
      score += (values[at] ?? 0) * (weights[(places[at] ?? 0) * categories + category] ?? 0);
    }
    scores[category] = score;
  }
}
