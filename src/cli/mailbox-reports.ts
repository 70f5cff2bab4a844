/** Says in words when a watched folder begins or ceases to be read, once per change. */

import type { OnWatchState } from '../../workers/poller.ts';
import type { WatchState } from '../app/watch-mailbox.ts';
import type { Settings } from '../runtime/settings.ts';

export function mailboxReports(settings: Settings, say: (line: string) => void): OnWatchState {
  const last = new Map<string, string>();
  return (folder, state) => {
    const now = state.type === 'failing' ? state.code : state.type;
    const key = `${folder.inboxId}/${folder.folder}`;
    if (last.get(key) === now) return;
    last.set(key, now);
    const inbox = settings.config.inboxes[folder.inboxId];
    const name = `${inbox?.address ?? folder.inboxId} (${folder.folder})`;
    say(`${name}: ${wordsOf(state)}`);
  };
}

function wordsOf(state: WatchState): string {
  if (state.type === 'reading') return 'mail is read.';
  if (state.type === 'standing-by') return 'another poller reads it; this one stands by.';
  return `mail is NOT read. ${state.message}`;
}
