/** Which folders a configuration wants to have watched. */

import type { WatchedFolder } from '../app/ports/store.ts';
import { startFromOf } from '../config/policy.ts';
import type { Config } from '../config/schema.ts';

/** `key` changes with anything that makes another connection necessary. */
export type FolderToWatch = WatchedFolder & { readonly key: string };

export function foldersToWatch(config: Config): FolderToWatch[] {
  return Object.entries(config.inboxes).flatMap(([inboxId, inbox]) => {
    const startFrom = startFromOf(config, inbox);
    const folder = (name: string, role: 'inbox' | 'sent'): FolderToWatch => ({
      inboxId,
      folder: name,
      role,
      startFrom,
      key: JSON.stringify([inboxId, name, role, inbox.imap]),
    });
    return [folder(inbox.folders.inbox, 'inbox'), ...inbox.folders.sent.map((name) => folder(name, 'sent'))];
  });
}
