/**
 * When a member has left the roster: what they were asked is asked of others, what they answered for goes to the
 * triage lead, and the managers get the list. Does nothing where nothing is left to do, so it may run again after
 * any interruption, and does at each start, each new configuration and each sweep.
 */
import { decide } from '../domain/conversation/decide.ts';
import type { ConversationId, InboxId, MemberId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { type Listed, listed } from '../domain/notices/listed.ts';
import { aboutRequest, type NoticeDraft } from '../domain/notices/notice.ts';
import { currentPolicy } from './current-policy.ts';
import type { Deps } from './deps.ts';
import { noticesOf } from './new-notice.ts';
import { oneByOne } from './one-by-one.ts';
import type { ConversationChange, Transaction } from './ports/store.ts';

export type ReleaseDeps = Pick<Deps, 'store' | 'queue' | 'policy' | 'secret' | 'log'>;

/** Conversations per transaction; the manager gets a list for each. */
const BATCH_MAX = 100;

export async function releaseFormerMembers(deps: ReleaseDeps): Promise<void> {
  const former = await deps.store.formerMembers();
  // Another host may have read a newer configuration: for this one they are still here, so that one acts and waits.
  const gone = former.filter(({ id }) => !deps.policy().members.get(id)?.active);
  await oneByOne(gone, async ({ id: member }) => {
    const conversations = await deps.store.conversationsOf(member);
    for (let from = 0; from < conversations.length; from += BATCH_MAX) {
      const batch = conversations.slice(from, from + BATCH_MAX);
      const notices = await deps.store.transact([], (tx) => release(deps, tx, member, batch));
      deps.log.info(
        { step: 'roster', member, conversations: batch.length },
        'a member left: their requests were moved',
      );
      await deps.queue.ring('deliver', notices);
    }
  });
}

type Moved = { withdrawn: ConversationId[]; moved: ConversationId[]; listed: Listed[] };

async function release(
  deps: ReleaseDeps,
  tx: Transaction,
  member: MemberId,
  ids: readonly ConversationId[],
): Promise<number[]> {
  const policy = await currentPolicy(deps, tx);
  const states = await tx.lockConversations(ids);
  const now = await tx.now();
  const changes: ConversationChange[] = [];
  const drafts: NoticeDraft[] = [];
  const moved = new Map<InboxId, Moved>();
  for (const before of states.values()) {
    const decision = decide(before, { type: 'member-left', member }, now, policy);
    if (decision.events.length === 0) continue;
    changes.push({ before, after: decision.state, events: decision.events });
    drafts.push(...decision.notices);
    const list = moved.get(before.inboxId) ?? { withdrawn: [], moved: [], listed: [] };
    list.listed.push(listed(decision.state));
    list[before.accountable === member ? 'moved' : 'withdrawn'].push(before.id);
    moved.set(before.inboxId, list);
  }
  for (const [inboxId, list] of moved)
    drafts.push(...managersOf(deps, inboxId).map((to) => report(member, inboxId, to, list, now)));
  const written = await tx.write({ conversations: changes, notices: noticesOf(deps, drafts, now) });
  return written.notices;
}

function managersOf({ policy }: ReleaseDeps, inboxId: InboxId): MemberId[] {
  const inbox = policy().inboxes.get(inboxId);
  const managers = new Set([
    ...(inbox?.managers ?? []),
    ...(inbox === undefined ? [] : [inbox.finalManager]),
  ]);
  return [...managers].filter((id) => policy().members.get(id)?.active);
}

function report(member: MemberId, inboxId: InboxId, to: MemberId, list: Moved, now: Instant): NoticeDraft {
  return {
    dedupeKey: `member-left:${member}/${inboxId}/${now}/member:${to}`,
    inboxId,
    ...aboutRequest(null),
    recipient: { type: 'member', member: to },
    body: { kind: 'member-left', member, ...list },
  };
}
