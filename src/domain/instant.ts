/**
 * Instants and durations.
 *
 * An Instant is a count of microseconds since 1970-01-01T00:00Z in a plain number: PostgreSQL keeps six
 * digits (timestamptz(6)), JavaScript's Date only three, and the ledger needs two events of one millisecond
 * to stay apart. Numbers are exact up to the year 2255.
 */
export type Instant = number;

/** A length of time in microseconds. */
export type Duration = number;

export const MILLISECOND: Duration = 1_000;
export const SECOND: Duration = 1_000 * MILLISECOND;
export const MINUTE: Duration = 60 * SECOND;
export const HOUR: Duration = 60 * MINUTE;
export const DAY: Duration = 24 * HOUR;

export const fromMs = (epochMs: number): Instant => Math.round(epochMs * MILLISECOND);

export const toMs = (at: Instant): number => Math.floor(at / MILLISECOND);

export const fromDate = (date: Date): Instant => fromMs(date.getTime());

export const toDate = (at: Instant): Date => new Date(toMs(at));

/** Reads any ISO 8601 text with an offset; throws RangeError on anything else. Digits past milliseconds are kept. */
export function fromIso(text: string): Instant {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new RangeError(`not an ISO 8601 instant: ${text}`);
  const fraction = /\.\d{3}(\d{1,3})/.exec(text)?.[1] ?? '';
  return fromMs(ms) + Number(fraction.padEnd(3, '0') || 0);
}

/** ISO 8601 in UTC with six digits, as PostgreSQL reads it. */
export function toIso(at: Instant): string {
  const micros = ((at % MILLISECOND) + MILLISECOND) % MILLISECOND;
  return toDate(at)
    .toISOString()
    .replace('Z', `${String(micros).padStart(3, '0')}Z`);
}
