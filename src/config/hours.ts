/**
 * Working hours as people write them: days or ranges of days, each with one or more spans, such as
 * `mon-fri: 08:30-12:00, 13:00-17:00`. A span whose end is not after its beginning ends on the next day
 * (`22:00-06:00`); `24:00` ends a day. Spans never overlap, and there is at least one in the week.
 *
 * Who works differently every other week writes two weeks, `odd` and `even`, by the number of the calendar week.
 *
 * A night of 16 hours or more is taken for a slip: `09:00-05:00` means five in the afternoon, and that is 12 hours more
 * than was meant, so every shift of four hours and up that is written so is found.
 */
import type { Shift } from '../domain/policy.ts';

type WeekText = Readonly<Record<string, readonly string[]>>;
/** One week for all, or one each for the weeks with odd and with even numbers. */
export type HoursText = Readonly<Record<string, readonly string[] | WeekText>>;
/** Seven days from Monday, or fourteen: those of odd weeks first. */
export type Week = readonly (readonly Shift[])[];
/** `path` leads to the line at fault; it is empty when it is the hours as a whole. */
export type HoursFault = {
  readonly path: readonly string[];
  readonly message: string;
  readonly remedy: string;
};

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const DAY_MINUTES = 24 * 60;

/** What is worked on which day, or everything that is wrong. */
export function parseHours(hours: HoursText): { week: Week } | { faults: HoursFault[] } {
  const isAlternating = 'odd' in hours || 'even' in hours;
  const read = isAlternating ? readBothWeeks(hours) : readWeek(hours);
  if ('faults' in read) return read;
  const fault = emptiness(read.week) ?? overlap(read.week);
  return fault === null ? { week: read.week.map((day) => day.toSorted(byStart)) } : { faults: [fault] };
}

type Read = { readonly week: Week } | { readonly faults: HoursFault[] };

function readBothWeeks({ odd, even, ...rest }: HoursText): Read {
  if (odd === undefined || even === undefined || Object.keys(rest).length > 0) {
    const message = 'odd and even weeks belong together, and nothing stands beside them';
    return { faults: [{ path: [], message, remedy: WEEKS_REMEDY }] };
  }
  const weeks = Object.entries({ odd, even }).map(([name, days]) => {
    const read = readWeek(isSpans(days) ? { 'mon-sun': days } : days);
    if (!('faults' in read)) return read;
    // Of a week that is one text, such as off, that text is at fault.
    const below = (path: readonly string[]) => (isSpans(days) ? [name] : [name, ...path]);
    return { faults: read.faults.map((fault) => ({ ...fault, path: below(fault.path) })) };
  });
  const faults = weeks.flatMap((read) => ('faults' in read ? read.faults : []));
  return faults.length > 0
    ? { faults }
    : { week: weeks.flatMap((read) => ('week' in read ? read.week : [])) };
}

const isSpans = (value: readonly string[] | WeekText): value is readonly string[] => Array.isArray(value);

function readWeek(hours: HoursText): Read {
  const week: Shift[][] = DAYS.map(() => []);
  const faults: HoursFault[] = [];
  const namedBy = new Map<number, string>();
  for (const [key, texts] of Object.entries(hours)) {
    const path = [key];
    const days = parseDays(key);
    const shifts = isSpans(texts) ? parseShifts(texts) : null;
    if (days === null) faults.push({ path, message: `"${key}" names no days`, remedy: DAYS_REMEDY });
    if (shifts === null) faults.push({ path, message: 'this is not a span of time', remedy: SPAN_REMEDY });
    for (const shift of shifts ?? []) faults.push(...tooLongANight(path, shift));
    for (const day of days ?? []) {
      const other = namedBy.get(day);
      if (other !== undefined) {
        const message = `${dayName(day)} is in "${other}" and in "${key}"`;
        faults.push({ path, message, remedy: 'Name each day once.' });
      }
      namedBy.set(day, key);
      week[day] = shifts ?? [];
    }
  }
  return faults.length > 0 ? { faults } : { week };
}

const WEEKS_REMEDY =
  'Write both, {odd: {mon-wed: 09:00-17:00}, even: {thu-fri: 09:00-17:00}}, by the number of the calendar week (ISO 8601).';
const DAYS_REMEDY =
  'Write a day (sat), a range (mon-fri) or several with commas (mon, wed, fri), in English.';
const NIGHT_MINUTES_MAX = 16 * 60;

const SPAN_REMEDY =
  'Write 08:30-12:00, several with commas, 22:00-06:00 for a night, 00:00-24:00 for a whole day, or off.';

const dayName = (day: number): string => (DAYS[day % 7] ?? '').slice(0, 3);

function parseDays(key: string): number[] | null {
  const days: number[] = [];
  for (const part of key.split(',')) {
    const ends = part.split(/[-–]/).map(parseDay);
    const first = ends[0];
    const last = ends.at(-1);
    if (ends.length > 2 || first === undefined || first === null || last === undefined || last === null)
      return null;
    for (let step = 0; step <= (last - first + 7) % 7; step += 1) days.push((first + step) % 7);
  }
  return days;
}

function parseDay(text: string): number | null {
  const word = text.trim().toLowerCase();
  const day = word.length < 3 ? -1 : DAYS.findIndex((name) => name.startsWith(word));
  return day === -1 ? null : day;
}

function parseShifts(texts: readonly string[]): Shift[] | null {
  const pieces = texts.flatMap((text) => text.split(',')).map((piece) => piece.trim());
  if (pieces.length === 1 && /^(?:off|closed)$/i.test(pieces[0] ?? '')) return [];
  const shifts: Shift[] = [];
  for (const piece of pieces) {
    const shift = parseShift(piece);
    if (shift === null) return null;
    shifts.push(shift);
  }
  return shifts;
}

function parseShift(piece: string): Shift | null {
  const ends = piece.split(/[-–]/).map((end) => parseTime(end.trim()));
  const [from, to] = ends;
  if (ends.length !== 2 || from === undefined || from === null || to === undefined || to === null)
    return null;
  return from === '24:00' || from === to ? null : { from, to };
}

function tooLongANight(path: readonly string[], { from, to }: Shift): HoursFault[] {
  const length = minutesOf(to) + DAY_MINUTES - minutesOf(from);
  if (minutesOf(to) > minutesOf(from) || length < NIGHT_MINUTES_MAX) return [];
  const hours = `${Math.floor(length / 60)}:${String(length % 60).padStart(2, '0')}`;
  const message = `${from}-${to} would last ${hours} hours, through the night`;
  const remedy = `Write afternoons as 17:00. If it is meant, write two spans: ${from}-24:00, and 00:00-${to} on the day after.`;
  return [{ path, message, remedy }];
}

function parseTime(text: string): string | null {
  const [, hour, minute] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  if (hour === undefined || minute === undefined || Number(minute) > 59) return null;
  const total = Number(hour) * 60 + Number(minute);
  return total <= DAY_MINUTES ? `${hour.padStart(2, '0')}:${minute}` : null;
}

const minutesOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const byStart = (a: Shift, b: Shift): number => minutesOf(a.from) - minutesOf(b.from);

/** Somebody without any hours would let every clock that waits for them stand still for ever. */
function emptiness(week: Week): HoursFault | null {
  if (week.some((day) => day.length > 0)) return null;
  const remedy = `${SPAN_REMEDY} A time away belongs in absences.`;
  return { path: [], message: 'no day has any hours, so no clock would ever run', remedy };
}

function overlap(week: Week): HoursFault | null {
  const spans = week
    .flatMap((shifts, day) => shifts.map((shift) => onCircle(shift, day)))
    .toSorted((a, b) => a.start - b.start);
  const first = spans[0];
  if (first === undefined) return null;
  const again = { ...first, start: first.start + week.length * DAY_MINUTES };
  let before = first;
  for (const span of [...spans.slice(1), again]) {
    if (span.start < before.end) {
      const message = `${before.text} and ${span.text} overlap`;
      return { path: [], message, remedy: 'Let each span end before the next one begins.' };
    }
    before = span;
  }
  return null;
}

function onCircle(shift: Shift, day: number): { start: number; end: number; text: string } {
  const start = day * DAY_MINUTES + minutesOf(shift.from);
  const end = day * DAY_MINUTES + minutesOf(shift.to);
  const text = `${dayName(day)} ${shift.from}-${shift.to}`;
  return { start, end: end > start ? end : end + DAY_MINUTES, text };
}
