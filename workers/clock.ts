/** The clock: every few seconds it lets time pass for what is due, and rings for what nobody looked at. */
import { setTimeout as pause } from 'node:timers/promises';
import { escalateOverdue } from '../src/app/escalate-overdue.ts';
import { forgetter } from '../src/app/forget-old.ts';
import { releaseAbsentMembers } from '../src/app/release-absent-members.ts';
import { releaseFormerMembers } from '../src/app/release-former-members.ts';
import { standingMails } from '../src/app/send-digests.ts';
import { sweepStale } from '../src/app/sweep-stale.ts';
import { watchParked } from '../src/app/watch-parked.ts';
import type { Services } from '../src/runtime/services.ts';

const TICK_MS = 5_000;

const parts: readonly [string, (deps: Services['deps']) => Promise<unknown>][] = [
  ['release', releaseFormerMembers],
  ['absences', releaseAbsentMembers],
  [
    'escalate',
    async (deps) => {
      while ((await escalateOverdue(deps)) > 0);
    },
  ],
  [
    'parked',
    async (deps) => {
      while ((await watchParked(deps)) > 0);
    },
  ],
  ['sweep', sweepStale],
];

/** Runs until aborted; a tick that fails is logged and the next one comes all the same. */
export async function runClock({ deps, retention, settings }: Services, signal: AbortSignal): Promise<void> {
  const standing = standingMails();
  const forget = forgetter({ retention, clock: deps.clock, keep: () => settings.config.keep });
  while (!signal.aborted) {
    // One that fails stops neither of the others.
    for (const [part, run] of [...parts, ['standing', standing] as const, ['forget', forget] as const]) {
      await run(deps).catch((error: unknown) =>
        deps.log.error({ step: 'clock', part, error: String(error) }, 'a part of a tick failed'),
      );
    }
    await pause(TICK_MS, undefined, { signal }).catch(() => {});
  }
}
