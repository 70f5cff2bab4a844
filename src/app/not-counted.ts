/** The word to a member in whose name something came that had no effect. */
import type { Conversation } from '../domain/conversation/state.ts';
import type { InboxId, MemberId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { aboutRequest, type NoticeBody, type NoticeDraft } from '../domain/notices/notice.ts';
import type { Policy } from '../domain/policy.ts';
import { localDay } from '../domain/roster.ts';

type NotCounted = Omit<NoticeBody & { readonly kind: 'not-counted' }, 'kind'>;

/**
 * To the address in the roster, never to one out of a mail, and once a day and request at most: somebody who goes on
 * forging must not be able to fill a teammate's mailbox. Null for somebody who has left.
 */
export function notCountedNotice(
  policy: Policy,
  inboxId: InboxId,
  about: Conversation | null,
  to: MemberId,
  what: NotCounted,
  now: Instant,
): NoticeDraft | null {
  const member = policy.members.get(to);
  if (member?.active !== true) return null;
  const day = localDay(member.schedule.timeZone, now);
  const place = about === null ? `inbox:${inboxId}` : `conversation:${about.id}`;
  return {
    dedupeKey: `${place}/not-counted/${day}/member:${to}`,
    inboxId,
    ...aboutRequest(about),
    recipient: { type: 'member', member: to },
    body: { kind: 'not-counted', ...what },
  };
}
