/**
 * One linear separator for each category against all the rest, learned together: support vector machines with squared
 * hinge loss, by coordinate descent on the dual (Hsieh et al., ICML 2008). An example of no category speaks against all
 * of them.
 *
 * The weights of all categories for one feature lie side by side, so that a mail is scored, and learned from, in one
 * walk over its features. After the first rounds only those pairs of example and category are looked at that still
 * push, which are few.
 */
import { type Chance, inChance } from './chance.ts';
import { type Row, weigh } from './vocabulary.ts';

export type Separators = {
  readonly categories: number;
  /** Of feature f for category c at f × categories + c; the last row is the bias. */
  readonly weights: Float32Array;
};

/** What is learned from. */
export type Lesson = {
  readonly rows: readonly Row[];
  /** The category of each row, below 0 for none. */
  readonly labels: ArrayLike<number>;
  /** How much each feature tells. */
  readonly weights: Float32Array;
  readonly categories: number;
};

/**
 * How much a mistake costs against simple weights: with an example of the category, and with one of the many others. An
 * even cost lets the others outvote a category of few examples, and pushes mail of no category about at random; what
 * many examples say is worth more.
 */
const COST_OWN = 3;
const COST_OTHER_MIN = 0.1;
const COST_OTHER_MAX = 0.5;
const COST_OTHER_BY_EXAMPLE = 0.005;
const ROUNDS_MAX = 15;
/** Rounds that look at everything. */
const WHOLE_ROUNDS = 2;
/** Steps smaller than this end the learning. */
const SETTLED = 0.05;

/** What changes while learning. */
type Work = {
  readonly separators: Separators;
  readonly scores: Float32Array;
  readonly values: Float32Array;
  /** Categories whose weights an example changes, and by how much: the first `changes` count. */
  readonly changed: Int32Array;
  readonly by: Float32Array;
  changes: number;
  steepest: number;
  readonly costOther: number;
};

export function separate(lesson: Lesson, chance: Chance): Separators {
  const { rows, labels, weights, categories } = lesson;
  const work: Work = {
    separators: { categories, weights: new Float32Array((weights.length + 1) * categories) },
    scores: new Float32Array(categories),
    values: new Float32Array(rows.reduce((most, { places }) => Math.max(most, places.length), 0)),
    changed: new Int32Array(categories),
    by: new Float32Array(categories),
    changes: 0,
    steepest: 0,
    costOther: Math.min(
      COST_OTHER_MAX,
      Math.max(COST_OTHER_MIN, (COST_OTHER_BY_EXAMPLE * rows.length) / Math.max(1, categories)),
    ),
  };
  const duals = rows.map(() => new Float32Array(categories));
  const every = Int32Array.from({ length: categories }, (_, category) => category);
  const watched = rows.map(() => every);
  const order = [...rows.keys()];
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    work.steepest = 0;
    for (const example of inChance(order, chance)) {
      const [row, dual, categoriesHere] = [rows[example], duals[example], watched[example]];
      if (row === undefined || dual === undefined || categoriesHere === undefined) continue;
      weigh(row, weights, work.values);
      scoreInto(work.separators, row.places, work.values, categoriesHere, work.scores);
      turn(work, dual, categoriesHere, labels[example] ?? -1, squareOf(row.places.length, work.values));
      if (work.changes > 0) change(work, row.places);
      if (round + 1 >= WHOLE_ROUNDS) {
        watched[example] = categoriesHere.filter((category) => (dual[category] ?? 0) > 0);
      }
    }
    if (work.steepest < SETTLED) break;
  }
  return work.separators;
}

/** One step on each dual variable of an example. */
function turn(work: Work, dual: Float32Array, watched: Int32Array, label: number, square: number): void {
  work.changes = 0;
  for (let at = 0; at < watched.length; at += 1) {
    const category = watched[at] ?? 0;
    const side = category === label ? 1 : -1;
    const soft = 1 / (2 * (side > 0 ? COST_OWN : work.costOther));
    const before = dual[category] ?? 0;
    const slope = side * (work.scores[category] ?? 0) - 1 + soft * before;
    if (before === 0 && slope >= 0) continue;
    work.steepest = Math.max(work.steepest, Math.abs(slope));
    const after = Math.max(0, before - slope / (square + soft));
    dual[category] = after;
    work.changed[work.changes] = category;
    work.by[work.changes] = side * (after - before);
    work.changes += 1;
  }
}

/** With the bias, which is a feature that every mail has. */
function squareOf(length: number, values: Float32Array): number {
  let square = 1;
  for (let at = 0; at < length; at += 1) square += (values[at] ?? 0) ** 2;
  return square;
}

function change({ separators, values, changed, by, changes }: Work, places: Int32Array): void {
  const { categories, weights } = separators;
  for (let at = 0; at <= places.length; at += 1) {
    const isBias = at === places.length;
    const row = isBias ? weights.length - categories : (places[at] ?? 0) * categories;
    const value = isBias ? 1 : (values[at] ?? 0);
    for (let one = 0; one < changes; one += 1) {
      const index = row + (changed[one] ?? 0);
      weights[index] = (weights[index] ?? 0) + value * (by[one] ?? 0);
    }
  }
}

/** How far on the side of each category a mail lies. */
export function scoresOf(separators: Separators, places: Int32Array, values: Float32Array): Float32Array {
  const scores = new Float32Array(separators.categories);
  scoreAll(separators, places, values, places.length, scores);
  return scores;
}

/** The same of the first `length` features. Four at a time: nearly all of the time of learning is spent here. */
export function scoreAll(
  { categories, weights }: Separators,
  places: Int32Array,
  values: Float32Array,
  length: number,
  scores: Float32Array,
): void {
  scores.set(weights.subarray(weights.length - categories));
  const fours = length - (length % 4);
  for (let at = 0; at < fours; at += 4) {
    const a = (places[at] ?? 0) * categories;
    const b = (places[at + 1] ?? 0) * categories;
    const c = (places[at + 2] ?? 0) * categories;
    const d = (places[at + 3] ?? 0) * categories;
    const ofA = values[at] ?? 0;
    const ofB = values[at + 1] ?? 0;
    const ofC = values[at + 2] ?? 0;
    const ofD = values[at + 3] ?? 0;
    for (let category = 0; category < categories; category += 1) {
      scores[category] =
        (scores[category] ?? 0) +
        ofA * (weights[a + category] ?? 0) +
        ofB * (weights[b + category] ?? 0) +
        ofC * (weights[c + category] ?? 0) +
        ofD * (weights[d + category] ?? 0);
    }
  }
  for (let at = fours; at < length; at += 1) {
    const row = (places[at] ?? 0) * categories;
    const value = values[at] ?? 0;
    for (let category = 0; category < categories; category += 1) {
      scores[category] = (scores[category] ?? 0) + value * (weights[row + category] ?? 0);
    }
  }
}

/** Only of the categories that are watched. */
function scoreInto(
  separators: Separators,
  places: Int32Array,
  values: Float32Array,
  watched: Int32Array,
  scores: Float32Array,
): void {
  const { categories, weights } = separators;
  if (watched.length === categories) {
    scoreAll(separators, places, values, places.length, scores);
    return;
  }
  for (let one = 0; one < watched.length; one += 1) {
    const category = watched[one] ?? 0;
    let score = weights[weights.length - categories + category] ?? 0;
    for (let at = 0; at < places.length; at += 1) {
      score += (values[at] ?? 0) * (weights[(places[at] ?? 0) * categories + category] ?? 0);
    }
    scores[category] = score;
  }
}
