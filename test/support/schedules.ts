/** Schedules for tests, and a slow clock of its own making to hold the fast one against. */
import fc from 'fast-check';
import { type Instant, MINUTE } from '../../src/domain/instant.ts';
import type { Holidays, Schedule, Shift } from '../../src/domain/policy.ts';

const NINE_TO_FIVE: Shift = { from: '09:00', to: '17:00' };

/** Monday to Friday, 9 to 17, unless told otherwise. */
export function schedule(timeZone: string, changes: Partial<Schedule> = {}): Schedule {
  const week = Array.from({ length: 7 }, (_, day) => (day < 5 ? [NINE_TO_FIVE] : []));
  return { timeZone, week, holidays: new Set(), absences: [], ...changes };
}

/** The same shifts on each of the seven days. */
export const everyDay = (...shifts: Shift[]): Shift[][] => Array.from({ length: 7 }, () => shifts);

/** A date in a zone on which its clocks do something (or, in Kathmandu, nothing). */
export const Places = [
  { zone: 'Europe/Berlin', around: '2026-03-29' },
  { zone: 'Europe/Berlin', around: '2026-10-25' },
  { zone: 'America/New_York', around: '2026-03-08' },
  { zone: 'America/New_York', around: '2026-11-01' },
  { zone: 'Australia/Lord_Howe', around: '2026-04-05' },
  { zone: 'Australia/Lord_Howe', around: '2026-10-04' },
  { zone: 'America/Santiago', around: '2026-04-05' },
  { zone: 'America/Santiago', around: '2026-09-06' },
  { zone: 'America/Sao_Paulo', around: '2018-11-04' },
  { zone: 'America/Sao_Paulo', around: '2018-02-18' },
  { zone: 'Africa/Casablanca', around: '2026-02-15' },
  { zone: 'Africa/Casablanca', around: '2026-03-22' },
  { zone: 'Africa/Cairo', around: '2026-04-24' },
  { zone: 'Antarctica/Troll', around: '2026-03-29' },
  { zone: 'Pacific/Apia', around: '2011-12-30' },
  { zone: 'Pacific/Kiritimati', around: '1994-12-31' },
  { zone: 'Asia/Kathmandu', around: '2026-06-15' },
] as const;
export type Place = { readonly zone: string; readonly around: string };

const DAY_MINUTES = 1_440;
/** Days that are walked on each side of a place's date. */
const SIDE_DAYS = 6;

/** The minute of 1970 in which a place's stretch begins, and how many minutes it has. */
export function stretchOf(place: Place): { firstMinute: number; minutes: number } {
  const middle = Date.parse(`${place.around}T00:00:00Z`) / 60_000;
  return { firstMinute: middle - SIDE_DAYS * DAY_MINUTES, minutes: (2 * SIDE_DAYS + 1) * DAY_MINUTES };
}

export const atMinute = (minute: number): Instant => minute * MINUTE;

/** What a clock shows in each minute of a stretch, as minutes of a calendar without zones, when first, and on which days. */
type WallClock = {
  readonly shown: readonly number[];
  readonly first: ReadonlyMap<number, number>;
  readonly days: ReadonlySet<number>;
};

/** No clock changes between the quarters of an hour; the long run does not rely on that. */
const READ_EVERY = process.env.BATON_WORKING_TIME_RUNS === undefined ? 15 : 1;

const wallClocks = new Map<string, WallClock>();

function wallClock(zone: string, place: Place): WallClock {
  const key = `${zone} ${place.around}`;
  const known = wallClocks.get(key);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
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
  const read = (index: number): number => {
    const [month, day, year, hour, minute] = format
      .format((firstMinute + index) * 60_000)
      .split(/\D+/)
      .map(Number);
    return Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute) / 60_000;
  };
  const shown: number[] = [];
  for (let index = 0; index < minutes; index += 1) {
    shown.push(index % READ_EVERY === 0 ? read(index) : (shown[index - 1] ?? 0) + 1);
  }
  const first = new Map([...shown.entries()].reverse().map(([index, wall]) => [wall, index]));
  const days = new Set(shown.map((wall) => Math.floor(wall / DAY_MINUTES)));
  const clock = { shown, first, days };
  wallClocks.set(key, clock);
  return clock;
}

/**
 * Walks a stretch minute by minute and says of each whether it is worked. Only its inner days count: a shift that
 * begins before the stretch is not seen. Absences must begin and end on whole minutes. Shares nothing with the code
 * that it is held against: it reads clocks, and counts.
 */
export function walk(place: Place, plan: Schedule): Uint8Array {
  const { firstMinute, minutes } = stretchOf(place);
  const worked = new Uint8Array(minutes);
  const patterns = [{ ...plan, from: '' }, ...(plan.changes ?? [])];
  for (const [index, pattern] of patterns.entries()) {
    const until = patterns[index + 1]?.from ?? '9999';
    const clock = wallClock(pattern.timeZone, place);
    for (const day of clock.days) {
      const date = new Date(day * 86_400_000).toISOString().slice(0, 10);
      if (date < pattern.from || date >= until || pattern.holidays.has(date)) continue;
      const closes = wallMinutes(pattern.holidays.endsAt?.(date) ?? '48:00');
      for (const shift of pattern.week[dayOfWeek(day, pattern.week.length)] ?? []) {
        const opens = wallMinutes(shift.from);
        const ends = wallMinutes(shift.to) + (shift.to <= shift.from ? DAY_MINUTES : 0);
        if (opens >= closes) continue;
        const begin = minuteShowing(clock, day * DAY_MINUTES + opens);
        const end = minuteShowing(clock, day * DAY_MINUTES + Math.min(ends, closes));
        if (end > begin) worked.fill(1, begin, end);
      }
    }
  }
  for (const { from, until } of plan.absences) {
    const [begin, end] = [from / MINUTE - firstMinute, until / MINUTE - firstMinute];
    if (end > begin && end > 0) worked.fill(0, Math.max(0, begin), end);
  }
  return worked;
}

const wallMinutes = (time: string): number => {
  const [hours, minutes] = time.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
};

/** By counting the weeks since a Monday that began a week 1: that of 1995, or of 2018, or of 2025. */
function dayOfWeek(day: number, length: number): number {
  const sunday = new Date(day * 86_400_000).getUTCDay() === 0;
  const weekday = sunday ? 6 : new Date(day * 86_400_000).getUTCDay() - 1;
  if (length === 7) return weekday;
  const weekOnes = ['1994-01-03', '1995-01-02', '2011-01-03', '2012-01-02', '2018-01-01', '2025-12-29'];
  const since = weekOnes.map((monday) => day - Date.parse(monday) / 86_400_000).filter((days) => days >= 0);
  return (Math.floor(Math.min(...since) / 7) + 1) % 2 === 1 ? weekday : weekday + 7;
}

/** The first minute in which the clock shows this; for a time that was jumped over, as much later as the jump. */
function minuteShowing({ shown, first }: WallClock, wall: number): number {
  const exact = first.get(wall);
  if (exact !== undefined) return exact;
  const behind = shown.findIndex((now, index) => index > 0 && now > wall && (shown[index - 1] ?? 0) < wall);
  if (behind < 0) return wall < (shown[0] ?? 0) ? 0 : shown.length;
  return first.get(wall + (shown[behind] ?? 0) - (shown[behind - 1] ?? 0) - 1) ?? shown.length;
}

const time = fc
  .tuple(fc.nat(23), fc.constantFrom(0, 0, 15, 30, 59))
  .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);

const shift = fc.record({ from: time, to: fc.oneof({ weight: 5, arbitrary: time }, fc.constant('24:00')) });

const dayShifts = fc.array(shift, { maxLength: 3 });

/** A week as most people have it, or two that alternate. */
const week = fc.oneof(
  { weight: 4, arbitrary: fc.array(dayShifts, { minLength: 7, maxLength: 7 }) },
  { weight: 1, arbitrary: fc.array(dayShifts, { minLength: 14, maxLength: 14 }) },
);

/** Where somebody may move to, besides where they are. */
const Elsewhere = ['Europe/Berlin', 'America/New_York', 'Pacific/Honolulu', 'Australia/Lord_Howe'];

/** Whole days off, and short ones. */
const daysOff = (date: fc.Arbitrary<string>): fc.Arbitrary<Holidays> =>
  fc
    .tuple(fc.array(date, { maxLength: 3 }), fc.dictionary(date, time, { maxKeys: 2 }))
    .map(([off, short]) => ({
      has: (day) => off.includes(day),
      endsAt: (day) => short[day] ?? null,
      [fc.toStringMethod]: () => JSON.stringify({ off, short }),
    }));

/**
 * A place with any schedule there: nights, overlaps, holidays, short days, weeks that alternate, moves and absences
 * included, and at times no work at all.
 */
export const placeAndPlan = fc.constantFrom<Place[]>(...Places).chain((place) => {
  const { firstMinute, minutes } = stretchOf(place);
  const date = fc.nat(2 * SIDE_DAYS).map((day) => {
    const at = new Date((firstMinute + day * DAY_MINUTES) * 60_000);
    return at.toISOString().slice(0, 10);
  });
  const absence = fc.tuple(fc.nat(minutes), fc.nat(3 * DAY_MINUTES)).map(([from, length]) => ({
    from: atMinute(firstMinute + from),
    until: atMinute(firstMinute + from + length),
  }));
  const pattern = { week, holidays: daysOff(date) };
  const change = fc.record({ ...pattern, from: date, timeZone: fc.constantFrom(place.zone, ...Elsewhere) });
  const changes = fc
    .uniqueArray(change, { maxLength: 2, selector: ({ from }) => from })
    .map((all) => all.sort((a, b) => (a.from < b.from ? -1 : 1)));
  const plan = fc.record(
    {
      ...pattern,
      timeZone: fc.constant(place.zone),
      absences: fc.array(absence, { maxLength: 3 }),
      changes,
    },
    { requiredKeys: ['week', 'holidays', 'timeZone', 'absences'] },
  );
  return fc.record({ place: fc.constant(place), plan });
});
