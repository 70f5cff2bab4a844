/** Whose request it is, and which mails belong to it: its customer is named, it is split, or becomes a part of another. */
import type { ConversationId, MessageId } from '../ids.ts';
import type { Rejection } from '../rejections.ts';
import { withdrawOffer } from './asking.ts';
import { oweAnswer } from './clocks.ts';
import type { CommandContext } from './commands.ts';
import { cannotDecide, mayDecide, newerMessage, notTheirs } from './entitled.ts';
import type { Acknowledge, ConversationEvent } from './events.ts';
import type { Conversation } from './state.ts';
import { beginStep, type Decision, decisionOf, type Step } from './step.ts';

/** Whoever wrote it down for somebody may say for whom, like everybody who decides about it. */
export function nameCustomer(
  before: Conversation,
  acknowledge: Acknowledge,
  { by, now, policy }: CommandContext,
): Decision | Rejection {
  const step = beginStep(policy, before.id, before, now);
  if (before.phase === 'done') return { code: 'finished' };
  if (before.author !== by && !mayDecide(step, by)) return notTheirs(before);
  step.emit({ type: 'customer-changed', by, acknowledge });
  // Not routed yet: the router tells the customer, and sets the clock, as for any other.
  if (!before.routed) return decisionOf(step);
  // A person waits from now on.
  if (before.lastAnswer === null) oweAnswer(step, step.now);
  const answerBy = step.state.answer?.by ?? null;
  if (acknowledge !== 'none') step.tellCustomer({ kind: 'acknowledgement', answerBy });
  return decisionOf(step);
}

/** What the customer wrote into it, oldest first, with the event that brought it; not what was split off since. */
export function customersMessages(
  events: readonly ConversationEvent[],
): { readonly id: MessageId; readonly seq: number }[] {
  const found = new Map<MessageId, number>();
  for (const event of events) {
    if (event.type === 'split-off') found.delete(event.messageId);
    const isTheirs = event.type === 'arrived' || event.type === 'customer-wrote' || event.type === 'reopened';
    if (isTheirs && event.messageId !== null) found.set(event.messageId, event.seq);
  }
  return [...found].map(([id, seq]) => ({ id, seq }));
}

/** The mail that would leave the request, and the one before it, with which it goes on. */
export type Cut = {
  readonly latest: MessageId;
  readonly last: { readonly id: MessageId; readonly seq: number };
};

/** Where a request is split: in front of the latest mail of its customer. */
export function findCut(
  before: Conversation,
  events: readonly ConversationEvent[],
  { by, shown, now, policy }: CommandContext,
): Cut | Rejection {
  const refused = cannotDecide(beginStep(policy, before.id, before, now), by);
  if (refused !== null) return refused;
  const messages = customersMessages(events);
  const [latest, last] = [messages.at(-1), messages.at(-2)];
  if (latest === undefined || last === undefined) return { code: 'nothing-to-split' };
  // Whoever asks for it has not read the mail that it would be done to.
  if (shown !== null && shown < latest.id) return { code: 'newer-message', messageId: latest.id };
  return { latest: latest.id, last };
}

/** The customer's latest mail is about something else: it leaves this request for one of its own. */
export function splitOff(
  before: Conversation,
  { latest: messageId, last }: Cut,
  into: ConversationId,
  { by, now, policy }: CommandContext,
): Decision {
  const step = beginStep(policy, before.id, before, now);
  const owed = before.lastAnswer === null || before.lastAnswer.seq < last.seq;
  step.emit({ type: 'split-off', by, messageId, into, last: last.id, owed });
  return decisionOf(step);
}

export type Merged = { readonly part: Decision; readonly whole: Decision };

/**
 * `part` ends and goes on as a piece of `whole`. Whoever says so must be able to decide about both: otherwise it would
 * be a way to hand work to somebody who has not said yes.
 */
export function merge(
  part: Conversation,
  whole: Conversation,
  { by, shown, now, policy }: CommandContext,
): Merged | Rejection {
  const from = beginStep(policy, part.id, part, now);
  const into = beginStep(policy, whole.id, whole, now);
  const refused = cannotDecide(from, by) ?? newerMessage(part, { shown });
  if (refused !== null) return refused;
  if (whole.phase === 'done') return { code: 'finished', reference: whole.id };
  if (!mayDecide(into, by)) return notTheirs(whole);
  withdrawOffer(from, 'done', { owner: whole.owner, actor: by });
  from.emit({ type: 'done', by, note: null, as: 'merged', into: whole.id });
  if (part.owner !== null && part.owner !== by)
    from.tell(part.owner, { kind: 'done-by-other', by, note: null });
  into.emit({ type: 'absorbed', by, from: part.id });
  if (whole.accountable !== by) into.tell(whole.accountable, { kind: 'merged', by, from: part.id });
  takeOverAnswer(into, part);
  return { part: decisionOf(from), whole: decisionOf(into) };
}

/** Who waited for an answer there waits for it here, and not longer. */
function takeOverAnswer(into: Step, { answer }: Conversation): void {
  const known = into.state.answer;
  if (answer === null || (known !== null && known.by <= answer.by)) return;
  into.emit({ type: 'answer-owed', answerBy: answer.by, warnAt: answer.warnAt });
}
