/**
 * Whom to ask to take a new request, and whom after that.
 *
 * - The chain is asked in turn while nobody accepts: the chosen member, and then whoever is on the rungs of the ladder;
 *   on the usual one their backup, the rest of the team in its own order, the triage lead. The final manager is not in
 *   it: whoever works through the chain comes to them at its end.
 * - Never in the chain: who is away, who has left, who wrote the mail, anybody twice. It may be empty.
 * - In a team, members with as much open as their capacity come behind those with less, however the team chooses. A
 *   rule that names a member means that member: their capacity does not pass them over.
 * - For a named member who cannot be asked stands in who agreed to cover their absence, else their backup, and for those
 *   who are away as well whoever stands in for them. In a team the next member does, since it has one.
 *
 * Working hours do not count here: an offer's clock runs in the hours of who is asked.
 */
import type { Classification } from './classify.ts';
import type { InboxId, MemberId } from './ids.ts';
import type { Instant } from './instant.ts';
import { type Foothold, UsualLadder, type Wait, waitBefore } from './ladder.ts';
import type { Member, Policy, Rung, Team } from './policy.ts';
import { mention, type Reason } from './reason.ts';
import { isAvailable, onCallAt, standInsFor, triageLeadAt } from './roster.ts';

export type MemberLoad = { readonly open: number; readonly lastOfferedAt: Instant | null };
export type Load = ReadonlyMap<MemberId, MemberLoad>;

export type RouteInput = {
  readonly policy: Policy;
  readonly inboxId: InboxId;
  readonly classification: Pick<Classification, 'assign' | 'reason'>;
  /** The member who wrote the mail, null for a customer. */
  readonly author: MemberId | null;
  /** Who has what open now and was last asked when; a member who is missing has nothing and was never asked. */
  readonly load: Load;
  readonly now: Instant;
  /** Who comes after the first; absent: the usual ones. */
  readonly rungs?: readonly Rung[];
};

export type Route = {
  readonly chain: readonly MemberId[];
  /** How long each of the chain is waited for, where the ladder says something else than the clocks. */
  readonly waits?: readonly (Wait | null)[];
  /** Codes: to-member, to-team, to-stand-in, to-on-call, to-rung, to-front-desk, to-nobody. The sentence names members by their ids: events keep it. */
  readonly reason: Reason;
};

/** The members to ask in turn, with the reason for the first of them. The same input gives the same answer. */
export function route(input: RouteInput): Route {
  const { wasChosen, footholds } = climb(input);
  const chain = footholds.flatMap((foothold) => (foothold.is === 'member' ? [foothold.to] : []));
  const waits = footholds.flatMap(({ is }, index) =>
    is === 'member' ? [waitBefore(footholds.slice(index + 1))] : [],
  );
  const first = footholds.find(({ is }) => is === 'member') ?? null;
  return {
    chain,
    ...(waits.some((wait) => wait !== null) && { waits }),
    reason: explain(input, first, wasChosen),
  };
}

const FRONT_DESK: Rung = { to: 'front-desk', after: null };

/** Where whoever was chosen stands: below the first rung. */
const GROUND = -1;

/** Everything that is climbed in turn, each member once; who was chosen comes first. */
function climb(input: RouteInput): { wasChosen: boolean; footholds: readonly Foothold[] } {
  const rungs = input.rungs ?? UsualLadder.unaccepted;
  const reminders = leading(rungs, ({ to }) => to === 'remind');
  const near = leading(rungs.slice(reminders), ({ to }) => to === 'backup' || to === 'team');
  const first = chosen(input, rungs.slice(reminders, reminders + near), reminders);
  const footholds: Foothold[] = [...first];
  if (first.length > 0) footholds.splice(1, 0, ...remindersOf(rungs.slice(0, reminders)));
  for (const [at, rung] of rungs.entries()) {
    if (at >= reminders + near) footholds.push(...peopleOf(input, rung, at, lastOf(footholds)));
  }
  // Whatever the ladder leaves out: somebody of the team is asked before the final manager is.
  if (lastOf(footholds) === null) footholds.unshift(...peopleOf(input, FRONT_DESK, GROUND, null));
  const seen = new Set<MemberId>();
  const isNew = (one: Foothold): boolean => one.is !== 'member' || (!seen.has(one.to) && !!seen.add(one.to));
  return { wasChosen: first.length > 0, footholds: footholds.filter(isNew) };
}

function lastOf(footholds: readonly Foothold[]): MemberId | null {
  const last = footholds.findLast(({ is }) => is === 'member');
  return last?.is === 'member' ? last.to : null;
}

const leading = (rungs: readonly Rung[], is: (rung: Rung) => boolean): number => {
  const end = rungs.findIndex((rung) => !is(rung));
  return end < 0 ? rungs.length : end;
};

const remindersOf = (rungs: readonly Rung[]): Foothold[] =>
  rungs.map(({ after }, rung) => ({ rung, is: 'reminder', after }));

type PersonOn = Foothold & { readonly is: 'member' };

/** Who was chosen, with those of their backup and team who come right after them: who has enough open comes behind. */
function chosen(input: RouteInput, near: readonly Rung[], from: number): PersonOn[] {
  const { assign } = input.classification;
  const at = (to: 'backup' | 'team'): Pick<Foothold, 'rung' | 'after'> | null => {
    const index = near.findIndex((rung) => rung.to === to);
    return index < 0 ? null : { rung: from + index, after: near[index]?.after ?? null };
  };
  const on = (place: Pick<Foothold, 'rung' | 'after'> | null, members: readonly Member[]): PersonOn[] =>
    place === null ? [] : members.map(({ id }) => ({ ...place, is: 'member', to: id }));
  const ground = { rung: GROUND, after: null };
  if (assign?.type === 'member') {
    const [standIn] = standInsOf(input, assign.member);
    const named = askable(input, assign.member) ?? standIn;
    if (named === undefined) return [];
    return [...on(ground, [named]), ...on(at('backup'), standIn === undefined ? [] : [standIn])];
  }
  const [first, ...rest] = teamOf(input, assign?.team);
  if (first === undefined) return [];
  const standIns = standInsOf(input, first.id).slice(0, 1);
  const pool = [...on(ground, [first]), ...on(at('backup'), standIns), ...on(at('team'), rest)];
  return belowCapacityFirst(input, pool, ({ to }) => to);
}

/** Who is on a rung that does not follow the first at once. `before`: who was asked before them. */
function peopleOf(input: RouteInput, rung: Rung, at: number, before: MemberId | null): Foothold[] {
  const { policy, inboxId, now, classification } = input;
  const { after } = rung;
  const on = (...members: readonly (Member | null | undefined)[]): Foothold[] =>
    members.flatMap((member) => (member ? [{ rung: at, is: 'member', to: member.id, after }] : []));
  const orStandIn = (id: MemberId | null): Foothold[] =>
    id === null ? [] : on(askable(input, id) ?? standInsOf(input, id)[0]);
  switch (rung.to) {
    case 'remind':
      return before === null ? [] : [{ rung: at, is: 'reminder', after }];
    case 'backup':
      return before === null ? [] : on(standInsOf(input, before)[0]);
    case 'team':
      return on(
        ...teamOf(input, classification.assign?.type === 'team' ? classification.assign.team : undefined),
      );
    case 'front-desk':
      return orStandIn(triageLeadAt(policy, inboxId, now));
    case 'on-call':
      return orStandIn(onCallAt(policy, inboxId, now));
    case 'member':
      return orStandIn(rung.member);
    case 'final-manager':
      return [{ rung: at, is: 'last', after }];
    default:
      return rung satisfies never;
  }
}

/** Those of a team who can be asked, whoever has enough open behind the others. */
function teamOf(input: RouteInput, teamId: string | undefined): Member[] {
  const team = teamId === undefined ? undefined : input.policy.teams.get(teamId);
  return team === undefined ? [] : belowCapacityFirst(input, inOrderOfChoice(input, team), ({ id }) => id);
}

function inOrderOfChoice(input: RouteInput, team: Team): Member[] {
  const members = team.members.map((id) => askable(input, id)).filter((member) => member !== null);
  const open = ({ id }: Member): number => input.load.get(id)?.open ?? 0;
  const lastOfferedAt = ({ id }: Member): number =>
    input.load.get(id)?.lastOfferedAt ?? Number.NEGATIVE_INFINITY;
  // Sorting is stable, so the configured order decides what is equal; -∞ - -∞ would be NaN.
  const byTurn = (a: Member, b: Member): number => compare(lastOfferedAt(a), lastOfferedAt(b));
  if (team.choose === 'round-robin') return members.sort(byTurn);
  if (team.choose === 'least-loaded') return members.sort((a, b) => open(a) - open(b) || byTurn(a, b));
  return members;
}

const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);

function belowCapacityFirst<T>(
  { load, policy }: RouteInput,
  people: readonly T[],
  idOf: (one: T) => MemberId,
): T[] {
  const isFull = (one: T): boolean => {
    const capacity = policy.members.get(idOf(one))?.capacity ?? null;
    return capacity !== null && (load.get(idOf(one))?.open ?? 0) >= capacity;
  };
  return [...people.filter((one) => !isFull(one)), ...people.filter(isFull)];
}

/** The member when they can be asked at all. */
function askable({ policy, author, now }: RouteInput, id: MemberId): Member | null {
  const member = policy.members.get(id);
  return member !== undefined && id !== author && isAvailable(member, now) ? member : null;
}

const standInsOf = (input: RouteInput, id: MemberId): Member[] =>
  standInsFor(input.policy, id, input.now)
    .map((standIn) => askable(input, standIn))
    .filter((member) => member !== null);

function explain(input: RouteInput, foothold: Foothold | null, wasChosen: boolean): Reason {
  const { assign, reason } = input.classification;
  const because = reason.sentence;
  if (foothold?.is !== 'member') {
    const missing = whyNobody(input);
    return { code: 'to-nobody', sentence: `${because}${missing}, and the front desk cannot be asked` };
  }
  const { to } = foothold;
  if (!wasChosen) return explainRung(input, foothold);
  if (assign?.type === 'member') {
    return to === assign.member
      ? { code: 'to-member', sentence: `${because}; goes to ${mention(to)}` }
      : {
          code: 'to-stand-in',
          sentence: `${because}; ${whyNot(input, assign.member)}, standing in: ${mention(to)}`,
        };
  }
  const team = assignedTeam(input);
  const why = team === undefined ? '' : `; ${team.name}, ${whyFirst(team, to)}`;
  return { code: 'to-team', sentence: `${because}${why}: ${mention(to)}` };
}

/** Nobody of those whom the rule means can be asked: whoever is on the first rung is. */
function explainRung(input: RouteInput, { rung, to }: PersonOn): Reason {
  const because = `${input.classification.reason.sentence}${whyNobody(input)}`;
  switch ((input.rungs ?? UsualLadder.unaccepted)[rung]?.to) {
    case 'on-call':
      return { code: 'to-on-call', sentence: `${because}; on call: ${mention(to)}` };
    case 'member':
    case 'backup':
    case 'team':
      return { code: 'to-rung', sentence: `${because}; next in line: ${mention(to)}` };
    default:
      return { code: 'to-front-desk', sentence: `${because}; the front desk decides: ${mention(to)}` };
  }
}

const assignedTeam = ({ policy, classification: { assign } }: RouteInput): Team | undefined =>
  assign?.type === 'team' ? policy.teams.get(assign.team) : undefined;

function whyFirst(team: Team, first: MemberId): string {
  if (!team.members.includes(first)) return 'all have enough open, standing in';
  if (team.choose === 'round-robin') return 'next in turn';
  if (team.choose === 'least-loaded') return 'fewest open';
  return 'first in line';
}

function whyNobody(input: RouteInput): string {
  const { assign } = input.classification;
  if (assign === null) return '';
  if (assign.type === 'member') return `, but ${whyNot(input, assign.member)}`;
  return `, but nobody of ${assignedTeam(input)?.name ?? assign.team} can be asked`;
}

/** Only asked about a member who cannot be asked. */
function whyNot({ policy, author }: RouteInput, id: MemberId): string {
  if (policy.members.get(id)?.active !== true) return `${mention(id)} has left`;
  return id === author ? `${mention(id)} wrote it` : `${mention(id)} is away`;
}
