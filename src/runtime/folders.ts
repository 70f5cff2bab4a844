/** Which folders a configuration wants to have watched. */

import type { WatchedFolder } from '../app/ports/store.ts';
import { startFromOf } from '../config/policy.ts';
import type { Config } from '../config/schema.ts';

/** `key` changes with anything that makes another connection necessary. */
export type FolderToWatch = WatchedFolder & { readonly key: string; readonly junk: string | null };

export function foldersToWatch(config: Config): FolderToWatch[] {
  return Object.entries(config.inboxes).flatMap(([inboxId, inbox]) => {
    const startFrom = startFromOf(config, inbox);
    const junk = inbox.folders.junk ?? null;
    const folder = (name: string, role: 'inbox' | 'sent'): FolderToWatch => ({
      inboxId,
      folder: name,
      role,
      startFrom,
      junk,
      key: JSON.stringify([inboxId, name, role, inbox.imap, junk]),
    });
    return [folder(inbox.folders.inbox, 'inbox'), ...inbox.folders.sent.map((name) => folder(name, 'sent'))];
  });
}
