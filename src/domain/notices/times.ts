/** Instants as their reader says them: the reader's zone, 24 hours, the day only when it is not today. */
import { type Instant, MINUTE, toDate } from '../instant.ts';

type Local = {
  readonly day: number;
  readonly year: string;
  readonly clock: string;
  readonly weekday: string;
  readonly date: string;
};

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes about a thousand times as long as using it. */
function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(timeZone, format);
  return format;
}

const Months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The same few minutes are told in every mail of a while. */
const told = new Map<string, Local>();
const TOLD_MAX = 2_000;

function local(at: Instant, timeZone: string): Local {
  const minute = Math.floor(at / MINUTE) * MINUTE;
  const key = `${minute} ${timeZone}`;
  const known = told.get(key);
  if (known !== undefined) return known;
  if (told.size >= TOLD_MAX) told.clear();
  const made = makeLocal(minute, timeZone);
  told.set(key, made);
  return made;
}

function makeLocal(at: Instant, timeZone: string): Local {
  const parts = new Map(
    formatFor(timeZone)
      .formatToParts(toDate(at))
      .map((part) => [part.type, part.value]),
  );
  const value = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
  const month = Number(value('month'));
  return {
    // Counts calendar days, so that "tomorrow" is one more even when the clocks change in between.
    day: Date.UTC(Number(value('year')), month - 1, Number(value('day'))) / 86_400_000,
    year: value('year'),
    clock: `${Number(value('hour'))}:${value('minute')}`,
    weekday: value('weekday'),
    date: `${Number(value('day'))} ${Months[month - 1] ?? ''}`,
  };
}

/** `9:52`; `Tue 9:52` within six days either way; else `3 Dec 9:52`, with the year when it is another. */
export function timeWords(at: Instant, now: Instant, timeZone: string): string {
  const then = local(at, timeZone);
  const today = local(now, timeZone);
  const days = Math.abs(then.day - today.day);
  if (days === 0) return then.clock;
  if (days <= 6) return `${then.weekday} ${then.clock}`;
  return `${then.date}${then.year === today.year ? '' : ` ${then.year}`} ${then.clock}`;
}

/** `16 to 22 Nov`, `30 Nov to 6 Dec`: the seven dates before a date, or as many weeks earlier. */
export function weekWords(before: string, weeksAgo: number): string {
  const dateOf = (daysAgo: number): Date =>
    new Date(Date.parse(`${before}T00:00:00Z`) - daysAgo * 86_400_000);
  const [first, last] = [dateOf(7 * weeksAgo + 7), dateOf(7 * weeksAgo + 1)];
  const month = (date: Date): string => Months[date.getUTCMonth()] ?? '';
  const begin = month(first) === month(last) ? '' : ` ${month(first)}`;
  return `${first.getUTCDate()}${begin} to ${last.getUTCDate()} ${month(last)}`;
}

const Weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** `Wednesday`, of a date without a time. */
export const weekdayOf = (date: string): string =>
  Weekdays[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? date;
