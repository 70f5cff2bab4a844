/** The clock: every few seconds it lets time pass for what is due, and rings for what nobody looked at. */
import { setTimeout as pause } from 'node:timers/promises';
import { escalateOverdue } from '../src/app/escalate-overdue.ts';
import { releaseFormerMembers } from '../src/app/release-former-members.ts';
import { sweepStale } from '../src/app/sweep-stale.ts';
import type { Services } from '../src/runtime/services.ts';

const TICK_MS = 5_000;

/** Runs until aborted; a tick that fails is logged and the next one comes all the same. */
export async function runClock({ deps }: Services, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await tick(deps);
    } catch (error) {
      deps.log.error({ step: 'clock', error: String(error) }, 'a tick failed');
    }
    await pause(TICK_MS, undefined, { signal }).catch(() => {});
  }
}

async function tick(deps: Services['deps']): Promise<void> {
  await releaseFormerMembers(deps);
  while ((await escalateOverdue(deps)) > 0);
  await sweepStale(deps);
}
