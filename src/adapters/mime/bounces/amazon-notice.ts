/**
 * Amazon SES reports through SNS: a mail of sns.amazonaws.com whose text is JSON (Amazon's "notification contents"
 * for bounces, complaints and deliveries).
 */
import type { Told } from './status-fields.ts';

const TEXT_MAX = 256 * 1024;

export type AmazonNotice = { readonly told: readonly Told[]; readonly originalMessageId: string | null };

/** Null when the text is no such notice. A complaint has no recipients: it is no delivery report. */
export function readAmazonNotice(text: string): AmazonNotice | null {
  const start = text.indexOf('{');
  const end = Math.min(jsonEnd(text, start), TEXT_MAX);
  if (start < 0 || end <= start) return null;
  const whole = parsed(text.slice(start, end));
  // A topic without "raw message delivery" wraps the notice into an envelope, as a text.
  const inner = field(whole, 'Message');
  const notice = typeof inner === 'string' ? parsed(inner) : whole;
  const about = field(notice, 'notificationType') ?? field(notice, 'eventType');
  const id = field(field(field(notice, 'mail'), 'commonHeaders'), 'messageId');
  const originalMessageId = typeof id === 'string' ? id.replace(/[<>\s]/g, '') : null;
  if (about === 'Bounce') {
    const bounce = field(notice, 'bounce');
    return { told: list(field(bounce, 'bouncedRecipients')).map(bounced), originalMessageId };
  }
  if (about === 'Delivery') {
    const response = string(field(field(notice, 'delivery'), 'smtpResponse'));
    const status = /\b2\.\d{1,3}\.\d{1,3}\b/.exec(response)?.[0] ?? '';
    const told = list(field(field(notice, 'delivery'), 'recipients')).map((address) => ({
      address: string(address),
      status,
      action: 'delivered',
      diagnostic: response,
    }));
    return { told, originalMessageId };
  }
  return about === 'Complaint' ? { told: [], originalMessageId } : null;
}

/** Sendmail breaks the one long line with `!` and a space; JSON itself holds no raw line ends. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json.replace(/!\r?\n /g, '').replace(/[\r\n]+/g, ''));
  } catch {
    return null;
  }
}

function bounced(recipient: unknown): Told {
  return {
    address: string(field(recipient, 'emailAddress')),
    status: string(field(recipient, 'status')),
    action: string(field(recipient, 'action')) === 'delayed' ? 'delayed' : 'failed',
    diagnostic: string(field(recipient, 'diagnosticCode')),
  };
}

/** SNS puts a text about unsubscribing behind the JSON. */
function jsonEnd(text: string, start: number): number {
  const foot = text.indexOf('\n--\n', Math.max(start, 0));
  return text.slice(0, foot < 0 ? text.length : foot).lastIndexOf('}') + 1;
}

const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value.slice(0, 1_000) : []);
const string = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 2_000) : '');
