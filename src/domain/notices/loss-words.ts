/** Why mail to the customer of a request comes back, in words. */
import type { ConversationEvent } from '../conversation/events.ts';
import { failureWords } from '../lost-mail.ts';

/** As the latest report says; null when none of this request's did. */
export function whyUnreached(events: readonly ConversationEvent[]): string | null {
  const lost = events.findLast(
    (event) =>
      event.type === 'not-reached' && event.recipient.type === 'customer' && event.lasts === 'for-good',
  );
  return lost?.type === 'not-reached' ? failureWords(lost.failure) : null;
}
