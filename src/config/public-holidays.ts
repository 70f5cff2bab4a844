/**
 * What the law makes a holiday at a place. The one file that knows date-holidays, which is read when the first place
 * is named: it takes about a tenth of a second and 20 MB, and whoever writes dates by hand shall not pay for it.
 *
 * Dates are those of the civil calendar there. Of a day that begins on the evening before (Eid, Yom Kippur) it is the
 * day that everybody has off; one that begins at noon is a short day; an end at noon is left out, since the afternoon
 * is worked. Laws change and moons are sighted: what a government proclaims later stands in no calendar, and is
 * written beside the place as a date.
 */
import { createRequire } from 'node:module';
import type { PlainDate, PlainTime } from '../domain/policy.ts';

export type Place = {
  readonly country: string;
  readonly state?: string | undefined;
  readonly region?: string | undefined;
};
/** What the law calls a holiday, and besides what banks, or most people, have off as well. */
export type DayKind = 'public' | 'bank' | 'optional';

/** `00:00` for a whole day off, else when a short day ends. */
export type DaysOff = ReadonlyMap<PlainDate, PlainTime>;

/** Which part of a place is not known, and what there is instead, by code. */
export type UnknownPlace = {
  readonly part: 'country' | 'state' | 'region';
  readonly known: ReadonlyMap<string, string>;
};

type Library = typeof import('date-holidays').default;
type Calendar = InstanceType<Library>;

let library: Library | undefined;

function read(): Library {
  library ??= createRequire(import.meta.url)('date-holidays') as Library;
  return library;
}

/** Null for a place that is known. */
export function unknownPart({ country, state, region }: Place): UnknownPlace | null {
  const all = new (read())();
  const parts = [
    { part: 'country', code: country, known: all.getCountries('en') },
    { part: 'state', code: state, known: all.getStates(country, 'en') },
    { part: 'region', code: region, known: all.getRegions(country, state ?? '', 'en') },
  ] as const;
  for (const { part, code, known } of parts) {
    const names = new Map(Object.entries(known ?? {}));
    if (code !== undefined && !names.has(code)) return { part, known: names };
  }
  return null;
}

/** The names of a place's holidays, in English and in the languages that are spoken there. */
export const namesAt = (place: Place, kinds: readonly DayKind[]): ReadonlySet<string> =>
  new Set(rulesOf(calendarAt(place, kinds)).flatMap(({ names }) => names));

type Rule = { readonly rule: string; readonly names: readonly string[] };

/** The types of the library leave out what its rules hold. */
function rulesOf(calendar: Calendar): Rule[] {
  type Known = { readonly rule: string; readonly name?: string | Readonly<Record<string, string>> };
  return (calendar.getRules() as unknown as readonly Known[]).map(({ rule, name = '' }) => {
    const languages = calendar.getLanguages() as unknown as readonly string[];
    return { rule, names: typeof name === 'string' ? [name] : languages.flatMap((one) => name[one] ?? []) };
  });
}

/**
 * The days off that belong to a year, apart from those whose names are given in lower case. What stands in for a New
 * Year's Day on a Saturday belongs to it and lies in the year before, or after; so a date is looked for in three years.
 */
export function daysOff(
  place: Place,
  kinds: readonly DayKind[],
  except: readonly string[],
  year: number,
): DaysOff {
  const calendar = calendarAt(place, kinds);
  const isLeft = (name: string): boolean => except.includes(name.toLowerCase());
  const left = rulesOf(calendar).filter(({ names }) => names.some(isLeft));
  const leftRules = new Set(left.map(({ rule }) => rule));
  const days = new Map<PlainDate, PlainTime>();
  for (const holiday of calendar.getHolidays(year)) {
    if (leftRules.has(holiday.rule)) continue;
    for (const [date, from] of datesOf(holiday)) {
      const known = days.get(date);
      if (known === undefined || from < known) days.set(date, from);
    }
  }
  return days;
}

const DAY_MS = 86_400_000;

/** `date` is the civil date and wall time at the place, whatever moment `start` is. */
function datesOf({ date, start, end }: { date: string; start: Date; end: Date }): [PlainDate, PlainTime][] {
  const first = Date.parse(`${date.slice(0, 10)}T00:00:00Z`);
  const from = date.slice(11, 16);
  const isShort = from !== '00:00';
  const length = end.getTime() - start.getTime();
  const untilMidnight = isShort ? DAY_MS - (Date.parse(`1970-01-01T${from}Z`) || 0) : 0;
  const whole = Math.max(0, Math.floor((length - untilMidnight) / DAY_MS));
  const wholeDays = Array.from({ length: whole }, (_, index): [PlainDate, PlainTime] => [
    new Date(first + (index + (isShort ? 1 : 0)) * DAY_MS).toISOString().slice(0, 10),
    '00:00',
  ]);
  return isShort ? [[date.slice(0, 10), from], ...wholeDays] : wholeDays;
}

const calendars = new Map<string, Calendar>();

/** As many calendars as a configuration has places; more only while somebody tries out many of them. */
const CALENDARS_MAX = 200;

function calendarAt(place: Place, kinds: readonly DayKind[]): Calendar {
  const { country, state = '', region = '' } = place;
  const key = [country, state, region, ...kinds].join(' ');
  const known = calendars.get(key);
  if (known !== undefined) return known;
  // In UTC the library's moments are wall times, whatever zone this machine or the country is in.
  const calendar = new (read())(country, state, region, { timezone: 'UTC', types: [...kinds] });
  if (calendars.size >= CALENDARS_MAX) calendars.clear();
  calendars.set(key, calendar);
  return calendar;
}
