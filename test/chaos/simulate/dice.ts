/** The one source of chance of a simulated life: the same seed rolls the same numbers in the same order. */
import { chanceOf } from '../../../src/domain/learning/chance.ts';

export type Dice = {
  /** In [0, 1). */
  next(): number;
  /** A whole number from `from` up to and without `until`. */
  between(from: number, until: number): number;
  happens(probability: number): boolean;
  pick<T>(among: readonly T[]): T;
  /** How many calls pass before the next thing happens that happens once in `mean` calls. */
  gap(mean: number): number;
};

export function diceOf(seed: number): Dice {
  // Neighbouring seeds would begin alike.
  const next = chanceOf(Math.imul(seed + 1, 0x9e3779b1) ^ (seed >>> 3));
  return {
    next,
    between: (from, until) => from + Math.floor(next() * (until - from)),
    happens: (probability) => next() < probability,
    pick(among) {
      const found = among[Math.floor(next() * among.length)];
      if (found === undefined) throw new RangeError('there is nothing to pick from');
      return found;
    },
    gap: (mean) =>
      Number.isFinite(mean) ? Math.ceil(-Math.log(1 - next()) * mean) : Number.POSITIVE_INFINITY,
  };
}
