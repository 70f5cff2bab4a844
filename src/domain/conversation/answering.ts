/**
 * What members write: notes, and answers to the customer. One answer at a time: what was written without knowing of
 * a newer mail or of a colleague's answer waits until its author says so, and a helper's waits for the owner.
 */
import type { MemberId, TextId } from '../ids.ts';
import type { Rejection } from '../rejections.ts';
import { isManagerOf } from '../roster.ts';
import type { CommandContext } from './commands.ts';
import type { HeldWhy } from './events.ts';
import { becomeOwner } from './ownership.ts';
import { type HeldReply, unreachedSince, type Words } from './state.ts';
import type { Step } from './step.ts';

/** Kept in the request's story, and told to whoever answers for it. */
export function note(step: Step, { by, messageId }: CommandContext, text: TextId): Rejection | null {
  step.emit({ type: 'noted', by, messageId, note: text, unsent: false });
  const reader = step.state.accountable;
  if (reader !== by) step.tell(reader, { kind: 'noted', by, note: text });
  return null;
}

/** Goes to the customer, or waits for somebody's word. */
export function reply(step: Step, context: CommandContext, text: TextId): Rejection | null {
  return answer(step, context, { by: context.by, messageId: context.messageId, text });
}

/** What was kept because nobody said for whom it was goes to the customer after all. */
export function send(step: Step, context: CommandContext): Rejection | null {
  const { unsent } = step.state;
  return unsent?.by === context.by ? answer(step, context, unsent) : { code: 'nothing-to-send' };
}

function answer(step: Step, context: CommandContext, words: Words): Rejection | null {
  const { by } = context;
  const { state } = step;
  const { ended } = state;
  // Its owner may still write about what is finished; what is spam has no customer, and what was merged goes on elsewhere.
  if (ended !== null && (ended.as !== 'finished' || state.owner !== by)) {
    return { code: 'finished', ...(ended.into !== null && { reference: ended.into }) };
  }
  if (state.owner !== by) {
    if (state.owner !== null && state.offer?.to !== by) {
      hold(step, words, 'not-owner');
      step.tell(state.owner, { kind: 'held', by, text: words.text, why: 'not-owner' });
      return null;
    }
    const refused = becomeOwner(step, context);
    if (refused !== null) return refused;
  }
  const why = whatTheyMissed(step, context) ?? comesBack(step);
  if (why === null) goOut(step, words);
  else hold(step, words, why);
  return null;
}

/** Mail to the customer was returned for good, and nobody has said yet that this one may go there all the same. */
const comesBack = ({ state }: Step): HeldWhy | null => (unreachedSince(state) === null ? null : 'unreached');

/** What happened after the mail that they answered, if their answer should have known of it. */
function whatTheyMissed({ state }: Step, { by, shown, answered }: CommandContext): HeldWhy | null {
  if (shown !== null && shown < state.lastCustomerMessage) return 'newer-message';
  const last = state.lastAnswer;
  return last !== null && last.by !== by && last.seq > answered ? 'answered-meanwhile' : null;
}

function hold(step: Step, { by, messageId, text }: Words, why: HeldWhy): void {
  step.emit({ type: 'held', by, messageId, text, why });
}

function goOut(step: Step, { by, messageId, text }: Words): void {
  step.emit({ type: 'replied', by, messageId, text });
  step.tellCustomer({ kind: 'customer-reply', by, text, messageId });
}

/**
 * The latest answer that waits for this member's word goes out as its author wrote it. What waited for another reason
 * waits once more when mail comes back: whoever released it was asked something else.
 */
export function release(step: Step, { by }: CommandContext): Rejection | null {
  const held = step.state.held.findLast((one) => mayRelease(step, one, by));
  if (held === undefined) return { code: 'nothing-held' };
  step.emit({ type: 'released', by, held: held.seq });
  const why = comesBack(step);
  if (why !== null) {
    hold(step, held, why);
    return null;
  }
  goOut(step, held);
  if (held.by !== by) step.tell(held.by, { kind: 'released', by, text: held.text });
  return null;
}

function mayRelease({ state, policy }: Step, held: HeldReply, by: MemberId): boolean {
  const decides = state.owner === by || state.accountable === by || isManagerOf(policy, by, state.inboxId);
  return decides || (held.by === by && held.why !== 'not-owner');
}
