/** What would embarrass a help desk, counted by hand: each row says why it comes out as it does. */
import { expect, test } from 'vitest';
import { toHolidays } from '../../src/config/holidays.ts';
import { fromIso, HOUR, MINUTE, toIso } from '../../src/domain/instant.ts';
import type { Holidays, Schedule, Shift } from '../../src/domain/policy.ts';
import { addWorkingTime, workingTimeBetween } from '../../src/domain/working-time.ts';
import { everyDay, schedule } from '../support/schedules.ts';

const place = (country: string, more: { state?: string; region?: string } = {}): Holidays =>
  toHolidays([{ country, ...more, also: [], except: [] }]);
const on = (days: readonly number[], ...shifts: Shift[]): Shift[][] =>
  Array.from({ length: 7 }, (_, day) => (days.includes(day) ? shifts : []));
const WEEKDAYS = [0, 1, 2, 3, 4];
const NINE_TO_FIVE: Shift = { from: '09:00', to: '17:00' };
const NIGHTS = { week: everyDay({ from: '22:00', to: '06:00' }) };
const ROUND_THE_CLOCK = { week: everyDay({ from: '00:00', to: '24:00' }) };

const berlin = (changes: Partial<Schedule> = {}): Schedule => schedule('Europe/Berlin', changes);
const newYork = (changes: Partial<Schedule> = {}): Schedule => schedule('America/New_York', changes);

const toBerlin = newYork({ changes: [{ ...berlin(), from: '2026-09-15' }] });
const toNewYork = berlin({ changes: [{ ...newYork(), from: '2026-09-15' }] });
const toTokyo = schedule('Pacific/Honolulu', {
  changes: [{ ...schedule('Asia/Tokyo'), from: '2026-09-15' }],
});
const shorter = berlin({
  changes: [{ ...berlin({ week: on(WEEKDAYS, { from: '09:00', to: '13:00' }) }), from: '2027-03-01' }],
});
const oddWeeks = berlin({ week: [...on(WEEKDAYS, NINE_TO_FIVE), ...on([])] });
const eves = toHolidays([{ country: 'DE', state: 'BY', also: ['bank'], except: [] }]);
const worksOnColumbusDay = toHolidays([{ country: 'US', also: [], except: ['columbus day'] }]);

type Example = readonly [why: string, plan: Schedule, from: string, amount: number, by: string];

const Examples: readonly Example[] = [
  [
    'Friday 16:55 has five minutes left; the other 25 are on Monday',
    berlin(),
    '2026-11-20T16:55:00+01:00',
    30 * MINUTE,
    '2026-11-23T09:25:00+01:00',
  ],
  [
    'Lord Howe puts its clocks forward by half an hour at 2:00, so three hours from 1:00 end at 4:30',
    schedule('Australia/Lord_Howe', { week: everyDay({ from: '01:00', to: '05:00' }) }),
    '2026-10-04T01:00:00+10:30',
    3 * HOUR,
    '2026-10-04T04:30:00+11:00',
  ],
  [
    'the last Sunday of March has 23 hours in Berlin, so 23 hours on call fill it',
    berlin(ROUND_THE_CLOCK),
    '2026-03-29T00:00:00+01:00',
    23 * HOUR,
    '2026-03-30T00:00:00+02:00',
  ],
  [
    'the first Sunday of November has 25 hours in New York, so 24 hours on call leave one',
    newYork(ROUND_THE_CLOCK),
    '2026-11-01T00:00:00-04:00',
    24 * HOUR,
    '2026-11-01T23:00:00-05:00',
  ],
  [
    'in Santiago the clocks jump over midnight, so the night from Saturday on has seven hours',
    schedule('America/Santiago', NIGHTS),
    '2026-09-05T22:00:00-04:00',
    7 * HOUR,
    '2026-09-06T06:00:00-03:00',
  ],
  [
    'in Casablanca the clocks go back for Ramadan, so the night from Saturday on has nine hours',
    schedule('Africa/Casablanca', NIGHTS),
    '2026-02-14T22:00:00+01:00',
    9 * HOUR,
    '2026-02-15T06:00:00+00:00',
  ],
  [
    'Samoa had no Friday 30 December 2011: after Thursday comes the weekend, then Monday',
    schedule('Pacific/Apia'),
    '2011-12-29T16:00:00-10:00',
    2 * HOUR,
    '2012-01-02T10:00:00+14:00',
  ],
  [
    'Christmas Eve is a working day in Bavaria; the 25th is off, the 26th a Saturday',
    berlin({ holidays: place('DE', { state: 'BY' }) }),
    '2026-12-24T16:30:00+01:00',
    HOUR,
    '2026-12-28T09:30:00+01:00',
  ],
  [
    'where banks count, Christmas Eve ends at 14:00: one hour on the 23rd, five on the 24th, one on the 28th',
    berlin({ holidays: eves }),
    '2026-12-23T16:00:00+01:00',
    7 * HOUR,
    '2026-12-28T10:00:00+01:00',
  ],
  [
    '6 January is a holiday in Bavaria',
    berlin({ holidays: place('DE', { state: 'BY' }) }),
    '2027-01-05T16:30:00+01:00',
    HOUR,
    '2027-01-07T09:30:00+01:00',
  ],
  [
    '6 January is a Wednesday like others in Berlin',
    berlin({ holidays: place('DE', { state: 'BE' }) }),
    '2027-01-05T16:30:00+01:00',
    HOUR,
    '2027-01-06T09:30:00+01:00',
  ],
  [
    'Assumption is a holiday in Bavarian municipalities that are mostly Catholic, such as Munich',
    berlin({ holidays: place('DE', { state: 'BY', region: 'KATH' }) }),
    '2028-08-14T16:30:00+02:00',
    HOUR,
    '2028-08-16T09:30:00+02:00',
  ],
  [
    'Assumption is none in those that are mostly Protestant, such as Ansbach',
    berlin({ holidays: place('DE', { state: 'BY', region: 'EVANG' }) }),
    '2028-08-14T16:30:00+02:00',
    HOUR,
    '2028-08-15T09:30:00+02:00',
  ],
  [
    'Independence Day on a Saturday is taken on the Friday before',
    newYork({ holidays: place('US') }),
    '2026-07-02T16:30:00-04:00',
    HOUR,
    '2026-07-06T09:30:00-04:00',
  ],
  [
    'an office that works on Columbus Day says so',
    newYork({ holidays: worksOnColumbusDay }),
    '2026-10-09T16:30:00-04:00',
    HOUR,
    '2026-10-12T09:30:00-04:00',
  ],
  [
    'the night from Christmas Eve on ends on the holiday; those that begin on the 25th and 26th are off',
    berlin({ ...NIGHTS, holidays: place('DE') }),
    '2026-12-24T23:00:00+01:00',
    8 * HOUR,
    '2026-12-27T23:00:00+01:00',
  ],
  [
    'asked on Monday afternoon in New York, she goes on on Tuesday morning in Berlin, six hours before New York does',
    toBerlin,
    '2026-09-14T16:00:00-04:00',
    4 * HOUR,
    '2026-09-15T12:00:00+02:00',
  ],
  [
    'asked on Monday afternoon in Berlin, she goes on when Tuesday begins in New York, six hours later',
    toNewYork,
    '2026-09-14T16:00:00+02:00',
    4 * HOUR,
    '2026-09-15T12:00:00-04:00',
  ],
  [
    'from Honolulu to Tokyo Tuesday 9:00 comes before Monday 17:00 is over; the hours that fall together count once',
    toTokyo,
    '2026-09-14T13:00:00-10:00',
    8 * HOUR,
    // Monday 13:00 to 17:00 is Tuesday 8:00 to 12:00 in Tokyo, and there it goes on until 16:00.
    '2026-09-15T16:00:00+09:00',
  ],
  [
    'part-time, on Monday and Wednesday until 13:00: an hour on Wednesday, two on the Monday after',
    berlin({ week: on([0, 2], { from: '09:00', to: '13:00' }) }),
    '2026-11-25T12:00:00+01:00',
    3 * HOUR,
    '2026-11-30T11:00:00+01:00',
  ],
  [
    'part-time from March on: the last hour of February, the first four of the 1st, one on the 2nd',
    shorter,
    '2027-02-26T16:00:00+01:00',
    6 * HOUR,
    '2027-03-02T10:00:00+01:00',
  ],
  [
    'whoever works in odd weeks works in week 53 and in the week 1 that follows',
    oddWeeks,
    '2027-01-01T16:30:00+01:00',
    HOUR,
    '2027-01-04T09:30:00+01:00',
  ],
  [
    'whoever works in odd weeks is off in week 2',
    oddWeeks,
    '2027-01-08T16:30:00+01:00',
    HOUR,
    '2027-01-18T09:30:00+01:00',
  ],
  [
    'an absence that ends at noon gives the afternoon back',
    berlin({
      absences: [{ from: fromIso('2026-11-23T00:00:00+01:00'), until: fromIso('2026-11-24T12:00:00+01:00') }],
    }),
    '2026-11-23T10:00:00+01:00',
    HOUR,
    '2026-11-24T13:00:00+01:00',
  ],
  [
    'at 11:45 a quarter of an hour is left before lunch, and the other comes after it',
    berlin({ week: on(WEEKDAYS, { from: '08:30', to: '12:00' }, { from: '13:00', to: '17:00' }) }),
    '2026-11-24T11:45:00+01:00',
    30 * MINUTE,
    '2026-11-24T13:15:00+01:00',
  ],
  [
    'a shift until 24:00 and one from 0:00 on touch',
    berlin({
      week: [[], [], [], [], [{ from: '16:00', to: '24:00' }], [{ from: '00:00', to: '02:00' }], []],
    }),
    '2026-11-20T23:30:00+01:00',
    HOUR,
    '2026-11-21T00:30:00+01:00',
  ],
];

test.each(Examples)('%s', (_, plan, from, amount, by) => {
  const end = addWorkingTime(plan, fromIso(from), amount);
  expect(end === null ? null : toIso(end)).toBe(toIso(fromIso(by)));
  expect(workingTimeBetween(plan, fromIso(from), fromIso(by))).toBe(amount);
});
