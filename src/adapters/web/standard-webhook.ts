/**
 * A POST of JSON in the form of Standard Webhooks (standardwebhooks.com): type, timestamp and data, and where there is a
 * secret the three signing headers. `text` stands at the top as well, where chat programs look for it.
 */
import { createHmac } from 'node:crypto';
import { type Instant, toDate } from '../../domain/instant.ts';
import { request } from './outgoing.ts';

export type WebhookOptions = { readonly url: string; readonly secret?: string | undefined };

export type WebhookMessage = {
  /** The same for each try to tell the same thing, so that a receiver can tell a repetition. */
  readonly id: string;
  readonly type: string;
  /** When it happened. */
  readonly at: Instant;
  /** When it is told: a receiver refuses what is signed with a time long gone. */
  readonly sentAt: Instant;
  readonly text: string;
  readonly data: object;
  /** Default: to the same host, a few. */
  readonly redirects?: 'none';
};

export const iso = (at: Instant): string => toDate(at).toISOString();

/** Throws Failure when it was not taken. */
export async function postWebhook({ url, secret }: WebhookOptions, message: WebhookMessage): Promise<void> {
  const { id, type, at, sentAt, text, data, redirects } = message;
  const body = JSON.stringify({ type, timestamp: iso(at), text, data });
  const seconds = Math.floor(toDate(sentAt).getTime() / 1_000);
  const signed = secret === undefined ? {} : signature(secret, id, seconds, body);
  const headers = { 'Content-Type': 'application/json', ...signed };
  await request({ url, method: 'POST', headers, body, ...(redirects && { redirects }) });
}

/** A secret in the spelling of Standard Webhooks (whsec_ and base64) is its bytes; any other text is its own. */
function signature(secret: string, id: string, timestamp: number, body: string): Record<string, string> {
  const encoded = /^whsec_(.+)$/.exec(secret)?.[1];
  const key = encoded === undefined ? Buffer.from(secret) : Buffer.from(encoded, 'base64');
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': String(timestamp), 'webhook-signature': `v1,${mac}` };
}
