/** What the weekly report says of figures: bounds, few requests, weeks and lengths of time in words. */
import { describe, expect, it } from 'vitest';
import { DAY, type Duration, HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import { longWords, shortWords } from '../../src/domain/notices/durations.ts';
import type { NoticeBody } from '../../src/domain/notices/notice.ts';
import { renderNotice } from '../../src/domain/notices/render.ts';
import { findSample, viewOfSample } from '../../src/domain/notices/samples/kinds.ts';
import { NOW } from '../../src/domain/notices/samples/request.ts';
import { weekWords } from '../../src/domain/notices/times.ts';
import type { Times } from '../../src/domain/weekly-report/figures.ts';

type Report = NoticeBody & { readonly kind: 'weekly-report' };

function mailOf(change: (report: Report) => Partial<Report>) {
  const sample = findSample('weekly-report', null);
  if (sample === null || sample.body.kind !== 'weekly-report') throw new Error('there is a sample');
  const body = { ...sample.body, ...change(sample.body) };
  const { subject, text } = renderNotice(viewOfSample({ ...sample, body }));
  return { subject, text: text.replaceAll('\u00a0', ' ') };
}

/** The same figures with another median of one measure. */
const withAnswer =
  (week: Partial<Times>, before: Partial<Times> = {}) =>
  (report: Report) => ({
    all: {
      week: { ...report.all.week, answer: { ...report.all.week.answer, ...week } },
      before: { ...report.all.before, answer: { ...report.all.before.answer, ...before } },
    },
  });

describe('the words of the weekly report', () => {
  it('says what got worse before what got better, and the worse first in the subject', () => {
    const { subject, text } = mailOf(() => ({}));
    expect(subject).toBe('23 Feb to 1 Mar: slower to answer, 64 came in, 61 finished');
    expect(text.indexOf('Slower to answer.')).toBe(0);
    expect(text).toContain(
      'Half of all requests were accepted within 22 minutes, 9 minutes less than in the four weeks before.',
    );
    expect(text).toContain('As before, half of all requests were done within 7 hours 5 minutes.');
  });

  it('claims no more than is known of what waits still', () => {
    const over = mailOf(withAnswer({ half: { within: 5 * HOUR, over: true } }));
    expect(over.text).toContain(
      'Half of those who wrote had no answer within 5 hours, at least 2 hours 55 minutes more than',
    );
    expect(over.text).toContain('To answer: over 5 h ↑ (2 h 5 min)');
    // Longer than one hour: whether longer than in the weeks before, nobody knows.
    const unknown = mailOf(withAnswer({ half: { within: HOUR, over: true } }));
    expect(unknown.text).not.toContain('to answer.');
    expect(unknown.text).toContain('Half of those who wrote had no answer within 1 hour.');
  });

  it('compares nothing with fewer than five requests on one side', () => {
    const { text } = mailOf(withAnswer({}, { count: 4, most: null }));
    expect(text).not.toContain('Slower to answer');
    expect(text).toContain('To answer: 10 h (–)');
  });

  it('says how often what was learned chose, how often rightly, and what it chooses no more and how that comes back', () => {
    expect(mailOf(() => ({})).text).toMatch(
      /It chose who is asked first for 31 requests: 26 rightly, 1 wrongly and 4 are\s+not settled yet\./,
    );
    const counts = { right: 30, wrong: 8 };
    const lowered = { since: NOW - 2 * DAY, categories: null, counts };
    const all = mailOf(() => ({
      learned: { mode: 'suggest', sure: 1, right: 0, wrong: 1, lowered, failedAt: null },
    }));
    const text = all.text.replace(/\s+/g, ' ');
    expect(text).toContain(
      'It was sure of 1 request, and chose nobody, as the configuration says: 1 wrongly.',
    );
    expect(text).toContain('It chooses less. It chooses nobody since Sun 9:52,');
    expect(text).toContain(
      'because 8 of 38 of its choices were wrong; the front desk is shown its guesses instead.',
    );
    expect(text).toContain('It begins again by itself once a new model keeps within what is allowed');
    const one = mailOf(() => ({
      learned: {
        mode: 'assign',
        sure: 0,
        right: 0,
        wrong: 0,
        lowered: { ...lowered, categories: ['repair'] },
        failedAt: null,
      },
    }));
    expect(one.text.replace(/\s+/g, ' ')).toContain('It chooses nobody for repair since');
    const without = mailOf(() => ({
      learned: { mode: 'assign', sure: 0, right: 0, wrong: 0, lowered: null, failedAt: null },
    }));
    expect(without.text).not.toContain('What was learned');
    const failing = mailOf(({ at }) => ({
      learned: { mode: 'assign', sure: 0, right: 0, wrong: 0, lowered: null, failedAt: at - 2 * HOUR },
    }));
    expect(failing.text.replace(/\s+/g, ' ')).toContain('It could not learn anew. That was last tried');
  });

  it('says that a week was quiet, in one paragraph', () => {
    const sample = findSample('weekly-report', 'quiet');
    if (sample === null) throw new Error('there is a sample');
    const { subject, text: sent } = renderNotice(viewOfSample(sample));
    const text = sent.replaceAll('\u00a0', ' ');
    expect(subject).toBe('23 Feb to 1 Mar: a quiet week');
    expect(text.split('\n\n')).toHaveLength(2);
    expect(text).toContain('A quiet week. No request came in (58 a week in the four weeks before).');
  });

  it('names weeks by their first and last date', () => {
    expect(weekWords('2026-11-23', 0)).toBe('16 to 22 Nov');
    expect(weekWords('2026-12-07', 0)).toBe('30 Nov to 6 Dec');
    expect(weekWords('2027-01-04', 0)).toBe('28 Dec to 3 Jan');
    expect(weekWords('2026-04-06', 1)).toBe('23 to 29 Mar');
  });

  it.each<[Duration, string, string]>([
    [0, '0 minutes', '0 min'],
    [29 * SECOND, '0 minutes', '0 min'],
    [MINUTE, '1 minute', '1 min'],
    [59 * MINUTE + 40 * SECOND, '59 minutes', '59 min'],
    [61 * MINUTE, '1 hour 1 minute', '1 h 1 min'],
    [10 * HOUR - 20 * SECOND, '9 hours 59 minutes', '9 h 59 min'],
    [30.6 * HOUR, '30 hours', '30 h'],
  ])('says of %i microseconds of work no more than there are: %s', (time, long, short) => {
    expect(longWords(time).replaceAll('\u00a0', ' ')).toBe(long);
    expect(shortWords(time).replaceAll('\u00a0', ' ')).toBe(short);
  });
});
