/** The reply worker: carries out what members answer. */
import { applyReplies } from '../src/app/replies/apply-reply.ts';
import { followModel } from '../src/runtime/learning.ts';
import type { Services } from '../src/runtime/services.ts';
import { listen } from './listen.ts';

export async function startReplies(services: Services, signal: AbortSignal) {
  await followModel(services.model, services.deps.log, signal);
  return listen(services, 'reply', signal, (ids) => applyReplies(services.deps, ids));
}
