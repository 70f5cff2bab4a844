/**
 * Lengths of time in words: never more than has passed, so that what is told of one wait is the same wherever it stands.
 * By the clock to the largest unit alone, a day being 24 hours; working time never in days, since how long a day is
 * differs from inbox to inbox.
 */
import { DAY, type Duration, HOUR, MINUTE } from '../instant.ts';

/** `40 minutes`, `20 hours`, `2 days`: by the clock, within a sentence. */
export function lateness(time: Duration): string {
  if (time < MINUTE) return 'less than a minute';
  const [unit, name] = time < HOUR ? [MINUTE, 'minute'] : time < DAY ? [HOUR, 'hour'] : [DAY, 'day'];
  return plain(Math.floor(time / unit), [name, `${name}s`]);
}

/** `40 min`, `20 h`, `2 days`: the same for a column of figures. */
export function shortLateness(time: Duration): string {
  if (time < HOUR) return plain(Math.floor(time / MINUTE), ['min', 'min']);
  if (time < DAY) return plain(Math.floor(time / HOUR), ['h', 'h']);
  return lateness(time);
}

/** Minutes are told below so many hours. */
const EXACT_BELOW = 10 * HOUR;

/** `22 min`, `3 h 10 min`, `31 h`: working time, for a column of figures. No break inside. */
export const shortWords = (time: Duration): string => inWords(time, ['h', 'h'], ['min', 'min']);

/** `22 minutes`, `3 hours 10 minutes`, `31 hours`: working time, within a sentence. */
export const longWords = (time: Duration): string => inWords(time, ['hour', 'hours'], ['minute', 'minutes']);

type Unit = readonly [one: string, many: string];

function inWords(time: Duration, hour: Unit, minute: Unit): string {
  if (time >= EXACT_BELOW) return counted(Math.floor(time / HOUR), hour);
  const minutes = Math.floor(time / MINUTE);
  const parts = [
    minutes < 60 ? null : counted(Math.floor(minutes / 60), hour),
    minutes >= 60 && minutes % 60 === 0 ? null : counted(minutes % 60, minute),
  ];
  return parts.filter((part) => part !== null).join(NO_BREAK);
}

const NO_BREAK = '\u00a0';

const counted = (count: number, unit: Unit): string => plain(count, unit).replace(' ', NO_BREAK);

const plain = (count: number, [one, many]: Unit): string => `${count} ${count === 1 ? one : many}`;
