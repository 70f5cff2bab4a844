/** Rings for every row that nobody looked at: what makes a lost doorbell cost a delay and nothing else. */
import type { Deps } from './deps.ts';

export type SweepDeps = Pick<Deps, 'store' | 'queue' | 'limits' | 'log'>;

const PER_BELL_MAX = 500;

/** Answers how many rows were rung for. */
export async function sweepStale(deps: SweepDeps): Promise<number> {
  const stale = await deps.store.findUnrung(deps.limits.sweepPatience, PER_BELL_MAX);
  let rung = 0;
  for (const [bell, ids] of stale) {
    if (ids.length === 0) continue;
    deps.log.info({ step: 'sweep', bell, rows: ids.length }, 'ringing for rows that nobody looked at');
    await deps.queue.ring(bell, ids);
    rung += ids.length;
  }
  return rung;
}
