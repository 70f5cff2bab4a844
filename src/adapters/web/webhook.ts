/**
 * Alarms by a POST of JSON, in the form of Standard Webhooks (standardwebhooks.com): type, timestamp and data, and where
 * there is a secret the three signing headers. `text` stands at the top as well, where chat programs look for it.
 */
import { createHmac } from 'node:crypto';
import type { Alarm, AlarmChannel } from '../../app/ports/alarm-channel.ts';
import { toDate } from '../../domain/instant.ts';
import { request } from './outgoing.ts';

export type WebhookOptions = { readonly url: string; readonly secret?: string | undefined };

export function webhook({ url, secret }: WebhookOptions): AlarmChannel {
  return {
    name: 'webhook',
    async tell(alarm) {
      const body = payload(alarm);
      const signed = secret === undefined ? {} : signature(secret, alarm.id, sentAt(alarm), body);
      await request({
        url,
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...signed },
        body,
      });
    },
  };
}

const iso = (at: number): string => toDate(at).toISOString();
const sentAt = ({ now }: Alarm): number => Math.floor(toDate(now).getTime() / 1_000);

function payload({ id, telling, kind, inbox, address, since, code, now, subject, text }: Alarm): string {
  const data = { id, kind, inbox, address, since: iso(since), code, subject, text };
  return JSON.stringify({ type: `baton.alarm.${telling}`, timestamp: iso(now), text: subject, data });
}

/** A secret in the spelling of Standard Webhooks (whsec_ and base64) is its bytes; any other text is its own. */
export function signature(
  secret: string,
  id: string,
  timestamp: number,
  body: string,
): Record<string, string> {
  const encoded = /^whsec_(.+)$/.exec(secret)?.[1];
  const key = encoded === undefined ? Buffer.from(secret) : Buffer.from(encoded, 'base64');
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,${mac}` };
}
