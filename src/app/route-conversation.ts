/** Chooses whom to ask for each new request, and commits the question, the acknowledgement and their mails together. */
import { decide } from '../domain/conversation/decide.ts';
import type { Conversation } from '../domain/conversation/state.ts';
import type { ConversationId, MemberId } from '../domain/ids.ts';
import type { Policy, Rule } from '../domain/policy.ts';
import { route } from '../domain/routing.ts';
import type { Deps } from './deps.ts';
import { noticesOf } from './new-notice.ts';
import { togetherOrOneByOne } from './one-by-one.ts';
import type { Transaction } from './ports/store.ts';

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
    const states = await tx.lockConversations(ids);
    const written: number[] = [];
    // One after the other, so that each sees what the one before it gave to whom.
    for (const state of states.values()) {
      if (!state.routed) written.push(...(await routeOne(deps, tx, state)));
    }
    return written;
  });
  await deps.queue.ring('deliver', notices);
}

async function routeOne(deps: RouteDeps, tx: Transaction, before: Conversation): Promise<number[]> {
  const policy = deps.policy();
  const now = await tx.now();
  const assign = assignOf(policy, before);
  const { chain, reason } = route({
    policy,
    inboxId: before.inboxId,
    classification: {
      assign,
      reason: before.classified?.reason ?? { code: 'no-rule', sentence: 'no rule matched' },
    },
    author: before.author,
    load: await tx.load(candidates(policy, assign)),
    now,
  });
  const { state, events, notices } = decide(before, { type: 'routed', chain, reason }, now, policy);
  const written = await tx.write({
    conversations: [{ before, after: state, events }],
    notices: noticesOf(deps, notices, now),
  });
  return written.notices;
}

/** The rule's own words decide at the moment of routing: it may have changed since the mail was read. */
function assignOf(policy: Policy, { classified }: Conversation): Rule['assign'] {
  return policy.rules.find(({ id }) => id === classified?.ruleId)?.assign ?? null;
}

function candidates(policy: Policy, assign: Rule['assign']): MemberId[] {
  if (assign === null) return [];
  return assign.type === 'member' ? [assign.member] : [...(policy.teams.get(assign.team)?.members ?? [])];
}
