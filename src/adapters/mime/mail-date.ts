/** Date fields as they are sent (RFC 5322 sections 3.3 and 4.3): never read in the zone of this machine. */
import { fromMs, type Instant } from '../../domain/instant.ts';

const MONTHS = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');
const ZONES: Readonly<Record<string, number>> = {
  ut: 0,
  utc: 0,
  gmt: 0,
  z: 0,
  est: -300,
  edt: -240,
  cst: -360,
  cdt: -300,
  mst: -420,
  mdt: -360,
  pst: -480,
  pdt: -420,
  cet: 60,
  cest: 120,
};

/** The instant, or null for what is no date between 1970 and 2200. An unknown zone counts as UTC (section 4.3). */
export function parseMailDate(value: string): Instant | null {
  const text = value.slice(0, 200).replace(/\([^()]*\)/g, ' ');
  const found =
    /(\d{1,2})[\s-]+([a-z]{3})[a-z]*\.?[\s-]+(\d{2,4})[\s,]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*([+-]\d{4}|[a-z]{1,5})?/i.exec(
      text,
    );
  const ms = found === null ? isoMs(text.trim()) : mailMs(found.slice(1));
  return ms === null || !(ms >= 0 && ms < Date.UTC(2200, 0)) ? null : fromMs(ms);
}

function mailMs(parts: readonly (string | undefined)[]): number | null {
  const [day, month, year, hour, minute, second, zone] = parts;
  const monthIndex = MONTHS.indexOf((month ?? '').toLowerCase());
  if (monthIndex === -1) return null;
  const [d, h, m, s] = [Number(day), Number(hour), Number(minute), Number(second ?? 0)];
  if (d < 1 || d > 31 || h > 24 || m > 59 || s > 60) return null;
  return Date.UTC(fullYear(year ?? ''), monthIndex, d, h, m, s) - zoneMinutes(zone ?? '') * 60_000;
}

/** RFC 5322 section 4.3: two digits from 00 to 49 are of this century, three digits count from 1900. */
function fullYear(text: string): number {
  const year = Number(text);
  if (text.length >= 4) return year;
  return text.length === 2 && year < 50 ? 2000 + year : 1900 + year;
}

function zoneMinutes(zone: string): number {
  const offset = /^([+-])(\d{2})(\d{2})$/.exec(zone);
  if (offset === null) return ZONES[zone.toLowerCase()] ?? 0;
  return (offset[1] === '-' ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3]));
}

/** Web forms send ISO 8601; without an offset it counts as UTC. */
function isoMs(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text)) return null;
  const ms = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/i.test(text) ? text : `${text}Z`);
  return Number.isNaN(ms) ? null : ms;
}
