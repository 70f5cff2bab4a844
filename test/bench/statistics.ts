/** What is made of measured values: percentiles that were measured, medians with their spread, and how fast something grows. */

export type Percentiles = {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
};
/** Several runs of the same thing: the middle one, and how far they lie apart. */
export type Spread = { readonly median: number; readonly least: number; readonly most: number };
export type Point = { readonly x: number; readonly y: number };

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

export function percentiles(values: readonly number[]): Percentiles {
  const sorted = ascending(values);
  const at = (share: number) =>
    round(sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN, 1);
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

export function spread(values: readonly number[], digits = 2): Spread {
  const sorted = ascending(values);
  return {
    median: round(median(sorted), digits),
    least: round(sorted[0] ?? Number.NaN, digits),
    most: round(sorted.at(-1) ?? Number.NaN, digits),
  };
}

/** Of an even number of values the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** Of the straight line that lies closest to the points (least squares); 0 where all stand at one place. */
export function slope(points: readonly Point[]): number {
  const mean = (of: (point: Point) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const meanX = mean(({ x }) => x);
  const meanY = mean(({ y }) => y);
  const along = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const together = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0);
  return along === 0 ? 0 : together / along;
}

const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
