/**
 * Keeps one folder watched for ever, by one poller at a time: take the watch over it, connect, take in what is new,
 * wait for news, and at each loss of the connection begin again with a fresh one after a growing, jittered pause. A
 * refused login is tried again too, more slowly: a person may be mending it, and hammering a server locks accounts.
 *
 * The watch is a lease that is prolonged on a beat of its own. Who loses it gives up at once, and what it may still
 * write is refused by its fence. Who cannot read the mailbox gives it back: another host's poller may be able to.
 */
import { type Duration, type Instant, MILLISECOND, MINUTE, SECOND } from '../domain/instant.ts';
import type { Deps } from './deps.ts';
import { Doubt } from './doubtful-mail.ts';
import { Failure } from './failures.ts';
import { ingestMailbox } from './ingest-mailbox.ts';
import type { MailboxReader, MailboxSession } from './ports/mailbox-reader.ts';
import type { Mailbox, WatchedFolder } from './ports/store.ts';
import { type ReconcileDeps, reconcileMailbox } from './reconcile-mailbox.ts';

export type WatchDeps = ReconcileDeps & {
  readonly reader: MailboxReader;
  readonly clock: Deps['clock'];
  /** The name of the spam folder; null: whichever the server says it is. */
  readonly junk: string | null;
  /** Who holds the lease: another name for each folder and each process that watches it */
  readonly holder: string;
  /** Resolves after `ms`, or at once when aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  /** Told of each change: mail flows, or why it does not. */
  readonly onState: (state: WatchState) => void;
};

export type WatchState =
  | { readonly type: 'reading' }
  /** Another poller reads it; this one takes over when that one does not go on. */
  | { readonly type: 'standing-by' }
  | { readonly type: 'failing'; readonly code: string; readonly message: string };

/** With one missed beat and a connection to make, a second poller reads within 30 seconds of the first one's death. */
export const WATCH_LEASE: Duration = 20 * SECOND;
const BEAT_MS = 5_000;
/** The database did not answer so often in a row: by now another poller may have the watch. */
const MISSED_BEATS_MAX = 3;
/** How often somebody who stands by looks whether the watch was given back. */
const LOOK_AGAIN_MS = 5_000;
/** IDLE is a hint that some servers forget to give: the mailbox is asked once a minute all the same. */
const POLL_MS = 60_000;
const PAUSE_MIN_MS = 1_000;
const PAUSE_MAX_MS = 60_000;
/** A server that asks us to slow down counts each attempt as one more. */
const THROTTLED_PAUSE_MAX_MS = 300_000;
/** How often a mailbox is counted against its server, besides at each connection. */
export const RECONCILE_EVERY: Duration = 15 * MINUTE;
/** After a refusal that a person must mend. */
const REFUSED_PAUSE_MS = 300_000;
const TOKEN_PAUSE_MS = 15_000;
/** The login was good until now, so the end of it is no trouble: see access-tokens.ts. */
const TOKEN_ENDED = 'imap-token-ended';

export async function watchMailbox(
  deps: WatchDeps,
  wanted: WatchedFolder,
  signal: AbortSignal,
): Promise<void> {
  const folder = { ...wanted, startFrom: wanted.startFrom ?? beginningOf(deps.clock.now()) };
  const named = { step: 'poll', inbox: folder.inboxId, folder: folder.role };
  const doubt = new Doubt(() => deps.clock.now());
  const comparing = new Comparing(new Doubt(() => deps.clock.now()));
  let failures = 0;
  let isWell = false;
  while (!signal.aborted) {
    const { steps } = doubt;
    try {
      const lease = await deps.store.leaseMailbox(folder, deps.holder, WATCH_LEASE);
      if (lease.type === 'taken') {
        deps.onState({ type: 'standing-by' });
        await deps.pause(Math.min(LOOK_AGAIN_MS, Math.ceil(lease.freeIn / 1_000) + 1), signal);
        continue;
      }
      await watchWhileHeld(deps, folder, lease.mailbox, { doubt, comparing }, signal, () => {
        failures = 0;
        isWell = true;
      });
    } catch (error) {
      if (signal.aborted) return;
      const failure =
        error instanceof Failure ? error : new Failure('temporary', 'poll-failed', String(error));
      const { code, message } = failure;
      if (code === 'lease-lost') {
        deps.log.warn({ ...named, code }, 'another poller has taken over');
        continue;
      }
      if (code === TOKEN_ENDED && isWell) {
        deps.log.info({ ...named, code }, 'the token of the login has ended; connecting with another');
        isWell = false;
        continue;
      }
      // Finding the mail that is not given takes a few failures, and mail behind it waits.
      failures = doubt.steps > steps ? 1 : failures + 1;
      deps.onState({ type: 'failing', code, message });
      deps.log.warn({ ...named, code, failures, detail: message }, 'the mailbox cannot be read');
      await deps.pause(pauseMs(failure, failures, deps.random()), signal);
    }
  }
}

/**
 * Whoever starts Baton counts on it from then on: what comes until the database answers for the first time is no history.
 * Cut to the second, as INTERNALDATE is (RFC 3501 section 9, date-time).
 */
const beginningOf = (startedAt: Instant): Instant => startedAt - (startedAt % SECOND);

async function watchWhileHeld(
  deps: WatchDeps,
  folder: WatchedFolder,
  mailbox: Mailbox,
  known: Known,
  signal: AbortSignal,
  well: () => void,
): Promise<void> {
  const over = new AbortController();
  const lost = new AbortController();
  const prolonging = keepProlonging(deps, folder, mailbox, over.signal, lost);
  try {
    await watchOnce(deps, folder, mailbox, known, { stopped: signal, lost: lost.signal }, well);
  } catch (error) {
    // What the session says when it is closed under its user is only the consequence.
    const cause = lost.signal.aborted ? lost.signal.reason : error;
    if (!signal.aborted && !isLost(cause) && !isCode(cause, TOKEN_ENDED))
      await noteTrouble(deps, mailbox, cause);
    throw cause;
  } finally {
    over.abort();
    await prolonging;
    await deps.store.releaseMailbox(mailbox).catch((error: unknown) => {
      deps.log.warn(
        { step: 'poll', inbox: folder.inboxId, folder: folder.role, error: String(error) },
        'the watch was not given back; it ends by itself',
      );
    });
  }
}

/** So that status, health check and alarm know at once, and why. Where the database is what fails, they see that themselves. */
async function noteTrouble(deps: WatchDeps, mailbox: Mailbox, cause: unknown): Promise<void> {
  const code = cause instanceof Failure ? cause.code : 'poll-failed';
  await deps.notes.noteTrouble(mailbox, code).catch(() => {});
}

/** What outlives a connection. */
type Known = { readonly doubt: Doubt; readonly comparing: Comparing };

/**
 * When to count a mailbox against its server: at each connection and every quarter of an hour. A comparison that failed
 * waits its turn even so, or a server that cannot bear the question would be asked it in place of new mail; but not where
 * the failure leads on to the one mail that is not given.
 */
class Comparing {
  readonly #doubt: Doubt;
  #next: Instant = Number.NEGATIVE_INFINITY;
  #hasFailed = false;

  constructor(doubt: Doubt) {
    this.#doubt = doubt;
  }

  connected(): void {
    if (!this.#hasFailed) this.#next = Number.NEGATIVE_INFINITY;
  }

  /** A clock that was set back must not put it off. */
  isDue(now: Instant): boolean {
    return now >= this.#next || now < this.#next - RECONCILE_EVERY;
  }

  async run(now: Instant, compare: (doubt: Doubt) => Promise<void>): Promise<void> {
    const { steps } = this.#doubt;
    this.#next = now + RECONCILE_EVERY;
    this.#hasFailed = true;
    try {
      await compare(this.#doubt);
      this.#hasFailed = false;
    } catch (error) {
      this.#hasFailed = this.#doubt.steps === steps;
      throw error;
    }
  }
}

type Ends = { readonly stopped: AbortSignal; readonly lost: AbortSignal };

async function watchOnce(
  deps: WatchDeps,
  folder: WatchedFolder,
  first: Mailbox,
  { doubt, comparing }: Known,
  { stopped, lost }: Ends,
  well: () => void,
): Promise<void> {
  const ended = AbortSignal.any([stopped, lost]);
  const session = await deps.reader.open(folder.folder, ended);
  const closeAtOnce = () => void closeQuietly(session);
  lost.addEventListener('abort', closeAtOnce, { once: true });
  try {
    lost.throwIfAborted();
    comparing.connected();
    for (let mailbox = first; !ended.aborted; mailbox = await prolong(deps, folder, first)) {
      await ingestMailbox(deps, mailbox, session, ended, doubt);
      if (ended.aborted) break;
      deps.onState({ type: 'reading' });
      well();
      const now = deps.clock.now();
      if (comparing.isDue(now)) {
        const read = await prolong(deps, folder, first);
        await comparing.run(now, (missing) =>
          reconcileMailbox(deps, read, session, deps.junk, ended, missing),
        );
      }
      await session.waitForNews(POLL_MS, ended);
    }
    lost.throwIfAborted();
  } finally {
    lost.removeEventListener('abort', closeAtOnce);
    await closeQuietly(session);
  }
}

const closeQuietly = (session: MailboxSession): Promise<void> => session.close().catch(() => {});

/** Beats until `over`; aborts `lost` when somebody else has the watch, or when that can no longer be told. */
async function keepProlonging(
  deps: WatchDeps,
  folder: WatchedFolder,
  mailbox: Mailbox,
  over: AbortSignal,
  lost: AbortController,
): Promise<void> {
  let missed = 0;
  for (;;) {
    await deps.pause(BEAT_MS, over);
    if (over.aborted) return;
    try {
      await prolong(deps, folder, mailbox);
      missed = 0;
    } catch (error) {
      missed += 1;
      if (isLost(error) || missed >= MISSED_BEATS_MAX) return lost.abort(error);
    }
  }
}

const isLost = (error: unknown): boolean => isCode(error, 'lease-lost');

const isCode = (error: unknown, code: string): boolean => error instanceof Failure && error.code === code;

/** The row as it stands, with its cursor. A lease that ran out and was taken and given back meanwhile is lost as well. */
async function prolong(deps: WatchDeps, folder: WatchedFolder, held: Mailbox): Promise<Mailbox> {
  const lease = await deps.store.leaseMailbox(folder, deps.holder, WATCH_LEASE);
  if (lease.type === 'held' && lease.mailbox.fence === held.fence) return lease.mailbox;
  throw new Failure('temporary', 'lease-lost', 'another poller watches this mailbox by now');
}

/** Exponential with full jitter: many pollers must not come back in step after an outage. */
function pauseMs(failure: Failure, failures: number, random: number): number {
  // Nobody outside is asked for a token meanwhile, and somebody may sign in at any moment.
  if (failure.code.startsWith('oauth-')) return TOKEN_PAUSE_MS + Math.floor(random * TOKEN_PAUSE_MS);
  if (failure.kind === 'permanent') return REFUSED_PAUSE_MS + Math.floor(random * PAUSE_MAX_MS);
  const most = failure.code === 'imap-throttled' ? THROTTLED_PAUSE_MAX_MS : PAUSE_MAX_MS;
  const ceiling = Math.min(most, PAUSE_MIN_MS * 2 ** Math.min(failures, 10));
  const growing = PAUSE_MIN_MS + Math.floor(random * (ceiling - PAUSE_MIN_MS));
  if (failure.pause === null) return growing;
  // What a server asks for is kept, with some on top, but no word of it stops the mail for hours.
  const asked = Math.min(THROTTLED_PAUSE_MAX_MS, Math.ceil(failure.pause / MILLISECOND));
  return Math.max(growing, asked + Math.floor(random * PAUSE_MAX_MS));
}
