/** Chooses whom to ask for each new request, and commits the question, the acknowledgement and their mails together. */
import { decide } from '../domain/conversation/decide.ts';
import type { Conversation } from '../domain/conversation/state.ts';
import type { ConversationId, MemberId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { ladderFor } from '../domain/ladder.ts';
import { asksByCategory, assignOf } from '../domain/learning/authority.ts';
import type { Assign, Policy } from '../domain/policy.ts';
import type { Reason } from '../domain/reason.ts';
import { type Load, type MemberLoad, type Route, route } from '../domain/routing.ts';
import { currentPolicy } from './current-policy.ts';
import type { Deps } from './deps.ts';
import { noticesOf } from './new-notice.ts';
import { togetherOrOneByOne } from './one-by-one.ts';
import type { ConversationChange, NewNotice } from './ports/store.ts';

export type RouteDeps = Pick<Deps, 'store' | 'queue' | 'policy' | 'secret' | 'log'>;

export async function routeConversations(deps: RouteDeps, ids: readonly ConversationId[]): Promise<void> {
  await togetherOrOneByOne(
    ids,
    (some) => routeSome(deps, some),
    (error) => deps.log.warn({ step: 'route', conversations: ids, error: String(error) }, 'a batch failed'),
  );
}

async function routeSome(deps: RouteDeps, ids: readonly ConversationId[]): Promise<void> {
  const notices = await deps.store.transact([], async (tx) => {
    const locked = await tx.lockConversations(ids);
    const states = [...locked.values()].filter(({ routed }) => !routed);
    if (states.length === 0) return [];
    const policy = await currentPolicy(deps, tx);
    const load = new Map(await tx.load(allCandidates(policy, states)));
    const now = await tx.now();
    const changes: ConversationChange[] = [];
    const drafted: NewNotice[] = [];
    // One after the other, so that each sees what the one before it gave to whom, and when.
    for (const [at, before] of states.entries()) {
      const routed = routeOne(deps, policy, before, load, now + at);
      changes.push(routed.change);
      drafted.push(...routed.notices);
      addTo(load, routed.change);
    }
    return (await tx.write({ conversations: changes, notices: drafted })).notices;
  });
  await deps.queue.ring('deliver', notices);
}

type Routed = { readonly change: ConversationChange; readonly notices: NewNotice[] };

/** Whom to ask for one request, as everybody's load is. */
export function routeOne(
  deps: Pick<RouteDeps, 'policy' | 'secret'>,
  policy: Policy,
  before: Conversation,
  load: Load,
  now: Instant,
): Routed {
  const routed = { type: 'routed', ...chainFor(policy, before, load, now) } as const;
  const { state, events, notices } = decide(before, routed, now, policy);
  return { change: { before, after: state, events }, notices: noticesOf(deps, notices, now) };
}

/** Whom to ask for what it is about, and whom after that. */
export function chainFor(policy: Policy, about: Conversation, load: Load, now: Instant): Route {
  const { classified, inboxId, priority, author } = about;
  const assign = assignOf(policy, inboxId, classified);
  const ruleId = classified?.ruleId ?? null;
  const category = classified?.category ?? null;
  return route({
    policy,
    inboxId,
    classification: { assign, reason: reasonOf(about, assign) },
    author,
    load,
    now,
    rungs: ladderFor(policy, { inboxId, category, priority, ruleId, owner: null }).unaccepted,
  });
}

/** What was chosen may have left the configuration since. */
function reasonOf({ classified }: Conversation, assign: Assign | null): Reason {
  if (classified === null) return { code: 'no-rule', sentence: 'no rule matched' };
  const { reason } = classified;
  const isGone = assign === null && classified.category !== null && asksByCategory(reason);
  return isGone ? { ...reason, sentence: `${reason.sentence}, which is no longer told apart here` } : reason;
}

/** The load as the store would tell it with this change written. */
export function addTo(
  load: Map<MemberId, MemberLoad>,
  { before, after }: Pick<ConversationChange, 'before' | 'after'>,
): void {
  const offer = after.offer;
  if (offer === null || offer.seq === before?.offer?.seq) return;
  const known = load.get(offer.to);
  // Whoever is no candidate of any of them is not asked about.
  if (known !== undefined) load.set(offer.to, { open: known.open + 1, lastOfferedAt: offer.askedAt });
}

/** Everybody whose load counts. */
export const allCandidates = (policy: Policy, states: readonly Conversation[]): MemberId[] => [
  ...new Set(
    states.flatMap((state) => candidates(policy, assignOf(policy, state.inboxId, state.classified))),
  ),
];

function candidates(policy: Policy, assign: Assign | null): MemberId[] {
  if (assign === null) return [];
  return assign.type === 'member' ? [assign.member] : [...(policy.teams.get(assign.team)?.members ?? [])];
}
