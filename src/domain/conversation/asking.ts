/**
 * Who is asked, and who is asked next. Asking never moves accountability, except at the very top: what nobody on
 * the ladder accepted is the final manager's from then on.
 */
import { acceptBy, handoffBy, remindAt } from '../deadlines.ts';
import type { MemberId, TextId } from '../ids.ts';
import type { Policy } from '../policy.ts';
import { mention, type Reason } from '../reason.ts';
import { finalManagerAt, isAvailable, standInsFor } from '../roster.ts';
import type { WithdrawnWhy } from './events.ts';
import type { Conversation, Offer } from './state.ts';
import type { Step } from './step.ts';

/** Asks the next person of the chain who is here and was not asked yet; at its end, the final manager. */
export function askNext(step: Step, reason: Reason): void {
  const { state, policy } = step;
  const at = step.now;
  const people = state.chain.flatMap((id) => whoIsHere(step, id));
  const next = people.find((id) => !state.asked.includes(id) && id !== state.author);
  if (next === undefined) return askFinalManager(step, reason);
  const first = state.asked.length === 0;
  step.emit({
    type: 'offered',
    to: next,
    kind: first ? 'offer' : 'escalation',
    by: null,
    acceptBy: acceptBy(policy, next, state.priority, at),
    remindAt: null,
    rung: first ? 0 : state.rung + 1,
    note: null,
    reason,
  });
  tellOffer(step, reason);
}

/** The member, or while they are away those who stand in for them. */
export function whoIsHere({ policy, now }: Step, id: MemberId): MemberId[] {
  const member = policy.members.get(id);
  return member !== undefined && isAvailable(member, now) ? [id] : standInsFor(policy, id, now);
}

/** Who is asked when a member means `meant`: while they are away, the nearest who stands in and may take it. */
export function insteadOf(step: Step, meant: MemberId, by: MemberId): MemberId {
  const { author, owner } = step.state;
  if (step.policy.members.get(meant)?.active !== true) return meant;
  return whoIsHere(step, meant).find((id) => id === meant || ![by, author, owner].includes(id)) ?? meant;
}

/** The top of the ladder: they answer for it until a person accepts, and are reminded, never timed out. */
export function askFinalManager(step: Step, reason: Reason): void {
  const { policy } = step;
  const before = step.state.accountable;
  const final = lastPerson(step);
  if (before !== final) step.emit({ type: 'accountability-moved', to: final, why: 'nobody-accepted' });
  const { state } = step;
  step.emit({
    type: 'offered',
    to: final,
    kind: 'escalation',
    by: null,
    acceptBy: null,
    remindAt: remindAt(policy, final, step.now),
    rung: state.rung + 1,
    note: null,
    reason,
  });
  step.tell(final, { kind: 'last-asked', reminder: false });
  if (before !== final) step.tell(before, { kind: 'moved-up', to: final });
}

/** Who decides at the end: the final manager, or who stands in while they are away or when they wrote it themselves. */
export const lastPerson = ({ policy, state, now }: Step): MemberId =>
  finalManagerAt(policy, state.inboxId, now, state.author);

/** A member asks another to take it; whoever was being asked is told that they need not answer. */
export function askByHand(step: Step, to: MemberId, by: MemberId, note: TextId | null): void {
  askToTakeOver(step, to, by, note, { code: 'asked-by-member', sentence: `asked by ${mention(by)}` });
}

/** A clock asks somebody to take what its owner, who is away, cannot look after. The last of them is only reminded. */
export function askStandIn(step: Step, to: MemberId, reason: Reason, isLast: boolean): void {
  askToTakeOver(step, to, null, null, reason, isLast);
}

function askToTakeOver(
  step: Step,
  to: MemberId,
  by: MemberId | null,
  note: TextId | null,
  reason: Reason,
  isLast = false,
): void {
  const { policy, state } = step;
  const due = isLast ? null : handoffBy(policy, to, state.priority, step.now);
  step.emit({
    type: 'offered',
    to,
    kind: 'handoff',
    by,
    acceptBy: due,
    remindAt: isLast ? remindAt(policy, to, step.now) : null,
    rung: state.rung,
    note,
    reason,
  });
  const accountable = accountableOf(step.state);
  step.tell(to, { kind: 'handoff', by, acceptBy: due, accountable, note });
}

/**
 * Closes an open offer that is overtaken. Who was asked is told that they need not answer, and whose it is now
 * (`owner`, if anybody's), unless it was their own doing (`actor`).
 */
export function withdrawOffer(
  step: Step,
  why: WithdrawnWhy,
  { owner, actor }: { owner: MemberId | null; actor: MemberId },
): void {
  const { offer } = step.state;
  if (offer === null) return;
  step.emit({ type: 'withdrawn', to: offer.to, why });
  if (offer.to !== actor) step.tell(offer.to, { kind: 'withdrawn', why, owner });
}

/** Tells whoever waits for the answer to a question asked by hand that it was no; the ladder is the caller's. */
export function afterDecline(step: Step, offer: Offer, note: TextId | null, passedTo: MemberId | null): void {
  const outcome = passedTo === null ? 'declined' : 'passed-on';
  const told = new Set([step.state.owner, offer.by]);
  told.delete(offer.to);
  // Whoever is asked next reads so in the question itself.
  told.delete(passedTo);
  for (const member of told) {
    step.tell(member, { kind: 'handoff-outcome', to: offer.to, outcome, note, passedTo });
  }
}

/** Whoever owns it, or owned it last, while they are in the team. */
export const activeOwner = ({ owner }: Conversation, policy: Policy): MemberId | null =>
  owner !== null && policy.members.get(owner)?.active ? owner : null;

/** Who answers for a conversation that is not done. */
function accountableOf(state: Conversation): MemberId {
  if (state.accountable === null) throw new Error(`conversation ${state.id} is done: nobody answers for it`);
  return state.accountable;
}

function tellOffer(step: Step, reason: Reason): void {
  const { offer } = step.state;
  if (offer === null || offer.kind === 'handoff') throw new Error('an offer was just made');
  step.tell(offer.to, {
    kind: 'offer',
    acceptBy: offer.acceptBy,
    accountable: accountableOf(step.state),
    reason,
  });
}
