/**
 * What came of one attempt to send, read from nodemailer's error.
 *
 * The rule: an answer of the server to MAIL, RCPT or DATA is definite. Without one, "nothing was delivered" is said only
 * when not a byte of the content had been handed out; otherwise the outcome is unknown, because a server may keep a
 * mail and lose the connection before its 250 (RFC 1047; Postfix smtp-sink -q . shows it).
 */
import type { SendOutcome } from '../../app/ports/mail-sender.ts';
import { NoToken } from './token-login.ts';

export type SendError = {
  readonly code?: unknown;
  readonly command?: unknown;
  readonly response?: unknown;
  readonly responseCode?: unknown;
  readonly message?: unknown;
};

const TRANSACTION = new Set(['MAIL FROM', 'RCPT TO', 'DATA']);
/** 530 and 535 at MAIL speak about our login, 503 about the session: the mail itself was not refused. */
const ABOUT_US = new Set([530, 534, 535, 538]);
const RESPONSE_MAX = 500;

export function outcomeOf(
  error: unknown,
  contentBegun: boolean,
  hide: (text: string) => string,
): SendOutcome {
  const raw: SendError = typeof error === 'object' && error !== null ? error : { message: String(error) };
  const status = typeof raw.responseCode === 'number' ? raw.responseCode : 0;
  const response = oneLine(hide(String(raw.response || raw.message || 'no answer')));
  const command = String(raw.command ?? '');
  if (error instanceof NoToken) return { type: 'temporary', code: error.failure.code, response };
  if (!contentBegun && isTooMuch(raw, status)) return { type: 'temporary', code: 'smtp-throttled', response };
  if (!contentBegun && isAboutLogin(raw, status))
    return { type: 'temporary', code: 'smtp-login-refused', response };
  if (TRANSACTION.has(command) && status >= 400) {
    const isPermanent = status >= 500 && status !== 503 && !ABOUT_US.has(status);
    return { type: isPermanent ? 'permanent' : 'temporary', code: `smtp-${status}`, response };
  }
  if (contentBegun) return { type: 'unknown', code: codeOf(raw), response };
  // Refused by nodemailer itself against the SIZE that the server announced.
  if (raw.code === 'EMESSAGE' && command === 'MAIL FROM')
    return { type: 'permanent', code: 'smtp-too-large', response };
  return { type: 'temporary', code: codeOf(raw), response };
}

/** "454 4.7.0 Too many login attempts" (Gmail), "432 4.3.2 Concurrent connections limit exceeded" (Exchange): not now. */
function isTooMuch(raw: SendError, status: number): boolean {
  return raw.code === 'EAUTH' && status >= 400 && status < 500;
}

function isAboutLogin(raw: SendError, status: number): boolean {
  return raw.code === 'EAUTH' || ABOUT_US.has(status);
}

function codeOf(raw: SendError): string {
  switch (raw.code) {
    case 'ETIMEDOUT':
    case 'EABORT':
      return 'smtp-timeout';
    case 'EDNS':
      return 'smtp-dns';
    case 'ETLS':
      return 'smtp-tls-failed';
    case 'EPROTOCOL':
      return 'smtp-protocol';
    default:
      // What OpenSSL says when one side speaks TLS and the other does not comes as the trouble of a socket.
      return /wrong version number|certificate/i.test(String(raw.message))
        ? 'smtp-tls-failed'
        : 'smtp-unreachable';
  }
}

export function oneLine(text: string): string {
  return text
    .replace(/[\x00-\x1f\x7f]+/g, ' ')
    .trim()
    .slice(0, RESPONSE_MAX);
}
