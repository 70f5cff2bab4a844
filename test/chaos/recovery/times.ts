/** What was measured of each fault: the times of one trial, the figures of several, and whether they keep the bound. */
import type { Progress } from './flow.ts';

/** Of one trial, in milliseconds. */
export type Times = {
  /** From the fault, or from its end where it lasted, to the first confirmation of a letter that came after it. */
  readonly flowing: number;
  /** From there until every letter that had come before was confirmed. */
  readonly caughtUp: number;
  /** The longest that any letter waited in this trial, from mailbox to confirmation. */
  readonly slowest: number;
};

export type Figures = {
  readonly fault: string;
  readonly shape: Shape;
  readonly trials: number;
  readonly flowing: Spread;
  readonly caughtUp: Spread;
  readonly slowest: Spread;
  /** What no trial may take longer than, in seconds. */
  readonly within: number;
};

/** How many workers of the kind ran: one, which its supervisor starts again at once, or two. */
export type Shape = 'one of each' | 'two of each';

export type Spread = { readonly median: number; readonly worst: number };

/** Whether a fault is one of those asked for: words of their names, with commas between; none means all. */
export const isAskedFor = (only: string, fault: string): boolean =>
  only.split(',').some((words) => fault.includes(words.trim()));

/** null: it is not over yet. `from`: the instant of the fault, or of its end. */
export function timesOf(progress: readonly Progress[], from: number): Times | null {
  const after = progress.flatMap(({ cameAt, confirmedAt }) =>
    cameAt >= from && confirmedAt !== null ? [confirmedAt] : [],
  );
  const before = progress.filter(({ cameAt }) => cameAt < from);
  if (after.length === 0 || before.some(({ confirmedAt }) => confirmedAt === null)) return null;
  const waits = progress.flatMap(({ cameAt, confirmedAt }) =>
    confirmedAt === null ? [] : [confirmedAt - cameAt],
  );
  return {
    flowing: Math.round(Math.min(...after) - from),
    caughtUp: Math.round(Math.max(0, ...before.map(({ confirmedAt }) => (confirmedAt ?? from) - from))),
    slowest: Math.round(Math.max(...waits)),
  };
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [below = 0, above = 0] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[middle]];
  return { median: Math.round((below + above) / 2), worst: sorted.at(-1) ?? 0 };
}

export function figuresOf(
  { fault, shape, within }: Pick<Figures, 'fault' | 'shape' | 'within'>,
  trials: readonly Times[],
): Figures {
  const of = (what: keyof Times): Spread => spreadOf(trials.map((times) => times[what]));
  return {
    ...{ fault, shape, trials: trials.length, within },
    ...{ flowing: of('flowing'), caughtUp: of('caughtUp'), slowest: of('slowest') },
  };
}

/** Sentences about what took longer than it may. */
export const tooSlow = (all: readonly Figures[]): string[] =>
  all.flatMap(({ fault, shape, flowing, caughtUp, within }) => {
    const worst = Math.max(flowing.worst, caughtUp.worst);
    if (worst <= within * 1_000) return [];
    return [`${fault} (${shape}): ${(worst / 1_000).toFixed(1)} s, may take ${within} s`];
  });
