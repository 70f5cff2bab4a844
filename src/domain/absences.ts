/** Absences that were told by mail, laid over the configured ones. */
import type { MemberId } from './ids.ts';
import type { Instant } from './instant.ts';
import type { Absence, Policy } from './policy.ts';

export type ToldAbsence = {
  readonly member: MemberId;
  readonly from: Instant;
  readonly until: Instant;
  readonly cover: { readonly member: MemberId; readonly answer: 'asked' | 'agreed' | 'declined' } | null;
};

/** The policy as it is with these people away. Nobody stands in who has not agreed to. */
export function withAbsences(policy: Policy, told: readonly ToldAbsence[]): Policy {
  if (told.length === 0) return policy;
  const members = new Map(policy.members);
  for (const { member: id, from, until, cover } of told) {
    const member = members.get(id);
    if (member === undefined) continue;
    const absence: Absence = { from, until, cover: cover?.answer === 'agreed' ? cover.member : null };
    const absences = [...member.schedule.absences, absence];
    members.set(id, { ...member, schedule: { ...member.schedule, absences } });
  }
  return { ...policy, members };
}
