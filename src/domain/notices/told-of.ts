/** Which mail a notice tells of that is none of the request's own: its files are named, or its words shown. */
import type { ConversationEvent } from '../conversation/events.ts';
import type { MessageId, TextId } from '../ids.ts';
import type { NoticeBody } from './notice.ts';

/** null: none, or one that the request shows anyway. */
export function messageToldOf(body: NoticeBody, events: readonly ConversationEvent[]): MessageId | null {
  switch (body.kind) {
    case 'parked':
    case 'parked-news':
    case 'help-answered':
    case 'for-whom':
    case 'not-counted':
      return body.messageId;
    case 'held':
    case 'released':
      return mailOf(body.text, events);
    case 'noted':
      return mailOf(body.note, events);
    case 'receipt': {
      if (body.parked !== undefined) return body.parked;
      const written = body.results.findLast((result) => result.ok && Copied.includes(result.verb));
      return written?.ok === true && written.text !== null ? mailOf(written.text, events) : null;
    }
    default:
      return null;
  }
}

/** The receipts that give a copy of what was written. */
const Copied: readonly string[] = ['reply', 'send', 'release'];

/** The mail in which a member wrote these words. */
function mailOf(text: TextId, events: readonly ConversationEvent[]): MessageId | null {
  for (const event of events.toReversed()) {
    if ((event.type === 'replied' || event.type === 'held') && event.text === text) return event.messageId;
    if (event.type === 'noted' && event.note === text) return event.messageId;
  }
  return null;
}
