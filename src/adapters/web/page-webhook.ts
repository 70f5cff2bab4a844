/** Pages by webhook, for a gateway that rings or writes to people. Nothing in it acts when it is opened. */
import type { PageChannel } from '../../app/ports/pages.ts';
import { iso, postWebhook, type WebhookOptions } from './standard-webhook.ts';

export function pageWebhook(options: WebhookOptions): PageChannel {
  return {
    async send({ id, at, sentAt, number, inbox, to, why, text, deadline, subject }) {
      const data = {
        ...{ number, inbox, to, why, text, deadline: deadline === null ? null : iso(deadline) },
        ...(subject !== undefined && { subject }),
      };
      await postWebhook(options, {
        ...{ id, type: 'baton.request.escalated', at, sentAt, text, data },
        // It names people: whoever is configured gets it, and nobody whom they name.
        redirects: 'none',
      });
    },
  };
}
