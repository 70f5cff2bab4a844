/**
 * Decides what a member's command does, or why it does nothing. Names are already resolved to members and words
 * already stored as texts; whether the sender may speak for this member was checked before (apply-reply.ts).
 */
import type { MemberId, MessageId, TextId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { CommandResult } from '../notices/notice.ts';
import type { Policy } from '../policy.ts';
import { mention } from '../reason.ts';
import type { Rejection } from '../rejections.ts';
import { isManagerOf, triageLeadAt } from '../roster.ts';
import { absenceAt } from '../working-time.ts';
import { afterDecline, askByHand, askNext, withdrawOffer } from './asking.ts';
import type { Decision } from './decide.ts';
import type { Conversation } from './state.ts';
import { beginStep, type Step } from './step.ts';

export type MemberCommand =
  | { readonly verb: 'accept' }
  | { readonly verb: 'take' }
  | { readonly verb: 'decline'; readonly note: TextId | null }
  | { readonly verb: 'handoff'; readonly to: MemberId; readonly note: TextId | null }
  | { readonly verb: 'done'; readonly note: TextId | null }
  | { readonly verb: 'reopen' }
  | { readonly verb: 'note'; readonly text: TextId }
  | { readonly verb: 'reply'; readonly text: TextId };

export type CommandContext = {
  readonly by: MemberId;
  /** The last customer message that `by` had been shown when they wrote. */
  readonly shown: MessageId | null;
  readonly now: Instant;
  readonly policy: Policy;
};

export type CommandDecision = Decision & { readonly result: CommandResult };

/** A refused command leaves the state as it was and emits nothing. */
export function decideCommand(
  before: Conversation,
  command: MemberCommand,
  context: CommandContext,
): CommandDecision {
  const step = beginStep(context.policy, before.id, before, context.now);
  const rejection = carryOut(step, command, context);
  if (rejection !== null) {
    return { state: before, events: [], notices: [], result: { ok: false, verb: command.verb, rejection } };
  }
  const result = { ok: true, verb: command.verb, filesNotSent: 0, ...resultOf(step, command) } as const;
  return { state: step.state, events: step.events, notices: step.notices, result };
}

/** Keeps words that were no command in the request's story; nobody is told, since nobody was meant. */
export function keepWords(before: Conversation, text: TextId, { by, now, policy }: CommandContext): Decision {
  const step = beginStep(policy, before.id, before, now);
  step.emit({ type: 'noted', by, note: text });
  return { state: step.state, events: step.events, notices: step.notices };
}

function resultOf(step: Step, command: MemberCommand) {
  const asked = command.verb === 'handoff' ? step.state.offer : null;
  const text = 'text' in command ? command.text : 'note' in command ? command.note : null;
  return { to: asked?.to ?? null, acceptBy: asked?.acceptBy ?? null, text };
}

function carryOut(step: Step, command: MemberCommand, context: CommandContext): Rejection | null {
  switch (command.verb) {
    case 'accept':
      return accept(step, context);
    case 'take':
      return take(step, context);
    case 'decline':
      return decline(step, context, command.note);
    case 'handoff':
      return handoff(step, context, command.to, command.note);
    case 'done':
      return done(step, context, command.note);
    case 'reopen':
      return reopen(step, context);
    case 'note':
      return note(step, context, command.text);
    case 'reply':
      return reply(step, context, command.text);
    default:
      return command satisfies never;
  }
}

function accept(step: Step, context: CommandContext): Rejection | null {
  const { state } = step;
  if (state.phase === 'done') return { code: 'finished' };
  if (state.offer?.to === context.by) {
    acceptOffer(step, context.by);
    return null;
  }
  // An answer that comes after its time is still a person who offers to answer for it.
  return take(step, context);
}

function take(step: Step, context: CommandContext): Rejection | null {
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
  step.tell(previous, { kind: 'taken-over', by });
  return null;
}

/** The one open question is answered with yes; who asked by hand, and who owned it, learn so. */
function acceptOffer(step: Step, by: MemberId): void {
  const { offer, owner: previous } = step.state;
  step.emit({ type: 'accepted', by });
  const told = new Set([previous, offer?.by ?? null]);
  told.delete(by);
  for (const member of told) {
    step.tell(member, { kind: 'handoff-outcome', to: by, outcome: 'accepted', note: null, passedTo: null });
  }
}

function decline(step: Step, context: CommandContext, why: TextId | null): Rejection | null {
  const { by } = context;
  const { offer, phase, owner } = step.state;
  if (phase === 'done') return { code: 'finished' };
  if (offer?.to !== by) {
    if (owner === by) return { code: 'already-yours' };
    return owner === null ? { code: 'not-asked' } : { code: 'owned-by-other', owner };
  }
  if (offer.acceptBy === null) return { code: 'last-person' };
  step.emit({ type: 'declined', by, note: why });
  afterDecline(step, offer, why, null);
  if (step.state.owner === null) askNext(step, { code: 'declined', sentence: `${mention(by)} said no` });
  return null;
}

function handoff(step: Step, context: CommandContext, to: MemberId, note: TextId | null): Rejection | null {
  const { by } = context;
  const { state } = step;
  const { offer } = state;
  if (state.phase === 'done') return { code: 'finished' };
  const receiver = cannotReceive(step, context, to);
  if (receiver !== null) return receiver;
  const asked = offer?.to === by;
  if (asked && offer.acceptBy !== null) {
    step.emit({ type: 'declined', by, note });
    askByHand(step, to, by, note);
    afterDecline(step, offer, note, to);
    return null;
  }
  if (!mayHandOff(step, context)) {
    return state.owner === null ? { code: 'not-asked' } : { code: 'owned-by-other', owner: state.owner };
  }
  withdrawOffer(step, 'offered-to-another', { owner: state.owner, actor: by });
  askByHand(step, to, by, note);
  return null;
}

/** The owner; whoever answers for it while nobody owns it; the triage lead; a manager. */
function mayHandOff(step: Step, { by, policy }: CommandContext): boolean {
  const { state } = step;
  return (
    state.accountable === by ||
    isManagerOf(policy, by, state.inboxId) ||
    triageLeadAt(policy, state.inboxId, step.now) === by
  );
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
  return { code: 'absent-member', member: to, until: absence.until, backup: member.backup };
}

function done(step: Step, context: CommandContext, outcome: TextId | null): Rejection | null {
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
  step.emit({ type: 'done', by, note: outcome });
  if (owner !== null && owner !== by) step.tell(owner, { kind: 'done-by-other', by, note: outcome });
  return null;
}

/** `done` and `reply` say "it is mine" when the question is put to them, or was and nobody owns it. */
function becomeOwner(step: Step, context: CommandContext): Rejection | null {
  const { by, policy } = context;
  const { state } = step;
  const entitled =
    state.offer?.to === by || state.accountable === by || isManagerOf(policy, by, state.inboxId);
  if (!entitled && !state.asked.includes(by)) return { code: 'not-asked' };
  return accept(step, context);
}

function reopen(step: Step, context: CommandContext): Rejection | null {
  const { by, policy } = context;
  const { state } = step;
  if (state.phase !== 'done') return { code: 'not-finished' };
  // Anybody in the team may see that it is not finished; it goes back to who had it.
  const owner = state.owner !== null && policy.members.get(state.owner)?.active ? state.owner : null;
  const accountable = owner ?? triageLeadAt(policy, state.inboxId, step.now);
  step.emit({ type: 'reopened', messageId: null, by, accountable, owner });
  if (owner === null) askNext(step, { code: 'reopened', sentence: `reopened by ${mention(by)}` });
  else if (owner !== by) {
    step.tell(owner, { kind: 'customer-wrote', messageId: state.lastCustomerMessage, reopened: true });
  }
  return null;
}

function note(step: Step, { by }: CommandContext, text: TextId): Rejection | null {
  step.emit({ type: 'noted', by, note: text });
  const reader = step.state.accountable;
  if (reader !== by) step.tell(reader, { kind: 'noted', by, note: text });
  return null;
}

/** The text goes to the customer only from whoever owns the request; otherwise it is kept and nothing is sent. */
function reply(step: Step, context: CommandContext, text: TextId): Rejection | null {
  const { by } = context;
  const { state } = step;
  const newer = newerMessage(state, context);
  if (newer !== null) return newer;
  if (state.owner !== by) {
    if (state.phase === 'done') return { code: 'finished' };
    if (state.owner !== null && state.offer?.to !== by) return { code: 'owned-by-other', owner: state.owner };
    const refused = becomeOwner(step, context);
    if (refused !== null) return refused;
  }
  step.emit({ type: 'replied', by, text });
  step.tellCustomer({ kind: 'customer-reply', by, text });
  return null;
}

function newerMessage(state: Conversation, { shown }: CommandContext): Rejection | null {
  return shown === null || shown >= state.lastCustomerMessage
    ? null
    : { code: 'newer-message', messageId: state.lastCustomerMessage };
}
