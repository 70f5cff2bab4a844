/** What a model makes of one mail. */
import type { CategoryId } from '../ids.ts';

export type Guess = {
  readonly category: CategoryId;
  /** How probable it is that the mail belongs there, from 0 to 1; those of all guesses and of "none" add up to 1. */
  readonly probability: number;
};

export type Proposal = {
  /** Which model said so. */
  readonly model: number;
  /** The most probable first; few, and never one that is not configured. */
  readonly guesses: readonly Guess[];
  /** Whether the first is sure enough for the share of wrong choices that is allowed. */
  readonly sure: boolean;
};
