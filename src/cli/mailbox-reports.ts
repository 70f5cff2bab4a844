/** Says in words when a watched folder begins or ceases to be read, once per change. */

import type { OnWatchState } from '../../workers/poller.ts';
import type { WatchState } from '../app/watch-mailbox.ts';
import type { Settings } from '../runtime/settings.ts';

export function mailboxReports(settings: Settings, say: (line: string) => void): OnWatchState {
  const last = new Map<string, string>();
  return (folder, state) => {
    const now = state.connected ? 'connected' : state.code;
    const key = `${folder.inboxId}/${folder.folder}`;
    if (last.get(key) === now) return;
    last.set(key, now);
    const inbox = settings.config.inboxes[folder.inboxId];
    const name = `${inbox?.address ?? folder.inboxId} (${folder.folder})`;
    say(`${name}: ${wordsOf(state)}`);
  };
}

function wordsOf(state: WatchState): string {
  if (state.connected) return 'mail is read.';
  return state.code === 'standing-by' ? state.message : `mail is NOT read. ${state.message}`;
}
