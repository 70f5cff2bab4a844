/**
 * What whoever looks after the server orders about mail that could not be read, in a member's name. No bell is rung: the
 * rows are found by those who look for such work, within seconds while Baton runs and at its next start otherwise.
 */
import type { ConversationId, MessageId } from '../domain/ids.ts';
import type { Rejection } from '../domain/rejections.ts';
import { currentPolicy } from './current-policy.ts';
import type { Deps } from './deps.ts';
import { noticesOf } from './new-notice.ts';
import { lockParked, orderOnParked, type ParkedOrder } from './order-on-parked.ts';

export type OrderDeps = Pick<Deps, 'store' | 'policy' | 'secret'>;

/** The request that it became, where it did; or why nothing was done. */
export async function orderAtServer(
  deps: OrderDeps,
  id: MessageId,
  { how, by }: Pick<ParkedOrder, 'how' | 'by'>,
): Promise<{ readonly request: ConversationId | null } | Rejection> {
  return deps.store.transact([], async (tx) => {
    const waiting = await lockParked(tx, id);
    if ('code' in waiting) return waiting;
    const policy = await currentPolicy(deps, tx);
    const now = await tx.now();
    const order = { how, by, where: 'at-the-server' } as const;
    const { move, decision, opened } = await orderOnParked({ tx, policy, now }, waiting, order);
    await tx.write({
      moves: [move],
      parked: [decision],
      conversations: opened === null ? [] : [opened],
      notices: noticesOf(deps, decision.notices, now),
    });
    return { request: opened?.after.id ?? null };
  });
}
