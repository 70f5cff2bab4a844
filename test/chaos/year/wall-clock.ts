/**
 * Working time by another way than the product's: minute by minute over what the clock on the wall shows, as the
 * platform's own calendar (Intl) tells it. Shares nothing with src/domain/working-time.ts, which it is to judge.
 */
import { DAY, type Duration, type Instant, MINUTE, toMs } from '../../../src/domain/instant.ts';
import type { Shift } from '../../../src/domain/policy.ts';

export type Hours = {
  readonly zone: string;
  /** Monday first. */
  readonly week: readonly (readonly Shift[])[];
  /** Local dates on which no shift begins. */
  readonly holidays: ReadonlySet<string>;
};

export type Span = { readonly from: Instant; readonly until: Instant };

const DAY_MINUTES = 1_440;
/** Before and after the stretch of time that is looked at: deadlines lie beyond its end, shifts begin before it. */
const BEFORE = 10;
const AFTER = 150;

/** What is worked in each minute from `first` on, and how many minutes have been worked before each. */
type Worked = { readonly first: number; readonly minutes: Uint8Array; readonly before: Uint32Array };

export type Oracle = {
  isWorking(hours: Hours, away: readonly Span[], at: Instant): boolean;
  /** When so much of it has passed since `from`; throws when that lies beyond all that is looked at. */
  after(hours: Hours, away: readonly Span[], from: Instant, amount: Duration): Instant;
};

export function oracleOf(start: Instant, end: Instant): Oracle {
  const firstDay = Math.floor(start / DAY) - BEFORE;
  const days = Math.ceil(end / DAY) + AFTER - firstDay;
  const offsets = new Map<string, Int16Array>();
  const known = new WeakMap<Hours, Worked>();

  function offsetsOf(zone: string): Int16Array {
    const made = offsets.get(zone) ?? readOffsets(zone, firstDay, days);
    offsets.set(zone, made);
    return made;
  }

  function workedOf(hours: Hours): Worked {
    const made =
      known.get(hours) ?? counted(firstDay * DAY_MINUTES, walk(hours, offsetsOf(hours.zone), firstDay, days));
    known.set(hours, made);
    return made;
  }

  return {
    isWorking(hours, away, at) {
      const { first, minutes } = workedOf(hours);
      const isWorked = minutes[Math.floor(at / MINUTE) - first] === 1;
      return isWorked && !away.some(({ from, until }) => from <= at && at < until);
    },
    after(hours, away, from, amount) {
      const worked = workedOf(hours);
      // Of nothing at all the end is where work begins.
      let left = Math.max(1, amount);
      for (const { from: begin, until } of without({ from, until: lastOf(worked) }, away)) {
        const already = workedBy(worked, begin);
        const length = workedBy(worked, until) - already;
        if (left <= length) return whenWorked(worked, already + left) - (amount === 0 ? 1 : 0);
        left -= length;
      }
      throw new RangeError('no such deadline within the time that is looked at');
    },
  };
}

function counted(first: number, minutes: Uint8Array): Worked {
  const before = new Uint32Array(minutes.length + 1);
  for (let index = 0; index < minutes.length; index += 1)
    before[index + 1] = (before[index] ?? 0) + (minutes[index] ?? 0);
  return { first, minutes, before };
}

const lastOf = ({ first, minutes }: Worked): Instant => (first + minutes.length) * MINUTE;

/** How much has been worked by then, since the beginning of all that is looked at. */
function workedBy({ first, minutes, before }: Worked, at: Instant): Duration {
  const index = Math.floor(at / MINUTE) - first;
  const whole = (before[index] ?? 0) * MINUTE;
  return minutes[index] === 1 ? whole + (at - (first + index) * MINUTE) : whole;
}

/** The first instant by which so much has been worked. */
function whenWorked({ first, before }: Worked, amount: Duration): Instant {
  // The minute in which it is reached is the last before which less was worked.
  let [low, high] = [0, before.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((before[middle] ?? 0) * MINUTE < amount) low = middle;
    else high = middle - 1;
  }
  return (first + low) * MINUTE + (amount - (before[low] ?? 0) * MINUTE);
}

/** What is left of a stretch of time, in order. */
function without(whole: Span, away: readonly Span[]): readonly Span[] {
  let pieces: readonly Span[] = [whole];
  for (const { from, until } of away) {
    if (until <= whole.from || from >= whole.until) continue;
    pieces = pieces.flatMap((piece) =>
      [
        { from: piece.from, until: Math.min(piece.until, from) },
        { from: Math.max(piece.from, until), until: piece.until },
      ].filter((rest) => rest.until > rest.from),
    );
  }
  return pieces;
}

/** Minutes that the zone is ahead of UTC, for each minute. */
function readOffsets(zone: string, firstDay: number, days: number): Int16Array {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    ...{ year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' },
  });
  const offsetAt = (minute: number): number => {
    const [month = 0, day = 0, year = 0, hour = 0, past = 0] = format
      .format(minute * 60_000)
      .split(/\D+/)
      .map(Number);
    return Date.UTC(year, month - 1, day, hour, past) / 60_000 - minute;
  };
  const all = new Int16Array(days * DAY_MINUTES);
  let before = offsetAt(firstDay * DAY_MINUTES);
  for (let day = 0; day < days; day += 1) {
    const begin = (firstDay + day) * DAY_MINUTES;
    const after = offsetAt(begin + DAY_MINUTES);
    if (after === before) all.fill(before, day * DAY_MINUTES, (day + 1) * DAY_MINUTES);
    // Somewhere in this day the clocks change.
    else for (let m = 0; m < DAY_MINUTES; m += 1) all[day * DAY_MINUTES + m] = offsetAt(begin + m);
    before = after;
  }
  return all;
}

function walk(hours: Hours, offsets: Int16Array, firstDay: number, days: number): Uint8Array {
  const worked = new Uint8Array(offsets.length);
  for (let day = 0; day < days; day += 1) {
    const date = new Date(toMs((firstDay + day) * DAY));
    if (hours.holidays.has(date.toISOString().slice(0, 10))) continue;
    for (const shift of hours.week[(date.getUTCDay() + 6) % 7] ?? []) {
      const endsOn = shift.to > shift.from ? day : day + 1;
      const begin = indexShowing(offsets, day * DAY_MINUTES + wallMinutes(shift.from));
      const end = indexShowing(offsets, endsOn * DAY_MINUTES + wallMinutes(shift.to));
      worked.fill(1, Math.max(0, begin), Math.max(0, end));
    }
  }
  return worked;
}

/**
 * The first minute in which the clock on the wall shows this. A time that is jumped over is as much later as the jump,
 * as if the clock had not been put forward yet.
 */
function indexShowing(offsets: Int16Array, wall: number): number {
  const at = (index: number): number => offsets[Math.min(Math.max(index, 0), offsets.length - 1)] ?? 0;
  const [before, after] = [at(wall - DAY_MINUTES), at(wall + DAY_MINUTES)];
  const shown = [wall - before, wall - after].filter((index) => at(index) === wall - index);
  return shown.length === 0 ? wall - before : Math.min(...shown);
}

function wallMinutes(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}
