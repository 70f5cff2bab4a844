/** Many lives, one after the other, and what came of them all. */
import { live } from './life.ts';
import { mutantOf } from './mutants.ts';
import { type Counts, merge, tallyOf } from './tally.ts';
import type { LifeOptions } from './world.ts';

export type Found = { readonly seed: number; readonly hash: string; readonly broken: readonly string[] };

/** What came of some lives. */
export type Sum = {
  seeds: number;
  steps: number;
  faults: number;
  failed: number;
  /** The first of them. */
  found: Found[];
  counts: Counts;
};

/** Which lives: every `step`-th from `from` on. */
export type Share = {
  readonly from: number;
  readonly count: number;
  readonly step: number;
  readonly brief: boolean;
  readonly mutant: string | null;
};

const FOUND_MAX = 200;

export const nothing = (): Sum => ({ seeds: 0, steps: 0, faults: 0, failed: 0, found: [], counts: {} });

export function add(into: Sum, { seeds, steps, faults, failed, found, counts }: Sum): void {
  into.seeds += seeds;
  into.steps += steps;
  into.faults += faults;
  into.failed += failed;
  into.found.push(...found.slice(0, FOUND_MAX - into.found.length));
  merge(into.counts, counts);
}

/** `told` of each portion: what came of it. */
export async function liveMany(
  { from, count, step, brief, mutant }: Share,
  told: (portion: Sum) => void,
  portion = 100,
): Promise<void> {
  let sum = nothing();
  for (let at = 0; at < count; at += 1) {
    const tally = tallyOf(sum.counts);
    const options: LifeOptions = { brief, tally, ...(mutant !== null && { mutation: mutantOf(mutant) }) };
    const { seed, hash, steps, faults, broken } = await live(from + at * step, options);
    sum.seeds += 1;
    sum.steps += steps;
    sum.faults += faults;
    if (broken.length > 0) {
      sum.failed += 1;
      if (sum.found.length < FOUND_MAX) sum.found.push({ seed, hash, broken });
    }
    if (sum.seeds < portion && at + 1 < count) continue;
    told(sum);
    sum = nothing();
  }
}
