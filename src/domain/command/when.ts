/**
 * A point in time as somebody words it: read without knowing the time or the zone, resolved with both.
 *
 * A closed grammar and no guess: what could be two times (12/2, "at 3") is none, and its writer is asked.
 */
import { Temporal } from 'temporal-polyfill';
import { DAY, fromMs, type Instant, MINUTE, toMs } from '../instant.ts';
import type { Schedule, Shift } from '../policy.ts';
import { patternOn, shiftsOn, timeZoneAt } from '../work-pattern.ts';

/** Wall-clock fields that were said; what was not said is null. */
export type When =
  /** `tomorrow`, `next Tuesday 3pm`, `March 4`: a local date and perhaps a time of day. */
  | {
      readonly type: 'date';
      readonly day: /** `tomorrow`, and `in 3 days`: of the calendar, so that no change of the clocks moves the hour. */
        | { readonly type: 'in-days'; readonly days: number }
        /** `next` is true for "next Tuesday" said apart from "Tuesday". Monday = 1 to Sunday = 7. */
        | { readonly type: 'weekday'; readonly weekday: number; readonly next: boolean }
        | {
            readonly type: 'calendar';
            readonly year: number | null;
            readonly month: number;
            readonly day: number;
          }
        /** The end of the last working day of it that the person has. */
        | { readonly type: 'end-of'; readonly unit: 'day' | 'week' | 'month' };
      readonly time: PlainTimeOfDay | null;
    }
  /** `in 2 hours`, `in 45 minutes`: of wall time. */
  | { readonly type: 'after'; readonly minutes: number }
  /** `in 2 working days`: the same time of day, so many days on which the person works later. */
  | { readonly type: 'working-days'; readonly days: number };

export type PlainTimeOfDay = { readonly hour: number; readonly minute: number };

export type ResolvedWhen =
  | { readonly type: 'at'; readonly at: Instant }
  | { readonly type: 'past' }
  /** More than 400 days from now, or a date that no year until then has. */
  | { readonly type: 'too-far' };

export const WHEN_DAYS_MAX = 400;

type Surroundings = {
  readonly now: Instant;
  /** Of the person whose days they are: the zone, and when a day of theirs begins and ends. */
  readonly schedule: Schedule;
  /** What a date without a time means: the start of that person's working day, or the end of it for a deadline. */
  readonly edge: 'start' | 'end';
};

/**
 * The instant that is meant. Absences do not count: whoever says Friday means Friday. A time that the clocks jump
 * over moves forward by the gap, one that comes twice means the first.
 */
export function resolveWhen(when: When, { now, schedule, edge }: Surroundings): ResolvedWhen {
  const here = Temporal.Instant.fromEpochMilliseconds(toMs(now)).toZonedDateTimeISO(
    timeZoneAt(schedule, now),
  );
  const at = instantOf(when, now, here, schedule, edge);
  if (at === null || at > now + WHEN_DAYS_MAX * DAY) return { type: 'too-far' };
  return at <= now ? { type: 'past' } : { type: 'at', at };
}

function instantOf(
  when: When,
  now: Instant,
  here: Temporal.ZonedDateTime,
  schedule: Schedule,
  edge: 'start' | 'end',
): Instant | null {
  switch (when.type) {
    case 'after':
      return now + when.minutes * MINUTE;
    case 'working-days': {
      const date = workingDaysLater(here.toPlainDate(), when.days, schedule);
      return date === null ? null : timeOn(date, here.toPlainTime(), schedule);
    }
    case 'date': {
      const { day, time } = when;
      if (day.type === 'end-of') return endOf(day.unit, now, here.toPlainDate(), schedule);
      const date = dateOf(day, time, now, here.toPlainDate(), schedule);
      if (date === null) return null;
      if (time !== null) return timeOn(date, Temporal.PlainTime.from(time), schedule);
      return edge === 'start' ? startOfWork(date, schedule) : endOfWork(date, schedule);
    }
    default:
      return when satisfies never;
  }
}

type DateWhen = When & { readonly type: 'date' };

function dateOf(
  day: Exclude<DateWhen['day'], { type: 'end-of' }>,
  time: PlainTimeOfDay | null,
  now: Instant,
  today: Temporal.PlainDate,
  schedule: Schedule,
): Temporal.PlainDate | null {
  switch (day.type) {
    case 'in-days':
      return day.days > WHEN_DAYS_MAX + 1 ? null : today.add({ days: day.days });
    case 'weekday': {
      // "Next" counts in calendar weeks from Monday on; the receipt names the date that came of it.
      if (day.next) return today.add({ days: 7 - today.dayOfWeek + day.weekday });
      const ahead = (day.weekday - today.dayOfWeek + 7) % 7;
      // "Friday 5pm", said on a Friday morning, is that day; "Friday" alone is a week later.
      const isToday = ahead === 0 && time !== null && isAhead(today, time, now, schedule);
      return today.add({ days: ahead === 0 && !isToday ? 7 : ahead });
    }
    case 'calendar':
      if (day.year !== null) return plainDate(day.year, day.month, day.day);
      return thisYearOrNext(day, today);
    default:
      return day satisfies never;
  }
}

const isAhead = (date: Temporal.PlainDate, time: PlainTimeOfDay, now: Instant, schedule: Schedule): boolean =>
  timeOn(date, Temporal.PlainTime.from(time), schedule) > now;

function thisYearOrNext(
  { month, day }: { readonly month: number; readonly day: number },
  today: Temporal.PlainDate,
): Temporal.PlainDate | null {
  for (const year of [today.year, today.year + 1]) {
    const date = plainDate(year, month, day);
    if (date !== null && Temporal.PlainDate.compare(date, today) >= 0) return date;
  }
  return null;
}

/** Null for a date that does not exist. */
export function plainDate(year: number, month: number, day: number): Temporal.PlainDate | null {
  if (month < 1 || month > 12 || day < 1) return null;
  const date = Temporal.PlainDate.from({ year, month, day }, { overflow: 'constrain' });
  return date.day === day ? date : null;
}

/** Somebody who works on fewer days than that has no such day within reach. */
function workingDaysLater(
  today: Temporal.PlainDate,
  days: number,
  schedule: Schedule,
): Temporal.PlainDate | null {
  let left = days;
  for (let ahead = 1; ahead <= WHEN_DAYS_MAX && left > 0; ahead += 1) {
    const date = today.add({ days: ahead });
    if (worksOn(date, schedule).length > 0) left -= 1;
    if (left === 0) return date;
  }
  return null;
}

/** The end of the last working day that the period still has; of one without any, its last midnight. */
function endOf(
  unit: 'day' | 'week' | 'month',
  now: Instant,
  today: Temporal.PlainDate,
  schedule: Schedule,
): Instant {
  const last = {
    day: today,
    week: today.add({ days: 7 - today.dayOfWeek }),
    month: today.with({ day: today.daysInMonth }),
  }[unit];
  for (let date = last; Temporal.PlainDate.compare(date, today) >= 0; date = date.subtract({ days: 1 })) {
    if (worksOn(date, schedule).length === 0) continue;
    const end = endOfWork(date, schedule);
    if (end > now) return end;
  }
  return midnightAfter(last, schedule);
}

/** In the zone that is in force on the date, in which its times are meant as well. */
const worksOn = (date: Temporal.PlainDate, schedule: Schedule): readonly Shift[] =>
  shiftsOn(patternOn(schedule, date.toString()), date.toString());

/** On a day without work, the start of the next one with some; of somebody who never works, midnight. */
function startOfWork(date: Temporal.PlainDate, schedule: Schedule): Instant {
  for (let ahead = 0; ahead <= WORKDAY_WITHIN; ahead += 1) {
    const day = date.add({ days: ahead });
    const [first] = worksOn(day, schedule)
      .map(({ from }) => from)
      .sort();
    if (first !== undefined) return timeOn(day, Temporal.PlainTime.from(first), schedule);
  }
  return timeOn(date, Temporal.PlainTime.from('00:00'), schedule);
}

const WORKDAY_WITHIN = 31;

/** On a day without work, the end of the day itself. */
function endOfWork(date: Temporal.PlainDate, schedule: Schedule): Instant {
  const ends = worksOn(date, schedule).map(({ from, to }) => {
    if (to === '24:00') return midnightAfter(date, schedule);
    return timeOn(to > from ? date : date.add({ days: 1 }), Temporal.PlainTime.from(to), schedule);
  });
  return ends.length === 0 ? midnightAfter(date, schedule) : Math.max(...ends);
}

const midnightAfter = (date: Temporal.PlainDate, schedule: Schedule): Instant =>
  timeOn(date.add({ days: 1 }), Temporal.PlainTime.from('00:00'), schedule);

function timeOn(date: Temporal.PlainDate, time: Temporal.PlainTime, schedule: Schedule): Instant {
  const { timeZone } = patternOn(schedule, date.toString());
  return fromMs(date.toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds);
}
