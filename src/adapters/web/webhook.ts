/** Alarms by webhook. */
import type { AlarmChannel } from '../../app/ports/alarm-channel.ts';
import { iso, postWebhook, type WebhookOptions } from './standard-webhook.ts';

export function webhook(options: WebhookOptions): AlarmChannel {
  return {
    name: 'webhook',
    async tell({ id, telling, kind, inbox, address, since, code, now, subject, text }) {
      const data = { id, kind, inbox, address, since: iso(since), code, subject, text };
      await postWebhook(options, {
        ...{ id, type: `baton.alarm.${telling}`, at: now, sentAt: now },
        ...{ text: subject, data },
      });
    },
  };
}
