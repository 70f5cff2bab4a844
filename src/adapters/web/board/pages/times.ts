/** Times as a reader sees them: how long ago, in words, with the whole date and clock where they point. */
import { type Instant, MINUTE, toDate } from '../../../../domain/instant.ts';
import { lateness } from '../../../../domain/notices/durations.ts';
import { timeWords } from '../../../../domain/notices/times.ts';
import { type Html, html } from '../../html.ts';
import type { Look } from './look.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format takes about a thousand times as long as using it. */
function formatOf(kind: string, timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${kind} ${timeZone}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat('en-GB', { ...options, timeZone });
  formats.set(key, format);
  return format;
}

const wholeTime = (at: Instant, timeZone: string): string =>
  formatOf('whole', timeZone, { dateStyle: 'full', timeStyle: 'long' }).format(toDate(at));

type Reader = Pick<Look, 'now'> & { readonly viewer: { readonly timeZone: string } };

const told = ({ viewer }: Reader, at: Instant, words: string): Html =>
  html`<time datetime="${toDate(at).toISOString()}" title="${wholeTime(at, viewer.timeZone)}">${words}</time>`;

/** `9:52`, `Tue 9:52`, `3 Dec 9:52`. */
export const clockTime = (look: Reader, at: Instant): Html =>
  told(look, at, timeWords(at, look.now, look.viewer.timeZone));

/** `Mon 2 Mar, 9:00`: where the day is what is asked for. */
export function dayTime(look: Reader, at: Instant): Html {
  const day = formatOf('day', look.viewer.timeZone, { weekday: 'short', day: 'numeric', month: 'short' });
  const clock = formatOf('clock', look.viewer.timeZone, {
    hour: 'numeric',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return told(
    look,
    at,
    `${day.format(toDate(at)).replace(',', '')}, ${clock.format(toDate(at)).replace(/^0(?=\d)/, '')}`,
  );
}

/** `2 hours ago`; `just now` within a minute. */
export const ago = (look: Reader, at: Instant): Html =>
  told(look, at, look.now - at < MINUTE ? 'just now' : `${lateness(look.now - at)} ago`);

/** `2 hours`: for how long by now. */
export const forHowLong = (look: Reader, at: Instant): Html => told(look, at, lateness(look.now - at));

/** `in 2 hours`, `now` when it is over. */
export const untilThen = (look: Reader, at: Instant): Html =>
  told(look, at, at - look.now < MINUTE ? 'now' : `in ${lateness(at - look.now)}`);
