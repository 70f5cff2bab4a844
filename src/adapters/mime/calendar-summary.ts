/**
 * An invitation in words: what, when, where, who asks, and what the calendar part is meant to do (RFC 5545, RFC 5546).
 * Times are told as they stand in it, with the name of their zone, since nobody knows better where the meeting is.
 *
 * Each line begins with a word of ours and a colon, so that none of them is ever read as an order. The only file that
 * knows ical.js; what it cannot read has no summary, and the part stays the file that it is.
 */
import ICAL from 'ical.js';
import { withoutControls } from './clean-text.ts';

const EVENTS_MAX = 10;
const VALUE_MAX = 300;
/** Longer than any meeting. ical.js walks through a duration month by month. */
const SECONDS_MAX = 10 * 366 * 24 * 3600;

/**
 * Null when there is nothing to tell. ical.js reads some texts without a word and throws when its result is looked at
 * (an empty part, for one), so all of it is tried.
 */
export function summariseCalendar(text: string): string | null {
  try {
    return tellEntries(
      new ICAL.Component(ICAL.parse(text) as ConstructorParameters<typeof ICAL.Component>[0]),
    );
  } catch {
    return null;
  }
}

function tellEntries(calendar: ICAL.Component): string | null {
  const events = ['vevent', 'vtodo'].flatMap((name) => calendar.getAllSubcomponents(name));
  if (events.length === 0) return null;
  const method = wordsOf(calendar, 'method').toUpperCase();
  const told = events.slice(0, EVENTS_MAX).map((event) => linesOf(event, method).join('\n'));
  if (events.length > EVENTS_MAX)
    told.push(`Calendar: ${events.length - EVENTS_MAX} more entries are in the attached file.`);
  return told.join('\n\n');
}

const TITLES: Readonly<Record<string, string>> = {
  REQUEST: 'invitation',
  PUBLISH: 'entry',
  CANCEL: 'cancelled',
  REPLY: 'answer to an invitation',
  COUNTER: 'another time is proposed',
  DECLINECOUNTER: 'the proposed time was declined',
  REFRESH: 'the latest version is asked for',
  ADD: 'further dates',
};

function linesOf(event: ICAL.Component, method: string): string[] {
  const cancelled = wordsOf(event, 'status').toUpperCase() === 'CANCELLED';
  const lines = [`Calendar: ${cancelled ? TITLES.CANCEL : (TITLES[method] ?? 'entry')}`];
  const add = (label: string, value: string) => {
    if (value !== '') lines.push(`${label}: ${value}`);
  };
  add('What', wordsOf(event, 'summary'));
  add('When', whenOf(event));
  add('Repeats', repeatsOf(event));
  add('Where', wordsOf(event, 'location'));
  add('Organiser', personOf(event.getFirstProperty('organizer')));
  if (method === 'REPLY') add('Answer', answerOf(event));
  if (method === 'REPLY' || method === 'COUNTER') add('Comment', wordsOf(event, 'comment'));
  return lines;
}

function wordsOf(component: ICAL.Component, name: string): string {
  const value: unknown = component.getFirstPropertyValue(name);
  return typeof value === 'string' ? oneLine(value) : '';
}

const oneLine = (text: string): string =>
  withoutControls(text.slice(0, VALUE_MAX * 2).replace(/\s+/g, ' '))
    .trim()
    .slice(0, VALUE_MAX)
    .toWellFormed();

function personOf(property: ICAL.Property | null): string {
  if (property === null) return '';
  const address = oneLine(String(property.getFirstValue() ?? '')).replace(/^mailto:/i, '');
  const name = oneLine(String(property.getFirstParameter('cn') ?? '')).replace(/^"|"$/g, '');
  return name === '' || name === address ? address : `${name} <${address}>`;
}

const ANSWERS: Readonly<Record<string, string>> = {
  ACCEPTED: 'comes',
  DECLINED: 'does not come',
  TENTATIVE: 'may come',
  DELEGATED: 'sends somebody else',
  'NEEDS-ACTION': 'has not decided',
};

function answerOf(event: ICAL.Component): string {
  const attendee = event.getFirstProperty('attendee');
  const status = String(attendee?.getFirstParameter('partstat') ?? '').toUpperCase();
  return attendee === null ? '' : `${personOf(attendee)} ${ANSWERS[status] ?? 'has answered'}`;
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

function whenOf(event: ICAL.Component): string {
  const start = timeOf(event.getFirstProperty('dtstart') ?? event.getFirstProperty('due'));
  if (start === null) return '';
  const end = endOf(event, start.time);
  const from = start.time.isDate ? dayOf(start.time) : `${dayOf(start.time)}, ${clockOf(start.time)}`;
  if (end === null) return `${from}${start.zone}`;
  // The end of a whole day is the first one that it does not take (RFC 5545 section 3.6.1).
  if (start.time.isDate) {
    end.adjust(-1, 0, 0, 0);
    return end.compare(start.time) <= 0 ? from : `${from} to ${dayOf(end)}`;
  }
  const sameDay =
    end.year === start.time.year && end.month === start.time.month && end.day === start.time.day;
  return `${from} to ${sameDay ? '' : `${dayOf(end)}, `}${clockOf(end)}${start.zone}`;
}

type Told = { readonly time: ICAL.Time; readonly zone: string };

function timeOf(property: ICAL.Property | null): Told | null {
  const value: unknown = property?.getFirstValue() ?? null;
  if (!(value instanceof ICAL.Time)) return null;
  const named = property?.getFirstParameter('tzid');
  const isUtc = value.zone === ICAL.Timezone.utcTimezone;
  const zone = isUtc ? 'UTC' : typeof named === 'string' ? oneLine(named) : '';
  return { time: value, zone: value.isDate || zone === '' ? '' : ` (${zone})` };
}

function endOf(event: ICAL.Component, start: ICAL.Time): ICAL.Time | null {
  const end = timeOf(event.getFirstProperty('dtend'));
  if (end !== null) return end.time.clone();
  const duration: unknown = event.getFirstPropertyValue('duration');
  if (!(duration instanceof ICAL.Duration) || !(Math.abs(duration.toSeconds()) <= SECONDS_MAX)) return null;
  const later = start.clone();
  later.addDuration(duration);
  return later;
}

function dayOf({ year, month, day }: ICAL.Time): string {
  const weekday = DAYS[(new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7];
  return `${weekday} ${day} ${MONTHS[month - 1] ?? month} ${year}`;
}

const clockOf = ({ hour, minute }: ICAL.Time): string =>
  `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;

const UNITS: Readonly<Record<string, readonly [string, string]>> = {
  DAILY: ['day', 'days'],
  WEEKLY: ['week', 'weeks'],
  MONTHLY: ['month', 'months'],
  YEARLY: ['year', 'years'],
};

/** The common rules; of others only that there is one. */
function repeatsOf(event: ICAL.Component): string {
  const rule: unknown = event.getFirstPropertyValue('rrule');
  if (!(rule instanceof ICAL.Recur)) return '';
  const unit = UNITS[rule.freq];
  if (unit === undefined) return 'yes, as the attached file says';
  const every = rule.interval > 1 ? `every ${rule.interval} ${unit[1]}` : `every ${unit[0]}`;
  const codes = 'MO TU WE TH FR SA SU'.split(' ');
  const days = ((rule.parts.BYDAY ?? []) as string[])
    .slice(0, 7)
    .map((code) => DAYS[codes.indexOf(String(code))])
    .filter((day) => day !== undefined);
  const on = days.length === 0 ? '' : ` on ${days.join(', ')}`;
  if (rule.until) return `${every}${on}, until ${dayOf(rule.until)}`;
  return rule.count ? `${every}${on}, ${rule.count} times` : `${every}${on}`;
}
