/**
 * Whom to ask to take a new request, and whom after that.
 *
 * - The chain is asked in turn while nobody accepts: the chosen member, their backup, the rest of the team in its own
 *   order, the triage lead. The final manager is not in it: whoever works through the chain comes to them at its end.
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
import type { Member, Policy, Team } from './policy.ts';
import { mention, type Reason } from './reason.ts';
import { isAvailable, standInsFor, triageLeadAt } from './roster.ts';

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
};

export type Route = {
  readonly chain: readonly MemberId[];
  /** Codes: to-member, to-team, to-stand-in, to-front-desk, to-nobody. The sentence names members by their ids: events keep it. */
  readonly reason: Reason;
};

/** The members to ask in turn, with the reason for the first of them. The same input gives the same answer. */
export function route(input: RouteInput): Route {
  const { assign } = input.classification;
  const lead = leadOf(input);
  const chosen = assign?.type === 'member' ? namedMember(input, assign.member) : teamOf(input, assign?.team);
  const unique = new Map([...chosen, ...(lead === null ? [] : [lead])].map((member) => [member.id, member]));
  return { chain: [...unique.keys()], reason: explain(input, chosen[0] ?? null, lead) };
}

function namedMember(input: RouteInput, id: MemberId): Member[] {
  const [first = null] = standInsOf(input, id);
  return [askable(input, id), first].filter((member) => member !== null);
}

function leadOf(input: RouteInput): Member | null {
  const lead = triageLeadAt(input.policy, input.inboxId, input.now);
  return askable(input, lead) ?? standInsOf(input, lead)[0] ?? null;
}

function teamOf(input: RouteInput, teamId: string | undefined): Member[] {
  const team = teamId === undefined ? undefined : input.policy.teams.get(teamId);
  if (team === undefined) return [];
  const pool = belowCapacityFirst(input, inOrderOfChoice(input, team));
  const [first, ...rest] = pool;
  if (first === undefined) return [];
  return belowCapacityFirst(input, [first, ...standInsOf(input, first.id).slice(0, 1), ...rest]);
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

function belowCapacityFirst({ load }: RouteInput, members: readonly Member[]): Member[] {
  const isFull = ({ id, capacity }: Member): boolean =>
    capacity !== null && (load.get(id)?.open ?? 0) >= capacity;
  return [...members.filter((member) => !isFull(member)), ...members.filter(isFull)];
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

function explain(input: RouteInput, first: Member | null, lead: Member | null): Reason {
  const { assign, reason } = input.classification;
  const because = reason.sentence;
  if (assign?.type === 'member' && first?.id === assign.member) {
    return { code: 'to-member', sentence: `${because}; goes to ${mention(first.id)}` };
  }
  if (assign?.type === 'member' && first !== null) {
    return {
      code: 'to-stand-in',
      sentence: `${because}; ${whyNot(input, assign.member)}, standing in: ${mention(first.id)}`,
    };
  }
  const team = assign?.type === 'team' ? input.policy.teams.get(assign.team) : undefined;
  if (team !== undefined && first !== null) {
    return {
      code: 'to-team',
      sentence: `${because}; ${team.name}, ${whyFirst(team, first)}: ${mention(first.id)}`,
    };
  }
  const missing = whyNobody(input, team);
  if (lead !== null) {
    return {
      code: 'to-front-desk',
      sentence: `${because}${missing}; the front desk decides: ${mention(lead.id)}`,
    };
  }
  return { code: 'to-nobody', sentence: `${because}${missing}, and the front desk cannot be asked` };
}

function whyFirst(team: Team, first: Member): string {
  if (!team.members.includes(first.id)) return 'all have enough open, standing in';
  if (team.choose === 'round-robin') return 'next in turn';
  if (team.choose === 'least-loaded') return 'fewest open';
  return 'first in line';
}

function whyNobody(input: RouteInput, team: Team | undefined): string {
  const { assign } = input.classification;
  if (assign === null) return '';
  if (assign.type === 'member') return `, but ${whyNot(input, assign.member)}`;
  return `, but nobody of ${team?.name ?? assign.team} can be asked`;
}

/** Only asked about a member who cannot be asked. */
function whyNot({ policy, author }: RouteInput, id: MemberId): string {
  if (policy.members.get(id)?.active !== true) return `${mention(id)} has left`;
  return id === author ? `${mention(id)} wrote it` : `${mention(id)} is away`;
}
