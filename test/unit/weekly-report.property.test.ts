import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, fromIso, HOUR, MINUTE } from '../../src/domain/instant.ts';
import { changeOf } from '../../src/domain/weekly-report/change.ts';
import type { RequestFacts, Turn } from '../../src/domain/weekly-report/facts.ts';
import { figuresOf } from '../../src/domain/weekly-report/figures.ts';
import { measure } from '../../src/domain/weekly-report/measure.ts';
import { percentile, type Wait } from '../../src/domain/weekly-report/percentile.ts';
import { makeReport } from '../../src/domain/weekly-report/report.ts';
import { reportedWeeks } from '../../src/domain/weekly-report/weeks.ts';
import { testPolicy } from '../support/policy.ts';

const policy = testPolicy();
const AT = fromIso('2026-03-30T08:00:00+02:00');
const weeks = reportedWeeks('2026-03-30', 'Europe/Berlin', AT);
const FROM = weeks[0]?.from ?? 0;

const wait: fc.Arbitrary<Wait> = fc.record({
  took: fc.nat(600).map((minutes) => minutes * MINUTE),
  over: fc.boolean(),
});
const share = fc.integer({ min: 1, max: 99 }).map((part) => part / 100);

/** What may follow what: nothing is finished twice in a row. */
const turns = (openedAt: number): fc.Arbitrary<RequestFacts['turns']> =>
  fc
    .array(fc.tuple(fc.nat(4 * 24 * 60), fc.constantFrom<Turn>('finished', 'spam', 'merged')), {
      maxLength: 4,
    })
    .map((ends) => {
      let at = openedAt;
      return ends.map(([minutes, end], index) => {
        at += (minutes + 1) * MINUTE;
        return { at, to: index % 2 === 0 ? end : 'reopened' };
      });
    });

const request: fc.Arbitrary<RequestFacts> = fc.nat((AT - FROM) / MINUTE).chain((minute) => {
  const openedAt = FROM + minute * MINUTE;
  const later = fc.nat(6 * 24 * 60).map((minutes) => openedAt + (minutes + 1) * MINUTE);
  return fc.record({
    id: fc.integer({ min: 1, max: 1_000_000 }),
    inboxId: fc.constantFrom('maintenance', 'billing'),
    category: fc.constantFrom(null, 'repair', 'invoice'),
    priority: fc.constantFrom('normal', 'urgent'),
    ruleId: fc.constantFrom(null, ...policy.rules.map(({ id }) => id)),
    owner: fc.constantFrom(null, 'sam', 'dana'),
    openedAt: fc.constant(openedAt),
    person: fc.boolean(),
    accepted: fc
      .array(fc.record({ at: later, by: fc.constantFrom('sam', 'priya') }), { maxLength: 3 })
      .map((all) => all.sort((a, b) => a.at - b.at)),
    answeredAt: fc.option(later),
    turns: turns(openedAt),
  });
});
const requests = fc.uniqueArray(request, { maxLength: 60, selector: ({ id }) => id });

const reportOf = (all: readonly RequestFacts[]) =>
  makeReport(
    {
      requests: all,
      escalations: all.map(({ accepted, turns, answeredAt, person, openedAt, ...about }) => ({
        ...about,
        at: openedAt,
        cause: person ? 'no-answer' : 'declined',
        rung: 1,
        last: turns.length > 0,
      })),
      flow: weeks.map(() => ({ finished: 0, reopened: 0, open: 0 })),
      learned: { requests: [], lowered: null, failedAt: null },
    },
    { policy, date: '2026-03-30', at: AT, question: { inboxes: ['maintenance', 'billing'], weeks } },
  );

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

describe('percentiles of what waits', () => {
  it('are the plain ones where nothing waits any more', () => {
    fc.assert(
      fc.property(fc.array(wait, { minLength: 1, maxLength: 60 }), share, (waits, part) => {
        const finished = waits.map(({ took }) => ({ took, over: false }));
        const sorted = finished.map(({ took }) => took).sort((a, b) => a - b);
        const place = Math.ceil(Math.round(part * 100 * sorted.length) / 100);
        expect(percentile(finished, part)).toEqual({ within: sorted[place - 1], over: false });
      }),
    );
  });

  it('grow with the share', () => {
    fc.assert(
      fc.property(fc.array(wait, { minLength: 1, maxLength: 60 }), share, share, (waits, a, b) => {
        const less = percentile(waits, Math.min(a, b));
        const more = percentile(waits, Math.max(a, b));
        expect(less?.within).toBeLessThanOrEqual(more?.within ?? Number.NaN);
        if (less?.over === true) expect(more?.over).toBe(true);
      }),
    );
  });

  it('never look better for what was left lying', () => {
    fc.assert(
      fc.property(fc.array(wait, { minLength: 1, maxLength: 60 }), share, (waits, part) => {
        const counted = percentile(waits, part);
        const flattering = percentile(
          waits.filter(({ over }) => !over),
          part,
        );
        if (flattering !== null) expect(counted?.within).toBeGreaterThanOrEqual(flattering.within);
        else expect(counted?.over).toBe(true);
      }),
    );
  });

  it('get no shorter when what waits has waited longer', () => {
    fc.assert(
      fc.property(fc.array(wait, { minLength: 1, maxLength: 40 }), fc.nat(), share, (waits, pick, part) => {
        const index = pick % waits.length;
        const longer = waits.map((one, at) =>
          at === index && one.over ? { ...one, took: one.took + HOUR } : one,
        );
        expect(percentile(longer, part)?.within).toBeGreaterThanOrEqual(percentile(waits, part)?.within ?? 0);
      }),
    );
  });
});

describe('the weekly report of any requests', () => {
  it('counts each request in one week, one team and one category, and nothing that came outside of its weeks', () => {
    fc.assert(
      fc.property(requests, (all) => {
        const { all: whole, weeks: each, teams, categories, causes, last } = reportOf(all);
        const seenOf = (at: number) => weeks.find(({ from, until }) => from <= at && at < until)?.seen;
        const counted = all.filter((one) => {
          const seen = seenOf(one.openedAt);
          return seen !== undefined && measure(policy, one, seen) !== null;
        });
        expect(whole.week.requests + whole.before.requests).toBe(counted.length);
        expect(sum(each.map(({ requests }) => requests))).toBe(counted.length);
        expect(each.at(-1)?.requests).toBe(whole.week.requests);
        for (const groups of [teams, categories]) {
          if (groups.length === 0) continue;
          expect(new Set(groups.map(({ id }) => id)).size).toBe(groups.length);
          expect(sum(groups.map(({ week }) => week.requests))).toBe(whole.week.requests);
          expect(sum(groups.map(({ week }) => week.hands.sum))).toBe(whole.week.hands.sum);
          expect(sum(groups.map(({ escalations }) => escalations.week))).toBe(
            sum(causes.map(({ week }) => week)),
          );
        }
        expect(sum(causes.map(({ week }) => week))).toBeGreaterThanOrEqual(last.week);
      }),
      { numRuns: 60 },
    );
  });

  it('keeps its figures together: who waits is counted, who never changed hands is too, and half is no more than most', () => {
    fc.assert(
      fc.property(requests, (all) => {
        for (const figures of Object.values(reportOf(all).all)) {
          const { requests: count, accept, answer, done, unanswered, hands } = figures;
          expect([accept.count, done.count, hands.never + hands.once + hands.often]).toEqual([
            count,
            count,
            count,
          ]);
          expect(answer.count + unanswered).toBeLessThanOrEqual(count);
          expect(accept.waiting).toBeLessThanOrEqual(done.waiting);
          for (const { count: of, waiting, half, most } of [accept, answer, done]) {
            expect(waiting).toBeLessThanOrEqual(of);
            expect(half === null).toBe(of === 0);
            expect(most === null).toBe(of < 5);
            if (most !== null) expect(half?.within).toBeLessThanOrEqual(most.within);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('says of a request that was opened again that it is not done, or done with its last end', () => {
    fc.assert(
      fc.property(request, (one) => {
        const measured = measure(policy, one, AT + 30 * DAY);
        const last = one.turns.at(-1);
        expect(measured === null).toBe(last?.to === 'spam' || last?.to === 'merged');
        if (measured === null) return;
        expect(measured.done.over).toBe(last?.to !== 'finished');
        const first = one.turns.findIndex(({ to }) => to === 'finished');
        const once = measure(policy, { ...one, turns: one.turns.slice(0, first + 1) }, AT + 30 * DAY);
        if (first >= 0 && once !== null) expect(measured.done.took).toBeGreaterThanOrEqual(once.done.took);
      }),
    );
  });

  it('calls nothing better or worse of which there is too little, and never both', () => {
    const times = fc.array(wait, { maxLength: 12 }).map((waits) => {
      const measured = waits.map((accept) => ({
        accept,
        answer: null,
        unanswered: false,
        done: accept,
        hands: 0,
      }));
      return figuresOf(measured).accept;
    });
    fc.assert(
      fc.property(times, times, (week, before) => {
        const there = changeOf(week, before);
        const back = changeOf(before, week);
        if (Math.min(week.count, before.count) < 5) expect(there.is).toBe('unknown');
        if (there.is === 'worse') expect(back.is).not.toBe('worse');
        if (there.is === 'better') expect(back.is).not.toBe('better');
        expect(changeOf(week, week).is).not.toMatch(/better|worse/);
      }),
    );
  });
});
