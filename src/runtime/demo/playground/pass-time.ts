/**
 * Lets the demo's time go by faster than ours while everything runs: the clock is moved from one thing that is due to the
 * next, and whatever each brings comes to rest before the next. Nobody is asked late, and nobody twice, for the hurry.
 */
import { noteHeldWatch } from '../../../adapters/db/pending-work.ts';
import { deliverOutbox } from '../../../app/deliver-outbox.ts';
import { escalateOverdue } from '../../../app/escalate-overdue.ts';
import { letTimePass, type Part } from '../../../app/let-time-pass.ts';
import { releaseAbsentMembers } from '../../../app/release-absent-members.ts';
import { standingMails } from '../../../app/send-digests.ts';
import { watchParked } from '../../../app/watch-parked.ts';
import type { Instant } from '../../../domain/instant.ts';
import type { Policy } from '../../../domain/policy.ts';
import { nextStandingMailAt, StandingKinds } from '../../../domain/standing-mails.ts';
import { noteDemoTime } from '../../demo-time.ts';
import type { Stage } from '../stage.ts';

export type PassOptions = {
  readonly stage: Pick<Stage, 'services' | 'clock' | 'pool' | 'untilAtRest'>;
  readonly until: Instant;
  /** Called whenever everything has come to rest. */
  readonly onRest: () => Promise<void>;
  readonly signal: AbortSignal;
};

/** More than three days of a busy team need: beyond it, some clock runs out without effect. */
const STEPS_MAX = 500;

/** Answers when its time has come, and everything that was due before is done. */
export async function passTime({ stage, until, onRest, signal }: PassOptions): Promise<void> {
  const { services, clock } = stage;
  const { deps, settings } = services;
  const parts = partsOfTime();
  for (let step = 0; step < STEPS_MAX; step += 1) {
    await stage.untilAtRest(signal);
    await onRest();
    if (clock.now() >= until) {
      // Commands from another terminal read the same clock.
      await noteDemoTime(settings.config.data, clock);
      return;
    }
    const next = Math.min(
      (await deps.store.nextDueAt()) ?? Infinity,
      nextStandingMail(deps.policy(), clock.now()) ?? Infinity,
      until,
    );
    await moveTo(stage, next);
    await letTimePass(deps, parts, signal);
  }
  throw new Error(`time did not pass within ${STEPS_MAX} steps: some clock runs out without effect`);
}

/** What the clock worker does every few seconds, at just this instant; also sends again what could not be sent. */
const partsOfTime = (): readonly Part[] => [
  ['absences', releaseAbsentMembers],
  ['escalate', escalateOverdue, 'batches'],
  ['parked', watchParked, 'batches'],
  ['standing', standingMails()],
  ['deliver', deliverOutbox, 'batches'],
];

/** The pollers hold their watch all the while; told before and after, since one may look in between. */
async function moveTo({ pool, clock }: PassOptions['stage'], next: Instant): Promise<void> {
  await noteHeldWatch(pool, { now: () => Math.max(next, clock.now()) });
  clock.moveTo(next);
  await noteHeldWatch(pool, clock);
}

function nextStandingMail(policy: Policy, after: Instant): Instant | null {
  const all = [...policy.members.keys()].flatMap((member) =>
    StandingKinds.flatMap((kind) => nextStandingMailAt(policy, member, kind, after) ?? []),
  );
  return all.length === 0 ? null : Math.min(...all);
}
