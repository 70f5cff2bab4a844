/** The poller: watches every folder of every inbox, and begins anew where the configuration changes. */
import { randomUUID } from 'node:crypto';
import { type WatchState, watchMailbox } from '../src/app/watch-mailbox.ts';
import { type FolderToWatch, foldersToWatch } from '../src/runtime/folders.ts';
import type { Services } from '../src/runtime/services.ts';
import { type Turns, turns } from '../src/runtime/turns.ts';

export type OnWatchState = (folder: FolderToWatch, state: WatchState) => void;

/**
 * How many connections to one server are being made at once. Five hundred at the same time leave each too little of
 * the processor to be answered before its time is up, and all of them begin again; a server that answers nobody holds
 * up only those that want it.
 */
const CONNECTING_MAX = 10;

/** Runs until aborted. */
export async function runPoller(
  services: Services,
  signal: AbortSignal,
  onState: OnWatchState,
): Promise<void> {
  const connecting = turns(CONNECTING_MAX);
  const running = new Map<string, { readonly stop: AbortController; readonly ended: Promise<void> }>();
  const adjust = () => {
    const wanted = new Map(foldersToWatch(services.settings.config).map((folder) => [folder.key, folder]));
    for (const [key, { stop }] of running) {
      if (wanted.has(key)) continue;
      stop.abort();
      running.delete(key);
    }
    for (const [key, folder] of wanted) {
      if (running.has(key)) continue;
      const stop = new AbortController();
      running.set(key, {
        stop,
        ended: watch(services, connecting, folder, AbortSignal.any([signal, stop.signal]), onState),
      });
    }
  };
  const forget = services.settings.onChange(adjust);
  adjust();
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  forget();
  await Promise.all([...running.values()].map(({ ended }) => ended));
}

function watch(
  services: Services,
  connecting: Turns,
  folder: FolderToWatch,
  signal: AbortSignal,
  onState: OnWatchState,
): Promise<void> {
  const { host, port } = services.settings.inbox(folder.inboxId).imap;
  const reader = services.readerOf(folder.inboxId);
  const deps = {
    ...services.deps,
    notes: services.notes,
    junk: folder.junk,
    reader: {
      open: (name: string, until: AbortSignal) =>
        connecting(`${host}:${port}`, until, () => reader.open(name, until)),
    },
    holder: randomUUID(),
    // Not by its key, which holds a password.
    pause: (ms: number, until: AbortSignal) =>
      services.pulse.pause(`poll ${folder.inboxId} ${folder.folder}`, ms, until),
    random: Math.random,
    onState: (state: WatchState) => {
      services.measures.watches(folder.inboxId, folder.folder, state.type === 'reading');
      onState(folder, state);
    },
  };
  return watchMailbox(deps, folder, signal);
}
