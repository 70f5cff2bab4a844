/** What is fuzzed: one reader of hostile bytes each, and what has to hold whatever it is given. */
import type { Chance } from '../year/chance.ts';

export type Target = {
  readonly name: string;
  /** What holds for every input, in words. */
  readonly promise: string;
  /** Inputs are no longer than this. */
  readonly lengthMax: number;
  /** Processor time that an input may take: linear in its length, and many times what any takes. */
  readonly cost: { readonly baseMs: number; readonly perKilobyteMs: number };
  /** What mutation begins with. */
  readonly seeds: () => readonly Buffer[];
  /** Words that mean something to this reader. */
  readonly words: readonly string[];
  /** An input made by the rules of its grammar, where there is something to make. */
  readonly make: ((chance: Chance) => Buffer) | null;
  /** Throws when something does not hold. */
  readonly check: (input: Buffer) => void | Promise<void>;
  /** Ends what `check` has opened. */
  readonly close?: () => Promise<void>;
};

export const allowedMs = ({ cost }: Target, length: number): number =>
  cost.baseMs + (cost.perKilobyteMs * length) / 1_024;
