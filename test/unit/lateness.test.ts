/** One wait is told with one figure, wherever it is told: in a list, a mail, on the board, at a terminal. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ago, forHowLong } from '../../src/adapters/web/board/pages/times.ts';
import { troubleWords } from '../../src/adapters/web/board/pages/trouble-words.ts';
import { span } from '../../src/cli/clocks-words.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import { lateness, longWords, shortLateness, shortWords } from '../../src/domain/notices/durations.ts';
import { MONDAY } from '../support/policy.ts';

const UNITS: Readonly<Record<string, number>> = {
  min: MINUTE,
  h: HOUR,
  minute: MINUTE,
  hour: HOUR,
  day: DAY,
};

/** What words of a length come to. */
const lengthOf = (words: string): number =>
  [...words.matchAll(/(\d+)\s(min(?!u)|h(?!o)|minute|hour|day)/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNITS[unit ?? ''] ?? 0),
    0,
  );

test('a length is cut off and goes over to days at 24 hours', () => {
  const lengths = [30 * SECOND, 59.9 * MINUTE, 19.9 * HOUR, DAY - SECOND, DAY, 2 * DAY - SECOND, 12.9 * DAY];
  expect(lengths.map(lateness)).toEqual([
    ...['less than a minute', '59 minutes', '19 hours', '23 hours', '1 day', '1 day', '12 days'],
  ]);
  expect(lengths.map(shortLateness)).toEqual([
    ...['0 min', '59 min', '19 h', '23 h', '1 day', '1 day', '12 days'],
  ]);
});

test('no length is told longer than it is, and lists, mails and the board tell the same', () => {
  const look = { now: MONDAY, viewer: { timeZone: 'UTC' } };
  fc.assert(
    fc.property(fc.integer({ min: MINUTE, max: 40 * DAY }), (long) => {
      for (const tell of [lateness, shortLateness, longWords, shortWords, span])
        expect(lengthOf(tell(long)), tell(long)).toBeLessThanOrEqual(long);
      const told = lengthOf(lateness(long));
      const board = [
        troubleWords({ why: 'answer-late', since: MONDAY - long }, MONDAY, 'tenant'),
        ago(look, MONDAY - long).html.replace(/<[^>]*>/g, ''),
        forHowLong(look, MONDAY - long).html.replace(/<[^>]*>/g, ''),
      ];
      for (const words of [shortLateness(long), ...board]) expect(lengthOf(words), words).toBe(told);
    }),
  );
});
