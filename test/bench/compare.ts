/** One run against an earlier one: every figure that both have, as a ratio. */

export type Ratio = {
  readonly figure: string;
  readonly now: number;
  readonly earlier: number;
  readonly ratio: number;
};

/** Not figures: when and where it was measured, and every single sample. */
const LEFT_OUT = /^(?:at|seconds|machine|versions|wrong)\b|\bsamples\b|\.(?:least|most)$/;

export function ratios(now: unknown, earlierRun: unknown): Ratio[] {
  const before = new Map(numbersIn(earlierRun));
  return numbersIn(now).flatMap(([figure, value]) => {
    const earlier = before.get(figure);
    if (LEFT_OUT.test(figure) || earlier === undefined || earlier === 0) return [];
    return [{ figure, now: value, earlier, ratio: Number((value / earlier).toFixed(2)) }];
  });
}

function numbersIn(value: unknown, path: readonly string[] = []): [string, number][] {
  if (typeof value === 'number') return [[path.join('.'), value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => numbersIn(one, [...path, key]));
}
