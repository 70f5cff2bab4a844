/** The clock: each tick it lets time pass for what is due, and rings for what nobody looked at. */
import { escalateOverdue } from '../src/app/escalate-overdue.ts';
import { forgetter } from '../src/app/forget-old.ts';
import { keepTime } from '../src/app/keep-time.ts';
import { letTimePass, type Part } from '../src/app/let-time-pass.ts';
import { looksOn } from '../src/app/look-on.ts';
import { releaseAbsentMembers } from '../src/app/release-absent-members.ts';
import { releaseFormerMembers } from '../src/app/release-former-members.ts';
import { standingMails } from '../src/app/send-digests.ts';
import { sweepStale } from '../src/app/sweep-stale.ts';
import { watchParked } from '../src/app/watch-parked.ts';
import { fromMs, toMs } from '../src/domain/instant.ts';
import { timed } from '../src/runtime/measured.ts';
import type { Services } from '../src/runtime/services.ts';

/** After a long downtime very much is due at once. */
const TURN_MS = 3_600_000;

const parts: readonly Part[] = [
  ['release', releaseFormerMembers],
  ['absences', releaseAbsentMembers],
  ['escalate', escalateOverdue, 'batches'],
  ['parked', watchParked, 'batches'],
  ['sweep', sweepStale],
];

/** Runs until aborted. */
export async function runClock(
  { deps, ticks, retention, board, settings, pulse, measures, shadowTimes }: Services,
  signal: AbortSignal,
): Promise<void> {
  const forget = forgetter({
    retention,
    sessions: board.sessions,
    clock: deps.clock,
    keep: () => settings.config.keep,
  });
  const all: readonly Part[] = [
    ...parts,
    ['standing', standingMails()],
    ['looks-on', looksOn(shadowTimes)],
    ['forget', forget],
  ];
  const time = {
    ticks,
    elapsed: () => fromMs(performance.now()),
    pause: (length: number, until: AbortSignal) => pulse.pause('clock', toMs(length), until, TURN_MS),
  };
  await keepTime(time, () => timed(measures, 'tick', () => letTimePass(deps, all, signal)), signal);
}
