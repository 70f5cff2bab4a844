/** Whether each manager had one digest on each of their working days, at their hour, and none besides. */
import type { MemberId } from '../../../../src/domain/ids.ts';
import { HOUR, type Instant, MINUTE, toDate, toIso } from '../../../../src/domain/instant.ts';
import { DIGEST_AT, MANAGERS } from '../configure.ts';
import { hoursAt } from '../plan.ts';
import type { YearRecord } from '../record.ts';
import type { Hours, Oracle } from '../wall-clock.ts';
import type { Fault } from './fault.ts';
import type { Known } from './known.ts';

/** Who turns out to be away is asked about again after a minute. */
const PATIENCE = 2 * MINUTE;

export function judgeDigests(known: Known, oracle: Oracle, { notices }: YearRecord): Fault[] {
  const sent = notices.filter(({ notice }) => notice.body.kind === 'digest');
  return MANAGERS.flatMap((manager) => {
    const theirs = sent
      .filter(({ notice: { recipient } }) => recipient.type === 'member' && recipient.member === manager)
      .map(({ notice }) => notice.createdAt);
    const due = dueOf(known, oracle, manager);
    const faults: Fault[] = [];
    const fault = (what: Fault['what'], detail: string): void =>
      void faults.push({ what, where: `digest of ${manager}`, detail });
    for (const at of due) {
      const matching = theirs.filter((one) => one >= at && one <= at + PATIENCE);
      if (matching.length === 0) fault('not-told', `none at ${toIso(at)}`);
      if (matching.length > 1) fault('told-twice', `${matching.length} at ${toIso(at)}`);
    }
    for (const one of theirs)
      if (!due.some((at) => one >= at && one <= at + PATIENCE))
        fault('told-twice', `one too many at ${toIso(one)}`);
    return faults;
  });
}

/** The ticks at which they are due. */
function dueOf(known: Known, oracle: Oracle, manager: MemberId): Instant[] {
  const { plan } = known;
  const found: Instant[] = [];
  for (let at = plan.start; ; ) {
    const hours = hoursAt(known.person(manager), at);
    at = oracle.after(hourOf(hours), [], at + MINUTE, 0);
    if (at >= plan.end) return found;
    const due = backFrom(known, manager, at);
    const tick = known.tickFor(due);
    const isToday = dateIn(hours, tick) === dateIn(hours, at);
    // Within the last minutes of the year it may not have been seen to yet.
    if (isToday && isWorkday(known, oracle, manager, at, due) && tick < plan.end - PATIENCE) found.push(tick);
  }
}

/** A schedule that has nothing but this one minute of each day. */
const hourOf = ({ zone }: Hours): Hours => {
  const made = minutes.get(zone) ?? {
    zone,
    week: Array.from({ length: 7 }, () => [{ from: DIGEST_AT, to: `${DIGEST_AT.slice(0, 4)}1` }]),
    holidays: new Set<string>(),
  };
  minutes.set(zone, made);
  return made;
};
const minutes = new Map<string, Hours>();

/** The end of the absence that they are in, as far as Baton knows. */
function backFrom(known: Known, manager: MemberId, at: Instant): Instant {
  const away = known.awayOf(manager, at).find(({ from, until }) => from <= at && at < until);
  return away === undefined ? at : backFrom(known, manager, away.until);
}

/** A shift begins on it that no absence takes up as a whole. */
function isWorkday(known: Known, oracle: Oracle, manager: MemberId, at: Instant, knownAt: Instant): boolean {
  const hours = hoursAt(known.person(manager), at);
  const away = known.awayOf(manager, knownAt);
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
