import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseHours } from '../../src/config/hours.ts';
import { nearest } from '../../src/config/problems.ts';
import {
  isDate,
  isMonday,
  isTimeZone,
  momentIn,
  nearestTimeZone,
  parseAddress,
  parseAssign,
  parseDuration,
} from '../../src/config/values.ts';
import { DAY, fromIso, HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';

describe('lengths of time', () => {
  test.each([
    ['45m', 45 * MINUTE],
    ['1h 30m', 90 * MINUTE],
    ['2d', 48 * HOUR],
    ['90s', 90 * SECOND],
    ['90d', 90 * DAY],
  ])('"%s" is read', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  test.each(['', '45', '0m', '0h 0m', '4h30m', '-5m', '1.5h', 'm', '45 m', '1w', '9999999d'])(
    '"%s" is no length of time',
    (text) => {
      expect(parseDuration(text)).toBeNull();
    },
  );
});

describe('dates and moments', () => {
  test('are days of the calendar, leap days included', () => {
    expect(['2028-02-29', '2026-02-29', '2026-13-01', '2026-1-1', '24.12.2026'].map(isDate)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
    expect(['2026-03-02', '2026-03-03', 'soon'].map(isMonday)).toEqual([true, false, false]);
  });

  test('begin with the first moment of the day in the zone, on days without midnight too', () => {
    expect(momentIn('2026-08-03', 'Europe/Berlin')).toBe(fromIso('2026-08-02T22:00:00Z'));
    // Santiago's clocks jump from 23:59:59 to 01:00 on this night.
    expect(momentIn('2026-09-06', 'America/Santiago')).toBe(fromIso('2026-09-06T04:00:00Z'));
  });

  test('are local unless they have an offset, and a skipped hour is taken as later', () => {
    expect(momentIn('2026-08-03T12:00', 'America/New_York')).toBe(fromIso('2026-08-03T16:00:00Z'));
    expect(momentIn('2026-08-03 12:00:30', 'UTC')).toBe(fromIso('2026-08-03T12:00:30Z'));
    expect(momentIn('2026-08-03T12:00+02:00', 'America/New_York')).toBe(fromIso('2026-08-03T10:00:00Z'));
    expect(momentIn('2026-03-29T02:30', 'Europe/Berlin')).toBe(fromIso('2026-03-29T01:30:00Z'));
    expect(momentIn('2026-08-03T25:00', 'UTC')).toBeNull();
    expect(momentIn('2026-02-30T12:00', 'UTC')).toBeNull();
  });
});

describe('zones', () => {
  test('go by their names', () => {
    expect(['Europe/Berlin', 'UTC', '+02:00', 'Berlin', ''].map(isTimeZone)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(['new york', 'Europe/Brelin', 'Zzzzzz/Zzzzzzzzz'].map(nearestTimeZone)).toEqual([
      'America/New_York',
      'Europe/Berlin',
      null,
    ]);
  });
});

describe('addresses', () => {
  test.each(['Leah.Stein+x@Elm.example', "o'neil@xn--bro-hoa.example"])('%s is one', (text) => {
    expect(parseAddress(text)).toBe(text.toLowerCase());
  });

  test.each([
    'leah',
    '@elm.example',
    'leah@',
    'a@b@c.example',
    '.a@b.example',
    'a..b@c.example',
    'a b@c.example',
    '"a b"@c.example',
    'a@-b.example',
    'a@b..example',
    'a@[192.0.2.1]',
    'ä@b.example',
    'a@b.example\r\nBcc: c@d.example',
    `${'a'.repeat(65)}@b.example`,
    `a@${'b'.repeat(64)}.example`,
    '<a@b.example>',
  ])('%j is none', (text) => {
    expect(parseAddress(text)).toBeNull();
  });

  test('cost linear time whatever they hold', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 5 }), fc.constantFrom('a.', 'a-', '.', '@', '+'), (start, piece) => {
        expect(parseAddress(`${start}${piece.repeat(100_000)}\n`)).toBeNull();
      }),
      { numRuns: 20 },
    );
  });
});

test('who is assigned is a member, or a team in any of its spellings', () => {
  expect(parseAssign('priya')).toEqual({ type: 'member', member: 'priya' });
  const team = { type: 'team', team: 'repairs' };
  expect([
    parseAssign('team: repairs'),
    parseAssign('team:repairs'),
    parseAssign({ team: 'repairs' }),
  ]).toEqual([team, team, team]);
});

describe('hours', () => {
  const days = (hours: Record<string, string[]>): string[] | string => {
    const parsed = parseHours(hours);
    return 'faults' in parsed
      ? parsed.faults.map(({ message }) => message)
      : parsed.week.map((shifts) => shifts.map(({ from, to }) => `${from}-${to}`).join(' '));
  };

  test('name days singly, in ranges over the weekend, and in lists', () => {
    expect(
      days({ 'fri-mon': ['8:00-12:00'], 'Tuesday, thu': ['13:00-14:00', '10:00-11:00'], wed: ['off'] }),
    ).toEqual([
      '08:00-12:00',
      '10:00-11:00 13:00-14:00',
      '',
      '10:00-11:00 13:00-14:00',
      '08:00-12:00',
      '08:00-12:00',
      '08:00-12:00',
    ]);
  });

  test('may be a night, a whole day, or touch one another', () => {
    expect(days({ sun: ['22:00-06:00'], mon: ['06:00-24:00'], tue: ['00:00-24:00'] }).slice(0, 2)).toEqual([
      '06:00-24:00',
      '00:00-24:00',
    ]);
  });

  test('never overlap, also not from Sunday night into Monday', () => {
    expect(days({ sun: ['22:00-06:00'], mon: ['05:59-09:00'] })).toEqual([
      'sun 22:00-06:00 and mon 05:59-09:00 overlap',
    ]);
    expect(days({ mon: ['08:00-20:00, 09:00-10:00'] })).toEqual([
      'mon 08:00-20:00 and mon 09:00-10:00 overlap',
    ]);
  });

  test('that are accepted always cover each minute at most once and at least one minute', () => {
    const time = fc.integer({ min: 0, max: 24 * 4 }).map((quarter) => clock(quarter * 15));
    const span = fc.tuple(time, time).map(([from, to]) => `${from}-${to}`);
    const day = fc.constantFrom('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun');
    fc.assert(
      fc.property(fc.dictionary(day, fc.array(span, { minLength: 1, maxLength: 3 })), (hours) => {
        const parsed = parseHours(hours);
        if ('faults' in parsed) return;
        const minutes = parsed.week.flatMap((shifts, index) =>
          shifts.flatMap(({ from, to }) => minutesOf(index, from, to)),
        );
        expect(minutes.length).toBeGreaterThan(0);
        expect(new Set(minutes).size).toBe(minutes.length);
      }),
    );
  });
});

const clock = (minute: number): string =>
  `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

function minutesOf(day: number, from: string, to: string): number[] {
  const [start = 0, end = 0] = [from, to].map(
    (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3)),
  );
  const length = end > start ? end - start : end - start + 24 * 60;
  return Array.from({ length }, (_, minute) => (day * 24 * 60 + start + minute) % (7 * 24 * 60));
}

test('a near name is found by few slips, and a far one is not guessed', () => {
  const known = ['leah', 'priya', 'finalManager'];
  expect(
    ['leha', 'Pria', 'finalmanger', 'zoe', 'lea', 'x'.repeat(1_000)].map((typed) => nearest(typed, known)),
  ).toEqual(['leah', 'priya', 'finalManager', null, 'leah', null]);
});
