/**
 * MailSender on nodemailer's connection pool.
 *
 * Promises: the envelope is exactly the one given, checked again here; the content is handed out at most once per call,
 * whatever the pool retries; every call ends within `totalMs`.
 */
import { Readable } from 'node:stream';
import { createTransport, type SMTPPoolOptions } from 'nodemailer';
import type { TokenSource } from '../../app/ports/access-tokens.ts';
import type { MailSender, OutgoingMail, SendOutcome } from '../../app/ports/mail-sender.ts';
import { parseStrictAddress } from '../../domain/address.ts';
import { oneLine, outcomeOf } from './outcome.ts';
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
/** Shorter than any server's patience, so that a pooled connection is rarely found dead. */
const IDLE_MS = 30_000;

/** Sends through one SMTP server. `send` never throws for what the server or the network does. */
export function smtpMailSender(options: SmtpOptions): MailSender {
  const timings = { ...TIMINGS, ...options.timings };
  const login = options.token === undefined ? null : tokenLogin(options.token);
  const hide = hider(options, () => login?.given() ?? []);
  const transport = createTransport(poolOptions(options, timings));
  // A listener must be there: an error event of an idle connection would end the process.
  transport.on('error', () => {});
  if (login !== null) transport.set('oauth2_provision_cb', login.provide);
  const running = new Set<Promise<unknown>>();
  let isClosed = false;

  async function attempt(mail: OutgoingMail): Promise<SendOutcome> {
    const content = onceOnly(mail.raw);
    const envelope = { from: mail.envelopeFrom, to: [mail.envelopeTo], size: mail.raw.byteLength };
    try {
      const signal = AbortSignal.timeout(timings.totalMs);
      const info = await transport.sendMail({ envelope, raw: content.placeholder, signal });
      const isAsAsked =
        info.accepted.length === 1 &&
        sameAddress(String(info.accepted[0]), mail.envelopeTo) &&
        info.rejected.length === 0 &&
        sameAddress(String(info.envelope.from || ''), mail.envelopeFrom);
      const response = oneLine(info.response);
      return isAsAsked
        ? { type: 'accepted', response }
        : { type: 'unknown', code: 'smtp-envelope-differs', response };
    } catch (error) {
      return outcomeOf(error, content.isBegun(), hide);
    }
  }

  async function attemptWithLogin(mail: OutgoingMail): Promise<SendOutcome> {
    const outcome = await attempt(mail);
    return login?.isWorthAnother(outcome) === true ? attempt(mail) : outcome;
  }

  async function tryLogin(): Promise<SendOutcome | null> {
    try {
      await transport.verify();
      return null;
    } catch (error) {
      return outcomeOf(error, false, hide);
    }
  }

  transport.use('stream', (mail, next) => {
    const content = contents.get(mail.data.raw as Buffer);
    if (content === undefined) return next(new Error('the content of a mail got lost on its way'));
    mail.message.processFunc(() => content.stream());
    next();
  });

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
      transport.close();
    },
  };
}

/** nodemailer lower-cases the domain, which is the same domain (RFC 5321 section 2.4); local parts must stay as they are. */
function sameAddress(one: string, other: string): boolean {
  const folded = (address: string) => {
    const at = address.lastIndexOf('@');
    return address.slice(0, at) + address.slice(at).toLowerCase();
  };
  return folded(one) === folded(other);
}

/** nodemailer is handed a placeholder; what is really sent stands here, under the placeholder itself. */
const contents = new WeakMap<Buffer, OnceOnly>();

type OnceOnly = {
  readonly placeholder: Buffer;
  readonly isBegun: () => boolean;
  readonly stream: () => Readable;
};

/**
 * nodemailer pipes the content only after the server answered DATA with 354, so "not read" proves "not sent". A second
 * reading is refused: the pool may repeat an attempt of its own accord only while nothing was sent.
 */
function onceOnly(raw: Uint8Array): OnceOnly {
  let begun = false;
  async function* bytes(): AsyncGenerator<Uint8Array> {
    if (begun) throw new Error('the content was already handed out');
    begun = true;
    yield raw;
  }
  const content: OnceOnly = {
    placeholder: Buffer.from('\r\n'),
    isBegun: () => begun,
    stream: () => Readable.from(bytes(), { objectMode: false }),
  };
  contents.set(content.placeholder, content);
  return content;
}

function badAddress(mail: OutgoingMail): string | null {
  if (parseStrictAddress(mail.envelopeTo) === null)
    return 'the recipient is no address that can be sent to safely';
  if (mail.envelopeFrom !== '' && parseStrictAddress(mail.envelopeFrom) === null) {
    return 'the envelope sender is no address that can be sent from safely';
  }
  return null;
}

function poolOptions(options: SmtpOptions, timings: SmtpTimings): SMTPPoolOptions & { pool: true } {
  const hasLogin = options.user !== undefined && options.password !== undefined;
  return {
    pool: true,
    host: options.host,
    port: options.port,
    secure: options.tls === 'implicit',
    requireTLS: options.tls === 'starttls',
    ignoreTLS: options.tls === 'none',
    ...(hasLogin
      ? { auth: { user: options.user ?? '', pass: options.password ?? '' }, forceAuth: true }
      : {}),
    ...(options.token === undefined
      ? {}
      : { auth: { type: 'OAuth2', user: options.user ?? '' }, forceAuth: true }),
    ...(options.ca === undefined ? {} : { tls: { ca: options.ca } }),
    maxConnections: options.maxConnections ?? 4,
    // One more try where a pooled connection turns out to be dead before anything was sent.
    maxRequeues: 1,
    idleTimeout: IDLE_MS,
    connectionTimeout: timings.connectMs,
    dnsTimeout: timings.connectMs,
    greetingTimeout: timings.greetingMs,
    socketTimeout: timings.silenceMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  };
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
