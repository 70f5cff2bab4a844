/** The router: chooses whom to ask for each new request. */
import { routeConversations } from '../src/app/route-conversation.ts';
import type { Services } from '../src/runtime/services.ts';
import { listen } from './listen.ts';

export const startRouter = (services: Services, signal: AbortSignal) =>
  listen(services, 'route', signal, (ids) => routeConversations(services.deps, ids));
