/** The reply worker: carries out what members answer. */
import { applyReplies } from '../src/app/apply-reply.ts';
import type { Services } from '../src/runtime/services.ts';

export async function startReplies({ deps }: Services): Promise<void> {
  await deps.queue.listen('reply', (ids) => applyReplies(deps, ids));
}
