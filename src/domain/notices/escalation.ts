/**
 * Escalations: what a clock tells a member because somebody was silent, or because a time has come. About an urgent
 * request they go out at once, and may be paged as well; all others may wait for each other, so that one person has one
 * mail within the hour and not ten.
 *
 * What the reader set for a time of their own (a snooze, a date) waits a few minutes at most. What a person says to
 * another is no escalation.
 */
import { type Duration, HOUR, type Instant, MINUTE } from '../instant.ts';
import type { Schedule } from '../policy.ts';
import { addWorkingTime, workingTimeBetween } from '../working-time.ts';
import type { NoticeBody, NoticeDraft } from './notice.ts';

/** Whether it may wait until others of its kind have come. */
export const mayWait = ({ body, urgent, climbs, recipient }: NoticeDraft): boolean =>
  recipient.type === 'member' && urgent !== true && isByClock(body, climbs === true);

function isByClock(body: NoticeBody, climbs: boolean): boolean {
  switch (body.kind) {
    case 'offer':
      return climbs || body.reminder === true;
    case 'handoff':
      return body.by === null || body.reminder === true;
    case 'help-asked':
      return body.reminder;
    case 'handoff-outcome':
      return body.outcome === 'lapsed';
    case 'parked':
      return body.asked === 'silent' || body.asked === 'reminder';
    default:
      return ByClock.has(body.kind);
  }
}

const ByClock: ReadonlySet<NoticeBody['kind']> = new Set([
  'last-asked',
  'moved-up',
  'no-progress',
  'answer-due',
  'help-silent',
  'due-reached',
  'snooze-ended',
]);

const OwnTimes: ReadonlySet<NoticeBody['kind']> = new Set(['due-reached', 'snooze-ended']);
const OWN_TIME_WAIT: Duration = 5 * MINUTE;
/** One mail within so long. */
export const ESCALATION_WAIT: Duration = HOUR;
/** So much of the time that its reader has to answer may be spent waiting for others. */
const SHARE = 1 / 4;

/** How long what was written at `from` may wait for others at most, on the hours of its reader. */
export function waitsUntil(body: NoticeBody, from: Instant, schedule: Schedule | undefined): Instant {
  const whole = from + (OwnTimes.has(body.kind) ? OWN_TIME_WAIT : ESCALATION_WAIT);
  const deadline = deadlineOf(body);
  return deadline === null ? whole : Math.min(whole, shareOf(from, deadline, schedule));
}

/** By when its reader must have answered; null: nothing follows from their silence. */
export function deadlineOf(body: NoticeBody): Instant | null {
  switch (body.kind) {
    case 'offer':
    case 'handoff':
      return body.acceptBy;
    case 'parked':
      return body.due;
    case 'answer-due':
      return body.missed ? null : body.answerBy;
    default:
      return null;
  }
}

function shareOf(from: Instant, deadline: Instant, schedule: Schedule | undefined): Instant {
  const wall = Math.max(from, Math.floor(from + (deadline - from) * SHARE));
  const time = schedule === undefined ? 0 : workingTimeBetween(schedule, from, deadline);
  if (schedule === undefined || time === 0) return wall;
  return addWorkingTime(schedule, from, Math.floor(time * SHARE)) ?? wall;
}

/** Why somebody is paged: these codes leave the house. */
export const PageWhys = [
  'asked',
  'asked-again',
  'climbed',
  'owner-away',
  'owner-silent',
  'nobody-took-it',
  'still-nobody',
  'answer-missed',
] as const;
export type PageWhy = (typeof PageWhys)[number];

/** Why its reader is to be reached by page as well as by mail; null: they are not. */
export function pageWhy({ body, urgent, climbs, recipient }: NoticeDraft): PageWhy | null {
  if (recipient.type !== 'member' || urgent !== true) return null;
  switch (body.kind) {
    case 'offer':
      if (body.reminder === true) return 'asked-again';
      return climbs === true ? 'climbed' : 'asked';
    case 'handoff':
      if (body.by !== null) return null;
      return body.silent === undefined ? 'owner-away' : 'owner-silent';
    case 'no-progress':
      return 'owner-silent';
    case 'last-asked':
      return body.reminder ? 'still-nobody' : 'nobody-took-it';
    case 'answer-due':
      return body.missed ? 'answer-missed' : null;
    default:
      return null;
  }
}
