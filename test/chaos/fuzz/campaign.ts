/** One target under fire: the same seed makes the same inputs, in the same order. */
import { Buffer } from 'node:buffer';
import { type Chance, chanceOf } from '../year/chance.ts';
import type { Runner } from './bounded.ts';
import type { Covering, Fault } from './execute.ts';
import { mutate } from './mutate.ts';
import type { Target } from './target.ts';

export type Finding = Fault & { readonly input: Buffer };

export type Campaign = {
  readonly target: Target;
  /** Runs one batch; the faults that nobody had found before. */
  step(): Promise<readonly Finding[]>;
  readonly figures: () => Figures;
};

export type Figures = {
  readonly executions: number;
  readonly kept: number;
  readonly slowest: { readonly ms: number; readonly bytes: number };
};

const BATCH = 64;
const SEEDS_MAX = 4 * BATCH;
/** What reached something new lately is changed more often than what did long ago. */
const RECENT = 0.3;

export function campaign(
  target: Target,
  seed: number,
  runner: Runner,
  guided: boolean,
  batch = BATCH,
): Campaign {
  const chance = chanceOf(seed, target.name);
  const corpus = sample(
    target.seeds().filter(({ length }) => length <= target.lengthMax),
    chance,
  );
  const waiting = [...corpus];
  if (corpus.length === 0) corpus.push(Buffer.alloc(0));
  const known = new Set<string>();
  let executions = 0;
  let slowest = { ms: 0, bytes: 0 };

  return {
    target,
    figures: () => ({ executions, kept: corpus.length, slowest }),
    async step() {
      const seeds = waiting.splice(0, batch);
      const inputs = Array.from({ length: batch }, (_, i) => seeds[i] ?? next(target, chance, corpus));
      const told = await runner.run(target, inputs, covering(guided, seeds.length === batch));
      executions += inputs.length;
      if (told.slowest.ms > slowest.ms) slowest = told.slowest;
      for (const at of told.fresh) {
        const input = inputs[at];
        if (input !== undefined && at >= seeds.length) corpus.push(input);
      }
      return told.faults.flatMap(({ at, ...fault }) => {
        const input = inputs[at];
        if (input === undefined || known.has(fault.key)) return [];
        known.add(fault.key);
        return [{ ...fault, input }];
      });
    },
  };
}

/** Another seed begins with others: all of them together leave a short run no time for changing any. */
function sample(seeds: readonly Buffer[], chance: Chance): Buffer[] {
  const left = [...seeds];
  if (left.length <= SEEDS_MAX) return left;
  return Array.from({ length: SEEDS_MAX }, () =>
    left.splice(Math.floor(chance.next() * left.length), 1),
  ).flat();
}

/** All seeds are kept, whatever they reach. */
const covering = (guided: boolean, isSeeds: boolean): Covering =>
  guided ? (isSeeds ? 'remember' : 'ask') : 'no';

function next(target: Target, chance: Chance, corpus: readonly Buffer[]): Buffer {
  if (target.make !== null && chance.happens(0.35)) {
    const made = target.make(chance).subarray(0, target.lengthMax);
    if (chance.happens(0.5)) return made;
    return changed(target, chance, corpus, made);
  }
  const from = chance.happens(RECENT) ? corpus.slice(-64) : corpus;
  return changed(target, chance, corpus, chance.pick(from));
}

const changed = (target: Target, chance: Chance, others: readonly Buffer[], input: Buffer): Buffer =>
  mutate(input, { chance, words: target.words, others, lengthMax: target.lengthMax });
