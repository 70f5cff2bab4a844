/**
 * Decides what a member's command does, or why it does nothing. Names are already resolved to members and words
 * already stored as texts; whether the sender may speak for this member was checked before (apply-reply.ts).
 */
import type { ContactId, MemberId, MessageId, TextId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { CommandResult } from '../notices/notice.ts';
import type { Policy } from '../policy.ts';
import type { Rejection } from '../rejections.ts';
import { note, release, reply, send } from './answering.ts';
import { type Chosen, categorise } from './categorising.ts';
import { remind, setDue, snooze } from './clocks.ts';
import { mayDecide, notTheirs } from './entitled.ts';
import type { ConversationEvent } from './events.ts';
import { askOutside, helpFrom } from './helping.ts';
import { accept, decline, done, handoff, reopen, take } from './ownership.ts';
import type { Conversation } from './state.ts';
import { beginStep, type Decision, decisionOf, type Step } from './step.ts';

export type MemberCommand =
  | { readonly verb: 'accept' | 'take' | 'reopen' | 'send' | 'release' | 'remind' | 'spam' }
  /** `meant`: what it is instead, as they say. */
  | { readonly verb: 'decline'; readonly note: TextId | null; readonly meant?: Chosen }
  | { readonly verb: 'category'; readonly chosen: Chosen; readonly note: TextId | null }
  | { readonly verb: 'handoff'; readonly to: MemberId; readonly note: TextId | null }
  | { readonly verb: 'done'; readonly note: TextId | null }
  | { readonly verb: 'note' | 'reply'; readonly text: TextId }
  | { readonly verb: 'help-from'; readonly to: MemberId; readonly text: TextId | null }
  | { readonly verb: 'ask'; readonly contact: ContactId; readonly text: TextId }
  | { readonly verb: 'snooze'; readonly until: Instant; readonly note: TextId | null }
  | { readonly verb: 'due'; readonly by: Instant }
  | { readonly verb: 'add'; readonly contact: ContactId };

export type CommandContext = {
  readonly by: MemberId;
  /** The mail that they wrote; null for what no mail said. */
  readonly messageId: MessageId | null;
  /** The last customer message, and the last answer of ours, that `by` had been shown when they wrote. */
  readonly shown: MessageId | null;
  readonly answered: number;
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
  return { ...decisionOf(step), result: resultOf(command, before, step.events) };
}

/**
 * Keeps words that were no command in the request's story; nobody is told, since nobody was meant. Their author may
 * still have them sent.
 */
export function keepWords(
  before: Conversation,
  text: TextId,
  { by, messageId, now, policy }: CommandContext,
): Decision {
  const step = beginStep(policy, before.id, before, now);
  step.emit({ type: 'noted', by, messageId, note: text, unsent: true });
  return decisionOf(step);
}

/** The words that a command brings along. */
export const wordsOf = (command: MemberCommand): TextId | null =>
  'text' in command ? command.text : 'note' in command ? command.note : null;

/** What the receipt says of it: read off the events, so that it says what has happened and not what was asked for. */
function resultOf(
  command: MemberCommand,
  before: Conversation,
  events: readonly ConversationEvent[],
): CommandResult {
  let result: Done = { ok: true, verb: command.verb, to: null, acceptBy: null, text: wordsOf(command) };
  for (const event of events) result = { ...result, ...told(command, before, event) };
  return result;
}

type Done = CommandResult & { readonly ok: true };

function told(command: MemberCommand, before: Conversation, event: ConversationEvent): Partial<Done> {
  switch (event.type) {
    case 'offered': {
      const { to, acceptBy } = event;
      if (command.verb === 'category') return { to, acceptBy };
      if (command.verb !== 'handoff') return {};
      return { to, acceptBy, ...(to !== command.to && { insteadOf: command.to }) };
    }
    case 'categorised':
      return { category: event.category };
    case 'declined':
      return event.category === undefined ? {} : { category: event.category };
    case 'held': {
      const { text, why } = event;
      return { text, held: why, ...(why === 'newer-message' && { newer: before.lastCustomerMessage }) };
    }
    case 'replied':
      return { text: event.text };
    case 'snoozed':
      return { at: event.until };
    case 'due-set':
      return { at: event.due };
    case 'nudged':
      return { to: event.to };
    case 'help-asked': {
      const { of, remindAt: at } = event;
      if (of.type === 'contact') return { at, contact: of.contact };
      const meant = command.verb === 'help-from' ? command.to : of.member;
      return { at, to: of.member, ...(of.member !== meant && { insteadOf: meant }) };
    }
    case 'copied':
      return { contact: event.contact };
    default:
      return {};
  }
}

function carryOut(step: Step, command: MemberCommand, context: CommandContext): Rejection | null {
  switch (command.verb) {
    case 'accept':
      return accept(step, context);
    case 'take':
      return take(step, context);
    case 'decline':
      return decline(step, context, command.note, command.meant);
    case 'category':
      return categorise(step, context, command.chosen, command.note);
    case 'handoff':
      return handoff(step, context, command.to, command.note);
    case 'done':
      return done(step, context, command.note);
    case 'spam':
      return done(step, context, null, 'spam');
    case 'reopen':
      return reopen(step, context);
    case 'note':
      return note(step, context, command.text);
    case 'reply':
      return reply(step, context, command.text);
    case 'send':
      return send(step, context);
    case 'release':
      return release(step, context);
    case 'help-from':
      return helpFrom(step, context, command.to, command.text);
    case 'ask':
      return askOutside(step, context, command.contact, command.text);
    case 'snooze':
      return snooze(step, context, command.until, command.note);
    case 'due':
      return setDue(step, context, command.by);
    case 'remind':
      return remind(step, context);
    case 'add':
      return putInCopy(step, context, command.contact);
    default:
      return command satisfies never;
  }
}

function putInCopy(step: Step, { by }: CommandContext, contact: ContactId): Rejection | null {
  if (!mayDecide(step, by)) return notTheirs(step.state);
  step.emit({ type: 'copied', by, contact });
  return null;
}
