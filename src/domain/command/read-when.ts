/**
 * Reads a point in time from the beginning of a line: the longest that the closed grammar knows, in any of the
 * languages. What goes on like a time that it does not know ("Friday or Monday", "Friday at 3") is no time at all.
 */
import { fold } from './fold.ts';
import { longestAt, type Phrase } from './phrases.ts';
import { type PlainTimeOfDay, plainDate, type When } from './when.ts';
import { Counts, type TimeWord, TimeWords, type Unit } from './when-words.ts';

export type ReadWhen = { readonly when: When; readonly length: number };

/** Nobody words a time at greater length. */
const WHEN_MAX = 120;
const FILLERS_MAX = 3;

type Day = (When & { readonly type: 'date' })['day'];
type Found<T> = { readonly value: T; readonly to: number };

/** `line` is tidied. Null when it does not begin with a time, or with one that may be two. */
export function readWhen(line: string): ReadWhen | null {
  const text = fold(line.slice(0, WHEN_MAX));
  const start = skipFillers(text, 0);
  const found = periodAndTime(text, start.at, start.span) ?? dateAndTime(text, start.at);
  if (found === null || goesOn(text, found.to)) return null;
  return { when: found.value, length: found.to };
}

/** "in 2 working days", "3 hours", "dans une semaine". */
function period(text: string, at: number, isSpan: boolean): Found<When> | null {
  const count = digits(text, at) ?? wordAs(longestAt(Counts, text.slice(at)), 'number', at);
  if (count === null) return null;
  const amount = typeof count.value === 'number' ? count.value : count.value.value;
  const unit = wordAs(wordAt(text, skipSpace(text, count.to)), 'unit', skipSpace(text, count.to));
  if (unit === null || amount < 1 || (unit.value.clock && !isSpan)) return null;
  return { value: periodOf(amount, unit.value.unit), to: unit.to };
}

/** "in 3 days at 9:00": days are of the calendar, and have times. */
function periodAndTime(text: string, at: number, isSpan: boolean): Found<When> | null {
  const found = period(text, at, isSpan);
  if (found?.value.type !== 'date') return found;
  const time = timeAt(text, skipFillers(text, found.to).at);
  return time === null ? found : { value: { ...found.value, time: time.value }, to: time.to };
}

function periodOf(amount: number, unit: Unit): When {
  switch (unit) {
    case 'minute':
      return { type: 'after', minutes: amount };
    case 'hour':
      return { type: 'after', minutes: amount * 60 };
    case 'day':
      return { type: 'date', day: { type: 'in-days', days: amount }, time: null };
    case 'week':
      return { type: 'date', day: { type: 'in-days', days: amount * 7 }, time: null };
    case 'working-day':
      return { type: 'working-days', days: amount };
    default:
      return unit satisfies never;
  }
}

function dateAndTime(text: string, at: number): Found<When> | null {
  const day = dayAt(text, at);
  if (day !== null) {
    const time = day.value.type === 'end-of' ? null : timeAt(text, skipFillers(text, day.to).at);
    return { value: { type: 'date', day: day.value, time: time?.value ?? null }, to: time?.to ?? day.to };
  }
  const time = timeAt(text, at);
  if (time === null) return null;
  const later = dayAt(text, skipFillers(text, time.to).at);
  if (later !== null && later.value.type !== 'end-of')
    return { value: { type: 'date', day: later.value, time: time.value }, to: later.to };
  return { value: { type: 'date', day: { type: 'in-days', days: 0 }, time: time.value }, to: time.to };
}

/** A weekday may stand before a date of the calendar, which then counts alone. */
function dayAt(text: string, at: number): Found<Day> | null {
  const calendar = calendarAt(text, at);
  if (calendar !== null) return calendar;
  const known = wordAs(wordAt(text, at), 'day', at);
  if (known !== null) return { value: known.value.day, to: known.to };
  const led = wordAs(wordAt(text, at), 'next', at) ?? wordAs(wordAt(text, at), 'this', at);
  const from = led === null ? at : skipSpace(text, led.to);
  const weekday = wordAs(wordAt(text, from), 'weekday', from);
  if (weekday === null) return null;
  const dot = text.charAt(weekday.to) === '.' ? weekday.to + 1 : weekday.to;
  const dated = led === null ? calendarAt(text, skipFillers(text, dot).at) : null;
  if (dated !== null) return dated;
  const coming = led === null ? comingAt(text, skipSpace(text, dot)) : null;
  const next = led?.value.is === 'next' || coming !== null;
  return { value: { type: 'weekday', weekday: weekday.value.weekday, next }, to: coming ?? weekday.to };
}

/** "mardi prochain", "martes próximo", "Dienstag nächster Woche". */
function comingAt(text: string, at: number): number | null {
  const word = wordAt(text, at);
  if (word === null) return null;
  const { means } = word;
  const isNextWeek = means.is === 'day' && means.day.type === 'weekday';
  return means.is === 'coming' || means.is === 'next' || isNextWeek ? at + word.text.length : null;
}

function calendarAt(text: string, at: number): Found<Day> | null {
  return isoAt(text, at) ?? numbersAt(text, at) ?? dayMonthAt(text, at) ?? monthDayAt(text, at);
}

function isoAt(text: string, at: number): Found<Day> | null {
  const found = match(/(20\d\d)-(\d{1,2})-(\d{1,2})/y, text, at);
  return found && calendar(found.value[1], found.value[2], found.value[3], found.to);
}

/** `2.12.` is always the day first. Of `12/2` nobody can tell; `25/12`, `12/25` and `5/5` leave no doubt. */
function numbersAt(text: string, at: number): Found<Day> | null {
  const dots = match(/(\d{1,2})\. ?(\d{1,2})\.(?: ?(20\d\d))?/y, text, at);
  if (dots !== null) return calendar(dots.value[3], dots.value[2], dots.value[1], dots.to);
  const found =
    match(/(\d{1,2})\/(\d{1,2})(?:\/(20\d\d))?/y, text, at) ??
    match(/(\d{1,2})-(\d{1,2})-(20\d\d)/y, text, at);
  if (found === null) return null;
  const [, first, second, year] = found.value;
  const [one, two] = [Number(first), Number(second)];
  if (one > 12 || one === two) return calendar(year, second, first, found.to);
  return two > 12 ? calendar(year, first, second, found.to) : null;
}

function dayMonthAt(text: string, at: number): Found<Day> | null {
  const day = match(/(\d{1,2})(?:st|nd|rd|th|er|º|°|\.)?/y, text, at);
  if (day === null) return null;
  const of = wordAs(wordAt(text, skipSpace(text, day.to)), 'of', skipSpace(text, day.to));
  const from = skipSpace(text, of?.to ?? day.to);
  const month = wordAs(wordAt(text, from), 'month', from);
  if (month === null) return null;
  const dot = text.charAt(month.to) === '.' ? month.to + 1 : month.to;
  const year = match(/,? (?:de |del |of )?(20\d\d)/y, text, dot);
  return calendar(year?.value[1], String(month.value.month), day.value[1], year?.to ?? month.to);
}

function monthDayAt(text: string, at: number): Found<Day> | null {
  const month = wordAs(wordAt(text, at), 'month', at);
  if (month === null) return null;
  const day = match(/\.? (?:the )?(\d{1,2})(?:st|nd|rd|th)?(?![:.]\d| ?[ap]m\b)/y, text, month.to);
  if (day === null) return null;
  const year = match(/,? (20\d\d)/y, text, day.to);
  return calendar(year?.value[1], String(month.value.month), day.value[1], year?.to ?? day.to);
}

/** 29 February passes without a year; the year that comes decides. */
function calendar(
  year: string | undefined,
  month: string | undefined,
  day: string | undefined,
  to: number,
): Found<Day> | null {
  const said = year === undefined ? null : Number(year);
  const date = plainDate(said ?? 2028, Number(month), Number(day));
  if (date === null) return null;
  return { value: { type: 'calendar', year: said, month: date.month, day: date.day }, to };
}

/** Parts of the day count as an hour, which the receipt names: morning 9:00, noon, afternoon 14:00, evening 18:00. */
function timeAt(text: string, at: number): Found<PlainTimeOfDay> | null {
  const word = wordAs(wordAt(text, at), 'time', at);
  if (word !== null) return { value: { hour: word.value.hour, minute: 0 }, to: word.to };
  return halfDayAt(text, at) ?? wholeDayAt(text, at);
}

function halfDayAt(text: string, at: number): Found<PlainTimeOfDay> | null {
  const found = match(
    /(\d{1,2})(?:[:.h](\d{2}))? ?(am|pm|a\. ?m\.?|p\. ?m\.?|de la manana|de la tarde|de la noche)/y,
    text,
    at,
  );
  if (found === null) return null;
  const [, hour, minute, half = ''] = found.value;
  if (Number(hour) < 1 || Number(hour) > 12) return null;
  const isLater = half.startsWith('p') || half === 'de la tarde' || half === 'de la noche';
  return timeOf((Number(hour) % 12) + (isLater ? 12 : 0), minute, found.to);
}

/** Of `3:30` or `3 Uhr` nobody can tell whether it is at night; `03:30` is, and `9:30` has no such doubt. */
function wholeDayAt(text: string, at: number): Found<PlainTimeOfDay> | null {
  const found =
    match(/(\d{1,2})[:.](\d{2}) ?(?:uhr|h|heures|horas|hs)/y, text, at) ??
    match(/(\d{1,2}):(\d{2})/y, text, at) ??
    match(/(\d{1,2}) ?h ?(\d{2})?/y, text, at) ??
    match(/(\d{1,2}) ?(?:uhr|heures?|horas|hs)(?: (\d{2}))?/y, text, at);
  if (found === null) return null;
  const [, hour = '', minute] = found.value;
  return /^[1-6]$/.test(hour) ? null : timeOf(Number(hour), minute, found.to);
}

function timeOf(hour: number, minute: string | undefined, to: number): Found<PlainTimeOfDay> | null {
  const value = { hour, minute: Number(minute ?? 0) };
  return value.hour <= 23 && value.minute <= 59 ? { value, to } : null;
}

/** Whether what follows, without anything but a space or a comma between, is of a time again. */
function goesOn(text: string, at: number): boolean {
  const from = skipFillers(text, at).at;
  if (/^ ?[,/–—-]? ?\d|^[:.]\d/.test(text.slice(at, at + 4)) || /^\d/.test(text.slice(from))) return true;
  const word = longestAt(TimeWords, text.slice(from))?.means ?? null;
  return word !== null && word.is !== 'filler' && word.is !== 'of' && word.is !== 'this';
}

function skipFillers(text: string, from: number): { readonly at: number; readonly span: boolean } {
  let at = from;
  let span = false;
  for (let skipped = 0; skipped <= FILLERS_MAX; skipped += 1) {
    at = skipSpace(text, /^ ?[,–—-] /.test(text.slice(at, at + 3)) ? text.indexOf(' ', at + 1) : at);
    const filler = wordAs(wordAt(text, at), 'filler', at);
    // "à 15h" and "in a week": the same letters, once folded.
    if (filler === null || skipped === FILLERS_MAX || period(text, at, span) !== null) break;
    at = filler.to;
    span = filler.value.span;
  }
  return { at, span };
}

const skipSpace = (text: string, at: number): number => (text.charAt(at) === ' ' ? at + 1 : at);

const wordAt = (text: string, at: number): Phrase<TimeWord> | null => longestAt(TimeWords, text.slice(at));

function wordAs<K extends TimeWord['is']>(
  word: Phrase<TimeWord> | null,
  is: K,
  at: number,
): Found<TimeWord & { readonly is: K }> | null {
  if (word === null || word.means.is !== is) return null;
  return { value: word.means as TimeWord & { readonly is: K }, to: at + word.text.length };
}

function digits(text: string, at: number): Found<number> | null {
  const found = match(/(\d{1,3})/y, text, at);
  return found && { value: Number(found.value[1]), to: found.to };
}

/** A number or word that goes on behind the match is another one. */
function match(pattern: RegExp, text: string, at: number): Found<RegExpExecArray> | null {
  pattern.lastIndex = at;
  const value = pattern.exec(text);
  if (value === null) return null;
  const to = at + value[0].length;
  return /^[\p{L}\p{N}]/u.test(text.slice(to, to + 2)) ? null : { value, to };
}
