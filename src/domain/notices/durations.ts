/** Lengths of working time in words. Never in days: how long a day is differs from inbox to inbox. */
import { type Duration, HOUR, MINUTE } from '../instant.ts';

/** Minutes are told below so many hours. */
const EXACT_BELOW = 10 * HOUR;

/** `22 min`, `3 h 10 min`, `31 h`: for a column of figures. No break inside. */
export const shortWords = (time: Duration): string => inWords(time, ['h', 'h'], ['min', 'min']);

/** `22 minutes`, `3 hours 10 minutes`, `31 hours`: within a sentence. */
export const longWords = (time: Duration): string => inWords(time, ['hour', 'hours'], ['minute', 'minutes']);

type Unit = readonly [one: string, many: string];

function inWords(time: Duration, hour: Unit, minute: Unit): string {
  if (time >= EXACT_BELOW) return counted(Math.round(time / HOUR), hour);
  const minutes = Math.round(time / MINUTE);
  const parts = [
    minutes < 60 ? null : counted(Math.floor(minutes / 60), hour),
    minutes >= 60 && minutes % 60 === 0 ? null : counted(minutes % 60, minute),
  ];
  return parts.filter((part) => part !== null).join(NO_BREAK);
}

const NO_BREAK = '\u00a0';

const counted = (count: number, [one, many]: Unit): string =>
  `${count}${NO_BREAK}${count === 1 ? one : many}`;
