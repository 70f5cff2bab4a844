/** Chance that is the same for the same seed: learning twice from the same examples gives the same model. */

/** Answers a number from 0 to just below 1. */
export type Chance = () => number;

/** Mulberry32: 32 bits of state are plenty for an order of examples. */
export function chanceOf(seed: number): Chance {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mix = Math.imul(state ^ (state >>> 15), 1 | state);
    mix = (mix + Math.imul(mix ^ (mix >>> 7), 61 | mix)) ^ mix;
    return ((mix ^ (mix >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The same things in another order (Fisher and Yates). */
export function inChance<Thing>(things: readonly Thing[], chance: Chance): Thing[] {
  const shuffled = [...things];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = Math.floor(chance() * (last + 1));
    const moved = shuffled[last] as Thing;
    shuffled[last] = shuffled[other] as Thing;
    shuffled[other] = moved;
  }
  return shuffled;
}
