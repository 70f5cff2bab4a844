/** What goes wrong in a run of `npm run chaos` follows from seed and length alone. */
import { expect, test } from 'vitest';
import { FaultKinds, Faults } from '../chaos/faults/kinds.ts';
import { scheduleOf } from '../chaos/faults/schedule.ts';

const SEEDS = Array.from({ length: 8 }, (_, seed) => seed);

test('the same seed and length give the same faults and paces, another seed gives others', () => {
  expect(scheduleOf(7, 300)).toEqual(scheduleOf(7, 300));
  expect(scheduleOf(8, 300).faults).not.toEqual(scheduleOf(7, 300).faults);
  expect(scheduleOf(8, 300).paces).not.toEqual(scheduleOf(7, 300).paces);
});

test('no two faults of one place overlap, and all end within the run', () => {
  for (const seed of SEEDS) {
    const { faults, seconds } = scheduleOf(seed, 300);
    expect(faults.filter(({ at, lasts }) => at + lasts > seconds)).toEqual([]);
    const overlapping = faults.filter(({ kind, at, lasts }, index) =>
      faults
        .slice(index + 1)
        .some((later) => Faults[later.kind].place === Faults[kind].place && later.at < at + lasts),
    );
    expect(overlapping).toEqual([]);
  }
});

test('two minutes see most kinds, and ten nearly every one', () => {
  for (const seed of SEEDS) {
    const kindsIn = (seconds: number) =>
      new Set(scheduleOf(seed, seconds).faults.map(({ kind }) => kind)).size;
    expect(kindsIn(120)).toBeGreaterThan(0.5 * FaultKinds.length);
    expect(kindsIn(600)).toBeGreaterThan(0.9 * FaultKinds.length);
  }
});

test('mail comes slowly at times, and by more than twenty a second at others', () => {
  for (const seed of SEEDS) {
    const paces = scheduleOf(seed, 120).paces.map(({ perSecond }) => perSecond);
    expect(Math.min(...paces)).toBeLessThan(1);
    expect(Math.max(...paces)).toBeGreaterThan(20);
  }
});
