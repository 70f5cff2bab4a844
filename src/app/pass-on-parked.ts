/**
 * A mail about a parked message is about no conversation, so nothing else watches over it: when it reaches nobody,
 * the next person who decides in that inbox is told.
 */
import type { MemberId } from '../domain/ids.ts';
import type { NoticeDraft } from '../domain/notices/notice.ts';
import type { Policy } from '../domain/policy.ts';
import { parkedNoticeTo } from './park-message.ts';

/** The same notice to the next person, or null when it was another kind or nobody is left. */
export function passOnParked(policy: Policy, lost: NoticeDraft): NoticeDraft | null {
  const { body, recipient, inboxId } = lost;
  const inbox = policy.inboxes.get(inboxId);
  if (body.kind !== 'parked' || recipient.type !== 'member' || inbox === undefined) return null;
  const people = [...new Set([inbox.finalManager, inbox.finalManagerCover, ...inbox.managers])];
  const isHere = (id: MemberId | null): id is MemberId =>
    id !== null && policy.members.get(id)?.active === true;
  // Whoever stands before the one who was not reached has been told and was not reached either.
  const next = people.slice(people.indexOf(recipient.member) + 1).filter(isHere)[0];
  return next === undefined ? null : parkedNoticeTo(next, inboxId, body);
}
