/**
 * Working time against an oracle that walks minute by minute, and the laws that adding and measuring obey.
 * BATON_WORKING_TIME_RUNS=10000 walks so many schedules for both properties of the walk instead of a slice, tries a
 * hundred times as many cases of the laws, and says how many it were.
 */
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { DAY, MINUTE } from '../../src/domain/instant.ts';
import {
  addWorkingTime,
  isAbsentAt,
  isWorkingAt,
  nextWorkingAt,
  workingTimeBetween,
} from '../../src/domain/working-time.ts';
import { atMinute, type Place, placeAndPlan, stretchOf, walk } from '../support/schedules.ts';

/** A shift that began before the stretch, or a date left out, cannot reach further in than this. */
const EDGE_MINUTES = 3 * 1_440;

const LONG = Number(process.env.BATON_WORKING_TIME_RUNS ?? 0);
const TIMEOUT = LONG > 0 ? 3_600_000 : 60_000;
const runs = (slice: number, long = LONG) => ({ numRuns: LONG > 0 ? long : slice });

const counts = { compared: 0, minutes: 0, cases: 0 };
afterAll(() => {
  if (LONG > 0) process.stdout.write(`${JSON.stringify(counts)}\n`);
});

const innerMinutes = (place: Place): number => stretchOf(place).minutes - 2 * EDGE_MINUTES;
const share = fc.double({ min: 0, max: 1, noNaN: true });
const amount = fc.oneof(fc.constant(0), fc.nat(90 * 60_000_000), fc.nat(100 * 3_600 * 1_000_000));

/** Any microsecond of the inner days. */
const somewhere = (place: Place, where: number): number =>
  Math.floor((stretchOf(place).firstMinute + EDGE_MINUTES + where * innerMinutes(place)) * MINUTE);

/** Several questions about one schedule, since making one costs the most. */
const asked = fc.array(
  fc.tuple(share, amount, fc.nat(DAY), fc.nat(DAY)),
  LONG > 0 ? { minLength: 50, maxLength: 60 } : { minLength: 4, maxLength: 12 },
);

/** Checks a law for each schedule at several times. */
function always(
  law: (plan: Parameters<typeof isWorkingAt>[0], from: number, length: number, a: number, b: number) => void,
): void {
  fc.assert(
    fc.property(placeAndPlan, asked, ({ place, plan }, questions) => {
      for (const [where, length, a, b] of questions) {
        counts.cases += 1;
        law(plan, somewhere(place, where), length, a, b);
      }
    }),
    runs(30, Math.ceil(LONG / 4)),
  );
}

describe('working time against a walk minute by minute', () => {
  it(
    'is worked in exactly the minutes in which the walk works, both ways through every change of clocks',
    () => {
      fc.assert(
        fc.property(placeAndPlan, share, share, ({ place, plan }, a, b) => {
          const worked = walk(place, plan);
          const { firstMinute } = stretchOf(place);
          const from = EDGE_MINUTES + Math.floor(Math.min(a, b) * innerMinutes(place));
          const until = EDGE_MINUTES + Math.floor(Math.max(a, b) * innerMinutes(place));
          let counted = 0;
          for (let index = from; index < until; index += 1) counted += worked[index] ?? 0;
          expect(workingTimeBetween(plan, atMinute(firstMinute + from), atMinute(firstMinute + until))).toBe(
            counted * MINUTE,
          );
          const wrong: number[] = [];
          for (let index = from; index < until; index += 1) {
            if (isWorkingAt(plan, atMinute(firstMinute + index)) !== (worked[index] === 1)) wrong.push(index);
          }
          expect(wrong).toEqual([]);
          counts.compared += 1;
          counts.minutes += until - from;
        }),
        runs(120),
      );
    },
    TIMEOUT,
  );

  it(
    'has passed at the minute at which the walk has counted it',
    () => {
      fc.assert(
        fc.property(placeAndPlan, share, fc.nat(3_000), ({ place, plan }, where, minutes) => {
          const worked = walk(place, plan);
          const { firstMinute } = stretchOf(place);
          const from = EDGE_MINUTES + Math.floor(where * innerMinutes(place));
          let end = from;
          for (let left = minutes; end < worked.length; end += 1) {
            if (left === 0 && (minutes > 0 || worked[end] === 1)) break;
            left -= worked[end] ?? 0;
          }
          fc.pre(end < worked.length - EDGE_MINUTES);
          const by = addWorkingTime(plan, atMinute(firstMinute + from), minutes * MINUTE);
          expect(by).toBe(atMinute(firstMinute + end));
          counts.compared += 1;
        }),
        runs(120),
      );
    },
    TIMEOUT,
  );
});

describe('laws of working time', () => {
  it(
    'measures between start and deadline exactly what was added, and less a moment before',
    () =>
      always((plan, from, length) => {
        const by = addWorkingTime(plan, from, length);
        if (by === null) return;
        expect(by).toBeGreaterThanOrEqual(from);
        expect(workingTimeBetween(plan, from, by)).toBe(length);
        if (length > 0) expect(workingTimeBetween(plan, from, by - 1)).toBe(length - 1);
      }),
    TIMEOUT,
  );

  it(
    'adds up to the end of what it measured, or to the same moment of work where nobody worked at the end',
    () =>
      always((plan, from, _, ahead) => {
        const measured = workingTimeBetween(plan, from, from + ahead);
        const by = addWorkingTime(plan, from, measured);
        if (by === null) return;
        if (measured > 0) expect(by).toBeLessThanOrEqual(from + ahead);
        expect(workingTimeBetween(plan, Math.min(by, from + ahead), Math.max(by, from + ahead))).toBe(0);
      }),
    TIMEOUT,
  );

  it(
    'never puts a deadline outside of working time or into an absence',
    () =>
      always((plan, from, length) => {
        const by = addWorkingTime(plan, from, length);
        if (by === null) return;
        const lastWorked = length === 0 ? by : by - 1;
        expect(isWorkingAt(plan, lastWorked)).toBe(true);
        expect(isAbsentAt(plan, lastWorked)).toBe(false);
      }),
    TIMEOUT,
  );

  it(
    'comes out the same whether added at once or in two parts',
    () =>
      always((plan, from, first, second) => {
        if (second === 0) return;
        const between = addWorkingTime(plan, from, first);
        const twice = between === null ? null : addWorkingTime(plan, between, second);
        expect(twice).toBe(addWorkingTime(plan, from, first + second));
      }),
    TIMEOUT,
  );

  it(
    'never gives an earlier deadline for a later start or a larger amount',
    () =>
      always((plan, from, length, later, more) => {
        const by = addWorkingTime(plan, from, length);
        if (by === null) return;
        for (const other of [
          addWorkingTime(plan, from + later, length),
          addWorkingTime(plan, from, length + more),
        ])
          if (other !== null) expect(other).toBeGreaterThanOrEqual(by);
      }),
    TIMEOUT,
  );

  it(
    'adds up over adjoining spans and is never more than the time that passed',
    () =>
      always((plan, a, _, more, evenMore) => {
        const [b, c] = [a + more, a + more + evenMore];
        const whole = workingTimeBetween(plan, a, c);
        expect(workingTimeBetween(plan, a, b) + workingTimeBetween(plan, b, c)).toBe(whole);
        expect(whole).toBeLessThanOrEqual(c - a);
        if (c > a) expect(workingTimeBetween(plan, c, a)).toBe(0);
      }),
    TIMEOUT,
  );

  it(
    'is at work now exactly when the next working instant is now',
    () =>
      always((plan, at) => {
        expect(nextWorkingAt(plan, at) === at).toBe(isWorkingAt(plan, at));
        expect(workingTimeBetween(plan, at, at + 1)).toBe(isWorkingAt(plan, at) ? 1 : 0);
      }),
    TIMEOUT,
  );

  it(
    'is the same for somebody who works alike and whose absences come in another schedule each time',
    () =>
      always((plan, from, length) => {
        const alike = { ...plan, absences: [...plan.absences] };
        const apart = { ...alike, week: [...plan.week] };
        const by = addWorkingTime(apart, from, length);
        expect(addWorkingTime(plan, from, length)).toBe(by);
        expect(addWorkingTime(alike, from, length)).toBe(by);
      }),
    TIMEOUT,
  );
});
