/** When somebody is waited for no longer. Ordinary clocks run on the person's working time, urgent ones on the wall. */
import type { MemberId } from './ids.ts';
import type { Duration, Instant } from './instant.ts';
import type { Policy, Priority } from './policy.ts';
import { addWorkingTime } from './working-time.ts';

/** By when a member must answer "Can you take this?" that is put to them at `from`. */
export function acceptBy(policy: Policy, member: MemberId, priority: Priority, from: Instant): Instant {
  return deadline(policy, member, policy.clocks.accept[priority], priority, from);
}

/** By when the receiver of a handoff must answer. */
export function handoffBy(policy: Policy, member: MemberId, priority: Priority, from: Instant): Instant {
  return deadline(policy, member, policy.clocks.handoff[priority], priority, from);
}

/** When the last person asked is reminded next; the calm rhythm runs on their hours whatever the priority. */
export function remindAt(policy: Policy, member: MemberId, from: Instant): Instant {
  return deadline(policy, member, policy.clocks.lastPersonReminder, 'normal', from);
}

function deadline(
  policy: Policy,
  member: MemberId,
  amount: Duration,
  priority: Priority,
  from: Instant,
): Instant {
  const schedule = policy.members.get(member)?.schedule;
  const wallTime = from + amount;
  if (priority === 'urgent' || schedule === undefined) return wallTime;
  // A person who never works again must not stop the clock.
  return addWorkingTime(schedule, from, amount) ?? wallTime;
}
