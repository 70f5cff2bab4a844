/** Why a mail did not arrive, in words, and the code by which an administrator knows it. */
import type { ConversationEvent } from '../conversation/events.ts';
import type { DeliveryFailure, FailureWhy } from '../delivery-failure.ts';

const Words: Readonly<Record<FailureWhy, string | null>> = {
  'no-such-address': 'there is no such address',
  'no-such-domain': 'no mail server answers for that address',
  closed: 'the mailbox is closed',
  'mailbox-full': 'the mailbox is full',
  'too-large': 'the mail was too large for their mail server',
  blocked: 'their mail server blocks it, as spam or by a rule of its own',
  'no-answer': 'their mail server could not be reached for a long time',
  unknown: null,
};

/** `there is no such address (5.1.1)`; null when nobody said why. */
export function failureWords(failure: DeliveryFailure | null | undefined): string | null {
  if (failure === null || failure === undefined) return null;
  const { why, status } = failure;
  const words = Words[why] ?? (status === null ? null : 'their mail server does not say why in words');
  return words === null || status === null ? words : `${words} (${status})`;
}

/** Why mail to the customer comes back, as the latest report says; null when none of this request's did. */
export function whyUnreached(events: readonly ConversationEvent[]): string | null {
  const lost = events.findLast(
    (event) =>
      event.type === 'not-reached' && event.recipient.type === 'customer' && event.lasts === 'for-good',
  );
  return lost?.type === 'not-reached' ? failureWords(lost.failure) : null;
}
