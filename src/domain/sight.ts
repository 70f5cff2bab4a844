/**
 * Who may see which requests on the board. Whoever decides in an inbox (its managers, its final manager and their
 * cover, its front desk) sees all of it; everybody else what they or a colleague of one of their teams answers for or
 * is asked to take, and what they had to do with themselves.
 */
import type { ConversationEvent } from './conversation/events.ts';
import type { Conversation } from './conversation/state.ts';
import type { InboxId, MemberId } from './ids.ts';
import type { Instant } from './instant.ts';
import type { Policy } from './policy.ts';
import { isManagerOf, triageLeadAt } from './roster.ts';

export type Sight = {
  readonly member: MemberId;
  /** The inboxes of which everything is seen. */
  readonly inboxes: readonly InboxId[];
  /** Whoever shares a team with them, themselves included: in other inboxes, what is theirs is seen. */
  readonly colleagues: readonly MemberId[];
};

/** What an active member sees at that time; null: they have left, or never were in the roster, and see nothing. */
export function sightOf(policy: Policy, member: MemberId, at: Instant): Sight | null {
  if (policy.members.get(member)?.active !== true) return null;
  const inboxes = [...policy.inboxes.keys()].filter(
    (id) => isManagerOf(policy, member, id) || triageLeadAt(policy, id, at) === member,
  );
  const colleagues = new Set([member]);
  for (const { members } of policy.teams.values()) {
    if (members.includes(member)) for (const one of members) colleagues.add(one);
  }
  return { member, inboxes, colleagues: [...colleagues] };
}

/** What of a request says who may see it. */
type Seen = Pick<Conversation, 'inboxId' | 'accountable' | 'owner'> & {
  readonly offer: { readonly to: MemberId } | null;
};

/** `tookPart`: they answered for it, were asked to take it or for help, or wrote into it, at any time. */
export function maySee(
  { inboxes, colleagues }: Sight,
  { inboxId, accountable, owner, offer }: Seen,
  tookPart: boolean,
): boolean {
  if (tookPart || inboxes.includes(inboxId)) return true;
  return [accountable, owner, offer?.to ?? null].some((who) => who !== null && colleagues.includes(who));
}

/** Whether, by what has happened to a request, they ever had to do with it: see `maySee`. */
export const tookPartIn = (events: readonly ConversationEvent[], member: MemberId): boolean =>
  events.some((event) => {
    if ('by' in event && event.by === member) return true;
    if ('to' in event && event.to === member && event.type !== 'climbed') return true;
    if ('accountable' in event && event.accountable === member) return true;
    return event.type === 'help-asked' && event.of.type === 'member' && event.of.member === member;
  });
