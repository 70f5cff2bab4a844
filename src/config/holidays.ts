/**
 * Holidays as people write them: dates (`2026-12-25`), short days (`2026-12-24T14:00`: nobody works from then on), and
 * places whose public holidays hold in every year (`{country: DE, state: BY}`).
 *
 * A place means the days that its law calls public, substitutes for weekends included. What banks have off, or most
 * people, counts only where `also` says so, days that are only observed or school holidays never: most offices work
 * then. `except` names the days on which this office works all the same.
 */
import * as z from 'zod';
import type { Holidays, PlainDate, PlainTime } from '../domain/policy.ts';
import { checked, text } from './fields.ts';
import { didYouMean, list } from './problems.ts';
import {
  type DaysOff,
  daysOff,
  namesAt,
  type Place,
  type UnknownPlace,
  unknownPart,
} from './public-holidays.ts';
import { isDate, isMoment } from './values.ts';

const isDayOff = (value: string): boolean =>
  isDate(value) || (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}$/.test(value) && isMoment(value));

const dayOff = checked(isDayOff, 'this is no date').describe(
  'A date such as 2026-12-25, or the local time at which a short day ends, such as 2026-12-24T14:00.',
);

const placeOff = z
  .strictObject({
    country: z.string().describe('The two letters of a country in ISO 3166, such as DE.'),
    state: z.string().optional().describe('The code of a state, such as BY. Default: what holds everywhere.'),
    region: z.string().optional().describe('The code of a region within the state, where laws differ there.'),
    also: z
      .array(z.enum(['bank', 'optional']))
      .default([])
      .describe('Further days off: bank (what banks have off), optional (what most people have off).'),
    except: z
      .array(text)
      .default([])
      .describe('The names of holidays on which you work all the same, such as Columbus Day.'),
  })
  .superRefine((place, ctx) => {
    const unknown = unknownPart(place);
    for (const fault of unknown === null ? nameFaults(place) : [placeFault(place, unknown)]) {
      const { path, message, remedy } = fault;
      ctx.addIssue({ code: 'custom', path: [...path], message, params: { remedy } });
    }
  });

export const holidays = z.array(z.union([dayOff, placeOff])).default([]);

export type HolidayEntry = z.output<typeof holidays>[number];
type PlaceOff = Exclude<HolidayEntry, string>;
type Fault = {
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly remedy: string;
};

/** So many choices are listed; of more, only the one that was probably meant. */
const CHOICES_MAX = 60;

function placeFault(place: Place, { part, known }: UnknownPlace): Fault {
  const typed = place[part] ?? '';
  const message = {
    country: 'no country has this code',
    state: `${place.country} has no state with this code`,
    region: `${place.country} ${place.state ?? ''} has no region with this code`.replace('  ', ' '),
  }[part];
  if (known.size === 0) return { path: [part], message, remedy: 'Leave it out: none is known there.' };
  const byName = [...known].find(([, name]) => name.toLowerCase() === typed.toLowerCase())?.[0];
  const codes = [...known].map(([code, name]) => `${code} (${name})`);
  const hint = byName === undefined ? didYouMean(typed, known.keys()) : `Did you mean "${byName}"? `;
  const choices =
    known.size > CHOICES_MAX
      ? 'Write the two letters of ISO 3166, such as DE.'
      : `Known: ${list(codes, CHOICES_MAX)}.`;
  return { path: [part], message, remedy: `${hint}${choices}` };
}

function nameFaults(place: PlaceOff): Fault[] {
  if (place.except.length === 0) return [];
  const names = [...namesAt(place, kindsOf(place))];
  const known = new Set(names.map((name) => name.toLowerCase()));
  return place.except.flatMap((name, index): Fault[] => {
    if (known.has(name.toLowerCase())) return [];
    const message = 'no holiday there has this name';
    return [
      {
        path: ['except', index],
        message,
        remedy: `${didYouMean(name, names)}Known: ${list(names, CHOICES_MAX)}.`,
      },
    ];
  });
}

const kindsOf = ({ also }: PlaceOff) => ['public', ...also] as const;

/**
 * All that is written for somebody, the more general first. Dates add up; places do not: whoever names one means it in
 * the place of those before, since nobody has the holidays of two cities.
 */
export function inForce(...layers: readonly (readonly HolidayEntry[])[]): readonly HolidayEntry[] {
  const isPlace = (entry: HolidayEntry): boolean => typeof entry !== 'string';
  const places = layers.findLast((entries) => entries.some(isPlace)) ?? [];
  return [...layers.flat().filter((entry) => !isPlace(entry)), ...places.filter(isPlace)];
}

/** The days off as the domain asks for them; a plain set of dates where there is nothing else. */
export function toHolidays(entries: readonly HolidayEntry[]): Holidays {
  const written = entries.filter((entry) => typeof entry === 'string');
  const places = entries.filter((entry) => typeof entry !== 'string');
  if (places.length === 0 && written.every(isDate)) return new Set(written);
  const byHand = new Map<PlainDate, PlainTime>();
  for (const entry of written) {
    const [date, from] = [entry.slice(0, 10), isDate(entry) ? '00:00' : entry.slice(11, 16)];
    const known = byHand.get(date);
    if (known === undefined || from < known) byHand.set(date, from);
  }
  const calendars = places.map(calendarOf);
  const offFrom = (date: PlainDate): PlainTime | null => {
    const year = Number(date.slice(0, 4));
    const around = [year - 1, year, year + 1];
    const found = [byHand, ...calendars.flatMap((calendar) => around.map(calendar))]
      .flatMap((days) => days.get(date) ?? [])
      .sort();
    return found[0] ?? null;
  };
  return {
    has: (date) => offFrom(date) === '00:00',
    endsAt: (date) => offFrom(date),
  };
}

const years = new Map<string, DaysOff>();

/** Enough for the twenty years that a deadline may reach, at some places. */
const YEARS_MAX = 500;

/** The days of each year, made once for all who name the same place in the same words. */
function calendarOf(place: PlaceOff): (year: number) => DaysOff {
  const name = JSON.stringify(place);
  const except = place.except.map((one) => one.toLowerCase());
  return (year) => {
    const key = `${year} ${name}`;
    const known = years.get(key);
    if (known !== undefined) return known;
    const days = daysOff(place, kindsOf(place), except, year);
    if (years.size >= YEARS_MAX) years.clear();
    years.set(key, days);
    return days;
  };
}
