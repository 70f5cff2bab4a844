/** Times and lengths as transcripts write them, on the clock of the test company in Berlin. */
import { Temporal } from 'temporal-polyfill';
import {
  DAY,
  type Duration,
  fromMs,
  HOUR,
  type Instant,
  MINUTE,
  SECOND,
  toMs,
} from '../../src/domain/instant.ts';

const ZONE = 'Europe/Berlin';
const UNITS: Readonly<Record<string, Duration>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY };

/** `2026-03-02 10:00`, or `15:30` for the next time that a clock on the wall shows it. */
export function readTime(text: string, now: Instant): Instant {
  if (text.includes('-')) return instantOf(Temporal.PlainDateTime.from(text.replace(' ', 'T')));
  const today = local(now).toPlainDate().toPlainDateTime(Temporal.PlainTime.from(text));
  const at = instantOf(today);
  return at > now ? at : instantOf(today.add({ days: 1 }));
}

/** `45m`, `1d 2h`. */
export function readDuration(text: string): Duration {
  return text.split(' ').reduce((sum, part) => {
    const [, count, unit = ''] = /^(\d+)([smhd])$/.exec(part) ?? [];
    if (count === undefined) throw new Error(`not a length of time: ${text}`);
    return sum + Number(count) * (UNITS[unit] ?? 0);
  }, 0);
}

/** `10:00`, with the date in front when it is not that of `since`. */
export function writeTime(at: Instant, since: Instant): string {
  const then = local(at);
  const time = then.toPlainTime().toString().slice(0, 5);
  const date = then.toPlainDate();
  return date.equals(local(since).toPlainDate()) ? time : `${date.toString().slice(5)} ${time}`;
}

const local = (at: Instant) => Temporal.Instant.fromEpochMilliseconds(toMs(at)).toZonedDateTimeISO(ZONE);

const instantOf = (time: Temporal.PlainDateTime): Instant =>
  fromMs(time.toZonedDateTime(ZONE).epochMilliseconds);
