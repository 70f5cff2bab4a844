/**
 * Begins to listen without waiting for a backend that is away: the library goes on trying. The log says when it came to
 * it after all, or whoever reads of the trouble would take the worker for deaf.
 */
import type { QueueLog } from './bull-queue.ts';
import { within } from './within.ts';

const WAIT_MS = 1_000;

export async function untilListening(
  worker: { waitUntilReady(): Promise<unknown> },
  bell: string,
  log: QueueLog,
  waitMs = WAIT_MS,
): Promise<void> {
  const ready = worker.waitUntilReady();
  await within(waitMs, () => ready).catch((error: Error) => {
    log('warn', 'not listening yet; goes on trying', { bell, error: error.message });
    void ready.then(
      () => log('info', 'listening by now', { bell }),
      () => {},
    );
  });
}
