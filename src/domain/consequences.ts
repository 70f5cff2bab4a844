/** What a decision comes to for people, told shortly: who is asked, who answers for it, who is told. */
import type { ConversationEvent } from './conversation/events.ts';
import type { MemberId } from './ids.ts';
import type { NoticeDraft } from './notices/notice.ts';
import type { ParkedEvent } from './parked/parked.ts';

export type Consequence =
  /** `last`: they are not waited for but reminded, until somebody decides. */
  | { readonly what: 'asked'; readonly member: MemberId; readonly last: boolean }
  | { readonly what: 'accountable' | 'reminded' | 'asked-no-more' | 'told'; readonly member: MemberId }
  | { readonly what: 'customer-told' | 'outsider-told' };

type Decided = {
  readonly events: readonly (ConversationEvent | ParkedEvent)[];
  readonly notices: readonly NoticeDraft[];
};

/** In the order in which they follow; whoever is asked or reminded is not told as well. */
export function consequencesOf({ events, notices }: Decided): Consequence[] {
  const found = events.flatMap((event): Consequence[] => {
    switch (event.type) {
      case 'offered':
        return [{ what: 'asked', member: event.to, last: event.acceptBy === null }];
      case 'accountability-moved':
      case 'moved':
        return [{ what: 'accountable', member: event.to }];
      case 'withdrawn':
        return [{ what: 'asked-no-more', member: event.to }];
      default:
        return [];
    }
  });
  const named = new Set(found.flatMap((one) => ('member' in one ? [one.member] : [])));
  const isReminder = events.some(({ type }) => type === 'reminded' || type === 'help-reminded');
  for (const { recipient } of notices) {
    if (recipient.type !== 'member') {
      const what = recipient.type === 'customer' ? 'customer-told' : 'outsider-told';
      if (!found.some((one) => one.what === what)) found.push({ what });
    } else if (!named.has(recipient.member)) {
      named.add(recipient.member);
      found.push({ what: isReminder ? 'reminded' : 'told', member: recipient.member });
    }
  }
  return found;
}
