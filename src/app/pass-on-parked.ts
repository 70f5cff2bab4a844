/**
 * A mail about a parked message is about no conversation, so nothing else watches over it: when it reaches nobody,
 * the next person who decides in that inbox is told.
 */

import type { Instant } from '../domain/instant.ts';
import type { NoticeDraft } from '../domain/notices/notice.ts';
import type { Policy } from '../domain/policy.ts';
import { isAvailable } from '../domain/roster.ts';
import { parkedNoticeTo } from './park-message.ts';

/** The same notice to the next person, those who are here first; null when it was another kind or nobody is left. */
export function passOnParked(policy: Policy, lost: NoticeDraft, now: Instant): NoticeDraft | null {
  const { body, recipient, inboxId } = lost;
  const inbox = policy.inboxes.get(inboxId);
  if (body.kind !== 'parked' || recipient.type !== 'member' || inbox === undefined) return null;
  const people = [...new Set([inbox.finalManager, inbox.finalManagerCover, ...inbox.managers])];
  const members = people.flatMap((id) => (id === null ? [] : (policy.members.get(id) ?? [])));
  // Whoever stands before the one who was not reached has been told and was not reached either.
  const rest = members
    .slice(members.findIndex(({ id }) => id === recipient.member) + 1)
    .filter(({ active }) => active);
  const next = rest.find((member) => isAvailable(member, now)) ?? rest[0];
  return next === undefined ? null : parkedNoticeTo(next.id, inboxId, body);
}
