/**
 * A person's working time: when it is, how much of it lies between two instants, and when so much of it has passed.
 *
 * - A shift is local: from one wall time to another in the zone of the schedule, however long that really takes on
 *   the days the clocks change. A wall time that does not exist moves forward by the gap, one that exists twice
 *   means the first (Temporal's "compatible"); a shift that a gap swallows is empty, and a date that a zone leaves
 *   out has none. `24:00` is the next midnight.
 * - A shift belongs to the date on which it begins: a holiday removes the night shift that begins on it, not the one
 *   that ends on it, and a short day cuts it off at its end. It is worked in the zone, and by the week, in force on
 *   that date; around a move to another zone shifts may overlap or lie a day apart.
 * - Shifts that overlap count once. Absences are cut out. Spans are half-open: at 17:00 the day is over.
 * - Where no working time follows within 400 days (an empty week, an absence without end) the answer is null: the
 *   caller must take another clock or another person.
 *
 * Pure for the caller. Spans are remembered, which is why no part of a schedule must ever be changed in place: without
 * absences for everybody who works alike, since told absences come in a new schedule with each transaction.
 * Wrong times, dates and zones are bugs of the configuration and throw RangeError.
 */
import { Temporal } from 'temporal-polyfill';
import { DAY, type Duration, fromMs, type Instant, MINUTE, toMs } from './instant.ts';
import type { Absence, Holidays, PlainTime, Schedule } from './policy.ts';
import { patternOn, shiftsOn } from './work-pattern.ts';

/** The longest stretch without work that is looked across for more of it. */
const IDLE_MAX: Duration = 400 * DAY;
/** However little somebody works, no deadline lies (much) further off; also bounds the time of one call. */
const REACH_MAX: Duration = 20 * 366 * DAY;

type Span = { readonly from: Instant; readonly until: Instant };

/** Working spans are made for windows of this many UTC days at once. */
const WINDOW_DAYS = 32;
const WINDOW: Duration = WINDOW_DAYS * DAY;
/** A shift may begin this many dates outside of a window and reach into it: its length, its zone, a skipped date. */
const MARGIN_DAYS = 3;
/** Beyond this the oldest window is forgotten. */
const WINDOWS_MAX = 64;

const NOON = 12 * 60;

type Windows = Map<number, readonly Span[]>;

type Calendar = {
  /** Of the times without absences, which others may share. */
  readonly worked: Windows;
  readonly away: readonly Span[];
  readonly windows: Windows;
};

const calendars = new WeakMap<Schedule, Calendar>();

/**
 * The first instant by which `amount` of working time has passed since `from`. It lies within working time or just
 * at its end: eight hours from Monday 9:00 in a day of 9 to 17 are Monday 17:00, not Tuesday 9:00. An amount of 0
 * asks for the first working instant, which is `from` itself for somebody at work.
 *
 * Null when no more work comes within 400 days, or when it would take over 20 years. Throws RangeError on an amount
 * that is negative or not a number.
 */
export function addWorkingTime(schedule: Schedule, from: Instant, amount: Duration): Instant | null {
  if (!(amount >= 0) || !Number.isFinite(from)) throw new RangeError(`cannot add ${amount} µs to ${from}`);
  const calendar = calendarOf(schedule);
  let left = amount;
  let idleSince = from;
  for (let index = windowOf(from); index * WINDOW - from < REACH_MAX; index += 1) {
    for (const span of windowAt(schedule, calendar, index)) {
      if (span.until <= from) continue;
      const begin = Math.max(span.from, from);
      if (begin - idleSince > IDLE_MAX) return null;
      const length = span.until - begin;
      if (left <= length) return begin + left;
      left -= length;
      idleSince = span.until;
    }
    if ((index + 1) * WINDOW - idleSince > IDLE_MAX) return null;
  }
  return null;
}

/** How much working time lies in [from, until); 0 when `until` is not after `from`. */
export function workingTimeBetween(schedule: Schedule, from: Instant, until: Instant): Duration {
  if (!Number.isFinite(from) || !Number.isFinite(until)) throw new RangeError('instants must be finite');
  const calendar = calendarOf(schedule);
  let sum = 0;
  for (let index = windowOf(from); index * WINDOW < until; index += 1) {
    for (const span of windowAt(schedule, calendar, index)) {
      sum += Math.max(0, Math.min(span.until, until) - Math.max(span.from, from));
    }
  }
  return sum;
}

/** Whether the instant lies in working time; its end is outside. */
export function isWorkingAt(schedule: Schedule, at: Instant): boolean {
  const spans = windowAt(schedule, calendarOf(schedule), windowOf(at));
  return spans.some((span) => span.from <= at && at < span.until);
}

/** The first working instant at or after `at`, or null when none comes within 400 days. */
export const nextWorkingAt = (schedule: Schedule, at: Instant): Instant | null =>
  addWorkingTime(schedule, at, 0);

/** The absence that covers the instant, of several the one that ends last; null when the person is not away. */
export function absenceAt(schedule: Schedule, at: Instant): Absence | null {
  let found: Absence | null = null;
  for (const absence of schedule.absences) {
    if (absence.from > at || at >= absence.until) continue;
    if (found === null || absence.until > found.until) found = absence;
  }
  return found;
}

export const isAbsentAt = (schedule: Schedule, at: Instant): boolean => absenceAt(schedule, at) !== null;

const windowOf = (at: Instant): number => Math.floor(at / WINDOW);

function calendarOf(schedule: Schedule): Calendar {
  const known = calendars.get(schedule);
  if (known !== undefined) return known;
  const worked = workedBy(schedule);
  const away = union(schedule.absences);
  // Who is never away has their working times as they are.
  const calendar = { worked, away, windows: away.length === 0 ? worked : new Map() };
  calendars.set(schedule, calendar);
  return calendar;
}

type Alike = {
  readonly timeZone: string;
  readonly changes: Schedule['changes'] | undefined;
  readonly worked: Windows;
};

const alike = new WeakMap<Schedule['week'], WeakMap<Holidays, Alike[]>>();

/** The windows of everybody whose week, holidays, zone and changes are the same values as here. */
function workedBy({ week, holidays, timeZone, changes }: Schedule): Windows {
  const byHolidays = alike.get(week) ?? new WeakMap<Holidays, Alike[]>();
  alike.set(week, byHolidays);
  const found = byHolidays.get(holidays) ?? [];
  byHolidays.set(holidays, found);
  const same = found.find((one) => one.timeZone === timeZone && one.changes === changes);
  if (same !== undefined) return same.worked;
  for (const pattern of [{ week }, ...(changes ?? [])]) checkWeek(pattern.week);
  const worked: Windows = new Map();
  found.push({ timeZone, changes, worked });
  return worked;
}

function checkWeek(week: Schedule['week']): void {
  if (week.length !== 7 && week.length !== 14)
    throw new RangeError('seven days from Monday, or fourteen for odd and even weeks');
  for (const { from, to } of week.flat()) minuteOf(from) + minuteOf(to);
}

/** The disjoint working spans of one window in order, each cut at its edges. */
function windowAt(schedule: Schedule, calendar: Calendar, index: number): readonly Span[] {
  return remembered(calendar.windows, index, () => {
    const worked = remembered(calendar.worked, index, () => spansOf(schedule, index));
    return subtract(worked, calendar.away);
  });
}

function remembered(windows: Windows, index: number, make: () => readonly Span[]): readonly Span[] {
  const known = windows.get(index);
  if (known !== undefined) return known;
  const spans = make();
  if (windows.size >= WINDOWS_MAX) {
    const oldest = windows.keys().next().value;
    if (oldest !== undefined) windows.delete(oldest);
  }
  windows.set(index, spans);
  return spans;
}

/** What is worked in one window, whoever is away. */
function spansOf(schedule: Schedule, index: number): Span[] {
  const firstDay = index * WINDOW_DAYS;
  const worked: Span[] = [];
  for (let day = firstDay - MARGIN_DAYS; day < firstDay + WINDOW_DAYS + MARGIN_DAYS; day += 1) {
    worked.push(...worksOn(schedule, day));
  }
  const bounds = { from: index * WINDOW, until: (index + 1) * WINDOW };
  return union(worked).flatMap((span) => intersect(span, bounds));
}

/** The shifts that begin on a local date, counted in days from 1970-01-01. */
function worksOn(schedule: Schedule, day: number): Span[] {
  const date = new Date(toMs(day * DAY)).toISOString().slice(0, 10);
  const pattern = patternOn(schedule, date);
  const spans: Span[] = [];
  for (const shift of shiftsOn(pattern, date)) {
    const [from, to] = [minuteOf(shift.from), minuteOf(shift.to)];
    const begin = localTime(pattern.timeZone, day, from);
    // Only a beginning that was moved to another date can be of one that there is not.
    if (begin.day !== Number(date.slice(8)) && isLeftOut(pattern.timeZone, day)) return [];
    const end = localTime(pattern.timeZone, to > from ? day : day + 1, to);
    spans.push({ from: fromMs(begin.epochMilliseconds), until: fromMs(end.epochMilliseconds) });
  }
  return spans;
}

/** Samoa had no 30 December 2011. Temporal moves its noon to the 31st; no shift moved with it. */
const isLeftOut = (timeZone: string, day: number): boolean =>
  localTime(timeZone, day, NOON).day !== new Date(toMs(day * DAY)).getUTCDate();

function localTime(timeZone: string, day: number, minute: number): Temporal.ZonedDateTime {
  const wall = new Date(toMs(day * DAY + minute * MINUTE));
  const local = new Temporal.PlainDateTime(
    wall.getUTCFullYear(),
    wall.getUTCMonth() + 1,
    wall.getUTCDate(),
    wall.getUTCHours(),
    wall.getUTCMinutes(),
  );
  return local.toZonedDateTime(timeZone, { disambiguation: 'compatible' });
}

function minuteOf(time: PlainTime): number {
  if (!/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/.test(time)) throw new RangeError(`not a time of day: ${time}`);
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

/** Sorted, disjoint, without empty spans. */
function union(spans: readonly Span[]): Span[] {
  const sorted = spans.filter((span) => span.until > span.from).sort((a, b) => a.from - b.from);
  const merged: Span[] = [];
  for (const span of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && span.from <= last.until) {
      merged[merged.length - 1] = { from: last.from, until: Math.max(last.until, span.until) };
    } else merged.push(span);
  }
  return merged;
}

/** Both in the form that union gives. */
function subtract(spans: readonly Span[], holes: readonly Span[]): Span[] {
  return spans.flatMap((span) => {
    const parts: Span[] = [];
    let from = span.from;
    for (const hole of holes) {
      if (hole.until <= from || hole.from >= span.until) continue;
      if (hole.from > from) parts.push({ from, until: hole.from });
      from = hole.until;
    }
    if (from < span.until) parts.push({ from, until: span.until });
    return parts;
  });
}

const intersect = (span: Span, bounds: Span): Span[] => {
  const from = Math.max(span.from, bounds.from);
  const until = Math.min(span.until, bounds.until);
  return from < until ? [{ from, until }] : [];
};
