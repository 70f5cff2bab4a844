/**
 * Keeps one folder watched for ever: connect, take in what is new, wait for news, and at each loss of the
 * connection begin again with a fresh one after a growing, jittered pause. A refused login is tried again too, more
 * slowly: a person may be mending it, and hammering a server locks accounts.
 */
import { Failure } from './failures.ts';
import { type IngestDeps, ingestMailbox } from './ingest-mailbox.ts';
import type { MailboxReader } from './ports/mailbox-reader.ts';
import type { WatchedFolder } from './ports/store.ts';

export type WatchDeps = IngestDeps & {
  readonly reader: MailboxReader;
  /** Resolves after `ms`, or at once when aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A number from 0 up to 1. */
  readonly random: () => number;
  /** Told of each change: mail flows, or why it does not. */
  readonly onState: (state: WatchState) => void;
};

export type WatchState =
  | { readonly connected: true }
  | { readonly connected: false; readonly code: string; readonly message: string };

/** IDLE is a hint that some servers forget to give: the mailbox is asked once a minute all the same. */
const POLL_MS = 60_000;
const PAUSE_MIN_MS = 1_000;
const PAUSE_MAX_MS = 60_000;
/** After a refusal that a person must mend. */
const REFUSED_PAUSE_MS = 300_000;

export async function watchMailbox(
  deps: WatchDeps,
  folder: WatchedFolder,
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      await watchOnce(deps, folder, signal, () => {
        failures = 0;
      });
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      const failure =
        error instanceof Failure ? error : new Failure('temporary', 'poll-failed', String(error));
      const { code, message } = failure;
      deps.onState({ connected: false, code, message });
      deps.log.warn(
        { step: 'poll', inbox: folder.inboxId, folder: folder.role, code, failures, detail: message },
        'the mailbox cannot be read',
      );
      await deps.pause(pauseMs(failure, failures, deps.random()), signal);
    }
  }
}

async function watchOnce(
  deps: WatchDeps,
  folder: WatchedFolder,
  signal: AbortSignal,
  well: () => void,
): Promise<void> {
  const session = await deps.reader.open(folder.folder, signal);
  try {
    while (!signal.aborted) {
      await ingestMailbox(deps, folder, session);
      deps.onState({ connected: true });
      well();
      await session.waitForNews(POLL_MS, signal);
    }
  } finally {
    await session.close();
  }
}

/** Exponential with full jitter: many pollers must not come back in step after an outage. */
function pauseMs(failure: Failure, failures: number, random: number): number {
  if (failure.kind === 'permanent') return REFUSED_PAUSE_MS;
  const ceiling = Math.min(PAUSE_MAX_MS, PAUSE_MIN_MS * 2 ** Math.min(failures, 10));
  return PAUSE_MIN_MS + Math.floor(random * (ceiling - PAUSE_MIN_MS));
}
