/**
 * A mail of ours came back. To whoever was asked to take the request, it means that nobody is there; of everybody else
 * a person hears who can mend it. Who cannot be reached at all is mailed nothing more by itself.
 */

import type { MemberId } from '../ids.ts';
import { lastsAfter } from '../lost-mail.ts';
import { oweAnswer } from './clocks.ts';
import type { Happening } from './decide.ts';
import type { Step } from './step.ts';
import { afterUnanswered } from './unanswered.ts';

type NotReached = Happening & { readonly type: 'not-reached' };

export function notReached(step: Step, event: NotReached): void {
  const { offer } = step.state;
  const { messageId, recipient, lost, why, failure } = event;
  const member = recipient.type === 'member' ? recipient.member : null;
  if (offer !== null && offer.seq === event.seq && offer.to === member && offer.acceptBy !== null) {
    step.emit({ type: 'unreachable', to: offer.to, why, messageId, failure });
    afterUnanswered(step, offer.to, offer.by, 'unreachable');
    return;
  }
  const lasts = failure === null || isOutdated(step, event) ? null : lastsAfter(failure);
  step.emit({ type: 'not-reached', messageId, recipient, lost, why, failure, lasts });
  // An out-of-office from a customer or an owner is news for nobody; a bounce is.
  if (why === 'auto-reply') return;
  const help = step.state.helps.find(({ seq }) => seq === event.help);
  // News of a bounce that itself bounces is told to nobody: two dead addresses would keep each other awake for ever.
  if (lost !== 'undeliverable') {
    const readers = new Set([whoCanMend(step, member), help?.by ?? null]);
    readers.delete(member);
    for (const reader of readers) step.tell(reader, { kind: 'undeliverable', recipient, lost, why, failure });
  }
  // A reminder would come back as well.
  if (help !== undefined && lasts === 'for-good') step.emit({ type: 'help-silent', help: help.seq });
  stillOwed(step, event);
}

/** Sent before a person said where mail may go, perhaps to another address: whoever held its key could close that one. */
const isOutdated = ({ state }: Step, { recipient, seq }: NotReached): boolean =>
  recipient.type === 'customer' && state.vouched !== null && seq < state.vouched.seq;

/** An answer that did not arrive is owed as before, so that somebody calls them. */
function stillOwed(step: Step, { recipient, lost, seq }: NotReached): void {
  const { lastAnswer, phase } = step.state;
  const wasLast = recipient.type === 'customer' && lost === 'customer-reply' && lastAnswer?.seq === seq;
  if (wasLast && phase !== 'done') oweAnswer(step, step.now);
}

/** Who answers for the conversation, unless they are the one who cannot be reached. */
function whoCanMend(step: Step, unreachable: MemberId | null): MemberId | null {
  const { state, policy } = step;
  const inbox = policy.inboxes.get(state.inboxId);
  if (inbox === undefined) return null;
  const people = [
    state.accountable,
    state.owner,
    inbox.finalManager,
    inbox.finalManagerCover,
    ...inbox.managers,
  ];
  return people.find((id) => id !== null && id !== unreachable && policy.members.get(id)?.active) ?? null;
}
