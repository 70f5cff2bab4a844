/**
 * Moves the clock from one thing that happens to the next, and lets the workers come to rest in between: what takes
 * the company a day takes the demo half a minute, and nothing in Baton knows the difference.
 */

import { deliverOutbox } from '../../app/deliver-outbox.ts';
import type { Deps } from '../../app/deps.ts';
import { escalateOverdue } from '../../app/escalate-overdue.ts';
import { watchParked } from '../../app/watch-parked.ts';
import type { Instant } from '../../domain/instant.ts';
import type { VirtualClock } from '../virtual-clock.ts';
import type { Agenda } from './agenda.ts';

export type DirectorOptions = {
  readonly deps: Deps;
  readonly clock: VirtualClock;
  readonly agenda: Agenda;
  readonly until: Instant;
  readonly untilAtRest: () => Promise<void>;
  /** Called at each rest. */
  readonly onRest: () => Promise<void>;
};

const STEPS_MAX = 2_000;

export async function playUntil(options: DirectorOptions): Promise<void> {
  const { deps, clock, agenda, until, untilAtRest, onRest } = options;
  for (let step = 0; step < STEPS_MAX; step += 1) {
    await untilAtRest();
    await onRest();
    const clockAt = await deps.store.nextDueAt();
    const next = Math.min(clockAt ?? Infinity, agenda.nextAt() ?? Infinity);
    if (next > until) {
      clock.moveTo(until);
      return;
    }
    clock.moveTo(next);
    if (clockAt !== null && clockAt <= clock.now()) await tick(deps);
    for (const run of agenda.takeDue(clock.now())) await run();
  }
  throw new Error(`the day did not end after ${STEPS_MAX} steps: some clock runs out without effect`);
}

/** What the clock worker does every few seconds, at just this instant; also sends again what could not be sent. */
async function tick(deps: Deps): Promise<void> {
  while ((await escalateOverdue(deps)) > 0);
  while ((await watchParked(deps)) > 0);
  while ((await deliverOutbox(deps)) > 0);
}
