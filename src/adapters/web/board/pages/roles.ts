/** What somebody is in the inboxes, in words. */
import type { MemberId } from '../../../../domain/ids.ts';
import type { Instant } from '../../../../domain/instant.ts';
import type { Policy } from '../../../../domain/policy.ts';
import { triageLeadAt } from '../../../../domain/roster.ts';

export function rolesOf(policy: Policy, member: MemberId, at: Instant): string[] {
  return [...policy.inboxes.values()].flatMap((inbox) => {
    const roles = [
      inbox.finalManager === member ? 'final manager' : inbox.managers.includes(member) ? 'manager' : '',
      triageLeadAt(policy, inbox.id, at) === member ? inbox.frontDeskName : '',
    ].filter(Boolean);
    return roles.length === 0 ? [] : [`${roles.join(' and ')} of ${inbox.name}`];
  });
}
