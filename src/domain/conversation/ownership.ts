/** Whose the request is: accepting, declining, handing over, taking, finishing and opening again. */
import type { MemberId, TextId } from '../ids.ts';
import { mention } from '../reason.ts';
import type { Rejection } from '../rejections.ts';
import { isManagerOf, triageLeadAt } from '../roster.ts';
import { absenceAt } from '../working-time.ts';
import { activeOwner, afterDecline, askByHand, askNext, insteadOf, withdrawOffer } from './asking.ts';
import type { Chosen } from './categorising.ts';
import { climbFurther } from './climbing.ts';
import { mayTell, oweAnswer } from './clocks.ts';
import type { CommandContext } from './commands.ts';
import { mayDecide, newerMessage, notTheirs } from './entitled.ts';
import type { Meant } from './events.ts';
import type { Step } from './step.ts';

/** Yes to the question that is open, or to an earlier one. */
export function accept(step: Step, context: CommandContext): Rejection | null {
  const { state } = step;
  if (state.phase === 'done') return { code: 'finished' };
  if (state.offer?.to === context.by) {
    acceptOffer(step, context.by);
    return null;
  }
  // An answer that comes after its time is still a person who offers to answer for it.
  return take(step, context);
}

/** Without having been asked: while nobody owns it, and later for managers. */
export function take(step: Step, context: CommandContext): Rejection | null {
  const { by } = context;
  const { state } = step;
  if (state.phase === 'done') return { code: 'finished' };
  if (state.owner === by) return { code: 'already-yours' };
  if (state.offer?.to === by) {
    acceptOffer(step, by);
    return null;
  }
  const previous = state.owner;
  if (previous !== null && !isManagerOf(context.policy, by, state.inboxId)) {
    return { code: 'owned-by-other', owner: previous };
  }
  withdrawOffer(step, 'taken', { owner: by, actor: by });
  step.emit({ type: 'accepted', by });
  nameOwner(step);
  step.tell(previous, { kind: 'taken-over', by });
  return null;
}

/** The one open question is answered with yes; who asked by hand, and who owned it, learn so. */
function acceptOffer(step: Step, by: MemberId): void {
  const { offer, owner: previous } = step.state;
  step.emit({ type: 'accepted', by });
  nameOwner(step);
  const told = new Set([previous, offer?.by ?? null]);
  told.delete(by);
  for (const member of told) {
    step.tell(member, { kind: 'handoff-outcome', to: by, outcome: 'accepted', note: null, passedTo: null });
  }
}

/** The customer learns who answers for it, and again when that changes. */
function nameOwner(step: Step): void {
  const { owner, named } = step.state;
  if (owner === null || owner === named || !mayTell(step, 'owner')) return;
  step.emit({ type: 'owner-named', owner });
  step.tellCustomer({ kind: 'owner-named', owner });
}

/**
 * No to the open question: the next is asked, and who asked by hand learns so. Of what nobody owns, whoever says no may
 * say what it is instead (`meant`): then who is configured for that comes next.
 */
export function decline(
  step: Step,
  context: CommandContext,
  why: TextId | null,
  meant: Chosen | null = null,
): Rejection | null {
  const { by } = context;
  const { offer, phase, owner } = step.state;
  if (phase === 'done') return { code: 'finished' };
  if (offer?.to !== by) {
    if (owner === by) return { code: 'already-yours' };
    return notTheirs(step.state);
  }
  if (offer.acceptBy === null) return { code: 'last-person' };
  step.emit({ type: 'declined', by, note: why, ...meantBy(meant) });
  afterDecline(step, offer, why, null);
  if (step.state.owner === null) goOn(step, by, meant);
  else if (offer.by === null) climbFurther(step);
  return null;
}

const meantBy = (meant: Chosen | null): Partial<Meant> =>
  meant === null ? {} : { category: meant.category, ...(meant.urgent && { urgent: true }) };

/** The next is asked; where it is something else, the first of the chain of that. */
function goOn(step: Step, by: MemberId, meant: Chosen | null): void {
  if (meant === null || !step.state.routed)
    return askNext(step, { code: 'declined', sentence: `${mention(by)} said no` }, { actor: by });
  const { chain, waits, reason, said } = meant;
  step.emit({ type: 'routed', chain, ...(waits !== undefined && { waits }), reason });
  askNext(step, said, { corrected: true, actor: by });
}

/** An offer to a colleague, who has to say yes; somebody who is asked says no by it. */
export function handoff(
  step: Step,
  context: CommandContext,
  meant: MemberId,
  note: TextId | null,
): Rejection | null {
  const { by } = context;
  const { state } = step;
  const { offer } = state;
  if (state.phase === 'done') return { code: 'finished' };
  const to = insteadOf(step, meant, by);
  const receiver = cannotReceive(step, context, to);
  if (receiver !== null) return receiver;
  const asked = offer?.to === by;
  if (asked && offer.acceptBy !== null) {
    step.emit({ type: 'declined', by, note });
    askByHand(step, to, by, note);
    afterDecline(step, offer, note, to);
    return null;
  }
  // Whoever was asked last cannot say no, and so may say who else it should be.
  if (!asked && !mayDecide(step, by)) return notTheirs(state);
  withdrawOffer(step, 'offered-to-another', { owner: state.owner, actor: by });
  askByHand(step, to, by, note);
  return null;
}

function cannotReceive(step: Step, { by, policy, now }: CommandContext, to: MemberId): Rejection | null {
  const { state } = step;
  const member = policy.members.get(to);
  if (to === by) return { code: 'handoff-to-self' };
  if (member === undefined || !member.active) return { code: 'inactive-member', member: to };
  if (state.author === to) return { code: 'handoff-to-author', member: to };
  if (state.owner === to) return { code: 'already-theirs', member: to };
  if (state.offer?.to === to) return { code: 'already-asked', member: to };
  const absence = absenceAt(member.schedule, now);
  if (absence === null) return null;
  // Whoever could stand in would have been asked in their place.
  return { code: 'absent-member', member: to, until: absence.until, backup: null };
}

/** It needs nothing more. Whoever ends what nobody owns takes it by that. */
export function done(
  step: Step,
  context: CommandContext,
  outcome: TextId | null,
  as: 'finished' | 'spam' = 'finished',
): Rejection | null {
  const { by, policy } = context;
  if (step.state.phase === 'done') return { code: 'finished' };
  const newer = newerMessage(step.state, context);
  if (newer !== null) return newer;
  const owner = step.state.owner;
  if (owner !== by) {
    const asked = step.state.offer?.to === by;
    if (owner !== null && !asked && !isManagerOf(policy, by, step.state.inboxId)) {
      return { code: 'owned-by-other', owner };
    }
    if (owner === null || asked) {
      const refused = becomeOwner(step, context);
      if (refused !== null) return refused;
    }
  }
  withdrawOffer(step, 'done', { owner: by, actor: by });
  step.emit({ type: 'done', by, note: outcome, as, into: null });
  if (as === 'finished' && mayTell(step, 'finished')) step.tellCustomer({ kind: 'finished', by });
  if (owner !== null && owner !== by) step.tell(owner, { kind: 'done-by-other', by, note: outcome });
  return null;
}

/** `done` and `reply` say "it is mine" when the question is put to them, or was and nobody owns it. */
export function becomeOwner(step: Step, context: CommandContext): Rejection | null {
  const { by, policy } = context;
  const { state } = step;
  const entitled =
    state.offer?.to === by || state.accountable === by || isManagerOf(policy, by, state.inboxId);
  if (!entitled && !state.asked.includes(by)) return { code: 'not-asked' };
  return accept(step, context);
}

/** What was finished goes on. */
export function reopen(step: Step, context: CommandContext): Rejection | null {
  const { by, policy } = context;
  const { state } = step;
  if (state.phase !== 'done') return { code: 'not-finished' };
  // Anybody in the team may see that it is not finished; it goes back to who had it.
  const owner = activeOwner(state, policy);
  const accountable = owner ?? triageLeadAt(policy, state.inboxId, step.now);
  step.emit({ type: 'reopened', messageId: null, by, accountable, owner });
  if (step.state.lastAnswer === null) oweAnswer(step, step.now);
  if (owner === null)
    askNext(step, { code: 'reopened', sentence: `reopened by ${mention(by)}` }, { actor: by });
  else if (owner !== by) {
    step.tell(owner, { kind: 'customer-wrote', messageId: state.lastCustomerMessage, reopened: true });
  }
  return null;
}
