import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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

const innerMinutes = (place: Place): number => stretchOf(place).minutes - 2 * EDGE_MINUTES;
const share = fc.double({ min: 0, max: 1, noNaN: true });
const amount = fc.oneof(fc.constant(0), fc.nat(90 * 60_000_000), fc.nat(100 * 3_600 * 1_000_000));

/** Any microsecond of the inner days. */
const somewhere = (place: Place, where: number): number =>
  Math.floor((stretchOf(place).firstMinute + EDGE_MINUTES + where * innerMinutes(place)) * MINUTE);

describe('working time against a walk minute by minute', () => {
  it('is worked in exactly the minutes in which the walk works, both ways through every change of clocks', () => {
    fc.assert(
      fc.property(placeAndPlan, share, share, ({ place, plan }, a, b) => {
        const worked = walk(place, plan);
        const { firstMinute } = stretchOf(place);
        const from = EDGE_MINUTES + Math.floor(Math.min(a, b) * innerMinutes(place));
        const until = EDGE_MINUTES + Math.floor(Math.max(a, b) * innerMinutes(place));
        const counted = worked.slice(from, until).filter(Boolean).length;
        expect(workingTimeBetween(plan, atMinute(firstMinute + from), atMinute(firstMinute + until))).toBe(
          counted * MINUTE,
        );
        for (let index = from; index < until; index += 7) {
          expect(isWorkingAt(plan, atMinute(firstMinute + index))).toBe(worked[index]);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('has passed at the minute at which the walk has counted it', () => {
    fc.assert(
      fc.property(placeAndPlan, share, fc.nat(3_000), ({ place, plan }, where, minutes) => {
        const worked = walk(place, plan);
        const { firstMinute } = stretchOf(place);
        const from = EDGE_MINUTES + Math.floor(where * innerMinutes(place));
        let end = from;
        for (let left = minutes; end < worked.length; end += 1) {
          if (left === 0 && (minutes > 0 || worked[end])) break;
          if (worked[end]) left -= 1;
        }
        fc.pre(end < worked.length - EDGE_MINUTES);
        expect(addWorkingTime(plan, atMinute(firstMinute + from), minutes * MINUTE)).toBe(
          atMinute(firstMinute + end),
        );
      }),
      { numRuns: 400 },
    );
  });
});

describe('laws of working time', () => {
  it('measures between start and deadline exactly what was added, and less a moment before', () => {
    fc.assert(
      fc.property(placeAndPlan, share, amount, ({ place, plan }, where, length) => {
        const from = somewhere(place, where);
        const by = addWorkingTime(plan, from, length);
        if (by === null) return;
        expect(by).toBeGreaterThanOrEqual(from);
        expect(workingTimeBetween(plan, from, by)).toBe(length);
        if (length > 0) expect(workingTimeBetween(plan, from, by - 1)).toBe(length - 1);
      }),
    );
  });

  it('never puts a deadline outside of working time or into an absence', () => {
    fc.assert(
      fc.property(placeAndPlan, share, amount, ({ place, plan }, where, length) => {
        const by = addWorkingTime(plan, somewhere(place, where), length);
        if (by === null) return;
        const lastWorked = length === 0 ? by : by - 1;
        expect(isWorkingAt(plan, lastWorked)).toBe(true);
        expect(isAbsentAt(plan, lastWorked)).toBe(false);
      }),
    );
  });

  it('comes out the same whether added at once or in two parts', () => {
    fc.assert(
      fc.property(placeAndPlan, share, amount, amount, ({ place, plan }, where, first, second) => {
        fc.pre(second > 0);
        const from = somewhere(place, where);
        const between = addWorkingTime(plan, from, first);
        const twice = between === null ? null : addWorkingTime(plan, between, second);
        expect(twice).toBe(addWorkingTime(plan, from, first + second));
      }),
    );
  });

  it('never gives an earlier deadline for a later start or a larger amount', () => {
    fc.assert(
      fc.property(
        placeAndPlan,
        share,
        fc.nat(DAY),
        amount,
        fc.nat(DAY),
        ({ place, plan }, where, later, length, more) => {
          const from = somewhere(place, where);
          const by = addWorkingTime(plan, from, length);
          if (by === null) return;
          expect(addWorkingTime(plan, from + later, length)).toBeGreaterThanOrEqual(by);
          expect(addWorkingTime(plan, from, length + more)).toBeGreaterThanOrEqual(by);
        },
      ),
    );
  });

  it('adds up over adjoining spans and is never more than the time that passed', () => {
    fc.assert(
      fc.property(placeAndPlan, share, share, share, ({ place, plan }, ...shares) => {
        const [a = 0, b = 0, c = 0] = shares.map((one) => somewhere(place, one)).sort((x, y) => x - y);
        const whole = workingTimeBetween(plan, a, c);
        expect(workingTimeBetween(plan, a, b) + workingTimeBetween(plan, b, c)).toBe(whole);
        expect(whole).toBeLessThanOrEqual(c - a);
        expect(workingTimeBetween(plan, c, a)).toBe(0);
      }),
    );
  });

  it('is at work now exactly when the next working instant is now', () => {
    fc.assert(
      fc.property(placeAndPlan, share, ({ place, plan }, where) => {
        const at = somewhere(place, where);
        expect(nextWorkingAt(plan, at) === at).toBe(isWorkingAt(plan, at));
        expect(workingTimeBetween(plan, at, at + 1)).toBe(isWorkingAt(plan, at) ? 1 : 0);
      }),
    );
  });
});
