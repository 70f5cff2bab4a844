/**
 * What one request waited for, as it stood at an instant.
 *
 * - Time is the inbox's working time, because that is when customers may count on somebody: a question of Friday evening
 *   that is answered on Monday at nine waited for no time of ours. What is urgent waits by day and night.
 * - What was opened again was not done: it is done with its last end, and the time between counts.
 * - Spam, and what became a part of another request, is no request. The other one counts.
 */
import type { Duration, Instant } from '../instant.ts';
import type { Policy } from '../policy.ts';
import { workingTimeBetween } from '../working-time.ts';
import type { RequestFacts } from './facts.ts';
import type { Wait } from './percentile.ts';

export type Measured = {
  readonly accept: Wait;
  /** Null when none was owed: no person wrote it, or it was finished without one. */
  readonly answer: Wait | null;
  /** A person wrote it, and it was finished without an answer. */
  readonly unanswered: boolean;
  readonly done: Wait;
  /** How often it went from one owner to another. */
  readonly hands: number;
};

/** Null for what turned out to be no request. */
export function measure(policy: Policy, request: RequestFacts, seen: Instant): Measured | null {
  const turns = request.turns.filter(({ at }) => at <= seen);
  const last = turns.at(-1);
  if (last?.to === 'spam' || last?.to === 'merged') return null;
  const doneAt = last?.to === 'finished' ? last.at : null;
  const accepted = request.accepted.filter(({ at }) => at <= seen);
  const answeredAt = request.answeredAt !== null && request.answeredAt <= seen ? request.answeredAt : null;
  // Who finishes what nobody has accepted answers for that.
  const firstEnd = turns.find(({ to }) => to === 'finished')?.at ?? null;
  const acceptedAt = accepted[0]?.at ?? firstEnd;
  const unanswered = request.person && answeredAt === null && doneAt !== null;
  const waitUntil = (then: Instant | null): Wait => ({
    took: waited(policy, request, then ?? seen),
    over: then === null,
  });
  return {
    accept: waitUntil(acceptedAt),
    answer: request.person && !unanswered ? waitUntil(answeredAt) : null,
    unanswered,
    done: waitUntil(doneAt),
    hands: accepted.filter(({ by }, index) => index > 0 && by !== accepted[index - 1]?.by).length,
  };
}

function waited(policy: Policy, request: RequestFacts, until: Instant): Duration {
  const { openedAt, priority, inboxId } = request;
  const inbox = policy.inboxes.get(inboxId);
  if (priority === 'urgent' || inbox === undefined) return Math.max(0, until - openedAt);
  return workingTimeBetween(inbox.schedule, openedAt, until);
}
