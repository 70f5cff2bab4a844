/**
 * MailboxReader on imapflow: one fresh client per open, EXAMINE and PEEK only.
 *
 * Promises: a session that died says so instead of looking empty (imapflow 2.1 answers [] when it is dead), a
 * silent peer is noticed within a minute, and no error event is ever left without a listener (it would end the
 * process).
 */
import { ImapFlow, type ImapFlowOptions } from 'imapflow';
import { Failure } from '../../app/failures.ts';
import type { TokenSource } from '../../app/ports/access-tokens.ts';
import type { MailboxReader, MailboxSession } from '../../app/ports/mailbox-reader.ts';
import { imapSession } from './session.ts';
import { type Login, noSuchFolder, type Place, serverText, toFailure } from './translate.ts';

export type ImapTimings = {
  /** DNS, TCP and TLS together, and again as long for the greeting. */
  readonly connectMs: number;
  /** Silence within a command. */
  readonly commandMs: number;
  /** IDLE is broken this often to prove that somebody is still there. */
  readonly idleSliceMs: number;
  /** How long that proof may take; with idleSliceMs it must stay under a minute. */
  readonly proofMs: number;
  readonly logoutMs: number;
  /** While mail flows, a server nearby is asked for more so often; it takes 2 % of a core on both sides together. */
  readonly askEveryMs: number;
  /** How long after the last mail it is said to flow. */
  readonly flowsForMs: number;
  /** Whoever answers as quickly stands nearby, and is no service on the Internet that counts what it is asked. */
  readonly nearbyMs: number;
};

export type ImapLogEvent = {
  readonly event: 'imap-connected' | 'imap-closed' | 'imap-warning';
  readonly host: string;
  readonly user: string;
  readonly folder: string;
  readonly detail: string;
};

export type ImapOptions = {
  readonly host: string;
  readonly port: number;
  /** `none` never encrypts, not even when offered: for loopback only. */
  readonly tls: 'implicit' | 'starttls' | 'none';
  readonly user: string;
  readonly password?: string | undefined;
  /** Gives what logs in where no password does. */
  readonly token?: TokenSource;
  /** PEM of a private certificate authority, where the server's certificate comes from one. */
  readonly ca?: string;
  readonly log?: (event: ImapLogEvent) => void;
  readonly timings?: Partial<ImapTimings>;
};

export const IMAP_TIMINGS: ImapTimings = {
  connectMs: 12_000,
  commandMs: 30_000,
  idleSliceMs: 25_000,
  proofMs: 10_000,
  logoutMs: 2_000,
  askEveryMs: 75,
  flowsForMs: 60_000,
  nearbyMs: 10,
};
/** Above any mail that is taken in whole: a literal beyond it ends the session instead of filling memory. */
const LITERAL_MAX = 128 * 1024 * 1024;
/** Some servers drop an IDLE after five minutes without a word. */
const IDLE_MAX_MS = 240_000;

/** Reads mailboxes of one account. Errors are those of the port; see translate.ts for their codes. */
export function imapMailboxReader(options: ImapOptions): MailboxReader {
  const timings = { ...IMAP_TIMINGS, ...options.timings };
  return { open: (folder, signal) => openSession(options, timings, folder, signal) };
}

/** A token that should be good and is refused may have been revoked for another: one is fetched once, and tried. */
async function openSession(options: ImapOptions, timings: ImapTimings, folder: string, signal: AbortSignal) {
  const { token, password = '' } = options;
  if (token === undefined)
    return connectAs({ secret: password, until: null }, options, timings, folder, signal);
  const first = await token();
  try {
    return await connectAs({ secret: first.value, until: first.until }, options, timings, folder, signal);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'imap-login-refused' || signal.aborted) throw error;
    const second = await token(first.value);
    if (second.value === first.value) throw error;
    return connectAs({ secret: second.value, until: second.until }, options, timings, folder, signal);
  }
}

async function connectAs(
  login: Login,
  options: ImapOptions,
  timings: ImapTimings,
  folder: string,
  signal: AbortSignal,
): Promise<MailboxSession> {
  const { host, port, user } = options;
  const place: Place = { host, port, user, ...login, folder };
  const tell = (event: ImapLogEvent['event'], detail: string) =>
    options.log?.({ event, host: options.host, user: options.user, folder, detail });
  const heard = new Heard((error) => tell('imap-warning', serverText(error, place)));
  const client = new ImapFlow(clientOptions(options, login, timings, heard));
  client.on('error', (error: unknown) => heard.warn({ err: error }));
  const stop = () => client.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (signal.aborted) throw aborted(place);
    await client.connect();
    await openFolder(client, place);
    // A session that ended within the last step must not be handed out as if it were open.
    if (!client.usable || client.mailbox === false) throw new Error('closed while the folder was opened');
    tell('imap-connected', `UIDVALIDITY ${client.mailbox.uidValidity}`);
    client.once('close', () => tell('imap-closed', client.byeReason ?? 'connection closed'));
    return imapSession(client, place, timings, heard);
  } catch (error) {
    client.close();
    throw signal.aborted ? aborted(place) : toFailure(heard.best(error), place, 'connecting');
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Holding imapflow's lock keeps a quiet session alive while its user is busy elsewhere, such as in the database. */
async function openFolder(client: ImapFlow, place: Place): Promise<void> {
  try {
    await client.getMailboxLock(place.folder, { readOnly: true });
  } catch (error) {
    const status = (error as { responseStatus?: unknown }).responseStatus;
    if (status !== 'NO' && status !== 'BAD') throw error;
    const existing = (await client.list())
      .filter((entry) => !entry.flags.has('\\Noselect'))
      .map((entry) => entry.path);
    const asInbox = place.folder.toUpperCase() === 'INBOX';
    if (!asInbox && !existing.includes(place.folder)) throw noSuchFolder(place, existing);
    throw error;
  }
}

export function clientOptions(
  options: ImapOptions,
  { secret, until }: Login,
  timings: ImapTimings,
  heard: Heard,
): ImapFlowOptions {
  return {
    host: options.host,
    port: options.port,
    secure: options.tls === 'implicit',
    ...(options.tls === 'implicit' ? {} : { doSTARTTLS: options.tls === 'starttls' }),
    ...(options.ca === undefined ? {} : { tls: { ca: options.ca } }),
    auth: { user: options.user, ...(until === null ? { pass: secret } : { accessToken: secret }) },
    clientInfo: { name: 'baton' },
    logger: heard,
    connectionTimeout: timings.connectMs,
    greetingTimeout: timings.connectMs,
    socketTimeout: timings.commandMs,
    maxIdleTime: IDLE_MAX_MS,
    disableAutoIdle: true,
    // A compressed stream could unpack to far more than was sent.
    disableCompression: true,
    maxLiteralSize: LITERAL_MAX,
    maxResponseSize: 2 * LITERAL_MAX,
    maxLockHoldTime: false,
  };
}

const aborted = (place: Place) =>
  new Failure('temporary', 'imap-aborted', `Connecting to ${place.host}:${place.port} was called off.`);

/**
 * Stands in for imapflow's logger: keeps nothing but the last error, since some commands answer `false` and leave
 * the server's reason to the log. Lines of the dialogue (debug, trace) are never kept: they hold mail.
 */
export class Heard {
  private last: unknown = null;
  private readonly tell: (error: unknown) => void;

  constructor(tell: (error: unknown) => void) {
    this.tell = tell;
  }

  forget(): void {
    this.last = null;
  }

  /** The more telling one of what was thrown and what was logged just before: a pause that was asked for above all. */
  best(thrown: unknown): unknown {
    if (isThrottle(this.last)) return this.last;
    const code = (thrown as { code?: unknown } | null)?.code;
    const isEcho = thrown === null || code === 'NoConnection' || code === 'EConnectionClosed';
    return isEcho && this.last !== null ? this.last : thrown;
  }

  warn(entry: unknown): void {
    const error = (entry as { err?: unknown } | null)?.err;
    if (error === undefined || error === null) return;
    // A server may end the connection after it has asked for a pause.
    if (!isThrottle(this.last)) this.last = error;
    this.tell(error);
  }

  error(entry: unknown): void {
    this.warn(entry);
  }

  trace(): void {}
  debug(): void {}
  info(): void {}
}

const isThrottle = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'ETHROTTLE';
