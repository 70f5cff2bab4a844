/** Chance that can be had again: each question has a stream of its own, so that one answer more moves no other. */

export type Chance = {
  /** In [0, 1). */
  next(): number;
  between(from: number, until: number): number;
  happens(probability: number): boolean;
  pick<T>(among: readonly T[]): T;
};

/** The same seed and question give the same stream. */
export function chanceOf(seed: number, ...about: readonly (string | number)[]): Chance {
  let state = hash(`${seed}/${about.join('/')}`);
  const next = (): number => {
    // Mulberry32: small, and good enough for people.
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
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
