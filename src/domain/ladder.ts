/**
 * Who is asked after whom: which ladder holds for a request, and how long each on it is waited for.
 *
 * - The first ladder whose conditions fit holds; where none does, the usual one. With somebody on call, what is urgent
 *   comes to them before the front desk.
 * - Whoever is on a rung is found when it is climbed, so that nobody is asked who is away by then.
 * - The final manager is no rung that could be left out: whoever comes to the end of a ladder comes to them.
 */
import type { InboxId, MemberId, TeamId } from './ids.ts';
import type { Duration } from './instant.ts';
import type { Assign, Ladder, Policy, Priority, Rung } from './policy.ts';

/** What decides which ladder holds for a request. */
export type Climbing = {
  readonly inboxId: InboxId;
  readonly category: string | null;
  readonly priority: Priority;
  readonly ruleId: string | null;
  readonly owner: MemberId | null;
};

/** How long somebody is waited for: a span before each time that they hear again, and the last before the next is asked. */
export type Wait = {
  readonly reminders: readonly (Duration | null)[];
  readonly last: Duration | null;
};

/** One step up: a member, a reminder to whoever is waited for, or the end. `rung`: where on the ladder. */
export type Foothold =
  | { readonly rung: number; readonly after: Duration | null; readonly is: 'member'; readonly to: MemberId }
  | { readonly rung: number; readonly after: Duration | null; readonly is: 'reminder' | 'last' };

const rungs = (...names: Exclude<Rung['to'], 'member'>[]): readonly Rung[] =>
  names.map((to) => ({ to, after: null }));

export type Rungs = Required<Pick<Ladder, 'unaccepted' | 'owned'>>;

/** What holds where the configuration says nothing else. */
export const UsualLadder: Rungs = {
  unaccepted: rungs('backup', 'team', 'front-desk', 'final-manager'),
  owned: rungs('remind', 'backup', 'front-desk', 'final-manager'),
};

/** The same for what is urgent, in an inbox that has somebody on call. */
const UrgentLadder: Rungs = {
  unaccepted: rungs('backup', 'team', 'on-call', 'front-desk', 'final-manager'),
  owned: rungs('remind', 'backup', 'on-call', 'front-desk', 'final-manager'),
};

/** The ladder that holds for a request now. */
export function ladderFor(policy: Policy, climbing: Climbing): Rungs {
  const usual = usualFor(policy, climbing);
  const ladder = policy.ladders[whichLadder(policy, climbing)];
  return ladder === undefined ? usual : { ...usual, ...ladder };
}

/** Its place in the configuration; -1: the usual one holds. */
export const whichLadder = (policy: Policy, climbing: Climbing): number =>
  policy.ladders.findIndex((one) => fits(policy, one, climbing));

function usualFor(policy: Policy, { inboxId, priority }: Climbing): Rungs {
  const onCall = policy.inboxes.get(inboxId)?.onCall ?? null;
  return priority === 'urgent' && onCall !== null ? UrgentLadder : UsualLadder;
}

function fits(policy: Policy, { when }: Ladder, climbing: Climbing): boolean {
  const { inboxes, teams, categories, priority } = when;
  if (priority !== undefined && priority !== climbing.priority) return false;
  if (inboxes !== undefined && !inboxes.includes(climbing.inboxId)) return false;
  if (categories !== undefined && !categories.includes(climbing.category ?? '')) return false;
  return teams === undefined || teamsOf(policy, climbing).some((team) => teams.includes(team));
}

/** The team that its rule, or else its category, names; else every team of who owns it, or of the member named there. */
export function teamsOf(
  policy: Policy,
  { ruleId, category, owner }: Pick<Climbing, 'ruleId' | 'category' | 'owner'>,
): TeamId[] {
  const assign = assignNamed(policy, { ruleId, category });
  if (assign?.type === 'team') return [assign.team];
  const member = owner ?? assign?.member ?? null;
  if (member === null) return [];
  return [...policy.teams.values()].flatMap(({ id, members }) => (members.includes(member) ? [id] : []));
}

/** Whom its rule, or else its category, names now; null: neither names anybody. */
export function assignNamed(
  { rules, categories }: Policy,
  { ruleId, category }: Pick<Climbing, 'ruleId' | 'category'>,
): Assign | null {
  const ofRule = rules.find(({ id }) => id === ruleId)?.assign ?? null;
  return ofRule ?? (category === null ? null : categories.get(category)?.assign) ?? null;
}

/** How long whoever is asked first of these is waited for; null: as the clocks say, and they hear of it once. */
export function waitBefore(later: readonly Foothold[]): Wait | null {
  const next = later.findIndex(({ is }) => is !== 'reminder');
  const before = next < 0 ? later : later.slice(0, next);
  const last = later[next]?.after ?? null;
  return before.length === 0 && last === null ? null : { reminders: before.map(({ after }) => after), last };
}
