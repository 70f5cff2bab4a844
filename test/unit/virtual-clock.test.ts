import { expect, test } from 'vitest';
import { fromIso, HOUR } from '../../src/domain/instant.ts';
import { virtualClock } from '../../src/runtime/virtual-clock.ts';

const NINE = fromIso('2026-03-03T09:00:00Z');

test('a virtual clock stands where it was moved to and never goes back', () => {
  const clock = virtualClock(NINE);
  expect(clock.now()).toBe(NINE);
  clock.moveTo(NINE + HOUR);
  expect(clock.now()).toBe(NINE + HOUR);
  clock.moveTo(NINE);
  expect(clock.now()).toBe(NINE + HOUR);
});

test('once let go a virtual clock keeps pace with the real time from where it stands', () => {
  let real = 500;
  const clock = virtualClock(NINE, () => real);
  real = 700;
  clock.letRun();
  expect(clock.now()).toBe(NINE);
  real = 1_000;
  expect(clock.now()).toBe(NINE + 300);
  clock.moveTo(NINE + HOUR);
  real = 1_001;
  expect(clock.now()).toBe(NINE + HOUR + 1);
});
