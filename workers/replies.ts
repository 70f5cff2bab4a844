/** The reply worker: carries out what members answer. */
import { applyReplies } from '../src/app/replies/apply-reply.ts';
import type { Services } from '../src/runtime/services.ts';
import { listen } from './listen.ts';

export const startReplies = (services: Services, signal: AbortSignal) =>
  listen(services, 'reply', signal, (ids) => applyReplies(services.deps, ids));
