/** What a notice about a request is known by. */
import type { ConversationId } from '../ids.ts';
import type { NoticeKind, Recipient } from './notice.ts';

/** One event has one notice of a kind for each recipient. */
export function conversationNoticeKey(
  conversationId: ConversationId,
  seq: number,
  kind: NoticeKind,
  recipient: Recipient,
): string {
  return `conversation:${conversationId}/${seq}/${kind}/${recipientKey(recipient)}`;
}

function recipientKey(recipient: Recipient): string {
  switch (recipient.type) {
    case 'member':
      return `member:${recipient.member}`;
    case 'contact':
      return `contact:${recipient.contact}`;
    case 'customer':
      return 'customer';
    default:
      return recipient satisfies never;
  }
}
