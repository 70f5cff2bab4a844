/** Lets time pass for conversations whose clock has run out: who did not answer is not waited for any longer. */
import { decide } from '../domain/conversation/decide.ts';
import type { ConversationId } from '../domain/ids.ts';
import { currentPolicy } from './current-policy.ts';
import type { Deps } from './deps.ts';
import { noticesOf } from './new-notice.ts';
import { oneByOne } from './one-by-one.ts';

export type EscalateDeps = Pick<Deps, 'store' | 'queue' | 'policy' | 'secret'>;

/** How many are looked at in one pass; the next pass takes the rest. */
const BATCH_MAX = 100;

/**
 * Answers in how many conversations something followed, so that whoever asks for more stops when nothing does.
 * Several clocks may run at once: the row lock lets one of them act.
 */
export async function escalateOverdue(deps: EscalateDeps): Promise<number> {
  const due = await deps.store.findDue(BATCH_MAX);
  let moved = 0;
  await oneByOne(due, async (id) => {
    if (await tickOne(deps, id)) moved += 1;
  });
  return moved;
}

async function tickOne(deps: EscalateDeps, id: ConversationId): Promise<boolean> {
  const notices = await deps.store.transact([], async (tx) => {
    const before = (await tx.lockConversations([id])).get(id);
    if (before === undefined) return null;
    const now = await tx.now();
    const decision = decide(before, { type: 'tick' }, now, await currentPolicy(deps, tx));
    if (decision.events.length === 0) return null;
    const written = await tx.write({
      conversations: [{ before, after: decision.state, events: decision.events }],
      notices: noticesOf(deps, decision.notices, now),
    });
    return written.notices;
  });
  if (notices === null) return false;
  await deps.queue.ring('deliver', notices);
  return true;
}
