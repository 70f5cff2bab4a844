/**
 * Absences that were told by mail: what becomes of them when somebody goes away, comes back or is asked to stand in,
 * and the policy with these people away. A member has at most one told absence that has begun, and any number to come.
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
  /** null: from now on. */
  readonly from: Instant | null;
  readonly until: Instant;
  /** null: nobody was named now. */
  readonly cover: MemberId | null;
  readonly by: MemberId;
};

export type GoneAway = {
  readonly absence: ToldAbsence;
  /** What it replaces. */
  readonly ended: readonly ToldAbsence[];
  /** Of the absence that it replaces, or whose end it moves; null: it replaces none. */
  readonly was: Pick<ToldAbsence, 'from' | 'until'> | null;
  /** Who has to be asked whether they stand in; null: nobody, or they have said so already. */
  readonly ask: MemberId | null;
};

/**
 * `known` are the member's told absences that are not over; null when nothing would change by it. What begins now moves
 * the end of the absence that has begun. What begins later replaces every coming one that it overlaps, and leaves the
 * one that has begun alone: both together are the time away.
 */
export function goAway(
  known: readonly ToldAbsence[],
  going: GoingAway,
  now: Instant,
  newId: AbsenceId,
): GoneAway | null {
  const { until, cover, by } = going;
  const from = going.from === null || going.from <= now ? now : going.from;
  const same =
    from === now ? known.filter((one) => one.from <= now) : known.filter((one) => one.from === from);
  const last = same.at(-1) ?? null;
  const replaced = known.filter((one) => one !== last && isReplaced(one, { from, until }, now));
  const ended = replaced.map((one) => ({ ...one, endedAt: now }));
  if (last === null) return anew({ ...going, from }, replaced, ended, newId);
  const next = coverOf(last, cover, until);
  const ask = next !== last.cover && next !== null ? next.member : null;
  if (until === last.until && ask === null && ended.length === 0) return null;
  return { absence: { ...last, until, cover: next, by }, ended, was: last, ask };
}

/** Two that have begun cannot both go on; of those to come, the one that is said last counts where they overlap. */
function isReplaced(one: ToldAbsence, span: Pick<ToldAbsence, 'from' | 'until'>, now: Instant): boolean {
  if (one.from <= now) return span.from === now;
  const isCovered = span.from <= one.from && one.until <= span.until;
  return span.from === now ? isCovered : span.from < one.until && one.from < span.until;
}

/** Whoever had agreed to an absence that it replaces is asked again: it is another time. */
function anew(
  { member, from, until, cover: named, by }: GoingAway & { readonly from: Instant },
  replaced: readonly ToldAbsence[],
  ended: readonly ToldAbsence[],
  id: AbsenceId,
): GoneAway {
  const was = replaced.at(-1) ?? null;
  const known = was?.cover?.answer === 'declined' ? null : (was?.cover?.member ?? null);
  const ask = named ?? known;
  const cover: Cover | null = ask === null ? null : { member: ask, answer: 'asked' };
  return { absence: { id, member, from, until, cover, by, endedAt: null }, ended, was, ask };
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

export type ComeBack = {
  readonly ended: readonly ToldAbsence[];
  /** What stays: to take it back as well they say so once more. */
  readonly coming: readonly ToldAbsence[];
};

/** They are here: what has begun ends. Whoever is here anyway means the next time that they will be away. */
export function comeBack(known: readonly ToldAbsence[], now: Instant): ComeBack {
  const coming = known.filter(({ from }) => from > now).sort((a, b) => a.from - b.from);
  const begun = known.filter(({ from }) => from <= now);
  const over = begun.length > 0 ? begun : coming.slice(0, 1);
  const stays = begun.length > 0 ? coming : coming.slice(1);
  return { ended: over.map((absence) => ({ ...absence, endedAt: now })), coming: stays };
}

/** What the cover says now, whatever they said before; null when they are not the one who is asked, or said so already. */
export function answerCover(absence: ToldAbsence, by: MemberId, agreed: boolean): ToldAbsence | null {
  const answer = agreed ? 'agreed' : 'declined';
  const { cover } = absence;
  if (cover?.member !== by || cover.answer === answer) return null;
  return { ...absence, cover: { member: by, answer } };
}
