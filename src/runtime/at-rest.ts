/**
 * Waits until the workers have nothing left to do: every mail that the server holds is taken in and settled, every
 * request routed, every notice that is due sent. Asks the database, so it holds for workers in any process.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type PendingWork, readPendingWork } from '../adapters/db/pending-work.ts';
import type { Pool } from '../adapters/db/pool.ts';
import type { TimeSource } from '../adapters/db/sql.ts';

export type RestOptions = {
  readonly pool: Pool;
  readonly time: TimeSource;
  /** The highest UID that the server holds for each watched folder, by `inbox/folder`; 0 for an empty one. */
  readonly highestUids: () => ReadonlyMap<string, number>;
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
};

const DEADLINE_MS = 30_000;
/** A step of the pipeline takes longer than this, so that asking costs less than what it waits for. */
const ASK_AGAIN_MS = 10;

/** @throws Error naming what is still in hand when the deadline passes, or the signal's reason. */
export async function untilAtRest(options: RestOptions): Promise<void> {
  const { pool, time, highestUids, deadlineMs = DEADLINE_MS, signal } = options;
  const giveUpAt = performance.now() + deadlineMs;
  for (;;) {
    signal?.throwIfAborted();
    // Read before the database is asked: mail that comes in between is then waited for the next time.
    const wanted = highestUids();
    const left = inHand(await readPendingWork(pool, time), wanted);
    if (left.length === 0) return;
    if (performance.now() > giveUpAt) {
      throw new Error(`still at work after ${deadlineMs / 1_000} s: ${left.join(', ')}`);
    }
    await pause(ASK_AGAIN_MS);
  }
}

function inHand(work: PendingWork, wanted: ReadonlyMap<string, number>): string[] {
  const behind = [...wanted].filter(([folder, uid]) => (work.cursors.get(folder) ?? -1) < uid);
  return [
    ...behind.map(([folder, uid]) => `${folder} read to ${work.cursors.get(folder) ?? 'nothing'} of ${uid}`),
    ...(work.messages > 0 ? [`${work.messages} mails unsettled`] : []),
    ...(work.unrouted > 0 ? [`${work.unrouted} requests unrouted`] : []),
    ...(work.notices > 0 ? [`${work.notices} notices unsent`] : []),
  ];
}
