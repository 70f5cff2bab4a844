/** What the four workers that bells call have in common: they listen, and look by themselves where no bell leads. */
import { setTimeout as pause } from 'node:timers/promises';
import { lookUnrung } from '../src/app/look-unrung.ts';
import type { Bell } from '../src/app/ports/queue.ts';
import type { Services } from '../src/runtime/services.ts';

const PATROL_MS = 5_000;

/** Listens from now on; what it answers resolves after an abort, when nothing is in hand any more. */
export async function listen(
  { deps }: Services,
  bell: Bell,
  signal: AbortSignal,
  look: (ids: readonly number[]) => Promise<void>,
): Promise<{ ended: Promise<void> }> {
  await deps.queue.listen(bell, look);
  return { ended: patrol(deps, bell, signal, look) };
}

async function patrol(
  deps: Services['deps'],
  bell: Bell,
  signal: AbortSignal,
  look: (ids: readonly number[]) => Promise<void>,
): Promise<void> {
  for (;;) {
    await pause(PATROL_MS, undefined, { signal }).catch(() => {});
    try {
      while (!signal.aborted && (await lookUnrung(deps, bell, look)) > 0);
    } catch (error) {
      deps.log.warn({ step: 'patrol', bell, error: String(error) }, 'a round failed; the next one follows');
    }
    if (signal.aborted) return;
  }
}
