/** The word to a member in whose name something came that had no effect. */
import type { Conversation } from '../domain/conversation/state.ts';
import type { InboxId, MemberId } from '../domain/ids.ts';
import { DAY, type Instant } from '../domain/instant.ts';
import { aboutRequest, type NoticeBody, type NoticeDraft } from '../domain/notices/notice.ts';
import type { Policy } from '../domain/policy.ts';
import { localDay } from '../domain/roster.ts';
import { timeZoneAt } from '../domain/work-pattern.ts';
import type { Transaction } from './ports/store.ts';

type NotCounted = Omit<NoticeBody & { readonly kind: 'not-counted' }, 'kind'>;

/** Of whatever requests; forgers can begin as many as they like. */
const PER_DAY_MAX = 10;

/**
 * To the address in the roster, never to one out of a mail, once a day and request, and so often a day in all:
 * somebody who goes on forging must not be able to fill a teammate's mailbox. The last one says that it is the last.
 * Null for somebody who has left, or was told that often.
 */
export async function notCountedNotice(
  tx: Pick<Transaction, 'countNotices'>,
  policy: Policy,
  inboxId: InboxId,
  about: Conversation | null,
  to: MemberId,
  what: NotCounted,
  now: Instant,
): Promise<NoticeDraft | null> {
  const member = policy.members.get(to);
  if (member?.active !== true) return null;
  const told = await tx.countNotices('not-counted', to, now - DAY, 'any');
  if (told >= PER_DAY_MAX) return null;
  const last = told === PER_DAY_MAX - 1 ? ({ last: true } as const) : {};
  const day = localDay(timeZoneAt(member.schedule, now), now);
  const place = about === null ? `inbox:${inboxId}` : `conversation:${about.id}`;
  return {
    dedupeKey: `${place}/not-counted/${day}/member:${to}`,
    inboxId,
    ...aboutRequest(about),
    recipient: { type: 'member', member: to },
    body: { kind: 'not-counted', ...what, ...last },
  };
}
