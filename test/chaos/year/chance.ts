/** Chance that can be had again: each question has a stream of its own, so that one answer more moves no other. */

import { chanceOf as chanceFrom } from '../../../src/domain/learning/chance.ts';

export type Chance = {
  /** In [0, 1). */
  next(): number;
  between(from: number, until: number): number;
  happens(probability: number): boolean;
  pick<T>(among: readonly T[]): T;
};

/** The same seed and question give the same stream. */
export function chanceOf(seed: number, ...about: readonly (string | number)[]): Chance {
  const next = chanceFrom(hash(`${seed}/${about.join('/')}`));
  return {
    next,
    between: (from, until) => from + (until - from) * next(),
    happens: (probability) => next() < probability,
    pick(among) {
      const found = among[Math.floor(next() * among.length)];
      if (found === undefined) throw new RangeError('there is nothing to pick from');
      return found;
    },
  };
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value >>> 0;
}
