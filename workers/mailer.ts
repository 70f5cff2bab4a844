/** The mailer: sends what the outbox holds. */
import { deliverOutbox } from '../src/app/deliver-outbox.ts';
import type { Services } from '../src/runtime/services.ts';
import { listen } from './listen.ts';

export const startMailer = (services: Services, signal: AbortSignal) =>
  listen(services, 'deliver', signal, async (ids) => void (await deliverOutbox(services.deps, ids)));
