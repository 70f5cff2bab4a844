/** Who may decide about a request, besides whoever is asked to take it. */
import type { MemberId } from '../ids.ts';
import type { Rejection } from '../rejections.ts';
import { isManagerOf, triageLeadAt } from '../roster.ts';
import type { CommandContext } from './commands.ts';
import type { Conversation } from './state.ts';
import type { Step } from './step.ts';

/** The owner; whoever answers for it while nobody owns it; the triage lead; a manager. */
export function mayDecide({ state, policy, now }: Step, by: MemberId): boolean {
  return (
    state.accountable === by ||
    isManagerOf(policy, by, state.inboxId) ||
    triageLeadAt(policy, state.inboxId, now) === by
  );
}

/** What somebody who may not is told: whose it is, or that they were not asked. */
export const notTheirs = ({ owner }: Conversation): Rejection =>
  owner === null ? { code: 'not-asked' } : { code: 'owned-by-other', owner };

/** Why somebody cannot order anything about it now; null: they can. */
export function cannotDecide(step: Step, by: MemberId): Rejection | null {
  if (step.state.phase === 'done') return { code: 'finished' };
  return mayDecide(step, by) ? null : notTheirs(step.state);
}

/** Whoever orders the end of a request must have been shown the customer's latest mail. */
export function newerMessage(
  { lastCustomerMessage: messageId }: Conversation,
  { shown }: Pick<CommandContext, 'shown'>,
): Rejection | null {
  return shown !== null && shown < messageId ? { code: 'newer-message', messageId } : null;
}
