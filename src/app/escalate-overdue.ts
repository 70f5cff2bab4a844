/** Lets time pass for conversations whose clock has run out: who did not answer is not waited for any longer. */
import { decide } from '../domain/conversation/decide.ts';
import type { ConversationId } from '../domain/ids.ts';
import type { Deps } from './deps.ts';
import { noticesOf } from './new-notice.ts';
import { oneByOne } from './one-by-one.ts';

export type EscalateDeps = Pick<Deps, 'store' | 'queue' | 'policy' | 'secret'>;

/** How many are looked at in one pass; the next pass takes the rest. */
const BATCH_MAX = 100;

/** Answers how many conversations were due. Several clocks may run at once: the row lock lets one of them act. */
export async function escalateOverdue(deps: EscalateDeps): Promise<number> {
  const due = await deps.store.findDue(BATCH_MAX);
  await oneByOne(due, (id) => tickOne(deps, id));
  return due.length;
}

async function tickOne(deps: EscalateDeps, id: ConversationId): Promise<void> {
  const notices = await deps.store.transact([], async (tx) => {
    const before = (await tx.lockConversations([id])).get(id);
    if (before === undefined) return [];
    const now = await tx.now();
    const decision = decide(before, { type: 'tick' }, now, deps.policy());
    if (decision.events.length === 0) return [];
    const written = await tx.write({
      conversations: [{ before, after: decision.state, events: decision.events }],
      notices: noticesOf(deps, decision.notices, now),
    });
    return written.notices;
  });
  await deps.queue.ring('deliver', notices);
}
