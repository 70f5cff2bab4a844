/** The times of a recovery are counted from the fault on, and a bound that is passed is told. */
import { expect, test } from 'vitest';
import { figuresOf, spreadOf, timesOf, tooSlow } from '../chaos/recovery/times.ts';

const letter = (cameAt: number, confirmedAt: number | null) => ({
  uid: cameAt,
  cameAt,
  storedAt: null,
  confirmedAt,
});
const FAULT = { fault: 'poller killed', shape: 'two of each', within: 30 } as const;

test('a recovery counts from the fault to the first letter after it, and to the last one before it', () => {
  const times = timesOf(
    [letter(0, 100), letter(900, 9_000), letter(1_500, 4_000), letter(2_000, 3_500)],
    1_000,
  );
  expect(times).toEqual({ flowing: 2_500, caughtUp: 8_000, slowest: 8_100 });
});

test('a recovery is not over while a letter from before is not confirmed, or none from after is', () => {
  expect(timesOf([letter(0, null), letter(1_500, 4_000)], 1_000)).toBeNull();
  expect(timesOf([letter(0, 100), letter(1_500, null)], 1_000)).toBeNull();
});

test('nothing that was left behind is no wait', () => {
  expect(timesOf([letter(0, 100), letter(1_500, 1_600)], 1_000)?.caughtUp).toBe(0);
});

test('the median of an even number of trials lies between the two in the middle', () => {
  expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 3, worst: 4 });
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, worst: 3 });
});

test('one trial beyond the bound is told, whichever time it was', () => {
  const quick = { flowing: 1_000, caughtUp: 1_000, slowest: 90_000 };
  expect(tooSlow([figuresOf(FAULT, [quick, quick])])).toEqual([]);
  expect(tooSlow([figuresOf(FAULT, [quick, { ...quick, flowing: 30_001 }])])).toHaveLength(1);
  expect(tooSlow([figuresOf(FAULT, [{ ...quick, caughtUp: 30_001 }])])).toHaveLength(1);
});
