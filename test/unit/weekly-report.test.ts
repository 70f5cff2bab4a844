import { describe, expect, it } from 'vitest';
import { fromIso, HOUR, type Instant, MINUTE } from '../../src/domain/instant.ts';
import type { RequestFacts, WeeklyFacts } from '../../src/domain/weekly-report/facts.ts';
import type { Percentile } from '../../src/domain/weekly-report/percentile.ts';
import { makeReport, teamOf } from '../../src/domain/weekly-report/report.ts';
import { reportedWeeks } from '../../src/domain/weekly-report/weeks.ts';
import { testPolicy } from '../support/policy.ts';

const policy = testPolicy();

/** Monday after the clocks went forward in Berlin, eight in the morning there. */
const DATE = '2026-03-30';
const AT = fromIso('2026-03-30T08:00:00+02:00');
const weeks = reportedWeeks(DATE, 'Europe/Berlin', AT);
const NO_FLOW = weeks.map(() => ({ finished: 0, reopened: 0, open: 0 }));

/** A time of that week in winter time, `Tue 10:00`; on Sunday after three and later, one hour must be taken off. */
function on(text: string): Instant {
  const [day = '', clock = ''] = text.split(' ');
  const date = 23 + ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun', 'next'].indexOf(day);
  return fromIso(`2026-03-${date}T${clock}:00${day === 'next' ? '+02:00' : '+01:00'}`);
}

let made = 0;
function request(openedAt: Instant, changes: Partial<RequestFacts> = {}): RequestFacts {
  made += 1;
  return {
    id: made,
    inboxId: 'maintenance',
    category: null,
    priority: 'normal',
    ruleId: null,
    owner: null,
    openedAt,
    person: true,
    accepted: [],
    answeredAt: null,
    turns: [],
    ...changes,
  };
}

const accepted = (text: string, by = 'sam') => ({ at: on(text), by });
const done = (text: string) => ({ at: on(text), to: 'finished' as const });

const NO_LEARNED = { requests: [], lowered: null, failedAt: null };

function reportOf(facts: Partial<WeeklyFacts>) {
  return makeReport(
    { requests: [], escalations: [], flow: NO_FLOW, learned: NO_LEARNED, ...facts },
    { policy, date: DATE, at: AT, question: { inboxes: ['maintenance'], weeks } },
  );
}

const within = (minutes: number): Percentile => ({ within: minutes * MINUTE, over: false });

/** Monday to Friday, 9 to 17; the weekend at the end is the one on which the clocks go forward. */
const HandChecked: readonly RequestFacts[] = [
  // Taken after 20 minutes, answered after 1 hour, done after 3.
  request(on('Mon 09:00'), {
    accepted: [accepted('Mon 09:20')],
    answeredAt: on('Mon 10:00'),
    turns: [done('Mon 12:00')],
  }),
  // Ten minutes before the weekend; taken on the next Monday before work begins. Nothing else until the report.
  request(on('Fri 16:50'), { accepted: [accepted('next 07:30')] }),
  // Came and was taken outside of all hours: nobody had to wait. Its answer comes after the report was made.
  request(on('Sat 12:00'), { accepted: [accepted('Sun 02:30')], answeredAt: on('next 09:10') }),
  // Urgent, in the night without a third hour: 23:30 to 3:10 are 2 hours and 40 minutes.
  request(on('Sat 23:30'), {
    priority: 'urgent',
    accepted: [{ at: fromIso('2026-03-29T03:10:00+02:00'), by: 'luis' }],
    answeredAt: fromIso('2026-03-29T04:10:00+02:00'),
    turns: [{ at: fromIso('2026-03-29T12:00:00+02:00'), to: 'finished' }],
  }),
  // Opened again: it was done on Thursday, 7 + 8 + 2 hours after it came.
  request(on('Tue 10:00'), {
    accepted: [accepted('Tue 10:45')],
    answeredAt: on('Tue 14:00'),
    turns: [done('Tue 15:00'), { at: on('Wed 10:00'), to: 'reopened' }, done('Thu 11:00')],
  }),
  request(on('Wed 11:00'), { turns: [{ at: on('Wed 11:30'), to: 'spam' }] }),
  // A machine waits for no answer. From Sam to Priya.
  request(on('Wed 09:00'), {
    person: false,
    accepted: [accepted('Wed 09:05'), accepted('Wed 10:00', 'priya')],
    turns: [done('Wed 16:00')],
  }),
  request(on('Thu 09:00'), { accepted: [accepted('Thu 09:30')], turns: [done('Thu 09:30')] }),
];

describe('the weekly report', () => {
  it('counts a week by hand: over a weekend, through the night when the clocks change, reopened, and unfinished', () => {
    const { all, urgent, compared } = reportOf({ requests: HandChecked });
    expect(compared).toBe(0);
    expect(all.before.requests).toBe(0);
    expect(all.week).toEqual({
      requests: 7,
      // 0, 5, 10, 20, 30, 45 and 160 minutes.
      accept: { count: 7, waiting: 0, half: within(20), most: within(160) },
      // 60, 220 and 240 minutes; two wait, for 0 and 10. Of the three that waited longer, two of three had none after
      // 60 minutes, one of three after 220.
      answer: { count: 5, waiting: 2, half: within(220), most: within(240) },
      unanswered: 1,
      // 30, 180, 420, 690 and 1020 minutes; two are open, for 0 and 10.
      done: { count: 7, waiting: 2, half: within(7 * 60), most: within(17 * 60) },
      hands: { never: 6, once: 1, often: 0, sum: 1 },
    });
    // Of one request nobody is told what nine of ten would be.
    expect(urgent?.week.accept).toEqual({ count: 1, waiting: 0, half: within(160), most: null });
  });

  it('takes weeks from midnight to midnight of its reader, also the one that has lost an hour', () => {
    expect(weeks.map(({ from, until }) => (until - from) / HOUR)).toEqual([168, 168, 168, 168, 167]);
    expect(weeks.at(-1)).toEqual({
      from: fromIso('2026-03-23T00:00:00+01:00'),
      until: fromIso('2026-03-30T00:00:00+02:00'),
      seen: AT,
    });
    expect(weeks.map(({ until, seen }) => (seen - until) / HOUR)).toEqual([8, 8, 8, 8, 8]);
    expect(() => reportedWeeks('2026-03-31', 'Europe/Berlin', AT)).toThrow(RangeError);
  });

  it('looks at each week as the report of that week did, so that older weeks do not look better for being older', () => {
    const lastWeek = (changes: Partial<RequestFacts>) => request(on('Mon 09:00') - 7 * 24 * HOUR, changes);
    const { all } = reportOf({
      requests: [
        lastWeek({
          accepted: [accepted('Tue 09:00')],
          answeredAt: on('Tue 10:00'),
          turns: [done('Wed 10:00')],
        }),
      ],
    });
    // Forty working hours, and the report of that week would have said: nobody has taken it.
    expect(all.before.accept).toEqual({
      count: 1,
      waiting: 1,
      half: { within: 40 * HOUR, over: true },
      most: null,
    });
    expect(all.before.done.waiting).toBe(1);
  });

  it('compares with the weeks since the first request only', () => {
    const ago = (days: number) => request(on('Wed 09:00') - days * 24 * HOUR);
    expect(reportOf({ requests: [ago(0)] }).compared).toBe(0);
    expect(reportOf({ requests: [ago(14), ago(0)] }).compared).toBe(2);
    expect(reportOf({ requests: [ago(28), ago(14), ago(0)] }).compared).toBe(4);
    expect(reportOf({}).compared).toBe(0);
  });

  it('counts what clocks asked of others by cause, and how often only the last person was left', () => {
    const { requests } = { requests: [request(on('Mon 09:00'))] };
    const asked = (text: string, cause: string, last = false) => ({
      ...(requests[0] ?? request(0)),
      at: on(text),
      cause,
      rung: 1,
      last,
    });
    const { causes, last } = reportOf({
      requests,
      escalations: [
        asked('Mon 09:45', 'no-answer'),
        asked('Mon 10:00', 'declined'),
        asked('Tue 10:00', 'no-answer', true),
        { ...asked('Mon 09:00', 'absent'), at: on('Mon 09:00') - 24 * HOUR },
      ],
    });
    expect(causes).toEqual([
      { cause: 'no-answer', week: 2, before: 0 },
      { cause: 'declined', week: 1, before: 0 },
      { cause: 'absent', week: 0, before: 1 },
    ]);
    expect(last).toEqual({ week: 1, before: 0 });
  });

  it('gives a request to the team of its rule, else to the first of its owner', () => {
    const rules = [
      { ...testRule, id: 'team', assign: { type: 'team', team: 'maintenance' } as const },
      { ...testRule, id: 'one', assign: { type: 'member', member: 'priya' } as const },
      { ...testRule, id: 'nobody', assign: null },
    ];
    const here = testPolicy({ rules });
    expect(teamOf(here, { ruleId: 'team', category: null, owner: 'dana' })).toBe('maintenance');
    expect(teamOf(here, { ruleId: 'one', category: null, owner: null })).toBe('maintenance');
    expect(teamOf(here, { ruleId: 'one', category: null, owner: 'dana' })).toBeNull();
    expect(teamOf(here, { ruleId: 'nobody', category: null, owner: 'sam' })).toBe('maintenance');
    expect(teamOf(here, { ruleId: 'long gone', category: null, owner: null })).toBeNull();
  });

  it('has figures by category, the most requests first, unless there is only one', () => {
    const of = (category: string | null) => request(on('Mon 09:00'), { category });
    expect(reportOf({ requests: [of('repair'), of('repair')] }).categories).toEqual([]);
    const { categories } = reportOf({ requests: [of(null), of('repair'), of('invoice'), of('repair')] });
    expect(categories.map(({ id, week }) => [id, week.requests])).toEqual([
      ['repair', 2],
      ['invoice', 1],
      [null, 1],
    ]);
  });
});

const testRule = { inboxes: [], when: { subject: ['x'] }, category: 'x', priority: 'normal' } as const;
