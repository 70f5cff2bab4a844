/**
 * Standing mails: what a member gets at their own hour without anything having happened, and on which of their days.
 *
 * - The hour is local. One that the clocks skip comes when the gap is over, one that they show twice means the first.
 * - A day is one on which a shift of theirs begins and which an absence leaves something of. A weekly mail whose day is
 *   none comes on the next that is one.
 * - What was due while nobody looked comes later on the same local date. A date that is over is left out, and has no
 *   other chance: what would be said of it stands in the mail of the next day.
 *
 * Pure, and cheap enough to be asked every few seconds. That each comes once is the database's to say (standing_mail).
 */
import { Temporal } from 'temporal-polyfill';
import type { MemberId } from './ids.ts';
import { DAY, type Duration, fromMs, type Instant, toMs } from './instant.ts';
import type { Member, PlainDate, PlainTime, Policy, Schedule } from './policy.ts';
import { isManagerAnywhere } from './roster.ts';
import { patternOn, shiftsOn, timeZoneAt } from './work-pattern.ts';
import { absenceAt, isAbsentAt, workingTimeBetween } from './working-time.ts';

export const StandingKinds = ['digest', 'morning-list', 'weekly-report'] as const;
export type StandingKind = (typeof StandingKinds)[number];

/** One mail to one member on one of their dates: the database has each once. */
export type StandingMail = {
  readonly member: MemberId;
  readonly kind: StandingKind;
  /** The local date it is for; of a weekly one its own day of the week, also when it comes later. */
  readonly date: PlainDate;
};

export type DueMail = StandingMail & {
  /** When it became due. */
  readonly at: Instant;
};

/** How far ahead the next one is looked for: longer than anybody is away. */
const AHEAD_MAX_DAYS = 400;

/** Whatever is due at that instant, whether or not it went out already, in the order of the roster. */
export function dueStandingMails(
  policy: Policy,
  now: Instant,
  kinds = StandingKinds as readonly StandingKind[],
): DueMail[] {
  const due: DueMail[] = [];
  for (const member of policy.members.values()) {
    for (const kind of kinds) {
      const rhythm = rhythmOf(policy, member, kind);
      const mail = rhythm === null ? null : dueOn(member, kind, rhythm, now);
      if (mail !== null) due.push(mail);
    }
  }
  return due;
}

/** When a mail of this kind becomes due next after that instant; null: this member gets none within a year. */
export function nextStandingMailAt(
  policy: Policy,
  id: MemberId,
  kind: StandingKind,
  after: Instant,
): Instant | null {
  const member = policy.members.get(id);
  const rhythm = member === undefined ? null : rhythmOf(policy, member, kind);
  if (member === undefined || rhythm === null) return null;
  const today = localDate(timeZoneAt(member.schedule, after), after);
  for (let day = 0; day < AHEAD_MAX_DAYS; day += 1) {
    const at = beginsOn(member, kind, rhythm, today.add({ days: day }));
    if (at !== null && at > after) return at;
  }
  return null;
}

type Rhythm = { readonly at: PlainTime; readonly weekday: number | null };

function rhythmOf(policy: Policy, member: Member, kind: StandingKind): Rhythm | null {
  if (!member.active) return null;
  const { digest, morningList, weeklyReport } = member.standingMails;
  switch (kind) {
    case 'digest':
      return digest !== null && isManagerAnywhere(policy, member.id) ? { at: digest, weekday: null } : null;
    case 'morning-list':
      return morningList === null ? null : { at: morningList, weekday: null };
    case 'weekly-report':
      return isManagerAnywhere(policy, member.id) ? weeklyReport : null;
    default:
      return kind satisfies never;
  }
}

function dueOn(member: Member, kind: StandingKind, rhythm: Rhythm, now: Instant): DueMail | null {
  const { date: today, at, isWorkday } = dayAt(member.schedule, rhythm.at, now);
  if (now < at || !isWorkday || isAbsentAt(member.schedule, now)) return null;
  return { member: member.id, kind, date: dateFor(today, rhythm).toString(), at };
}

/** What a local date is to a mail of that hour. */
type Day = {
  readonly date: Temporal.PlainDate;
  readonly at: Instant;
  readonly isWorkday: boolean;
  /** In which it was looked at: within one, the date is the same everywhere on earth. */
  readonly quarter: number;
};

const QUARTER_HOUR: Duration = DAY / 96;

/** The latest day of each hour: a clock asks every few seconds, and calendars are slow. */
const days = new WeakMap<Schedule, Map<PlainTime, Day>>();

function dayAt(schedule: Schedule, time: PlainTime, now: Instant): Day {
  const latest = days.get(schedule) ?? new Map<PlainTime, Day>();
  days.set(schedule, latest);
  const known = latest.get(time);
  const quarter = Math.floor(now / QUARTER_HOUR);
  if (known?.quarter === quarter) return known;
  const date = localDate(timeZoneAt(schedule, now), now);
  const day = known?.date.equals(date)
    ? { ...known, quarter }
    : { date, at: momentOf(date, time, schedule), isWorkday: isWorkday(schedule, date), quarter };
  latest.set(time, day);
  return day;
}

/** When the mail of that date becomes due; null: not on that date. A weekly one does on the first of its days. */
function beginsOn(
  member: Member,
  kind: StandingKind,
  rhythm: Rhythm,
  date: Temporal.PlainDate,
): Instant | null {
  for (let day = dateFor(date, rhythm); !day.equals(date); day = day.add({ days: 1 })) {
    if (chanceOn(member, kind, rhythm, day) !== null) return null;
  }
  return chanceOn(member, kind, rhythm, date);
}

/** At its hour, or once an absence is over; null: not on that date. */
function chanceOn(
  member: Member,
  kind: StandingKind,
  rhythm: Rhythm,
  date: Temporal.PlainDate,
): Instant | null {
  const { schedule } = member;
  let at = momentOf(date, rhythm.at, schedule);
  for (let absence = absenceAt(schedule, at); absence !== null; absence = absenceAt(schedule, at)) {
    at = absence.until;
  }
  if (!localDate(timeZoneAt(schedule, at), at).equals(date)) return null;
  return dueOn(member, kind, rhythm, at) === null ? null : at;
}

/** The day of the week of a weekly mail that was last; today's date of a daily one. */
function dateFor(today: Temporal.PlainDate, { weekday }: Rhythm): Temporal.PlainDate {
  return weekday === null ? today : today.subtract({ days: (today.dayOfWeek - 1 - weekday + 7) % 7 });
}

/** A shift of theirs begins on it, and not all of its work falls into an absence. */
function isWorkday(schedule: Schedule, date: Temporal.PlainDate): boolean {
  if (shiftsOn(patternOn(schedule, date.toString()), date.toString()).length === 0) return false;
  if (schedule.absences.length === 0) return true;
  const from = momentOf(date, '00:00', schedule);
  const until = momentOf(date.add({ days: 1 }), '00:00', schedule);
  return workingTimeBetween(schedule, from, until) > 0;
}

export const localDate = (timeZone: string, at: Instant): Temporal.PlainDate =>
  Temporal.Instant.fromEpochMilliseconds(toMs(at)).toZonedDateTimeISO(timeZone).toPlainDate();

function momentOf(date: Temporal.PlainDate, time: PlainTime, schedule: Schedule): Instant {
  const { timeZone } = patternOn(schedule, date.toString());
  const local = date.toPlainDateTime(Temporal.PlainTime.from(time));
  return fromMs(local.toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds);
}

/**
 * Whoever was never sent one and whose hour has been over for so long begins with the next: a Baton that is installed in
 * the afternoon does not greet everybody with the mail of the morning.
 */
export const BEGINS_WITHIN: Duration = QUARTER_HOUR;
