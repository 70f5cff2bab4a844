/** The figures of any number of requests: how long they waited, and through how many hands they went. */
import type { Measured } from './measure.ts';
import { type Percentile, percentile, type Wait } from './percentile.ts';

/** What is timed, in the order in which it happens to a request. */
export const Measures = ['accept', 'answer', 'done'] as const;
export type Measure = (typeof Measures)[number];

export type Figures = {
  readonly requests: number;
  readonly accept: Times;
  readonly answer: Times;
  /** Finished without an answer to the person who wrote it: not in `answer`, and not hidden either. */
  readonly unanswered: number;
  readonly done: Times;
  readonly hands: Hands;
};

export type Times = {
  /** How many are counted, and how many of these wait still. */
  readonly count: number;
  readonly waiting: number;
  /** Within which time half of them got it, and nine of ten. */
  readonly half: Percentile | null;
  readonly most: Percentile | null;
};

/** How many requests never went to another owner, how many once, how many more often; and how often it was in all. */
export type Hands = {
  readonly never: number;
  readonly once: number;
  readonly often: number;
  readonly sum: number;
};

/** Of fewer, nine of ten is whichever took longest, which says nothing. */
export const FEW = 5;

const HALF = 0.5;
const MOST = 0.9;

export function figuresOf(requests: readonly Measured[]): Figures {
  const hands = requests.map((request) => request.hands);
  return {
    requests: requests.length,
    accept: timesOf(requests.map(({ accept }) => accept)),
    answer: timesOf(requests.flatMap(({ answer }) => (answer === null ? [] : [answer]))),
    unanswered: requests.filter(({ unanswered }) => unanswered).length,
    done: timesOf(requests.map(({ done }) => done)),
    hands: {
      never: hands.filter((count) => count === 0).length,
      once: hands.filter((count) => count === 1).length,
      often: hands.filter((count) => count > 1).length,
      sum: hands.reduce((sum, count) => sum + count, 0),
    },
  };
}

const timesOf = (waits: readonly Wait[]): Times => ({
  count: waits.length,
  waiting: waits.filter(({ over }) => over).length,
  half: percentile(waits, HALF),
  most: waits.length < FEW ? null : percentile(waits, MOST),
});
