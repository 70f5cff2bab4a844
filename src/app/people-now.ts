/** The team as it is now: what each has in hand, who is away until when and who covers, and whether mail reaches them. */
import type { ToldAbsence } from '../domain/absences.ts';
import type { InboxId, MemberId, TeamId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Policy } from '../domain/policy.ts';
import { isManagerOf, triageLeadAt } from '../domain/roster.ts';
import { absenceAt, isWorkingAt, nextWorkingAt } from '../domain/working-time.ts';
import type { PersonRow } from './ports/people-list.ts';

export type PersonNow = PersonRow & {
  readonly name: string;
  readonly teams: readonly TeamId[];
  /** Inboxes in which they decide, and whose front desk they are now. */
  readonly manages: readonly InboxId[];
  readonly frontDeskOf: readonly InboxId[];
  /** Until when they are away; null: they are not. */
  readonly awayUntil: Instant | null;
  /** Who takes their place meanwhile, as they told us; null: nobody was named, or has agreed. */
  readonly coveredBy: MemberId | null;
  /** Whose place they take now. */
  readonly covers: readonly MemberId[];
  readonly isWorking: boolean;
  /** When they work next; null: they do now, or no such time is known. */
  readonly worksAgainAt: Instant | null;
  /**
   * `ready`: an order of theirs has come and was believed. `unheard`: none has yet. `unreached`: mail to them comes back.
   */
  readonly mail: 'ready' | 'unheard' | 'unreached';
};

export function peopleNow(
  policy: Policy,
  rows: readonly PersonRow[],
  absences: readonly ToldAbsence[],
  now: Instant,
): PersonNow[] {
  const known = new Map(rows.map((row) => [row.id, row]));
  const away = absences.filter(({ from, until }) => from <= now && now < until);
  const ids = new Set([
    ...[...policy.members.values()].filter(({ active }) => active).map(({ id }) => id),
    ...known.keys(),
  ]);
  return [...ids].map((id) => personNow(policy, known.get(id) ?? newcomer(id), away, now));
}

function personNow(policy: Policy, row: PersonRow, away: readonly ToldAbsence[], now: Instant): PersonNow {
  const { id } = row;
  const member = policy.members.get(id);
  const inboxes = [...policy.inboxes.keys()];
  const hasLeft = member?.active !== true;
  const schedule = hasLeft ? null : member.schedule;
  const isWorking = schedule !== null && isWorkingAt(schedule, now);
  const coverOf = ({ cover }: ToldAbsence): MemberId | null =>
    cover?.answer === 'agreed' ? cover.member : null;
  return {
    ...row,
    hasLeft,
    name: member?.name ?? id,
    teams: [...policy.teams.values()].filter(({ members }) => members.includes(id)).map((team) => team.id),
    manages: hasLeft ? [] : inboxes.filter((inbox) => isManagerOf(policy, id, inbox)),
    frontDeskOf: inboxes.filter((inbox) => triageLeadAt(policy, inbox, now) === id),
    awayUntil: schedule === null ? null : (absenceAt(schedule, now)?.until ?? null),
    coveredBy: away.filter((one) => one.member === id).map(coverOf)[0] ?? null,
    covers: away.filter((one) => coverOf(one) === id).map((one) => one.member),
    isWorking,
    worksAgainAt: schedule === null || isWorking ? null : nextWorkingAt(schedule, now),
    mail: row.unreachedSince !== null ? 'unreached' : row.lastOrderAt === null ? 'unheard' : 'ready',
  };
}

/** In the configuration, and no worker has read it yet. */
const newcomer = (id: MemberId): PersonRow => ({
  ...{ id, hasLeft: false, answersFor: 0, owns: 0, asked: 0, stuck: 0 },
  lastOrderAt: null,
  unreachedSince: null,
});
