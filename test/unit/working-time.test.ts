import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, fromIso, HOUR, type Instant, MINUTE } from '../../src/domain/instant.ts';
import type { Schedule } from '../../src/domain/policy.ts';
import {
  absenceAt,
  addWorkingTime,
  isAbsentAt,
  isWorkingAt,
  nextWorkingAt,
  workingTimeBetween,
} from '../../src/domain/working-time.ts';
import { everyDay, schedule } from '../support/schedules.ts';

const at = fromIso;
const add = (plan: Schedule, from: string, amount: number): Instant | null =>
  addWorkingTime(plan, at(from), amount);
const between = (plan: Schedule, from: string, until: string): number =>
  workingTimeBetween(plan, at(from), at(until));

const berlin = schedule('Europe/Berlin');
const wholeDays = (zone: string): Schedule =>
  schedule(zone, { week: everyDay({ from: '00:00', to: '24:00' }) });
const nights = (zone: string): Schedule => schedule(zone, { week: everyDay({ from: '22:00', to: '06:00' }) });

describe('adding working time', () => {
  it('carries what Friday has no room for over to Monday', () => {
    expect(add(berlin, '2026-11-20T16:55:00+01:00', 30 * MINUTE)).toBe(at('2026-11-23T09:25:00+01:00'));
  });

  it('ends a full day at its end and not on the next morning', () => {
    expect(add(berlin, '2026-11-23T09:00:00+01:00', 8 * HOUR)).toBe(at('2026-11-23T17:00:00+01:00'));
    expect(add(berlin, '2026-11-23T09:00:00+01:00', 8 * HOUR + 1)).toBe(at('2026-11-24T09:00:00+01:00') + 1);
  });

  it('of nothing is now for somebody at work and their next beginning for everybody else', () => {
    expect(add(berlin, '2026-11-20T16:59:59+01:00', 0)).toBe(at('2026-11-20T16:59:59+01:00'));
    expect(add(berlin, '2026-11-20T17:00:00+01:00', 0)).toBe(at('2026-11-23T09:00:00+01:00'));
    expect(add(berlin, '2026-11-21T12:00:00+01:00', 0)).toBe(at('2026-11-23T09:00:00+01:00'));
  });

  it('passes over Christmas', () => {
    const plan = schedule('Europe/Berlin', { holidays: new Set(['2026-12-25', '2026-12-26']) });
    expect(add(plan, '2026-12-24T16:00:00+01:00', 2 * HOUR)).toBe(at('2026-12-28T10:00:00+01:00'));
  });

  it('stands still during an absence in the middle of the day', () => {
    const plan = schedule('Europe/Berlin', {
      absences: [{ from: at('2026-11-24T10:00:00+01:00'), until: at('2026-11-24T15:00:00+01:00') }],
    });
    expect(add(plan, '2026-11-24T09:30:00+01:00', HOUR)).toBe(at('2026-11-24T15:30:00+01:00'));
    expect(add(plan, '2026-11-24T12:00:00+01:00', 0)).toBe(at('2026-11-24T15:00:00+01:00'));
  });

  it('keeps the wall clock of the person when the offset changes over the weekend', () => {
    expect(add(berlin, '2026-10-23T16:30:00+02:00', HOUR)).toBe(at('2026-10-26T09:30:00+01:00'));
    const newYork = schedule('America/New_York');
    expect(add(newYork, '2026-03-06T16:30:00-05:00', HOUR)).toBe(at('2026-03-09T09:30:00-04:00'));
  });

  it('counts shifts that overlap once', () => {
    const plan = schedule('Europe/Berlin', {
      week: everyDay(
        { from: '08:00', to: '14:00' },
        { from: '12:00', to: '18:00' },
        { from: '13:00', to: '13:30' },
      ),
    });
    expect(between(plan, '2026-11-20T00:00:00+01:00', '2026-11-21T00:00:00+01:00')).toBe(10 * HOUR);
    expect(add(plan, '2026-11-20T08:00:00+01:00', 7 * HOUR)).toBe(at('2026-11-20T15:00:00+01:00'));
  });

  it('refuses an amount below nothing, and what is no number', () => {
    for (const amount of [-1, Number.NaN])
      expect(() => addWorkingTime(berlin, 0, amount)).toThrow(RangeError);
    expect(() => addWorkingTime(berlin, Number.NaN, 1)).toThrow(RangeError);
    expect(() => workingTimeBetween(berlin, 0, Number.POSITIVE_INFINITY)).toThrow(RangeError);
  });
});

describe('days on which the clocks change', () => {
  it.each([
    ['Europe/Berlin', '2026-03-29T00:00:00+01:00', '2026-03-30T00:00:00+02:00', 23],
    ['Europe/Berlin', '2026-10-25T00:00:00+02:00', '2026-10-26T00:00:00+01:00', 25],
    ['Australia/Lord_Howe', '2026-10-04T00:00:00+10:30', '2026-10-05T00:00:00+11:00', 23.5],
    ['Australia/Lord_Howe', '2026-04-05T00:00:00+11:00', '2026-04-06T00:00:00+10:30', 24.5],
    ['America/Sao_Paulo', '2018-11-04T01:00:00-02:00', '2018-11-05T00:00:00-02:00', 23],
  ])('have their real length in %s from %s', (zone, from, until, hours) => {
    expect(between(wholeDays(zone), from, until)).toBe(hours * HOUR);
    expect(at(until) - at(from)).toBe(hours * HOUR);
    const oneDay = schedule(zone, {
      week: wholeDays(zone).week.map((day, index) => (index === 6 ? day : [])),
    });
    const noon = at(from) + 12 * HOUR;
    expect(workingTimeBetween(oneDay, noon - 2 * DAY, noon + 2 * DAY)).toBe(hours * HOUR);
  });

  it.each([
    ['Europe/Berlin', '2026-03-28T22:00:00+01:00', '2026-03-29T06:00:00+02:00', 7],
    ['Europe/Berlin', '2026-10-24T22:00:00+02:00', '2026-10-25T06:00:00+01:00', 9],
    ['America/New_York', '2026-10-31T22:00:00-04:00', '2026-11-01T06:00:00-05:00', 9],
    ['Australia/Lord_Howe', '2026-10-03T22:00:00+10:30', '2026-10-04T06:00:00+11:00', 7.5],
  ])('give the night shift in %s from %s as long as it takes', (zone, from, until, hours) => {
    expect(add(nights(zone), from, hours * HOUR)).toBe(at(until));
    expect(isWorkingAt(nights(zone), at(until) - 1)).toBe(true);
    expect(isWorkingAt(nights(zone), at(until))).toBe(false);
  });

  it('move a beginning that does not exist forward by the gap', () => {
    const plan = schedule('Europe/Berlin', { week: everyDay({ from: '02:30', to: '06:00' }) });
    expect(nextWorkingAt(plan, at('2026-03-28T12:00:00Z'))).toBe(at('2026-03-29T03:30:00+02:00'));
    expect(between(plan, '2026-03-29T00:00:00+01:00', '2026-03-30T00:00:00+02:00')).toBe(2.5 * HOUR);
  });

  it('swallow a shift that would end before its moved beginning', () => {
    const plan = schedule('Europe/Berlin', { week: everyDay({ from: '02:30', to: '03:15' }) });
    expect(nextWorkingAt(plan, at('2026-03-28T12:00:00Z'))).toBe(at('2026-03-30T02:30:00+02:00'));
  });

  it('take the first of a time that comes twice', () => {
    const plan = schedule('Europe/Berlin', { week: everyDay({ from: '02:30', to: '04:00' }) });
    expect(nextWorkingAt(plan, at('2026-10-24T12:00:00Z'))).toBe(at('2026-10-25T02:30:00+02:00'));
    expect(between(plan, '2026-10-25T00:00:00+02:00', '2026-10-26T00:00:00+01:00')).toBe(2.5 * HOUR);
  });

  it('count once where Samoa left out a whole date', () => {
    const plan = schedule('Pacific/Apia', { week: everyDay({ from: '09:00', to: '17:00' }) });
    expect(between(plan, '2011-12-29T00:00:00-10:00', '2012-01-01T00:00:00+14:00')).toBe(16 * HOUR);
  });
});

describe('holidays and night shifts', () => {
  it('a holiday takes away the night that begins on it and leaves the one that ends on it', () => {
    const plan = { ...nights('Europe/Berlin'), holidays: new Set(['2026-12-25']) };
    expect(isWorkingAt(plan, at('2026-12-25T05:59:00+01:00'))).toBe(true);
    expect(nextWorkingAt(plan, at('2026-12-25T06:00:00+01:00'))).toBe(at('2026-12-26T22:00:00+01:00'));
  });

  it('a shift from a time to the same time lasts until the next day', () => {
    const plan = schedule('Asia/Kathmandu', {
      week: [[{ from: '09:00', to: '09:00' }], [], [], [], [], [], []],
    });
    expect(between(plan, '2026-11-23T00:00:00+05:45', '2026-11-29T00:00:00+05:45')).toBe(24 * HOUR);
  });
});

describe('people who do not work', () => {
  it('have no next working instant when their week is empty', () => {
    const never = schedule('Europe/Berlin', { week: everyDay() });
    expect(add(never, '2026-11-20T12:00:00Z', HOUR)).toBeNull();
    expect(nextWorkingAt(never, at('2026-11-20T12:00:00Z'))).toBeNull();
    expect(between(never, '2026-11-20T12:00:00Z', '2027-11-20T12:00:00Z')).toBe(0);
    expect(isWorkingAt(never, at('2026-11-20T12:00:00Z'))).toBe(false);
  });

  it('have none while they are away without an end, and have one behind an absence of a year', () => {
    const from = at('2026-11-20T12:00:00Z');
    const away = (until: Instant): Schedule => schedule('Europe/Berlin', { absences: [{ from, until }] });
    expect(addWorkingTime(away(Number.POSITIVE_INFINITY), from, HOUR)).toBeNull();
    expect(addWorkingTime(away(from + 401 * DAY), from, HOUR)).toBeNull();
    expect(nextWorkingAt(away(from + 365 * DAY), from)).toBe(at('2027-11-22T09:00:00+01:00'));
    // The absence ends on a Friday afternoon at work, 399 days on.
    expect(nextWorkingAt(away(from + 399 * DAY), from)).toBe(at('2027-12-24T13:00:00+01:00'));
  });

  it('are looked for across 400 days to the microsecond, wherever they start', () => {
    for (const from of [at('2026-11-20T12:00:00Z'), at('2026-01-01T00:00:00Z') + 17]) {
      const always = wholeDays('Europe/Berlin');
      const away = (length: number): Schedule => ({ ...always, absences: [{ from, until: from + length }] });
      expect(nextWorkingAt(away(400 * DAY), from)).toBe(from + 400 * DAY);
      expect(nextWorkingAt(away(400 * DAY + 1), from)).toBeNull();
    }
  });

  it('get no deadline that lies more than twenty years off, however little they work', () => {
    const oneMinute = schedule('Europe/Berlin', {
      week: [[{ from: '09:00', to: '09:01' }], [], [], [], [], [], []],
    });
    expect(add(oneMinute, '2026-11-20T12:00:00Z', 500 * MINUTE)).toBe(at('2036-06-16T09:01:00+02:00'));
    expect(add(oneMinute, '2026-11-20T12:00:00Z', 2_000 * MINUTE)).toBeNull();
  });
});

describe('absences', () => {
  const spans = [
    { from: at('2026-11-20T08:00:00Z'), until: at('2026-11-20T12:00:00Z') },
    { from: at('2026-11-20T10:00:00Z'), until: at('2026-11-22T00:00:00Z') },
    { from: at('2026-11-25T10:00:00Z'), until: at('2026-11-25T09:00:00Z') },
  ];
  const plan = schedule('Europe/Berlin', { absences: spans });

  it('hold from their first instant up to but not including their last', () => {
    expect(isAbsentAt(plan, at('2026-11-20T08:00:00Z') - 1)).toBe(false);
    expect(isAbsentAt(plan, at('2026-11-20T08:00:00Z'))).toBe(true);
    expect(isAbsentAt(plan, at('2026-11-22T00:00:00Z') - 1)).toBe(true);
    expect(isAbsentAt(plan, at('2026-11-22T00:00:00Z'))).toBe(false);
  });

  it('that overlap are told by the one that ends last', () => {
    expect(absenceAt(plan, at('2026-11-20T09:00:00Z'))).toBe(spans[0]);
    expect(absenceAt(plan, at('2026-11-20T11:00:00Z'))).toBe(spans[1]);
    expect(absenceAt(plan, at('2026-11-23T11:00:00Z'))).toBeNull();
  });

  it('that end before they begin count for nothing', () => {
    expect(isAbsentAt(plan, at('2026-11-25T09:30:00Z'))).toBe(false);
    expect(between(plan, '2026-11-25T00:00:00Z', '2026-11-26T00:00:00Z')).toBe(8 * HOUR);
  });
});

describe('a schedule that makes no sense', () => {
  it.each([
    ['a wrong time', { week: everyDay({ from: '9:00', to: '17:00' }) }],
    ['a time past midnight', { week: everyDay({ from: '09:00', to: '24:30' }) }],
    ['six days', { week: [[], [], [], [], [], []] }],
    ['an unknown zone', { timeZone: 'Europe/Entenhausen' }],
  ])('is a bug and thrown: %s', (_, changes) => {
    expect(() => isWorkingAt(schedule('Europe/Berlin', changes), 0)).toThrow(RangeError);
  });
});

describe('answers', () => {
  it('are those of the zone and of the changes, of people with the same week and the same holidays', () => {
    const tokyo = { ...berlin, timeZone: 'Asia/Tokyo' };
    const moves = { ...berlin, changes: [{ ...tokyo, from: '2026-11-24' }] };
    expect(add(berlin, '2026-11-24T00:00:00Z', 0)).toBe(at('2026-11-24T09:00:00+01:00'));
    expect(add(tokyo, '2026-11-24T00:00:00Z', 0)).toBe(at('2026-11-24T09:00:00+09:00'));
    expect(add(moves, '2026-11-24T00:00:00Z', 0)).toBe(at('2026-11-24T09:00:00+09:00'));
    expect(add({ ...berlin, changes: [] }, '2026-11-24T00:00:00Z', 0)).toBe(at('2026-11-24T09:00:00+01:00'));
  });

  it('do not depend on what was asked before', () => {
    const instants = fc.array(fc.integer({ min: 0, max: 40 * 365 }), { minLength: 80, maxLength: 120 });
    fc.assert(
      fc.property(instants, (days) => {
        const shared = schedule('America/New_York');
        for (const day of days) {
          const from = day * DAY + 5 * HOUR;
          expect(addWorkingTime(shared, from, 3 * HOUR)).toBe(
            addWorkingTime(schedule('America/New_York'), from, 3 * HOUR),
          );
        }
      }),
      { numRuns: 3 },
    );
  });
});
