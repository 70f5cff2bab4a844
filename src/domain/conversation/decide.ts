/**
 * Decides what follows from one thing that happened. Pure: state, input and policy in, events and notices out.
 * Commands of members, which may be refused, are in commands.ts; nothing here refuses anything.
 */

import { remindAt } from '../deadlines.ts';
import type { ConversationId, InboxId, MemberId, MessageId, TextId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { Wait } from '../ladder.ts';
import type { DeliveryFailure } from '../lost-mail.ts';
import type { Follows } from '../matter.ts';
import type { NoticeKind, Recipient } from '../notices/notice.ts';
import type { Policy } from '../policy.ts';
import { mention, type Reason } from '../reason.ts';
import { finalManagerAt, isHere, triageLeadAt } from '../roster.ts';
import { alsoCame, tellFrontDesks } from './also-came.ts';
import { activeOwner, askFinalManager, askNext, lastPerson, tellAgain, withdrawOffer } from './asking.ts';
import { isNeeded, progressOver } from './climbing.ts';
import { answerOverdue, dueReached, oweAnswer, snoozeOver } from './clocks.ts';
import type { Acknowledge, AttachedAs, Classified, Helper, UnreachableWhy } from './events.ts';
import { helpAnswered, helpOverdue } from './helping.ts';
import { notReached } from './not-reached.ts';
import { watchProgress } from './progress.ts';
import { type ClockName, nextDueAt, runningClocks } from './running-clocks.ts';
import type { Conversation, Offer } from './state.ts';
import { beginStep, type Decision, decisionOf, type Step } from './step.ts';
import { afterUnanswered, away } from './unanswered.ts';

export type Arrival = {
  readonly conversationId: ConversationId;
  readonly inboxId: InboxId;
  readonly messageId: MessageId;
  /** The ledger begins when the poller stored the message, not when somebody got round to reading it. */
  readonly storedAt: Instant;
  readonly author: MemberId | null;
  readonly acknowledge: Acknowledge;
  readonly person: boolean;
  /** What a member took down; null: the message's own words. */
  readonly text: TextId | null;
  /** Mail to its customer had come back before. */
  readonly unreached?: boolean;
  /** Its author passed on what somebody else wrote, and is asked whose request it is. */
  readonly passedOn?: boolean;
  /** The earlier request that it names. */
  readonly follows?: Follows | null;
  /** The other inboxes that its mail was addressed to. */
  readonly also?: readonly InboxId[];
  readonly classified: Classified;
};

export type Happening =
  | {
      readonly type: 'routed';
      readonly chain: readonly MemberId[];
      /** How long each of them is waited for; absent: as the clocks say. */
      readonly waits?: readonly (Wait | null)[];
      readonly reason: Reason;
    }
  | {
      readonly type: 'customer-wrote';
      readonly messageId: MessageId;
      readonly onlyThanks: boolean;
      /** The inboxes that it was addressed to. */
      readonly inboxes?: readonly InboxId[];
    }
  /** A copy of one of its mails lies in these inboxes. */
  | { readonly type: 'also-came'; readonly messageId: MessageId; readonly inboxes: readonly InboxId[] }
  | { readonly type: 'answered-directly'; readonly messageId: MessageId; readonly by: MemberId | null }
  | {
      readonly type: 'attached';
      readonly messageId: MessageId;
      readonly as: AttachedAs;
      /** A member who learns of it in a mail of its own. */
      readonly toldOtherwise?: MemberId;
    }
  /** A notice of ours came back, or was answered by a machine. */
  | {
      readonly type: 'not-reached';
      /** The bounce or automatic answer; null when our own server refused the notice. */
      readonly messageId: MessageId | null;
      readonly recipient: Recipient;
      readonly lost: NoticeKind;
      /** The event that the lost notice told of. */
      readonly seq: number;
      readonly why: UnreachableWhy;
      /** What the report, or our own server, says; null when none did. */
      readonly failure: DeliveryFailure | null;
      /** The question for help that it put, by the event that asked. */
      readonly help: number | null;
    }
  | { readonly type: 'member-left'; readonly member: MemberId }
  /** Somebody who is being asked is away by now. */
  | { readonly type: 'absent'; readonly member: MemberId }
  | {
      readonly type: 'help-answered';
      /** The event that asked, and what it said. */
      readonly help: number;
      readonly of: Helper;
      readonly by: MemberId;
      readonly messageId: MessageId;
      readonly text: TextId | null;
    }
  /** Time has passed. */
  | { readonly type: 'tick' };

/** A request begins with the mail, or the call, that makes it. */
export function arrive(arrival: Arrival, policy: Policy): Decision {
  const step = beginStep(policy, arrival.conversationId, null, arrival.storedAt);
  step.emit({
    type: 'arrived',
    inboxId: arrival.inboxId,
    messageId: arrival.messageId,
    accountable: triageLeadAt(policy, arrival.inboxId, arrival.storedAt),
    author: arrival.author,
    acknowledge: arrival.acknowledge,
    person: arrival.person,
    text: arrival.text,
    ...(arrival.unreached === true && { unreached: true }),
    ...(arrival.follows ? { follows: arrival.follows } : {}),
  });
  step.emit({ type: 'classified', ...arrival.classified });
  alsoCame(step, arrival.also ?? [], arrival.messageId);
  if (arrival.passedOn === true)
    step.tell(arrival.author, { kind: 'for-whom', messageId: arrival.messageId });
  return decisionOf(step);
}

/** What follows from one thing that happened to a request. */
export function decide(before: Conversation, happening: Happening, now: Instant, policy: Policy): Decision {
  const step = beginStep(policy, before.id, before, now);
  happen(step, happening, now);
  return decisionOf(step);
}

function happen(step: Step, happening: Happening, now: Instant): void {
  switch (happening.type) {
    case 'routed':
      return routed(step, happening);
    case 'customer-wrote':
      customerWrote(step, happening.messageId, happening.onlyThanks);
      return alsoCame(step, happening.inboxes ?? [], happening.messageId);
    case 'also-came':
      return alsoCame(step, happening.inboxes, happening.messageId);
    case 'answered-directly':
      step.emit({ type: 'answered-directly', messageId: happening.messageId, by: happening.by });
      for (const member of new Set([step.state.accountable, step.state.offer?.to ?? null])) {
        const { messageId, by } = happening;
        if (member !== by) step.tell(member, { kind: 'answered-directly', messageId, by });
      }
      if (step.state.owner === null && step.state.phase !== 'done') {
        step.tell(happening.by, { kind: 'is-it-yours', messageId: happening.messageId });
      }
      return;
    case 'attached':
      step.emit({ type: 'attached', messageId: happening.messageId, as: happening.as });
      if (happening.as === 'stranger') {
        const body = { kind: 'customer-wrote', messageId: happening.messageId, reopened: false } as const;
        if (step.state.accountable !== happening.toldOtherwise) step.tell(step.state.accountable, body);
      }
      return;
    case 'not-reached':
      return notReached(step, happening);
    case 'member-left':
      return memberLeft(step, happening.member);
    case 'absent':
      return absent(step, happening.member);
    case 'help-answered':
      return helpAnswered(step, happening);
    case 'tick':
      return tick(step, now);
    default:
      return happening satisfies never;
  }
}

function routed(step: Step, route: Happening & { type: 'routed' }): void {
  // A doorbell may ring twice.
  if (step.state.routed || step.state.phase === 'done') return;
  const { chain, waits, reason } = route;
  step.emit({ type: 'routed', chain, ...(waits !== undefined && { waits }), reason });
  // A member may have been quicker than the router, and have answered.
  if (step.state.lastAnswer === null) oweAnswer(step, step.state.openedAt);
  const answerBy = step.state.answer?.by ?? null;
  const { acknowledge, unreached } = step.state;
  if (acknowledge !== 'none' && unreached === null) step.tellCustomer({ kind: 'acknowledgement', answerBy });
  // A member may have been quicker than the router: then the question is settled already.
  if (step.state.phase === 'arrived') askNext(step, reason);
  tellFrontDesks(step);
}

function customerWrote(step: Step, messageId: MessageId, onlyThanks: boolean): void {
  const { state, policy } = step;
  if (state.phase !== 'done') {
    step.emit({ type: 'customer-wrote', messageId });
    if (state.snooze !== null) step.emit({ type: 'snooze-ended', why: 'customer' });
    if (state.routed && !onlyThanks) oweAnswer(step, step.now);
    // Not routed yet: the question that goes out next will show this message.
    if (state.phase === 'arrived') return;
    const body = { kind: 'customer-wrote', messageId, reopened: false } as const;
    step.tell(state.accountable, body);
    if (state.owner === null && state.offer !== null && state.offer.to !== state.accountable) {
      step.tell(state.offer.to, body);
    }
    return;
  }
  if (onlyThanks || state.ended?.as === 'spam') {
    step.emit({ type: 'customer-wrote', messageId });
    return;
  }
  const owner = activeOwner(state, policy);
  const accountable = owner ?? triageLeadAt(policy, state.inboxId, step.now);
  step.emit({ type: 'reopened', messageId, by: null, accountable, owner });
  oweAnswer(step, step.now);
  if (owner !== null) step.tell(owner, { kind: 'customer-wrote', messageId, reopened: true });
  else askNext(step, { code: 'reopened', sentence: 'the customer wrote again and its owner has left' });
}

/** Looks at every clock that has run out: each moves on or stops, so that time alone does nothing further. */
function tick(step: Step, now: Instant): void {
  for (let due = nextDueAt(step.state); due !== null && due <= now; due = nextDueAt(step.state)) {
    ring(step, now);
    // Whoever has just been told something is not told at the same moment that they are silent.
    watchProgress(step);
  }
}

function ring(step: Step, now: Instant): void {
  const { offer, remindAt: reminderAt, snooze, due, helps } = step.state;
  if (offer !== null && offer.acceptBy !== null && offer.acceptBy <= now) {
    step.emit({ type: 'lapsed', to: offer.to });
    return afterUnanswered(step, offer.to, offer.by, 'lapsed');
  }
  if (offer !== null && (offer.reminders?.[0] ?? now + 1) <= now) return askAgain(step, offer, now);
  if (reminderAt !== null && reminderAt <= now && offer !== null) return remindLast(step, offer, now);
  const ran = (clock: ClockName): boolean =>
    runningClocks(step.state).some((one) => one.clock === clock && one.at <= now);
  if (ran('answer-warning') || ran('answer')) return answerOverdue(step, now);
  if (snooze !== null && snooze.until <= now) return snoozeOver(step);
  if (due !== null && !due.told && due.at <= now) return dueReached(step);
  const help = helps.find(({ remindAt: at }) => at <= now);
  if (help !== undefined) return helpOverdue(step, help);
  if (ran('progress')) return progressOver(step);
  throw new Error(`a clock of conversation ${step.state.id} has run out and is none`);
}

/** Whoever is asked hears of it again: once, however many of the times have gone by. */
function askAgain(step: Step, { to, reminders = [] }: Offer, now: Instant): void {
  step.emit({ type: 'asked-again', to, left: reminders.filter((at) => at > now) });
  tellAgain(step);
}

/** The last person of all is reminded until somebody decides. */
function remindLast(step: Step, { to }: Offer, now: Instant): void {
  const { owner } = step.state;
  if (owner !== null && !isNeeded(step)) return withdrawOffer(step, 'owner-back', { owner, actor: owner });
  step.emit({ type: 'reminded', to, remindAt: remindAt(step.policy, to, now) });
  if (owner === null) step.tell(to, { kind: 'last-asked', reminder: true });
  else tellAgain(step);
}

/** Who is away is not waited for, unless nobody is here who could decide in the place of the last person asked. */
function absent(step: Step, member: MemberId): void {
  const { offer, owner } = step.state;
  if (offer?.to !== member || isHere(step.policy, member, step.now)) return;
  const isLast = offer.acceptBy === null;
  if (isLast && !isHere(step.policy, lastPerson(step), step.now)) return;
  step.emit({ type: 'unreachable', to: member, why: 'absent', messageId: null, failure: null });
  if (isLast && owner === null) askFinalManager(step, away(member));
  else afterUnanswered(step, member, offer.by, 'absent');
}

function memberLeft(step: Step, member: MemberId): void {
  const { policy } = step;
  if (step.state.phase === 'done') return;
  const wasAccountable = step.state.accountable === member;
  const awaitsRouter = !step.state.routed && step.state.phase === 'arrived';
  const offer = step.state.offer;
  const at = step.now;
  const lead = triageLeadAt(policy, step.state.inboxId, at);
  const heir = lead === member ? finalManagerAt(policy, step.state.inboxId, at) : lead;
  // A configuration that still names them for everything cannot say who follows; the next one will.
  if (wasAccountable && heir === member) return;
  if (offer?.to === member) withdrawOffer(step, 'member-left', { owner: null, actor: member });
  if (wasAccountable) {
    step.emit({ type: 'accountability-moved', to: heir, why: 'member-left' });
    // The router still comes, with the acknowledgement and the right person to ask.
    if (!awaitsRouter && step.state.offer === null)
      askNext(step, { code: 'member-left', sentence: `${mention(member)} has left` });
    // Who is asked at once reads in the question that they answer for it, and who did not keep it need not know.
    if (step.state.accountable === heir && step.state.offer?.to !== heir)
      step.tell(heir, { kind: 'inherited', from: member });
  } else if (offer?.to === member) {
    afterUnanswered(step, member, offer.by, 'member-left');
  }
}
