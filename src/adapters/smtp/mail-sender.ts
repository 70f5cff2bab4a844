/**
 * MailSender on a few kept SMTP sessions.
 *
 * Promises: the envelope is exactly the one given, checked again here; the content is handed out at most once per call;
 * every call ends within `totalMs`.
 */
import type { SMTPConnectionAuth, SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import XOAuth2 from 'nodemailer/lib/xoauth2';
import type { TokenSource } from '../../app/ports/access-tokens.ts';
import type { MailSender, OutgoingMail, SendOutcome } from '../../app/ports/mail-sender.ts';
import { parseStrictAddress } from '../../domain/address.ts';
import { oneLine, outcomeOf } from './outcome.ts';
import { openSession } from './session.ts';
import { sessionPool } from './session-pool.ts';
import { tokenLogin } from './token-login.ts';

export type SmtpTimings = {
  readonly connectMs: number;
  readonly greetingMs: number;
  /** Silence within a session. */
  readonly silenceMs: number;
  /** One send from start to end, against a server that keeps it going one byte at a time. */
  readonly totalMs: number;
};

export type SmtpOptions = {
  readonly host: string;
  readonly port: number;
  /** `none` never encrypts, not even when offered: for loopback only. */
  readonly tls: 'implicit' | 'starttls' | 'none';
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** Gives what logs in where no password does, for each connection anew. */
  readonly token?: TokenSource;
  readonly maxConnections?: number;
  /** PEM of a private certificate authority, where the server's certificate comes from one. */
  readonly ca?: string;
  readonly timings?: Partial<SmtpTimings>;
};

const TIMINGS: SmtpTimings = { connectMs: 10_000, greetingMs: 10_000, silenceMs: 30_000, totalMs: 100_000 };
/** Shorter than any server's patience, so that a kept session is rarely found dead. */
const IDLE_MS = 30_000;
const CONNECTIONS_MAX = 8;

/** Sends through one SMTP server. `send` never throws for what the server or the network does. */
export function smtpMailSender(options: SmtpOptions): MailSender {
  const timings = { ...TIMINGS, ...options.timings };
  const login = options.token === undefined ? null : tokenLogin(options.token);
  const hide = hider(options, () => login?.given() ?? []);
  const connection = connectionOptions(options, timings);
  const auth = loginOf(options, login);
  const pool = sessionPool({
    open: (onEnd) => openSession({ connection, auth, onEnd }),
    sessionsMax: options.maxConnections ?? CONNECTIONS_MAX,
    totalMs: timings.totalMs,
    idleMs: IDLE_MS,
  });
  const running = new Set<Promise<unknown>>();
  let isClosed = false;

  async function attempt(mail: OutgoingMail): Promise<SendOutcome> {
    let isBegun = false;
    const onBegin = (): void => {
      isBegun = true;
    };
    try {
      const answer = await pool.send(mail, onBegin);
      const isAsAsked =
        answer.accepted.length === 1 &&
        answer.accepted[0] === mail.envelopeTo &&
        answer.rejected.length === 0;
      const response = oneLine(answer.response);
      return isAsAsked
        ? { type: 'accepted', response }
        : { type: 'unknown', code: 'smtp-envelope-differs', response };
    } catch (error) {
      return outcomeOf(error, isBegun, hide);
    }
  }

  async function attemptWithLogin(mail: OutgoingMail): Promise<SendOutcome> {
    const outcome = await attempt(mail);
    return login?.isWorthAnother(outcome) === true ? attempt(mail) : outcome;
  }

  async function tryLogin(): Promise<SendOutcome | null> {
    const session = openSession({ connection, auth, onEnd: () => {} });
    try {
      await session.ready();
      session.quit();
      return null;
    } catch (error) {
      return outcomeOf(error, false, hide);
    }
  }

  return {
    async send(mail) {
      const bad = badAddress(mail);
      if (bad !== null) return { type: 'permanent', code: 'bad-address', response: bad };
      if (isClosed) return { type: 'temporary', code: 'smtp-closed', response: 'the sender is closed' };
      const sending = attemptWithLogin(mail);
      running.add(sending);
      try {
        return await sending;
      } finally {
        running.delete(sending);
      }
    },
    async check() {
      let outcome = await tryLogin();
      if (outcome !== null && login?.isWorthAnother(outcome) === true) outcome = await tryLogin();
      return outcome === null || outcome.type === 'accepted'
        ? null
        : { code: outcome.code, response: outcome.response };
    },
    async close() {
      isClosed = true;
      await Promise.all(running);
      pool.close();
    },
  };
}

function badAddress(mail: OutgoingMail): string | null {
  if (parseStrictAddress(mail.envelopeTo) === null)
    return 'the recipient is no address that can be sent to safely';
  if (mail.envelopeFrom !== '' && parseStrictAddress(mail.envelopeFrom) === null) {
    return 'the envelope sender is no address that can be sent from safely';
  }
  return null;
}

function connectionOptions(options: SmtpOptions, timings: SmtpTimings): SMTPConnectionOptions {
  return {
    host: options.host,
    port: options.port,
    secure: options.tls === 'implicit',
    requireTLS: options.tls === 'starttls',
    ignoreTLS: options.tls === 'none',
    ...(options.ca === undefined ? {} : { tls: { ca: options.ca } }),
    connectionTimeout: timings.connectMs,
    dnsTimeout: timings.connectMs,
    greetingTimeout: timings.greetingMs,
    socketTimeout: timings.silenceMs,
    logger: false,
  };
}

/** Whoever has something to log in with does, also where the server does not say that it takes logins. */
function loginOf(
  { user, password, token }: SmtpOptions,
  login: ReturnType<typeof tokenLogin> | null,
): (() => SMTPConnectionAuth) | null {
  if (token !== undefined && login !== null) {
    return () => {
      const oauth2 = new XOAuth2({ user: user ?? '' });
      oauth2.provisionCallback = login.provide;
      // What it tells by an event, it tells by its answer as well; without a listener it would end the process.
      oauth2.on('error', () => {});
      return { type: 'OAUTH2', user, oauth2, method: 'XOAUTH2' };
    };
  }
  if (user === undefined || password === undefined) return null;
  return () => ({ type: 'LOGIN', user, credentials: { user, pass: password } });
}

/** Servers have been seen to quote the AUTH line back. */
function hider(options: SmtpOptions, tokens: () => readonly string[]): (text: string) => string {
  const { user = '', password = '' } = options;
  return (text) => {
    const said = [
      ...(password === '' ? [] : [password, `\0${user}\0${password}`]),
      ...tokens().flatMap((token) => [token, `user=${user}\x01auth=Bearer ${token}\x01\x01`]),
    ];
    const secrets = said.flatMap((secret) => [secret, Buffer.from(secret).toString('base64')]);
    return secrets.reduce((clean, secret) => clean.split(secret).join('(hidden)'), text);
  };
}
