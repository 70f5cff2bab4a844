/**
 * The small languages inside the configuration: lengths of time, dates, zones, addresses. Each reader answers with
 * the value or with null, and never throws; the schema says what would be right.
 */

import { Temporal } from 'temporal-polyfill';
import { parseStrictAddress } from '../domain/address.ts';
import { DAY, type Duration, HOUR, type Instant, MINUTE, SECOND } from '../domain/instant.ts';
import type { Assign } from '../domain/policy.ts';
import { nearest } from './problems.ts';

const UNITS: Readonly<Record<string, Duration>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY };

/** `45m`, `4h`, `1h 30m`, `90d` in microseconds; `d` is always 24 hours. Null for anything else, and for nothing at all. */
export function parseDuration(text: string): Duration | null {
  const parts = text.trim().split(/\s+/);
  let total = 0;
  for (const part of parts) {
    const [, digits, unit] = /^(\d{1,6})([smhd])$/.exec(part) ?? [];
    if (digits === undefined || unit === undefined) return null;
    total += Number(digits) * (UNITS[unit] ?? 0);
  }
  return total > 0 ? total : null;
}

/** A day of the calendar, `2026-12-25`. */
export function isDate(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) && succeeds(() => Temporal.PlainDate.from(text, { overflow: 'reject' }))
  );
}

export const isMonday = (date: string): boolean =>
  isDate(date) && Temporal.PlainDate.from(date).dayOfWeek === 1;

/** `08:30`, with both digits of the hour. */
export const isTimeOfDay = (text: string): boolean => /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(text);

const DATE_TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(Z|[+-]\d{2}:\d{2})?$/;

/** A date, a local date-time `2026-08-03T12:00`, or one with an offset. */
export const isMoment = (text: string): boolean => momentIn(text, 'UTC') !== null;

/**
 * The instant that a date or date-time names in a zone: a date is its first moment there (not always midnight),
 * a local time that a clock change skips is taken as later. Null for what is neither.
 */
export function momentIn(text: string, timeZone: string): Instant | null {
  if (isDate(text)) {
    return instantOrNull(() => Temporal.PlainDate.from(text).toZonedDateTime(timeZone).epochNanoseconds);
  }
  const match = DATE_TIME.exec(text);
  if (match === null) return null;
  if (match[1] !== undefined) return instantOrNull(() => Temporal.Instant.from(text).epochNanoseconds);
  return instantOrNull(
    () =>
      Temporal.PlainDateTime.from(text, { overflow: 'reject' }).toZonedDateTime(timeZone).epochNanoseconds,
  );
}

function instantOrNull(read: () => bigint): Instant | null {
  try {
    return Number(read() / 1_000n);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** A zone by name. Offsets such as `+02:00` are refused, since they know no summer time. */
export const isTimeZone = (text: string): boolean =>
  /^[a-z]/i.test(text) && succeeds(() => new Intl.DateTimeFormat('en', { timeZone: text }));

/** The zone that was probably meant, or null. */
export function nearestTimeZone(text: string): string | null {
  const zones = Intl.supportedValuesOf('timeZone');
  const city = text.toLowerCase().replaceAll(/\s+/g, '_');
  return zones.find((zone) => zone.toLowerCase().endsWith(`/${city}`)) ?? nearest(text, zones);
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The address in lower case, or null: these addresses become envelopes and are compared. */
export const parseAddress = (text: string): string | null => parseStrictAddress(text)?.toLowerCase() ?? null;

/** `priya`, `team: plumbing` as text, or `{team: plumbing}` as YAML reads the unquoted spelling on its own line. */
export function parseAssign(value: string | { readonly team: string }): Assign {
  if (typeof value !== 'string') return { type: 'team', team: value.team };
  const team = /^team\s*:\s*(\S+)$/.exec(value.trim())?.[1];
  return team === undefined ? { type: 'member', member: value.trim() } : { type: 'team', team };
}

/** Words that can be compared with a line somebody wrote: letters and digits, with spaces, hyphens and apostrophes between. */
export const isPhrase = (text: string): boolean =>
  text.length <= 40 && /^(?=..)[\p{L}\p{N}\p{M}]+(?:[ '-][\p{L}\p{N}\p{M}]+){0,5}$/u.test(text);

/** Whether what is sent there stays within this host. */
export const isLoopback = (host: string): boolean =>
  /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
