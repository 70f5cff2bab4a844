/**
 * Whether everybody had their standing mails at their hour on their working days, each once, and none besides. A list of
 * what waits comes only where something does: of it, that none is one too many.
 */
import type { MemberId } from '../../../../src/domain/ids.ts';
import { DAY, HOUR, type Instant, MINUTE, toDate, toIso } from '../../../../src/domain/instant.ts';
import { STANDING, type Standing } from '../configure.ts';
import { hoursAt } from '../plan.ts';
import type { YearRecord } from '../record.ts';
import type { Hours, Oracle } from '../wall-clock.ts';
import type { Fault } from './fault.ts';
import type { Known } from './known.ts';

/** Who turns out to be away is asked about again after a minute. */
const PATIENCE = 2 * MINUTE;

export function judgeStanding(known: Known, oracle: Oracle, { notices }: YearRecord): Fault[] {
  const here = new Set(known.plan.people.map(({ id }) => id));
  return STANDING.filter(({ member }) => here.has(member)).flatMap((standing) => {
    const { member, kind } = standing;
    const theirs = notices
      .map(({ notice }) => notice)
      .filter(({ body, recipient }) => {
        return body.kind === kind && recipient.type === 'member' && recipient.member === member;
      })
      .map(({ createdAt }) => createdAt);
    const due = dueOf(known, oracle, standing);
    const faults: Fault[] = [];
    const fault = (what: Fault['what'], detail: string): void =>
      void faults.push({ what, where: `${kind} of ${member}`, detail });
    for (const at of due) {
      const matching = theirs.filter((one) => isFor(at, one));
      if (matching.length === 0 && kind !== 'morning-list') fault('not-told', `none at ${toIso(at)}`);
      if (matching.length > 1) fault('told-twice', `${matching.length} at ${toIso(at)}`);
    }
    for (const one of theirs)
      if (!due.some((at) => isFor(at, one))) fault('told-twice', `one too many at ${toIso(one)}`);
    return faults;
  });
}

const isFor = (due: Instant, at: Instant): boolean => at >= due && at <= due + PATIENCE;

/** The ticks at which they are due. */
function dueOf(known: Known, oracle: Oracle, { member, at: time, weekday }: Standing): Instant[] {
  const { plan } = known;
  const found: Instant[] = [];
  let week: number | null = null;
  for (let at = plan.start - DAY; ; ) {
    const hours = hoursAt(known.person(member), at);
    at = oracle.after(minuteOf(hours, time), [], at + MINUTE, 0);
    if (at >= plan.end) return found;
    const due = backFrom(known, member, at);
    const tick = known.tickFor(due);
    const isToday = dateIn(hours, tick) === dateIn(hours, at);
    // Within the last minutes of the year it may not have been seen to yet.
    if (!isToday || !isWorkday(known, oracle, member, at, due) || tick >= plan.end - PATIENCE) continue;
    // A weekly one comes on its day, or on the first of theirs after it.
    const itsWeek: number | null = weekday === null ? null : weekOf(dateIn(hours, at), weekday);
    if (at < plan.start) {
      // Its hour was over when the year began: then it begins with the next.
      if (dateIn(hours, at) === dateIn(hours, plan.start)) week = itsWeek;
      continue;
    }
    if (itsWeek !== null && itsWeek === week) continue;
    week = itsWeek;
    found.push(tick);
  }
}

/** The first of January 1970 was a Thursday. */
const weekOf = (date: string, weekday: number): number =>
  Math.floor((Date.parse(date) / (DAY / 1_000) + 3 - weekday) / 7);

/** A schedule that has nothing but this one minute of each day. */
function minuteOf({ zone }: Hours, time: string): Hours {
  const key = `${zone}/${time}`;
  const made = minutes.get(key) ?? {
    zone,
    week: Array.from({ length: 7 }, () => [{ from: time, to: `${time.slice(0, 4)}${Number(time[4]) + 1}` }]),
    holidays: new Set<string>(),
  };
  minutes.set(key, made);
  return made;
}
const minutes = new Map<string, Hours>();
/** The end of the absence that they are in, as far as Baton knows; who says so earlier is back then. */
function backFrom(known: Known, member: MemberId, at: Instant): Instant {
  const away = known
    .absencesOf(member)
    .filter(({ since, replacedAt }) => since <= at && (replacedAt === null || at < replacedAt))
    .find(({ from, until }) => from <= at && at < until);
  if (away === undefined) return at;
  return backFrom(known, member, Math.min(away.until, away.replacedAt ?? away.until));
}

/** A shift begins on it that no absence takes up as a whole. */
function isWorkday(known: Known, oracle: Oracle, member: MemberId, at: Instant, knownAt: Instant): boolean {
  const hours = hoursAt(known.person(member), at);
  // Of an absence that was taken back Baton knows no more: it is told of as one that ended when it was told.
  const takenBack = known.absencesOf(member).flatMap(({ since, until }) => (since === until ? [until] : []));
  const away = known.awayOf(member, knownAt).filter(({ until }) => !takenBack.includes(until));
  const today = dateIn(hours, at);
  for (let minute = at - 24 * HOUR; minute < at + 24 * HOUR; minute += 5 * MINUTE)
    if (oracle.isWorking(hours, away, minute) && dateIn(hours, minute) === today) return true;
  return false;
}

function dateIn({ zone }: Hours, at: Instant): string {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en-CA', { timeZone: zone });
  formats.set(zone, format);
  return format.format(toDate(at));
}
const formats = new Map<string, Intl.DateTimeFormat>();
