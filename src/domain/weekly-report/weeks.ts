/**
 * The week that a report is about and those it is compared with. A week is seven local dates of its reader, the last of
 * them the day before the report's date; a change of the clocks makes one an hour longer or shorter.
 */
import { Temporal } from 'temporal-polyfill';
import { fromMs, type Instant } from '../instant.ts';
import type { PlainDate } from '../policy.ts';
import { localDate } from '../standing-mails.ts';
import type { Week } from './facts.ts';

/** So many weeks before are enough to tell a bad week from how it always is. */
export const WEEKS_BEFORE = 4;

/** The earliest first, the reported week last. `at`: the instant at which the report is made, not before its date. */
export function reportedWeeks(date: PlainDate, timeZone: string, at: Instant): readonly Week[] {
  const day = Temporal.PlainDate.from(date);
  const begins = Array.from({ length: WEEKS_BEFORE + 1 }, (_, index) =>
    beginOf(day.subtract({ weeks: WEEKS_BEFORE + 1 - index }), timeZone),
  );
  const end = beginOf(day, timeZone);
  if (at < end) throw new RangeError(`a report of ${date} is not made before that day`);
  return begins.map((from, index) => {
    const until = begins[index + 1] ?? end;
    return { from, until, seen: until + (at - end) };
  });
}

/** The date of the report that was due last: today, or the last day of that name. `weekday`: Monday = 0. */
export function reportDate(timeZone: string, weekday: number, at: Instant): PlainDate {
  const today = localDate(timeZone, at);
  return today.subtract({ days: (today.dayOfWeek - 1 - weekday + 7) % 7 }).toString();
}

const beginOf = (day: Temporal.PlainDate, timeZone: string): Instant =>
  fromMs(day.toZonedDateTime({ timeZone }).epochMilliseconds);
