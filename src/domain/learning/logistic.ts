/**
 * Logistic regression on a handful of signals: the probability of yes, given numbers of which more always speaks for yes.
 * No weight is ever negative, so a stronger signal never lowers the probability, whatever chance has put into few
 * examples. Exact and without chance: Newton's method, each step the best one that keeps the weights from 0 up.
 */

/** Log odds of yes: the bias and, for each signal, how much it adds. */
export type Line = { readonly bias: number; readonly weights: readonly number[] };

export type Answered = {
  readonly signals: readonly number[];
  readonly isYes: boolean;
  /** For how many examples this one stands. */
  readonly weight: number;
};

const STEPS_MAX = 30;
const SWEEPS = 60;
const HALVINGS_MAX = 20;
/** A step that changes the log odds by less than this ends the search. */
const SETTLED = 1e-7;
/** As strong as one example against every weight: with few examples the signals count for little. */
const RIDGE = 1;

export function oddsOn({ bias, weights }: Line, signals: readonly number[]): number {
  let odds = bias;
  for (const [index, weight] of weights.entries()) odds += weight * (signals[index] ?? 0);
  return odds;
}

export const probabilityOn = (line: Line, signals: readonly number[]): number =>
  1 / (1 + Math.exp(-oddsOn(line, signals)));

/** The line that fits best; with nothing to fit it to, one that says half. */
export function lineThrough(answered: readonly Answered[], signals: number): Line {
  if (answered.length === 0) return { bias: 0, weights: new Array<number>(signals).fill(0) };
  const scales = Array.from({ length: signals }, (_, index) => scaleOf(answered, index));
  const rows = answered.map((one) =>
    Float64Array.from([
      ...scales.map(({ middle, spread }, index) => ((one.signals[index] ?? 0) - middle) / spread),
      1,
    ]),
  );
  const found = minimise(rows, targetsOf(answered), weightsOf(answered));
  const weights = scales.map(({ spread }, index) => (found[index] ?? 0) / spread);
  const bias = scales.reduce(
    (left, { middle }, index) => left - middle * (weights[index] ?? 0),
    found[signals] ?? 0,
  );
  return { bias, weights };
}

type Scale = { readonly middle: number; readonly spread: number };

function scaleOf(answered: readonly Answered[], index: number): Scale {
  const middle = answered.reduce((sum, { signals }) => sum + (signals[index] ?? 0), 0) / answered.length;
  const square = answered.reduce((sum, { signals }) => sum + ((signals[index] ?? 0) - middle) ** 2, 0);
  const spread = Math.sqrt(square / answered.length);
  // What is the same everywhere but for rounding tells nothing, and must not be blown up.
  return { middle, spread: spread > 1e-9 ? spread : Number.POSITIVE_INFINITY };
}

/** Never quite yes or no (Platt 1999): of three examples that all say yes, the next may still say no. */
function targetsOf(answered: readonly Answered[]): number[] {
  const yes = answered.filter(({ isYes }) => isYes).length;
  const no = answered.length - yes;
  return answered.map(({ isYes }) => (isYes ? (yes + 1) / (yes + 2) : 1 / (no + 2)));
}

/** Few that stand for many are no more evidence than few: all together weigh as many as the sample is worth (Kish). */
function weightsOf(answered: readonly Answered[]): number[] {
  const sum = answered.reduce((all, { weight }) => all + weight, 0);
  const squares = answered.reduce((all, { weight }) => all + weight * weight, 0);
  return answered.map(({ weight }) => (weight * sum) / squares);
}

type Slopes = {
  readonly loss: number;
  readonly gradient: Float64Array;
  readonly bends: readonly Float64Array[];
};

function minimise(
  rows: readonly Float64Array[],
  targets: readonly number[],
  counted: readonly number[],
): number[] {
  const size = rows[0]?.length ?? 0;
  let at = new Array<number>(size).fill(0);
  let slopes = slopesAt(at, rows, targets, counted);
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const way = bestStep(at, slopes);
    let share = 1;
    let next = at;
    let there = slopes;
    for (let halving = 0; halving < HALVINGS_MAX; halving += 1) {
      next = at.map((value, index) => value + share * (way[index] ?? 0));
      there = slopesAt(next, rows, targets, counted);
      if (there.loss <= slopes.loss) break;
      share /= 2;
    }
    if (there.loss > slopes.loss) break;
    at = next;
    slopes = there;
    if (Math.max(...way.map(Math.abs)) * share < SETTLED) break;
  }
  return at;
}

function slopesAt(
  at: readonly number[],
  rows: readonly Float64Array[],
  targets: readonly number[],
  counted: readonly number[],
): Slopes {
  const size = at.length;
  const gradient = Float64Array.from(at, (value, index) => (index < size - 1 ? RIDGE * value : 0));
  const bends = at.map((_, index) => Float64Array.from(at, (__, other) => (index === other ? RIDGE : 0)));
  let loss = at.slice(0, -1).reduce((sum, value) => sum + (RIDGE * value * value) / 2, 0);
  for (const [number, row] of rows.entries()) {
    const target = targets[number] ?? 0;
    const weight = counted[number] ?? 0;
    let odds = 0;
    for (let index = 0; index < size; index += 1) odds += (at[index] ?? 0) * (row[index] ?? 0);
    const probability = 1 / (1 + Math.exp(-odds));
    loss += weight * (Math.log1p(Math.exp(-Math.abs(odds))) + Math.max(odds, 0) - target * odds);
    const slope = weight * (probability - target);
    const bend = weight * probability * (1 - probability);
    for (let index = 0; index < size; index += 1) {
      const value = row[index] ?? 0;
      gradient[index] = (gradient[index] ?? 0) + slope * value;
      const line = bends[index] as Float64Array;
      for (let other = 0; other < size; other += 1) {
        line[other] = (line[other] ?? 0) + bend * value * (row[other] ?? 0);
      }
    }
  }
  return { loss, gradient, bends };
}

/** To the bottom of the parabola that touches here, one weight after the other, none below 0 but the bias. */
function bestStep(at: readonly number[], { gradient, bends }: Slopes): number[] {
  const step = at.map(() => 0);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (let index = 0; index < at.length; index += 1) {
      const line = bends[index] as Float64Array;
      let slope = gradient[index] ?? 0;
      for (let other = 0; other < at.length; other += 1) slope += (line[other] ?? 0) * (step[other] ?? 0);
      const wanted = (step[index] ?? 0) - slope / (line[index] ?? 1);
      step[index] = index === at.length - 1 ? wanted : Math.max(wanted, -(at[index] ?? 0));
    }
  }
  return step;
}
