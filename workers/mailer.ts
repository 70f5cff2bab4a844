/** The mailer: sends what the outbox holds. */
import { deliverOutbox } from '../src/app/deliver-outbox.ts';
import type { Services } from '../src/runtime/services.ts';

export async function startMailer({ deps }: Services): Promise<void> {
  await deps.queue.listen('deliver', async (ids) => {
    await deliverOutbox(deps, ids);
  });
}
