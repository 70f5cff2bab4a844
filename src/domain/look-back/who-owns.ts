/** Who would have been asked first for what came in the past, by the rules of today. */
import type { InboxId, MemberId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import { ladderFor } from '../ladder.ts';
import type { Policy } from '../policy.ts';
import { type MemberLoad, route } from '../routing.ts';
import type { Ruled } from './past-mail.ts';

export type WouldOwn = {
  /** null: nobody could have been asked. */
  readonly member: MemberId | null;
  /** False: no rule names anybody, and the front desk would have decided. */
  readonly byRule: boolean;
  /** Codes as in classify.ts. */
  readonly why: string;
};

/** Requests in the order in which they came: where a team takes turns, each has its turn. */
export function openAsking(policy: Policy): (inbox: InboxId, ruled: Ruled, at: Instant) => WouldOwn {
  const load = new Map<MemberId, MemberLoad>();
  return (inboxId, ruled, at) => {
    const { assign, reason, category, priority, ruleId } = ruled;
    const { chain } = route({
      policy,
      inboxId,
      classification: { assign, reason },
      author: null,
      load,
      now: at,
      rungs: ladderFor(policy, { inboxId, category, priority, ruleId, owner: null }).unaccepted,
    });
    const [member = null] = chain;
    // Nobody knows what they would have finished by then, so that nobody counts as full.
    if (member !== null) load.set(member, { open: 0, lastOfferedAt: at });
    return { member, byRule: assign !== null, why: reason.code };
  };
}
