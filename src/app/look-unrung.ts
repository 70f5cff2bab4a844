/**
 * Work without bells: each worker looks now and then for rows of its own that nobody has begun on for long. That is
 * how work goes on while the queue rings and is not heard, which nobody can tell; while it is known to be away, nothing
 * is gained by waiting for its bells.
 */
import type { Deps } from './deps.ts';
import type { Bell } from './ports/queue.ts';

export type LookDeps = Pick<Deps, 'store' | 'limits' | 'log'>;

/** As many as one bell carries. */
const LOOK_MAX = 100;

/** Answers how many rows were looked at. `isAway`: no bell can come just now. */
export async function lookUnrung(
  deps: LookDeps,
  bell: Bell,
  look: (ids: readonly number[]) => Promise<void>,
  isAway = false,
): Promise<number> {
  const { patrolPatience, awayPatience } = deps.limits;
  const patience = isAway ? awayPatience : patrolPatience;
  const ids = (await deps.store.findUnrung(patience, LOOK_MAX, patrolPatience)).get(bell) ?? [];
  if (ids.length === 0) return 0;
  deps.log.info({ step: 'patrol', bell, rows: ids.length }, 'looking at rows that no bell has led to');
  await look(ids);
  return ids.length;
}
