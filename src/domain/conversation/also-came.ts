/**
 * One mail to several of our inboxes is one request, of the inbox that its writer named first. The front desks of the
 * others are told once whose it is, so that none of them waits for another without knowing; a front desk that sees a
 * matter of its own in it makes its copy a second request.
 */
import type { ConversationId, InboxId, MemberId, MessageId } from '../ids.ts';
import { isManagerOf, triageLeadAt } from '../roster.ts';
import type { CommandContext } from './commands.ts';
import type { AlsoCame, Conversation } from './state.ts';
import { beginStep, type Decision, decisionOf, type Step } from './step.ts';

/** What else a request's mail was addressed to. Each inbox is told once a request, however often its customer writes to both. */
export function alsoCame(step: Step, inboxes: readonly InboxId[], messageId: MessageId): void {
  for (const inboxId of inboxes) {
    const isKnown =
      inboxId === step.state.inboxId || alsoOf(step.state).some((one) => one.inboxId === inboxId);
    if (isKnown || step.state.phase === 'done') continue;
    step.emit({ type: 'also-came', inboxId, messageId });
    // Before it is routed nobody knows who will be asked, and so what there is to tell.
    if (step.state.routed) tellFrontDesks(step, alsoOf(step.state).slice(-1));
  }
}

/** Not whoever answers for it, is asked to, or wrote it: they know. */
export function tellFrontDesks(step: Step, came: readonly AlsoCame[] = alsoOf(step.state)): void {
  const { accountable, offer, author } = step.state;
  const knowing = new Set<MemberId | null>([accountable, offer?.to ?? null, author]);
  for (const { inboxId, messageId } of came) {
    const lead = leadOf(step, inboxId);
    if (lead === null || knowing.has(lead)) continue;
    knowing.add(lead);
    step.tell(lead, { kind: 'also-came', inbox: inboxId, messageId });
  }
}

/** null: the inbox has left the configuration. */
const leadOf = ({ policy, now }: Pick<Step, 'policy' | 'now'>, inboxId: InboxId): MemberId | null =>
  policy.inboxes.has(inboxId) ? triageLeadAt(policy, inboxId, now) : null;

/**
 * The copy that this member may make a request of: that of an inbox whose front desk they have, or had when it came,
 * or which they manage; and nobody has done so. null: there is none.
 */
export function copyOf(before: Conversation, { by, now, policy }: CommandContext): AlsoCame | null {
  const isTheirs = ({ inboxId, at }: AlsoCame): boolean =>
    [now, at].some((when) => leadOf({ policy, now: when }, inboxId) === by) ||
    isManagerOf(policy, by, inboxId);
  return alsoOf(before).find((came) => came.into === null && isTheirs(came)) ?? null;
}

/** Their copy becomes a request of its own; this one stays as it is. */
export function splitCopy(
  before: Conversation,
  { inboxId }: AlsoCame,
  messageId: MessageId,
  into: ConversationId,
  { by, now, policy }: CommandContext,
): Decision {
  const step = beginStep(policy, before.id, before, now);
  step.emit({ type: 'also-split', by, inboxId, messageId, into });
  return decisionOf(step);
}

const alsoOf = ({ also }: Conversation): readonly AlsoCame[] => also ?? [];
