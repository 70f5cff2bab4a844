/**
 * Forgets what was kept long enough, and packs what nobody waits for. A slow walk over all rows, a few thousand a
 * minute, which begins anew when it has come to the end: it needs no index of its own, and no mail waits for it.
 */
import { type Instant, MINUTE } from '../domain/instant.ts';
import type { Clock } from './ports/clock.ts';
import type { Sessions } from './ports/door.ts';
import type { Keep, Retention, Step } from './ports/retention.ts';

export type ForgetDeps = {
  readonly retention: Retention;
  readonly sessions: Pick<Sessions, 'forget'>;
  readonly clock: Clock;
  /** As it stands now. */
  readonly keep: () => Keep;
};

type Walk = { readonly step: (after: number) => Promise<Step>; at: number };

/** How long a round may stand still between two portions. */
const PAUSE = MINUTE;

/** Answers what a clock calls as often as it ticks: it does its portion once a minute, and says how much it changed. */
export function forgetter({ retention, sessions, clock, keep }: ForgetDeps): () => Promise<number> {
  const walks: readonly Walk[] = [
    { step: (after) => retention.forgetMessages(after, keep()), at: 0 },
    { step: (after) => retention.forgetNotices(after, keep()), at: 0 },
    { step: (after) => retention.forgetRequests(after, keep()), at: 0 },
    { step: (after) => retention.forgetExamples(after, keep()), at: 0 },
    { step: (after) => retention.packMessages(after), at: 0 },
    { step: (after) => retention.packNotices(after), at: 0 },
  ];
  let notBefore: Instant = Number.NEGATIVE_INFINITY;
  return async () => {
    const now = clock.now();
    if (now < notBefore) return 0;
    notBefore = now + PAUSE;
    await sessions.forget();
    let changed = 0;
    for (const walk of walks) {
      const { done, next } = await walk.step(walk.at);
      walk.at = next ?? 0;
      changed += done;
    }
    return changed;
  };
}
