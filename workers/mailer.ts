/** The mailer: sends what the outbox holds, and the pages that go along with it. */
import { deliverOutbox } from '../src/app/deliver-outbox.ts';
import type { Services } from '../src/runtime/services.ts';
import { listen } from './listen.ts';
import { runPages } from './pages.ts';

export async function startMailer(
  services: Services,
  signal: AbortSignal,
): Promise<{ ended: Promise<void> }> {
  const mails = await listen(
    services,
    'deliver',
    signal,
    async (ids) => void (await deliverOutbox(services.deps, ids)),
  );
  return { ended: Promise.all([mails.ended, runPages(services, signal)]).then(() => {}) };
}
