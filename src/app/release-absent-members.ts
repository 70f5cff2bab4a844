/**
 * Whoever is away is not waited for: what they were asked to take is asked of the next at once. Looks at what is so now
 * and does nothing where nothing is left to do; so it moves what was put to somebody at the very moment when they went,
 * and what an absence from the configuration has come upon, and may run again after any interruption.
 */
import { withAbsences } from '../domain/absences.ts';
import { decide } from '../domain/conversation/decide.ts';
import type { ConversationId } from '../domain/ids.ts';
import type { NoticeDraft } from '../domain/notices/notice.ts';
import { isAbsentAt } from '../domain/working-time.ts';
import { currentPolicy } from './current-policy.ts';
import type { Deps } from './deps.ts';
import { noticesOf } from './new-notice.ts';
import type { ConversationChange } from './ports/store.ts';

export type ReleaseAbsentDeps = Pick<Deps, 'store' | 'queue' | 'policy' | 'secret' | 'clock'>;

/** Conversations per transaction. */
const BATCH_MAX = 100;

export async function releaseAbsentMembers(deps: ReleaseAbsentDeps): Promise<void> {
  const policy = withAbsences(deps.policy(), await deps.store.toldAbsences());
  const now = deps.clock.now();
  const away = [...policy.members.values()].filter(
    ({ active, schedule }) => active && isAbsentAt(schedule, now),
  );
  if (away.length === 0) return;
  const asked = await deps.store.askedOf(away.map(({ id }) => id));
  for (let from = 0; from < asked.length; from += BATCH_MAX) {
    await release(deps, asked.slice(from, from + BATCH_MAX));
  }
}

async function release(deps: ReleaseAbsentDeps, ids: readonly ConversationId[]): Promise<void> {
  const notices = await deps.store.transact([], async (tx) => {
    const states = await tx.lockConversations(ids);
    const policy = await currentPolicy(deps, tx);
    const now = await tx.now();
    const changes: ConversationChange[] = [];
    const drafts: NoticeDraft[] = [];
    for (const before of states.values()) {
      if (before.offer === null) continue;
      const decision = decide(before, { type: 'absent', member: before.offer.to }, now, policy);
      if (decision.events.length === 0) continue;
      changes.push({ before, after: decision.state, events: decision.events });
      drafts.push(...decision.notices);
    }
    if (changes.length === 0) return [];
    return (await tx.write({ conversations: changes, notices: noticesOf(deps, drafts, now) })).notices;
  });
  await deps.queue.ring('deliver', notices);
}
