/** What goes wrong in a run of `npm run chaos` follows from seed and length alone. */
import { expect, test } from 'vitest';
import { FaultKinds, Faults } from '../chaos/faults/kinds.ts';
import { scheduleOf } from '../chaos/faults/schedule.ts';

const SEEDS = Array.from({ length: 40 }, (_, seed) => seed);

test('the same seed and length give the same faults and paces, another seed gives others', () => {
  expect(scheduleOf(7, 300)).toEqual(scheduleOf(7, 300));
  expect(scheduleOf(8, 300).faults).not.toEqual(scheduleOf(7, 300).faults);
  expect(scheduleOf(8, 300).paces).not.toEqual(scheduleOf(7, 300).paces);
});

test('no two faults of one place overlap, and all end within the run', () => {
  for (const seed of SEEDS) {
    const { faults, seconds } = scheduleOf(seed, 300);
    for (const { at, lasts } of faults) expect(at + lasts).toBeLessThanOrEqual(seconds);
    for (const group of Map.groupBy(faults, ({ kind }) => Faults[kind].place).values()) {
      for (const [index, { at, lasts }] of group.entries())
        expect(group[index + 1]?.at ?? seconds).toBeGreaterThanOrEqual(at + lasts);
    }
  }
});

test('two minutes see most kinds, and ten see every one', () => {
  for (const seed of SEEDS) {
    const kindsIn = (seconds: number) =>
      new Set(scheduleOf(seed, seconds).faults.map(({ kind }) => kind)).size;
    expect(kindsIn(120)).toBeGreaterThan(0.6 * FaultKinds.length);
    expect(kindsIn(600)).toBe(FaultKinds.length);
  }
});

test('mail comes slowly at times, and by more than twenty a second at others', () => {
  for (const seed of SEEDS) {
    const paces = scheduleOf(seed, 120).paces.map(({ perSecond }) => perSecond);
    expect(Math.min(...paces)).toBeLessThan(1);
    expect(Math.max(...paces)).toBeGreaterThan(20);
  }
});
