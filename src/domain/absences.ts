/**
 * Absences that were told by mail: what becomes of them when somebody goes away, comes back or is asked to stand in,
 * and the policy with these people away. A member has one told absence at a time; what is said later replaces its end.
 */
import type { AbsenceId, MemberId } from './ids.ts';
import type { Instant } from './instant.ts';
import type { Absence, Policy } from './policy.ts';

/** A time away that somebody told us of by mail. */
export type ToldAbsence = {
  readonly id: AbsenceId;
  readonly member: MemberId;
  readonly from: Instant;
  readonly until: Instant;
  readonly cover: Cover | null;
  /** Who told us of it last. */
  readonly by: MemberId;
  /** When it was taken back. */
  readonly endedAt: Instant | null;
};

/** Who is asked to stand in, and what they said. */
export type Cover = { readonly member: MemberId; readonly answer: 'asked' | 'agreed' | 'declined' };

/** The policy as it is with these people away. Nobody stands in who has not agreed to. */
export function withAbsences(
  policy: Policy,
  told: readonly Pick<ToldAbsence, 'member' | 'from' | 'until' | 'cover'>[],
): Policy {
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

export type GoingAway = {
  readonly member: MemberId;
  readonly until: Instant;
  /** null: nobody was named now. */
  readonly cover: MemberId | null;
  readonly by: MemberId;
};

export type GoneAway = {
  readonly absence: ToldAbsence;
  /** Told twice at once: what the later of the two does not replace ends. */
  readonly ended: readonly ToldAbsence[];
  /** Until when it was before; null: they were not away by mail. */
  readonly was: Instant | null;
  /** Who has to be asked whether they stand in; null: nobody, or they have said so already. */
  readonly ask: MemberId | null;
};

/** `known` are the member's told absences that are not over; null when nothing would change by it. */
export function goAway(
  known: readonly ToldAbsence[],
  { member, until, cover, by }: GoingAway,
  now: Instant,
  newId: AbsenceId,
): GoneAway | null {
  const last = known.at(-1);
  if (last === undefined) {
    const asked: Cover | null = cover === null ? null : { member: cover, answer: 'asked' };
    const absence = { id: newId, member, from: now, until, cover: asked, by, endedAt: null };
    return { absence, ended: [], was: null, ask: cover };
  }
  const next = coverOf(last, cover, until);
  const ask = next !== last.cover && next !== null ? next.member : null;
  if (until === last.until && ask === null) return null;
  const ended = known.slice(0, -1).map((one) => ({ ...one, endedAt: now }));
  return { absence: { ...last, until, cover: next, by }, ended, was: last.until, ask };
}

/** Whoever agreed did so for a time: a longer one is a new question, and until then they have not agreed. */
function coverOf(last: ToldAbsence, named: MemberId | null, until: Instant): Cover | null {
  const { cover } = last;
  if (named !== null && named !== cover?.member) return { member: named, answer: 'asked' };
  if (cover === null) return null;
  const declined = cover.answer === 'declined';
  const again = until > last.until ? named !== null || !declined : named !== null && declined;
  return again ? { member: cover.member, answer: 'asked' } : cover;
}

/** They are here again. */
export const comeBack = (known: readonly ToldAbsence[], now: Instant): ToldAbsence[] =>
  known.map((absence) => ({ ...absence, endedAt: now }));

/** What the cover says now, whatever they said before; null when they are not the one who is asked, or said so already. */
export function answerCover(absence: ToldAbsence, by: MemberId, agreed: boolean): ToldAbsence | null {
  const answer = agreed ? 'agreed' : 'declined';
  const { cover } = absence;
  if (cover?.member !== by || cover.answer === answer) return null;
  return { ...absence, cover: { member: by, answer } };
}
