/**
 * Says in words when a watched folder begins or ceases to be read, once per change; what fails for a whole login, once for
 * all of its folders.
 */
import type { OnWatchState } from '../../workers/poller.ts';
import type { WatchState } from '../app/watch-mailbox.ts';
import type { InboxId } from '../domain/ids.ts';
import type { Settings } from '../runtime/settings.ts';

type Known = {
  /** By folder: the last state or code. */
  readonly last: Map<string, string>;
  /** The code that was told for the login. */
  told: string | null;
};

const OF_LOGIN = /^(?:oauth-.*|imap-(?:login-refused|tls-failed|unreachable))$/;

export function mailboxReports(
  settings: Pick<Settings, 'config'>,
  say: (line: string) => void,
): OnWatchState {
  const inboxes = new Map<InboxId, Known>();
  return ({ inboxId, folder }, state) => {
    const known = inboxes.get(inboxId) ?? { last: new Map(), told: null };
    inboxes.set(inboxId, known);
    const now = state.type === 'failing' ? state.code : state.type;
    if (known.last.get(folder) === now) return;
    known.last.set(folder, now);
    const address = settings.config.inboxes[inboxId]?.address ?? inboxId;
    // A connection may break off while those of the other folders go on.
    const isWhole = OF_LOGIN.test(now) && ![...known.last.values()].includes('reading');
    if (isWhole && known.told === now) return;
    known.told = isWhole ? now : null;
    say(`${isWhole ? address : `${address} (${folder})`}: ${wordsOf(state)}`);
  };
}

function wordsOf(state: WatchState): string {
  if (state.type === 'reading') return 'mail is read.';
  if (state.type === 'standing-by') return 'another poller reads it; this one stands by.';
  return `mail is NOT read. ${state.message}`;
}
