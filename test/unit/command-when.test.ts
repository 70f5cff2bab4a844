import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { readWhen } from '../../src/domain/command/read-when.ts';
import { resolveWhen, WHEN_DAYS_MAX, type When } from '../../src/domain/command/when.ts';
import { DAY, fromIso, fromMs, type Instant, toMs } from '../../src/domain/instant.ts';
import type { Schedule } from '../../src/domain/policy.ts';
import { everyDay, Places, schedule } from '../support/schedules.ts';

const day = (type: 'in-days' | 'weekday', value: number, next = false) =>
  type === 'in-days' ? { type, days: value } : ({ type, weekday: value, next } as const);
const date = (at: (When & { type: 'date' })['day'], hour?: number, minute = 0): When => ({
  type: 'date',
  day: at,
  time: hour === undefined ? null : { hour, minute },
});
const calendar = (month: number, dayOfMonth: number, year: number | null = null) =>
  ({ type: 'calendar', year, month, day: dayOfMonth }) as const;

const Read: readonly (readonly [string, When])[] = [
  ['tomorrow', date(day('in-days', 1))],
  ['tomorrow 3pm', date(day('in-days', 1), 15)],
  ['tomorrow at noon', date(day('in-days', 1), 12)],
  ['tomorrow morning', date(day('in-days', 1), 9)],
  ['the day after tomorrow', date(day('in-days', 2))],
  ['today 5 pm', date(day('in-days', 0), 17)],
  ['3pm', date(day('in-days', 0), 15)],
  ['12am', date(day('in-days', 0), 0)],
  ['12:30 p.m.', date(day('in-days', 0), 12, 30)],
  ['15:00', date(day('in-days', 0), 15)],
  ['3pm tomorrow', date(day('in-days', 1), 15)],
  ['3 pm on Friday', date(day('weekday', 5), 15)],
  ['Friday', date(day('weekday', 5))],
  ['FRI', date(day('weekday', 5))],
  ['this Friday', date(day('weekday', 5))],
  ['next Tuesday 3pm', date(day('weekday', 2, true), 15)],
  ['Tuesday next week', date(day('weekday', 2, true))],
  ['next week', date(day('weekday', 1, true))],
  ['Monday 9:30', date(day('weekday', 1), 9, 30)],
  ['2 Dec', date(calendar(12, 2))],
  ['Dec 2', date(calendar(12, 2))],
  ['Dec. 2nd', date(calendar(12, 2))],
  ['the 2nd of December', date(calendar(12, 2))],
  ['December 2, 2026 at 15:00', date(calendar(12, 2, 2026), 15)],
  ['Wed, 2 Dec', date(calendar(12, 2))],
  ['2026-12-02', date(calendar(12, 2, 2026))],
  ['2026-12-02 15:30', date(calendar(12, 2, 2026), 15, 30)],
  ['25/12', date(calendar(12, 25))],
  ['12/25/2026', date(calendar(12, 25, 2026))],
  ['5/5', date(calendar(5, 5))],
  ['Feb 29', date(calendar(2, 29))],
  ['in 2 working days', { type: 'working-days', days: 2 }],
  ['in two business days', { type: 'working-days', days: 2 }],
  ['in 3 hours', { type: 'after', minutes: 180 }],
  ['45 minutes', { type: 'after', minutes: 45 }],
  ['in an hour', { type: 'after', minutes: 60 }],
  ['in 3 days', date(day('in-days', 3))],
  ['in a week', date(day('in-days', 7))],
  ['in 3 days at 9am', date(day('in-days', 3), 9)],
  ['end of week', date({ type: 'end-of', unit: 'week' })],
  ['end of the month', date({ type: 'end-of', unit: 'month' })],
  ['EOD', date({ type: 'end-of', unit: 'day' })],
  ['morgen 15 Uhr', date(day('in-days', 1), 15)],
  ['übermorgen um 14.30 Uhr', date(day('in-days', 2), 14, 30)],
  ['nächsten Dienstag', date(day('weekday', 2, true))],
  ['naechsten Dienstag', date(day('weekday', 2, true))],
  ['Dienstag nächster Woche', date(day('weekday', 2, true))],
  ['am Freitag', date(day('weekday', 5))],
  ['Freitag Nachmittag', date(day('weekday', 5), 14)],
  ['in 2 Arbeitstagen', { type: 'working-days', days: 2 }],
  ['in einer Woche', date(day('in-days', 7))],
  ['2. Dezember', date(calendar(12, 2))],
  ['2.12.', date(calendar(12, 2))],
  ['am 2.12.2026 um 15 Uhr', date(calendar(12, 2, 2026), 15)],
  ['Mittwoch, 2. Dezember 2026', date(calendar(12, 2, 2026))],
  ['Ende der Woche', date({ type: 'end-of', unit: 'week' })],
  ['heute 17:00', date(day('in-days', 0), 17)],
  ['mardi prochain 15h', date(day('weekday', 2, true), 15)],
  ['demain', date(day('in-days', 1))],
  ['demain matin', date(day('in-days', 1), 9)],
  ['après-demain à 15h30', date(day('in-days', 2), 15, 30)],
  ['le 2 décembre', date(calendar(12, 2))],
  ['1er mars', date(calendar(3, 1))],
  ['vendredi à midi', date(day('weekday', 5), 12)],
  ['dans 3 heures', { type: 'after', minutes: 180 }],
  ['à 15 heures', date(day('in-days', 0), 15)],
  ['dans 2 jours ouvrés', { type: 'working-days', days: 2 }],
  ['dans une semaine', date(day('in-days', 7))],
  ['la semaine prochaine', date(day('weekday', 1, true))],
  ['el martes que viene', date(day('weekday', 2, true))],
  ['el próximo martes a las 15:00', date(day('weekday', 2, true), 15)],
  ['mañana', date(day('in-days', 1))],
  ['mañana a las 3 de la tarde', date(day('in-days', 1), 15)],
  ['mañana por la mañana', date(day('in-days', 1), 9)],
  ['pasado mañana', date(day('in-days', 2))],
  ['dentro de 2 días', date(day('in-days', 2))],
  ['en 2 días laborables', { type: 'working-days', days: 2 }],
  ['2 de diciembre de 2026', date(calendar(12, 2, 2026))],
  ['el viernes', date(day('weekday', 5))],
];

describe('a time in words', () => {
  test.each(Read)('%j is read', (text, when) => {
    expect(readWhen(text)).toEqual({ when, length: text.length });
    expect(readWhen(text.toUpperCase())?.when).toEqual(when);
  });

  test.each([
    '12/2',
    '2/12/2026',
    '12-2',
    '2.12',
    '31 February',
    '30.2.',
    '2026-02-29',
    '13/13',
    'at 3',
    'Friday at 3',
    'Friday 3',
    '3:30',
    '3 Uhr',
    '25:00',
    '15:75',
    '13pm',
    'the 5th',
    '5',
    'in 3',
    'in 0 days',
    'in days',
    'in 2 years',
    '15 heures 75',
    'Friday Monday',
    'Friday, Monday',
    'Friday - Monday',
    'Dienstag morgen',
    'tomorrow tomorrow',
    'March',
    'May',
    'soon',
    'next',
    'Fridays',
    'todays',
    'later today maybe',
    '',
  ])('%j is none, because nobody can tell or nothing is said', (text) => {
    expect(readWhen(text)).toBeNull();
  });

  test.each([
    ['Friday waiting for the part', 'Friday'],
    ['tomorrow 3pm she is back', 'tomorrow 3pm'],
    ['Friday, the part is ordered', 'Friday'],
    ['2 Dec: ordered', '2 Dec'],
    ['in 2 days the part is here', 'in 2 days'],
    ['mañana: falta la pieza', 'mañana'],
    ['Friday cover Sam', 'Friday'],
  ])('is the beginning of %j', (text, words) => {
    expect(readWhen(text)?.length).toBe(words.length);
  });
});

const BERLIN = schedule('Europe/Berlin');
/** A Wednesday, 10:00 in Berlin. */
const NOW = fromIso('2026-11-18T09:00:00Z');
const resolved = (
  text: string,
  edge: 'start' | 'end',
  changes: { now?: Instant; schedule?: Schedule } = {},
) => {
  const read = readWhen(text);
  if (read === null) return 'none';
  const found = resolveWhen(read.when, { now: NOW, schedule: BERLIN, edge, ...changes });
  if (found.type !== 'at') return found.type;
  const { timeZone } = changes.schedule ?? BERLIN;
  const local = Temporal.Instant.fromEpochMilliseconds(toMs(found.at)).toZonedDateTimeISO(timeZone);
  return local.toPlainDateTime().toString({ smallestUnit: 'minute' });
};

describe('the instant that is meant, said on a Wednesday at ten', () => {
  test.each([
    ['tomorrow', '2026-11-19T09:00', '2026-11-19T17:00'],
    ['tomorrow 3pm', '2026-11-19T15:00', '2026-11-19T15:00'],
    ['today', 'past', '2026-11-18T17:00'],
    ['9:30', 'past', 'past'],
    ['Friday', '2026-11-20T09:00', '2026-11-20T17:00'],
    ['Wednesday', '2026-11-25T09:00', '2026-11-25T17:00'],
    ['Wednesday 3pm', '2026-11-18T15:00', '2026-11-18T15:00'],
    ['Wednesday 9:30', '2026-11-25T09:30', '2026-11-25T09:30'],
    ['next Tuesday', '2026-11-24T09:00', '2026-11-24T17:00'],
    ['next Friday', '2026-11-27T09:00', '2026-11-27T17:00'],
    ['next week', '2026-11-23T09:00', '2026-11-23T17:00'],
    ['Saturday', '2026-11-23T09:00', '2026-11-22T00:00'],
    ['2 Dec', '2026-12-02T09:00', '2026-12-02T17:00'],
    ['17 Nov', '2027-11-17T09:00', '2027-11-17T17:00'],
    ['2026-11-17', 'past', 'past'],
    ['2028-01-02', 'too-far', 'too-far'],
    ['Feb 29', 'too-far', 'too-far'],
    ['in 3 hours', '2026-11-18T13:00', '2026-11-18T13:00'],
    ['in 3 days', '2026-11-23T09:00', '2026-11-22T00:00'],
    ['in 2 working days', '2026-11-20T10:00', '2026-11-20T10:00'],
    ['in 3 working days', '2026-11-23T10:00', '2026-11-23T10:00'],
    ['in 999 days', 'too-far', 'too-far'],
    ['in 999 working days', 'too-far', 'too-far'],
    ['end of day', '2026-11-18T17:00', '2026-11-18T17:00'],
    ['end of week', '2026-11-20T17:00', '2026-11-20T17:00'],
    ['end of month', '2026-11-30T17:00', '2026-11-30T17:00'],
  ])('%s is %s to begin with and %s as a deadline', (text, start, end) => {
    expect([resolved(text, 'start'), resolved(text, 'end')]).toEqual([start, end]);
  });

  test('is that of the person whose day it is', () => {
    const night = schedule('America/New_York', { week: everyDay({ from: '22:00', to: '06:00' }) });
    expect(resolved('tomorrow', 'start', { schedule: night })).toBe('2026-11-19T22:00');
    expect(resolved('tomorrow', 'end', { schedule: night })).toBe('2026-11-20T06:00');
    const holiday = schedule('Europe/Berlin', { holidays: new Set(['2026-11-19']) });
    expect(resolved('tomorrow', 'start', { schedule: holiday })).toBe('2026-11-20T09:00');
    expect(resolved('in 1 working day', 'start', { schedule: holiday })).toBe('2026-11-20T10:00');
  });

  test('of somebody who never works is midnight, and no working day comes', () => {
    const idle = schedule('Europe/Berlin', { week: everyDay() });
    expect(resolved('tomorrow', 'start', { schedule: idle })).toBe('2026-11-19T00:00');
    expect(resolved('tomorrow', 'end', { schedule: idle })).toBe('2026-11-20T00:00');
    expect(resolved('end of week', 'end', { schedule: idle })).toBe('2026-11-23T00:00');
    expect(resolved('in 1 working day', 'end', { schedule: idle })).toBe('too-far');
  });

  test('passes over an hour that the clocks leave out, and takes the first of two', () => {
    const spring = fromIso('2026-03-28T09:00:00Z');
    expect(resolved('tomorrow 02:30', 'start', { now: spring })).toBe('2026-03-29T03:30');
    expect(resolved('tomorrow 9:00', 'start', { now: spring })).toBe('2026-03-29T09:00');
    expect(resolved('in 2 days', 'start', { now: spring })).toBe('2026-03-30T09:00');
    const autumn = fromIso('2026-10-24T09:00:00Z');
    const read = readWhen('tomorrow 02:30');
    expect(read && resolveWhen(read.when, { now: autumn, schedule: BERLIN, edge: 'start' })).toEqual({
      type: 'at',
      at: fromIso('2026-10-25T00:30:00Z'),
    });
  });
});

const weekday = fc.integer({ min: 1, max: 7 });
const time = fc.option(
  fc.record({ hour: fc.integer({ min: 7, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) }),
);
const anyDay: fc.Arbitrary<(When & { type: 'date' })['day']> = fc.oneof(
  fc.integer({ min: 2, max: 400 }).map((days) => ({ type: 'in-days' as const, days })),
  fc.record({ type: fc.constant('weekday' as const), weekday, next: fc.boolean() }),
  fc
    .record({
      month: fc.integer({ min: 1, max: 12 }),
      day: fc.integer({ min: 1, max: 28 }),
      year: fc.option(fc.constantFrom(2026, 2027)),
    })
    .map((one) => ({ type: 'calendar' as const, ...one })),
);
const anyWhen: fc.Arbitrary<When> = fc.oneof(
  fc.record({ type: fc.constant('date' as const), day: anyDay, time }),
  fc.constantFrom('day', 'week', 'month').map((unit) => date({ type: 'end-of', unit: unit as 'day' })),
  fc.integer({ min: 1, max: 999 }).map((minutes) => ({ type: 'after' as const, minutes })),
  fc.integer({ min: 1, max: 99 }).map((days) => ({ type: 'working-days' as const, days })),
);

const named = (locale: string, options: Intl.DateTimeFormatOptions, days: readonly number[]): string[] =>
  days.map((offset) => new Intl.DateTimeFormat(locale, { ...options, timeZone: 'UTC' }).format(offset));
/** 1 January 2024 was a Monday. */
const weekdaysOf = (locale: string) =>
  named(
    locale,
    { weekday: 'long' },
    [0, 1, 2, 3, 4, 5, 6].map((n) => Date.UTC(2024, 0, 1 + n)),
  );
const monthsOf = (locale: string) =>
  named(
    locale,
    { month: 'long' },
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((n) => Date.UTC(2024, n, 5)),
  );

const Words = {
  en: {
    inDays: 'in # days',
    minutes: 'in # minutes',
    working: 'in # working days',
    next: 'next #',
    day: 'end of day',
    week: 'end of week',
    month: 'end of the month',
  },
  de: {
    inDays: 'in # Tagen',
    minutes: 'in # Minuten',
    working: 'in # Arbeitstagen',
    next: 'nächsten #',
    day: 'Feierabend',
    week: 'Ende der Woche',
    month: 'Ende des Monats',
  },
  fr: {
    inDays: 'dans # jours',
    minutes: 'dans # minutes',
    working: 'dans # jours ouvrés',
    next: '# prochain',
    day: 'fin de journée',
    week: 'fin de semaine',
    month: 'fin du mois',
  },
  es: {
    inDays: 'dentro de # días',
    minutes: 'en # minutos',
    working: 'en # días hábiles',
    next: 'el # que viene',
    day: 'fin del día',
    week: 'fin de la semana',
    month: 'fin de mes',
  },
} as const;

function write(when: When, locale: keyof typeof Words): string {
  const words = Words[locale];
  if (when.type === 'after') return words.minutes.replace('#', String(when.minutes));
  if (when.type === 'working-days') return words.working.replace('#', String(when.days));
  const clock = when.time;
  const tail =
    clock === null ? '' : ` ${String(clock.hour).padStart(2, '0')}:${String(clock.minute).padStart(2, '0')}`;
  return `${writeDay(when.day, locale)}${tail}`;
}

function writeDay(at: (When & { type: 'date' })['day'], locale: keyof typeof Words): string {
  const words = Words[locale];
  if (at.type === 'end-of') return words[at.unit];
  if (at.type === 'in-days') return words.inDays.replace('#', String(at.days));
  if (at.type === 'weekday') {
    const name = weekdaysOf(locale)[at.weekday - 1] ?? '';
    return at.next ? words.next.replace('#', name) : name;
  }
  const month = monthsOf(locale)[at.month - 1] ?? '';
  const year = at.year === null ? '' : ` ${at.year}`;
  return locale === 'en'
    ? `${month} ${at.day}${year}`
    : `${at.day} ${locale === 'es' ? 'de ' : ''}${month}${year}`;
}

test.each(Object.keys(Words) as (keyof typeof Words)[])(
  'what is written out in %s is read back as it was',
  (locale) => {
    fc.assert(
      fc.property(anyWhen, (when) => {
        const text = write(when, locale);
        expect(readWhen(text), text).toEqual({ when, length: text.length });
      }),
    );
  },
);

test('no instant lies in the past or beyond the bound, and wall times are those that were said', () => {
  const place = fc.constantFrom(...Places);
  const minutes = fc.integer({ min: -8 * 1_440, max: 8 * 1_440 });
  fc.assert(
    fc.property(
      anyWhen,
      place,
      minutes,
      fc.constantFrom('start', 'end'),
      (when, { zone, around }, offset, edge) => {
        const now = fromMs(Date.parse(`${around}T00:00:00Z`) + offset * 60_000);
        const found = resolveWhen(when, { now, schedule: schedule(zone), edge: edge as 'start' });
        if (found.type !== 'at') return;
        expect(found.at).toBeGreaterThan(now);
        expect(found.at).toBeLessThanOrEqual(now + WHEN_DAYS_MAX * DAY);
        if (when.type !== 'date' || when.time === null) return;
        const local = Temporal.Instant.fromEpochMilliseconds(toMs(found.at)).toZonedDateTimeISO(zone);
        const said = local.toPlainDate().toPlainDateTime(Temporal.PlainTime.from(when.time));
        const again = said.toZonedDateTime(zone, { disambiguation: 'compatible' });
        expect(again.epochMilliseconds).toBe(local.epochMilliseconds);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('any line at all is read without an error, and never further than it goes', () => {
  const word = fc.constantFrom(
    'friday',
    'next',
    '3',
    '15:00',
    'de',
    'in',
    'a',
    '2.',
    'dec',
    '12/25',
    'pm',
    ',',
    '-',
    'à',
    'working',
    'days',
  );
  const line = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(word).map((words) => words.join(' ')),
  );
  fc.assert(
    fc.property(line, (text) => {
      const read = readWhen(text);
      if (read !== null) expect(read.length).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 2_000 },
  );
});
