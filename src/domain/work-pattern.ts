/**
 * How somebody works on a date, and in which zone they tell time: a schedule may change from a date on, to another
 * zone, other hours or other holidays. Everything that asks for a person's zone or shifts asks here.
 *
 * The date of a change is one of the new zone: it holds from the first moment of that date there. Shifts belong to the
 * date on which they begin, so a late shift of the day before is still worked in the zone that is left.
 */
import { Temporal } from 'temporal-polyfill';
import { fromMs, type Instant } from './instant.ts';
import type { PlainDate, Schedule, Shift, WorkPattern } from './policy.ts';

type Change = NonNullable<Schedule['changes']>[number];

/** The pattern in force on a local date. */
export function patternOn(schedule: Schedule, date: PlainDate): WorkPattern {
  return schedule.changes?.findLast(({ from }) => from <= date) ?? schedule;
}

/** The zone in which a person tells time at that instant. */
export function timeZoneAt(schedule: Schedule, at: Instant): string {
  return (schedule.changes?.findLast((change) => beginOf(change) <= at) ?? schedule).timeZone;
}

/** The shifts that begin on a local date: none on a holiday, and on a short day those before its end, cut there. */
export function shiftsOn({ week, holidays }: WorkPattern, date: PlainDate): readonly Shift[] {
  const shifts = week[indexOf(date, week.length)] ?? [];
  if (shifts.length === 0 || holidays.has(date)) return [];
  const end = holidays.endsAt?.(date) ?? null;
  if (end === null) return shifts;
  return shifts
    .filter(({ from }) => from < end)
    .map(({ from, to }) => ({ from, to: to > from && to < end ? to : end }));
}

/** Of a week of seven or fourteen days. After a week 53 comes week 1, and both are odd: so people count them. */
function indexOf(date: PlainDate, length: number): number {
  const day = dayOf(date);
  const weekday = (((day + THURSDAY) % 7) + 7) % 7;
  if (length === 7) return weekday;
  // The year of a week is that of its Thursday (ISO 8601).
  const thursday = day - weekday + THURSDAY;
  const yearBegins = dayOf(`${new Date(thursday * DAY_MS).toISOString().slice(0, 4)}-01-01`);
  const number = Math.floor((thursday - yearBegins) / 7) + 1;
  return number % 2 === 1 ? weekday : weekday + 7;
}

/** 1970-01-01 was one. */
const THURSDAY = 3;
const DAY_MS = 86_400_000;
const dayOf = (date: PlainDate): number => Math.round(Date.parse(`${date}T00:00:00Z`) / DAY_MS);

const begins = new WeakMap<Change, Instant>();

function beginOf(change: Change): Instant {
  const known = begins.get(change);
  if (known !== undefined) return known;
  const begin = Temporal.PlainDate.from(change.from).toZonedDateTime(change.timeZone);
  const at = fromMs(begin.epochMilliseconds);
  begins.set(change, at);
  return at;
}
