/**
 * The same question asked in another way: which category is the most probable, by multinomial logistic regression, where
 * at each look half of the features of a mail are left out by chance (Hinton et al. 2012). Nothing can then hang on one
 * word alone. It errs on other mails than separators do, so that both together err less, most of all where there are few
 * examples or categories are near to each other.
 *
 * Steps are made smaller for each weight by how much it was changed before (Duchi et al., JMLR 2011).
 */
import { type Chance, inChance } from './chance.ts';
import { type Lesson, type Separators, scoreAll } from './linear.ts';
import { weigh } from './vocabulary.ts';

const LEFT_OUT = 0.5;
const STEP = 0.2;
/** Many examples need few rounds. */
const ROUNDS_MAX = 20;
const ROUNDS_MIN = 4;
const LOOKS = 100_000;
/** A category that is less wrong than this is not changed. */
const SETTLED = 1e-2;

/** What changes while learning. */
type Work = {
  readonly separators: Separators;
  readonly squares: Float32Array;
  /** Of an example, what is not left out: the first `kept` count. */
  readonly places: Int32Array;
  readonly values: Float32Array;
  kept: number;
  /** How probable each category is, then how far that is wrong. */
  readonly errors: Float32Array;
  readonly changed: Int32Array;
};

export function regress(lesson: Lesson, chance: Chance): Separators {
  const { rows, weights, categories } = lesson;
  const longest = rows.reduce((most, { places }) => Math.max(most, places.length), 0);
  const size = (weights.length + 1) * categories;
  const work: Work = {
    separators: { categories, weights: new Float32Array(size) },
    squares: new Float32Array(size).fill(1e-8),
    places: new Int32Array(longest),
    values: new Float32Array(longest),
    kept: 0,
    errors: new Float32Array(categories),
    changed: new Int32Array(categories),
  };
  const weighed = new Float32Array(longest);
  const rounds = Math.max(ROUNDS_MIN, Math.min(ROUNDS_MAX, Math.round(LOOKS / Math.max(1, rows.length))));
  const order = [...rows.keys()];
  for (let round = 0; round < rounds; round += 1) {
    const step = STEP * (1 - round / rounds);
    for (const example of inChance(order, chance)) {
      const row = rows[example];
      if (row === undefined) continue;
      weigh(row, weights, weighed);
      leaveOut(work, row.places, weighed, chance);
      judge(work, lesson.labels[example] ?? -1);
      correct(work, step);
    }
  }
  return work.separators;
}

/** Those that are kept count for those that are not. */
function leaveOut(work: Work, places: Int32Array, values: Float32Array, chance: Chance): void {
  work.kept = 0;
  for (let at = 0; at < places.length; at += 1) {
    if (chance() < LEFT_OUT) continue;
    work.places[work.kept] = places[at] ?? 0;
    work.values[work.kept] = (values[at] ?? 0) / (1 - LEFT_OUT);
    work.kept += 1;
  }
}

/** How wrong each category is; what belongs to none should leave all of them equally probable. */
function judge({ separators, places, values, kept, errors }: Work, label: number): void {
  const { categories } = separators;
  scoreAll(separators, places, values, kept, errors);
  let highest = Number.NEGATIVE_INFINITY;
  for (const score of errors) highest = Math.max(highest, score);
  let all = 0;
  for (let category = 0; category < categories; category += 1) {
    const part = Math.exp((errors[category] ?? 0) - highest);
    errors[category] = part;
    all += part;
  }
  for (let category = 0; category < categories; category += 1) {
    const wanted = label < 0 ? 1 / categories : category === label ? 1 : 0;
    errors[category] = (errors[category] ?? 0) / all - wanted;
  }
}

function correct({ separators, squares, places, values, kept, errors, changed }: Work, step: number): void {
  const { categories, weights } = separators;
  let changes = 0;
  for (let category = 0; category < categories; category += 1) {
    if (Math.abs(errors[category] ?? 0) > SETTLED) {
      changed[changes] = category;
      changes += 1;
    }
  }
  for (let at = 0; at <= kept; at += 1) {
    const isBias = at === kept;
    const start = isBias ? weights.length - categories : (places[at] ?? 0) * categories;
    const value = isBias ? 1 : (values[at] ?? 0);
    for (let one = 0; one < changes; one += 1) {
      const category = changed[one] ?? 0;
      const index = start + category;
      const slope = value * (errors[category] ?? 0);
      const square = (squares[index] ?? 0) + slope * slope;
      squares[index] = square;
      weights[index] = (weights[index] ?? 0) - (step * slope) / Math.sqrt(square);
    }
  }
}
