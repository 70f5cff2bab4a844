/**
 * What an IMAP server or the network did to us, said as a Failure: temporary or permanent is decided here and
 * nowhere else. The server's own words are passed on, our password or token never is.
 */
import { Failure } from '../../app/failures.ts';
import { type Duration, type Instant, MILLISECOND } from '../../domain/instant.ts';

/** A password, or a token with the time that it is good until. */
export type Login = { readonly secret: string; readonly until: Instant | null };

export type Place = Login & {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly folder: string;
};

/**
 * RFC 5530 codes that say "not now" even where the command was a login. SERVERBUG is none: Dovecot says it of a mail whose
 * file it cannot read, and to go slowly would not help.
 */
const BUSY_CODES = new Set(['UNAVAILABLE', 'INUSE', 'LIMIT', 'OVERQUOTA', 'THROTTLED']);
const THROTTLED =
  /too many|throttl|rate.?limit|limit exceeded|over quota|try again|slow down|back.?off|exceeded.*(bandwidth|command)/i;
const NOT_NOW = /temporar|unavailable|not connected|internal (server )?error|please retry|shutting down/i;
const TEXT_MAX = 400;

type Raw = {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly reason?: unknown;
  readonly response?: unknown;
  readonly responseText?: unknown;
  readonly responseStatus?: unknown;
  readonly serverResponseCode?: unknown;
  readonly authenticationFailed?: unknown;
  readonly tlsFailed?: unknown;
  readonly throttleReset?: unknown;
};

/** The server's or the system's words on one line, bounded, without the password in clear or base64. */
export function serverText(error: unknown, place: Place): string {
  const raw = asRaw(error);
  const text = [raw.responseText, raw.reason, raw.response, raw.message].find(
    (candidate): candidate is string => typeof candidate === 'string' && candidate !== '',
  );
  return withoutSecret(text ?? String(error), place);
}

function withoutSecret(text: string, { user, secret: own, host, port }: Place): string {
  let clean = text.replace(/[\x00-\x1f\x7f]+/g, ' ');
  const secrets = [
    own,
    ...[
      own,
      `\0${user}\0${own}`,
      // As XOAUTH2 and OAUTHBEARER (RFC 7628) say it.
      `user=${user}\x01auth=Bearer ${own}\x01\x01`,
      `n,a=${user},\x01host=${host}\x01port=${port}\x01auth=Bearer ${own}\x01\x01`,
    ].map((said) => Buffer.from(said).toString('base64')),
  ];
  for (const secret of secrets) {
    if (own !== '') clean = clean.split(secret).join('(hidden)');
  }
  return clean.trim().slice(0, TEXT_MAX);
}

/** For whatever connecting, logging in or a later command threw. A Failure is passed through as it is. */
export function toFailure(error: unknown, place: Place, doing: string): Failure {
  if (error instanceof Failure) return error;
  const raw = asRaw(error);
  const said = serverText(error, place);
  const at = `${place.host}:${place.port}`;
  const fail = (
    kind: 'temporary' | 'permanent',
    code: string,
    message: string,
    pause: Duration | null = null,
  ) =>
    new Failure(kind, code, message, {
      cause: withoutSecret(String(raw.code ?? ''), place) || undefined,
      pause,
    });

  if (isThrottled(raw, said)) {
    return fail(
      'temporary',
      'imap-throttled',
      `The mail server ${at} asks ${place.user} to slow down (${doing}). Mail is read later; nothing is lost. ` +
        `If this goes on, close other programs that read the same mailbox. The server said: ${said}`,
      askedPause(raw, said),
    );
  }
  if (isLoginRefusal(raw, said)) {
    return fail(
      'permanent',
      'imap-login-refused',
      `The mail server ${at} refused the login of "${place.user}". No mail is read from this mailbox until it works. ` +
        (place.until === null
          ? 'Check user name and password (many providers want an app password) and that IMAP access is switched on '
          : 'The token is new and was refused all the same: check that whoever signed in may read this mailbox, and that IMAP access is switched on ') +
        `for this account. The server said: ${said}`,
    );
  }
  if (isTlsTrouble(raw, said)) {
    return fail(
      'temporary',
      'imap-tls-failed',
      `No safe connection to the mail server ${at} (${doing}). No mail is read until it works. ` +
        `Check the port, the kind of TLS and the server's certificate. Detail: ${said}`,
    );
  }
  if (raw.responseStatus === 'NO' || raw.responseStatus === 'BAD') {
    return fail(
      'temporary',
      'imap-refused',
      `The mail server ${at} refused a command (${doing}). Baton connects anew and asks again. The server said: ${said}`,
    );
  }
  return fail(
    'temporary',
    'imap-unreachable',
    `No working connection to the mail server ${at} (${doing}). Baton keeps trying; mail stays on the server. ` +
      `If this goes on, check host and port, DNS and the firewall. Detail: ${said}`,
  );
}

/** The server refused to open the folder and does not list it. */
export function noSuchFolder(place: Place, existing: readonly string[]): Failure {
  const names = existing.slice(0, 50).map((name) => `"${withoutSecret(name, place)}"`);
  return new Failure(
    'permanent',
    'imap-no-such-folder',
    `The mailbox of "${place.user}" at ${place.host}:${place.port} has no folder "${place.folder}", so nothing is ` +
      `read from it. Write one of these in the configuration: ${names.join(', ') || '(the server lists none)'}` +
      (existing.length > names.length ? ' and others' : ''),
  );
}

export function connectionLost(place: Place, doing: string, detail: string): Failure {
  return new Failure(
    'temporary',
    'imap-unreachable',
    `The connection to the mail server ${place.host}:${place.port} is gone (${doing}). Baton connects anew; mail stays ` +
      `on the server. Detail: ${withoutSecret(detail, place)}`,
  );
}

/**
 * Servers end a session when the token that it began with does, some with a word (Exchange: "Session invalidated -
 * AccessTokenExpired") and some without: it is as much as asking for another, and nothing that anybody must hear of.
 */
export function hasTokenEnded(failure: Failure, { until }: Place, now: Instant): boolean {
  if (until === null || failure.code !== 'imap-unreachable') return false;
  return (
    now >= until || /access ?token ?expired|session invalidated|token (?:has )?expired/i.test(failure.message)
  );
}

export function tokenEnded(place: Place): Failure {
  return new Failure(
    'temporary',
    'imap-token-ended',
    `The token of "${place.user}" has ended, and the mail server ${place.host}:${place.port} ended the session. Baton ` +
      'connects anew with another.',
  );
}

export function uidValidityChanged(place: Place, before: string, now: string): Failure {
  return new Failure(
    'temporary',
    'imap-uidvalidity-changed',
    `The server ${place.host}:${place.port} has renumbered the folder "${place.folder}" (UIDVALIDITY ${before} is now ` +
      `${now}). Baton opens it anew and compares its content; no mail is taken twice.`,
  );
}

export function unreadableAnswer(place: Place, doing: string, uids: readonly number[]): Failure {
  return new Failure(
    'temporary',
    'imap-unreadable-answer',
    `The server ${place.host}:${place.port} has the mails with UID ${uids.slice(0, 10).join(', ')} in "${place.folder}" but ` +
      `gave no readable answer about them (${doing}). Baton asks again rather than pass them over.`,
  );
}

function asRaw(error: unknown): Raw {
  return typeof error === 'object' && error !== null ? (error as Raw) : { message: String(error) };
}

function isThrottled(raw: Raw, said: string): boolean {
  return raw.code === 'ETHROTTLE' || THROTTLED.test(said) || BUSY_CODES.has(String(raw.serverResponseCode));
}

/** Exchange: "Request is throttled. Suggested Backoff Time: 92415 milliseconds". */
function askedPause(raw: Raw, said: string): Duration | null {
  const asked = Number(raw.throttleReset ?? /backoff time[:=\s]+(\d{1,9})/i.exec(said)?.[1] ?? Number.NaN);
  return asked > 0 ? asked * MILLISECOND : null;
}

/**
 * imapflow marks every error during login as authenticationFailed, a lost connection too: only the server's NO
 * (or BAD), or its having no way to log in at all, is a refusal.
 */
function isLoginRefusal(raw: Raw, said: string): boolean {
  if (raw.authenticationFailed !== true) return false;
  const answered = raw.responseStatus === 'NO' || raw.responseStatus === 'BAD';
  if (raw.serverResponseCode === 'SERVERBUG') return false;
  const impossible =
    /login is disabled|no matching authentication|no password configured|unsupported authentication/i.test(
      said,
    );
  return impossible || (answered && !NOT_NOW.test(said));
}

function isTlsTrouble(raw: Raw, said: string): boolean {
  const code = String(raw.code ?? '');
  return (
    raw.tlsFailed === true ||
    /^(ERR_TLS|ERR_SSL|EPROTO$|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_)|STARTTLS/.test(code) ||
    /certificate|wrong version number/i.test(said)
  );
}
