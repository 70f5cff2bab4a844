/** When somebody is waited for no longer. Ordinary clocks run on the person's working time, urgent ones on the wall. */
import type { InboxId, MemberId } from './ids.ts';
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

/** When the silence of an owner who was last heard of at `from` ends; `length`: how long it may last. */
export function progressBy(
  policy: Policy,
  owner: MemberId,
  priority: Priority,
  from: Instant,
  length: Duration = policy.clocks.progress[priority],
): Instant {
  return deadline(policy, owner, length, priority, from);
}

/** The end of so much time of the member who is waited for. */
export const waitedUntil = (
  policy: Policy,
  member: MemberId,
  amount: Duration,
  priority: Priority,
  from: Instant,
): Instant => deadline(policy, member, amount, priority, from);

/** By when the front desk must say what becomes of a mail that could not be read; its hours, however urgent the mail. */
export function parkedBy(policy: Policy, member: MemberId, from: Instant): Instant {
  return deadline(policy, member, policy.clocks.parked, 'normal', from);
}

/** When the last person asked is reminded next; the calm rhythm runs on their hours whatever the priority. */
export function remindAt(policy: Policy, member: MemberId, from: Instant): Instant {
  return deadline(policy, member, policy.clocks.lastPersonReminder, 'normal', from);
}

/** By when a customer who has waited since `from` is owed an answer, and when the owner is told that it comes near. */
export function answerBy(
  policy: Policy,
  inboxId: InboxId,
  priority: Priority,
  from: Instant,
): { readonly answerBy: Instant; readonly warnAt: Instant } {
  const { answer, answerWarning } = policy.clocks;
  const after = (amount: Duration): Instant => {
    const schedule = policy.inboxes.get(inboxId)?.schedule;
    if (priority === 'urgent' || schedule === undefined) return from + amount;
    return addWorkingTime(schedule, from, amount) ?? from + amount;
  };
  const whole = answer[priority];
  return { answerBy: after(whole), warnAt: after(Math.max(0, whole - answerWarning[priority])) };
}

/** When a helper is reminded, or given up; outsiders are waited for on the working time of who asked them. */
export function helpBy(policy: Policy, waitedFor: MemberId, from: Instant): Instant {
  return deadline(policy, waitedFor, policy.clocks.help, 'normal', from);
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
