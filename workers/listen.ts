/** What the four workers that bells call have in common: they listen, and look by themselves where no bell leads. */
import { lookUnrung } from '../src/app/look-unrung.ts';
import type { Bell } from '../src/app/ports/queue.ts';
import { timed } from '../src/runtime/measured.ts';
import type { Services } from '../src/runtime/services.ts';

const PATROL_MS = 5_000;
/** The same while no bell can come. */
const AWAY_MS = 1_000;

/** Listens from now on; what it answers resolves after an abort, when nothing is in hand any more. */
export async function listen(
  services: Services,
  bell: Bell,
  signal: AbortSignal,
  answer: (ids: readonly number[]) => Promise<void>,
): Promise<{ ended: Promise<void> }> {
  const look = (ids: readonly number[]) => timed(services.measures, bell, () => answer(ids));
  await services.deps.queue.listen(bell, look);
  return { ended: patrol(services, bell, signal, look) };
}

async function patrol(
  { deps, pulse }: Services,
  bell: Bell,
  signal: AbortSignal,
  look: (ids: readonly number[]) => Promise<void>,
): Promise<void> {
  let isAway = false;
  for (;;) {
    await pulse.pause(`patrol ${bell}`, isAway ? AWAY_MS : PATROL_MS, signal);
    try {
      isAway = await deps.queue.isAway();
      while (!signal.aborted && (await lookUnrung(deps, bell, look, isAway)) > 0);
    } catch (error) {
      deps.log.warn({ step: 'patrol', bell, error: String(error) }, 'a round failed; the next one follows');
    }
    if (signal.aborted) return;
  }
}
