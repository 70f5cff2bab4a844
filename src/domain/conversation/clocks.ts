/**
 * The clocks of a request beside the question who takes it: the answer owed to the customer, a snooze, a date that
 * the owner set. Each tells whoever answers for it; when its owner is away, whoever stands in is asked to take it.
 */
import { answerBy, remindAt } from '../deadlines.ts';
import type { MemberId, TextId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { NoticeBody } from '../notices/notice.ts';
import type { Rejection } from '../rejections.ts';
import { answerMissed, ownerAway } from './climbing.ts';
import type { CommandContext } from './commands.ts';
import { cannotDecide, mayDecide, notTheirs } from './entitled.ts';
import type { Conversation } from './state.ts';
import type { Step } from './step.ts';

/** The customer waits from `from` on, unless they are owed an answer already or no person waits. */
export function oweAnswer(step: Step, from: Instant): void {
  const { state, policy } = step;
  if (!state.person || state.answer !== null) return;
  step.emit({ type: 'answer-owed', ...answerBy(policy, state.inboxId, state.priority, from) });
}

/**
 * The time comes near, or is over. What nobody owns, whoever answers for it is reminded of calmly from the second time
 * on; an owner is passed over in the end.
 */
export function answerOverdue(step: Step, now: Instant): void {
  const { answer, inboxId, priority, accountable } = step.state;
  if (answer === null || accountable === null) return;
  const { promised } = answer;
  if (answer.warnAt !== null && now < answer.by) {
    step.emit({ type: 'answer-warned' });
    if (!isJustAsked(step, accountable))
      attend(step, { kind: 'answer-due', answerBy: promised, missed: false, toldCustomer: null });
    return;
  }
  // One honest line is enough: a second would promise a third time.
  const told = !answer.missed && mayTell(step, 'delay');
  const next = told
    ? answerBy(step.policy, inboxId, priority, now).answerBy
    : remindAt(step.policy, accountable, now);
  step.emit({ type: 'answer-missed', answerBy: next, toldCustomer: told });
  if (told) step.tellCustomer({ kind: 'delay', answerBy: next });
  // Where the next rung is due as well, the owner reads of it there.
  if (isClimbDue(step.state, now) || isJustAsked(step, accountable)) return;
  attend(step, { kind: 'answer-due', answerBy: promised, missed: true, toldCustomer: told ? next : null });
  answerMissed(step);
}

const isClimbDue = ({ owner, offer, climb }: Conversation, now: Instant): boolean =>
  owner !== null && offer === null && climb !== undefined && climb.cause !== null && climb.at <= now;

/** The last person reads by when the customer expects an answer in the question itself. */
const isJustAsked = ({ state, events }: Step, member: MemberId): boolean =>
  state.owner === null &&
  events.some(
    (event) =>
      (event.type === 'reminded' || (event.type === 'offered' && event.acceptBy === null)) &&
      event.to === member,
  );

/** Whether the customer gets mails of this kind: who got a confirmation and is reached, where the configuration says so. */
export function mayTell({ state, policy }: Step, what: 'owner' | 'finished' | 'delay'): boolean {
  if (state.acknowledge === 'none' || state.unreached !== null) return false;
  return policy.inboxes.get(state.inboxId)?.tellCustomer[what] === true;
}

/** Its time is over: whoever has the request sees to it again. */
export function snoozeOver(step: Step): void {
  const { snooze } = step.state;
  if (snooze === null) return;
  step.emit({ type: 'snooze-ended', why: 'time' });
  attend(step, { kind: 'snooze-ended', why: 'time', note: snooze.note });
}

/** The date that its owner set is here; it is told once. */
export function dueReached(step: Step): void {
  const { due } = step.state;
  if (due === null) return;
  step.emit({ type: 'due-reached' });
  attend(step, { kind: 'due-reached', due: due.at });
}

/** Tells whoever answers for it, and who is asked. What an absent owner would have to do is offered to their cover. */
export function attend(step: Step, body: NoticeBody): void {
  const { accountable, owner, offer } = step.state;
  step.tell(accountable, body);
  if (owner === null) {
    if (offer !== null && offer.to !== accountable && !isJustAsked(step, offer.to)) step.tell(offer.to, body);
    return;
  }
  ownerAway(step);
}

// ── What members set ──

/** It rests until then, or until the customer writes. */
export function snooze(
  step: Step,
  { by }: CommandContext,
  until: Instant,
  note: TextId | null,
): Rejection | null {
  const refused = cannotDecide(step, by);
  if (refused === null) step.emit({ type: 'snoozed', by, until, note });
  return refused;
}

/** A later date takes the place of an earlier one. */
export function setDue(step: Step, { by }: CommandContext, due: Instant): Rejection | null {
  const refused = cannotDecide(step, by);
  if (refused === null) step.emit({ type: 'due-set', by, due });
  return refused;
}

/** Whoever it waits for is told that a colleague does; nobody is sent after themselves. */
export function remind(step: Step, { by }: CommandContext): Rejection | null {
  const { state } = step;
  if (state.phase === 'done') return { code: 'finished' };
  if (!mayDecide(step, by) && state.offer?.by !== by) return notTheirs(state);
  const to = [state.offer?.to ?? null, state.owner, state.accountable].find((id) => id !== null && id !== by);
  if (to === undefined || to === null) return { code: 'nobody-to-remind' };
  step.emit({ type: 'nudged', by, to });
  step.tell(to, { kind: 'nudged', by });
  return null;
}
