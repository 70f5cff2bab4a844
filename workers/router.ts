/** The router: chooses whom to ask for each new request. */
import { routeConversations } from '../src/app/route-conversation.ts';
import type { Services } from '../src/runtime/services.ts';

export async function startRouter({ deps }: Services): Promise<void> {
  await deps.queue.listen('route', (ids) => routeConversations(deps, ids));
}
