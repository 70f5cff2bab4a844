/** Everything that is wrong with a request at an instant: what its state tells, and what has lasted too long. */
import type { Conversation } from '../conversation/state.ts';
import type { InboxId } from '../ids.ts';
import { DAY, type Duration, HOUR, type Instant } from '../instant.ts';
import type { Policy, Schedule } from '../policy.ts';
import { workingTimeBetween } from '../working-time.ts';
import { attentionOf, bySeverity, type Trouble, unownedSince } from './attention.ts';
import { type DigestQuestion, LAID_ASIDE_OFTEN, type LookedAt } from './facts.ts';

/** A day of eight hours of the inbox. */
const UNTAKEN_AFTER: Duration = 8 * HOUR;
/** A handoff of this morning is on its way; one of yesterday has been forgotten. */
export const HANDOFF_OPEN_AFTER: Duration = 12 * HOUR;
/** Nobody is looked back upon for longer than that. */
const BACK_MAX: Duration = 90 * DAY;

/** What is asked of the database, by the working time of those who are waited for. */
export function digestQuestion(
  policy: Policy,
  inboxes: readonly InboxId[],
  at: Instant,
  since: Instant,
): DigestQuestion {
  return {
    inboxes,
    at,
    since,
    untakenBefore: new Map(
      inboxes.flatMap((id) => {
        const inbox = policy.inboxes.get(id);
        return inbox === undefined ? [] : [[id, workingAgo(inbox.schedule, at, UNTAKEN_AFTER)] as const];
      }),
    ),
  };
}

/** The worst first; empty when it goes its way. */
export function troublesOf({ state, laidAside }: LookedAt, question: DigestQuestion): readonly Trouble[] {
  const found = attentionOf(state).filter((trouble) => isRipe(trouble, question.at));
  const untaken = untakenSince(state, question);
  if (untaken !== null && !found.some(({ why }) => why === 'nobody-took'))
    found.push({ why: 'not-taken', since: untaken });
  if (laidAside >= LAID_ASIDE_OFTEN && state.snooze !== null)
    found.push({ why: 'laid-aside', since: state.lastEventAt });
  return found.sort(bySeverity);
}

const isRipe = ({ why, since }: Trouble, at: Instant): boolean =>
  why === 'handoff-open' ? since <= at - HANDOFF_OPEN_AFTER : since <= at;

function untakenSince(state: Conversation, { untakenBefore }: DigestQuestion): Instant | null {
  if (state.phase !== 'arrived' && state.phase !== 'offered') return null;
  const since = unownedSince(state);
  return since < (untakenBefore.get(state.inboxId) ?? 0) ? since : null;
}

/** The latest instant since which so much working time has passed; to the second, and not further back than `BACK_MAX`. */
export function workingAgo(schedule: Schedule, at: Instant, amount: Duration): Instant {
  let [early, late] = [at - BACK_MAX, at];
  if (workingTimeBetween(schedule, early, at) < amount) return early;
  while (late - early > PRECISION) {
    const middle = early + Math.floor((late - early) / 2);
    if (workingTimeBetween(schedule, middle, at) >= amount) early = middle;
    else late = middle;
  }
  return early;
}

const PRECISION: Duration = 1_000_000;
