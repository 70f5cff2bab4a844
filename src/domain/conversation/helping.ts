/**
 * Helpers, in the team and outside. What they say comes back to whoever asked and never goes to the customer by
 * itself; nothing that a helper does moves who answers for the request.
 */
import { helpBy } from '../deadlines.ts';
import type { ContactId, MemberId, MessageId, TextId } from '../ids.ts';
import type { Rejection } from '../rejections.ts';
import { absenceAt } from '../working-time.ts';
import { insteadOf } from './asking.ts';
import { attend } from './clocks.ts';
import type { CommandContext } from './commands.ts';
import { cannotDecide } from './entitled.ts';
import type { Helper } from './events.ts';
import type { Help } from './state.ts';
import type { Step } from './step.ts';

/** A member is asked to help; the question goes with all that a teammate may see. */
export function helpFrom(
  step: Step,
  context: CommandContext,
  meant: MemberId,
  text: TextId | null,
): Rejection | null {
  const { by, policy } = context;
  const to = insteadOf(step, meant, by);
  if (to === by) return { code: 'handoff-to-self' };
  const member = policy.members.get(to);
  if (member?.active !== true) return { code: 'inactive-member', member: to };
  const refused = cannotDecide(step, by);
  if (refused !== null) return refused;
  const absence = absenceAt(member.schedule, step.now);
  if (absence !== null) return { code: 'absent-member', member: to, until: absence.until, backup: null };
  const help = begin(step, by, { type: 'member', member: to }, text);
  step.tell(to, { kind: 'help-asked', by, text, help, reminder: false });
  return null;
}

/** Somebody outside reads what was written to them, and nothing else. */
export function askOutside(
  step: Step,
  { by, messageId }: CommandContext,
  contact: ContactId,
  text: TextId,
): Rejection | null {
  const refused = cannotDecide(step, by);
  if (refused !== null) return refused;
  const help = begin(step, by, { type: 'contact', contact }, text);
  step.tellContact(contact, { kind: 'outside-help', by, text, help, messageId });
  return null;
}

function begin(step: Step, by: MemberId, of: Helper, text: TextId | null): number {
  step.emit({ type: 'help-asked', by, of, text, remindAt: helpBy(step.policy, waitedFor(of, by), step.now) });
  return step.state.version;
}

/** Whose hours count: outsiders are waited for in the hours of who asked them. */
const waitedFor = (of: Helper, by: MemberId): MemberId => (of.type === 'member' ? of.member : by);

/** Late or early, an answer reaches who asked; when it is somebody else's by now, them as well. */
export function helpAnswered(
  step: Step,
  answered: { help: number; of: Helper; by: MemberId; messageId: MessageId; text: TextId | null },
): void {
  const { help, of, by, messageId, text } = answered;
  step.emit({ type: 'help-answered', help, messageId, text });
  const readers = new Set([by, step.state.accountable ?? step.state.owner]);
  for (const reader of readers) step.tell(reader, { kind: 'help-answered', of, help, messageId, text });
}

/** A silent helper is reminded once, and then whoever asked decides what to do. */
export function helpOverdue(step: Step, { seq: help, of, by, text, askedAt, reminded }: Help): void {
  if (reminded) {
    step.emit({ type: 'help-silent', help });
    attend(step, { kind: 'help-silent', of, text, asked: askedAt });
    return;
  }
  step.emit({ type: 'help-reminded', help, remindAt: helpBy(step.policy, waitedFor(of, by), step.now) });
  if (of.type === 'member') step.tell(of.member, { kind: 'help-asked', by, text, help, reminder: true });
  else step.tellContact(of.contact, { kind: 'outside-reminder', by, text, help });
}
