/** Schedules for tests, and a slow clock of its own making to hold the fast one against. */
import fc from 'fast-check';
import { type Instant, MINUTE } from '../../src/domain/instant.ts';
import type { Schedule, Shift } from '../../src/domain/policy.ts';

const NINE_TO_FIVE: Shift = { from: '09:00', to: '17:00' };

/** Monday to Friday, 9 to 17, unless told otherwise. */
export function schedule(timeZone: string, changes: Partial<Schedule> = {}): Schedule {
  const week = Array.from({ length: 7 }, (_, day) => (day < 5 ? [NINE_TO_FIVE] : []));
  return { timeZone, week, holidays: new Set(), absences: [], ...changes };
}

/** The same shifts on each of the seven days. */
export const everyDay = (...shifts: Shift[]): Shift[][] => Array.from({ length: 7 }, () => shifts);

/** A stretch of days in a zone in which its clocks do something (or, in Kathmandu, nothing). */
export const Places = [
  { zone: 'Europe/Berlin', around: '2026-03-29' },
  { zone: 'Europe/Berlin', around: '2026-10-25' },
  { zone: 'America/New_York', around: '2026-03-08' },
  { zone: 'America/New_York', around: '2026-11-01' },
  { zone: 'Australia/Lord_Howe', around: '2026-04-05' },
  { zone: 'Australia/Lord_Howe', around: '2026-10-04' },
  { zone: 'America/Sao_Paulo', around: '2018-11-04' },
  { zone: 'America/Sao_Paulo', around: '2018-02-18' },
  { zone: 'Africa/Casablanca', around: '2026-03-22' },
  { zone: 'Antarctica/Troll', around: '2026-03-29' },
  { zone: 'Pacific/Apia', around: '2011-12-30' },
  { zone: 'Asia/Kathmandu', around: '2026-06-15' },
] as const;
export type Place = (typeof Places)[number];

const DAY_MINUTES = 1_440;
/** Days that are walked on each side of a place's date. */
const SIDE_DAYS = 6;

/** The minute of 1970 in which a place's stretch begins, and how many minutes it has. */
export function stretchOf(place: Place): { firstMinute: number; minutes: number } {
  const middle = Date.parse(`${place.around}T00:00:00Z`) / 60_000;
  return { firstMinute: middle - SIDE_DAYS * DAY_MINUTES, minutes: (2 * SIDE_DAYS + 1) * DAY_MINUTES };
}

export const atMinute = (minute: number): Instant => minute * MINUTE;

const wallClocks = new Map<Place, readonly number[]>();

/** What the clock on the wall shows in each minute of the stretch, as minutes of a calendar without zones. */
function wallClock(place: Place): readonly number[] {
  const known = wallClocks.get(place);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: place.zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const { firstMinute, minutes } = stretchOf(place);
  const shown = Array.from({ length: minutes }, (_, index) => {
    const [month, day, year, hour, minute] = format
      .format((firstMinute + index) * 60_000)
      .split(/\D+/)
      .map(Number);
    return Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute) / 60_000;
  });
  wallClocks.set(place, shown);
  return shown;
}

/**
 * Walks a stretch minute by minute and says of each whether it is worked. Only its inner days count: a shift that
 * begins before the stretch is not seen. Absences must begin and end on whole minutes.
 */
export function walk(place: Place, plan: Schedule): readonly boolean[] {
  const shown = wallClock(place);
  const { firstMinute } = stretchOf(place);
  const worked: boolean[] = shown.map(() => false);
  for (const date of new Set(shown.map((wall) => Math.floor(wall / DAY_MINUTES)))) {
    const calendarDay = new Date(date * 86_400_000);
    if (plan.holidays.has(calendarDay.toISOString().slice(0, 10))) continue;
    for (const shift of plan.week[(calendarDay.getUTCDay() + 6) % 7] ?? []) {
      const endsNextDay = shift.to <= shift.from;
      const begin = minuteShowing(shown, date * DAY_MINUTES + wallMinutes(shift.from));
      const end = minuteShowing(shown, (date + (endsNextDay ? 1 : 0)) * DAY_MINUTES + wallMinutes(shift.to));
      for (let index = begin; index < Math.min(end, shown.length); index += 1) worked[index] = true;
    }
  }
  return worked.map((isWorked, index) => {
    const at = atMinute(firstMinute + index);
    return isWorked && !plan.absences.some(({ from, until }) => from <= at && at < until);
  });
}

const wallMinutes = (time: string): number => {
  const [hours, minutes] = time.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
};

/** The first minute in which the clock shows this; for a time that was jumped over, as much later as the jump. */
function minuteShowing(shown: readonly number[], wall: number): number {
  const exact = shown.indexOf(wall);
  if (exact >= 0) return exact;
  const behind = shown.findIndex((now, index) => index > 0 && now > wall && (shown[index - 1] ?? 0) < wall);
  if (behind < 0) return wall < (shown[0] ?? 0) ? 0 : shown.length;
  return shown.indexOf(wall + (shown[behind] ?? 0) - (shown[behind - 1] ?? 0) - 1);
}

const time = fc
  .tuple(fc.nat(23), fc.constantFrom(0, 0, 15, 30, 59))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);

const shift = fc.record({ from: time, to: fc.oneof({ weight: 5, arbitrary: time }, fc.constant('24:00')) });

/** A place with any schedule there: nights, overlaps, holidays and absences included, and at times no work at all. */
export const placeAndPlan = fc.constantFrom(...Places).chain((place) => {
  const { firstMinute, minutes } = stretchOf(place);
  const date = fc.nat(2 * SIDE_DAYS).map((day) => {
    const at = new Date((firstMinute + day * DAY_MINUTES) * 60_000);
    return at.toISOString().slice(0, 10);
  });
  const absence = fc.tuple(fc.nat(minutes), fc.nat(3 * DAY_MINUTES)).map(([from, length]) => ({
    from: atMinute(firstMinute + from),
    until: atMinute(firstMinute + from + length),
  }));
  const plan = fc.record({
    timeZone: fc.constant(place.zone),
    week: fc.array(fc.array(shift, { maxLength: 3 }), { minLength: 7, maxLength: 7 }),
    holidays: fc.array(date, { maxLength: 3 }).map((dates) => new Set(dates)),
    absences: fc.array(absence, { maxLength: 3 }),
  });
  return fc.record({ place: fc.constant(place), plan });
});
