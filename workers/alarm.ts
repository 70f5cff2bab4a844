/**
 * The clock's other half: every few seconds it looks whether mail comes in and goes out, tells whoever looks after Baton
 * or the monitor outside, and has inboxes write to themselves where that is wanted.
 */
import { DatabaseWatch, lookForOutages } from '../src/app/alarm.ts';
import { sendCanaries } from '../src/app/canary.ts';
import { Failure } from '../src/app/failures.ts';
import { alarmDeps, beat, canaryDeps } from '../src/runtime/alarm.ts';
import { inboxesWithTokens } from '../src/runtime/mail-login.ts';
import type { Services } from '../src/runtime/services.ts';

const LOOK_MS = 15_000;
const BEAT_MS = 60_000;

/** Runs until aborted. Side by side, since a server that hangs keeps a canary waiting and must not keep the alarm. */
export async function runAlarm(services: Services, signal: AbortSignal): Promise<void> {
  await Promise.all([lookOut(services, signal), writeToSelf(services, signal), keepTokens(services, signal)]);
}

async function lookOut(services: Services, signal: AbortSignal): Promise<void> {
  await untilTimeRuns(services, signal);
  const database = new DatabaseWatch();
  const isAway = tellOfDatabase(services);
  let beatAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    const deps = alarmDeps(services);
    let isWell = false;
    try {
      isWell = await lookForOutages(deps);
      isAway(false);
      await tried(services, 'database', database.answered(deps));
    } catch (error) {
      if (error instanceof Failure && error.code === 'db-connection') isAway(true);
      await tried(services, 'look', Promise.reject(error));
      await tried(services, 'database', database.failed(deps));
    }
    if (isWell && performance.now() - beatAt >= BEAT_MS) {
      beatAt = performance.now();
      await tried(services, 'heartbeat', beat(services));
    }
    await services.pulse.pause('alarm', LOOK_MS, signal);
  }
}

/** Here it is true, and at a start it is not: whoever runs goes on by themselves. */
function tellOfDatabase({ say }: Pick<Services, 'say'>): (isAway: boolean) => void {
  let was = false;
  return (isAway) => {
    if (isAway && !was)
      say('PostgreSQL does not answer. Nothing is lost, and Baton goes on by itself once it does.');
    if (!isAway && was) say('PostgreSQL answers again, and Baton goes on.');
    was = isAway;
  };
}

const untilTimeRuns = ({ timeRuns }: Services, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
    void timeRuns.then(resolve);
  });

async function writeToSelf(services: Services, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const deps = canaryDeps(services);
    if (deps !== null) await tried(services, 'canary', sendCanaries(deps));
    await services.pulse.pause('canary', LOOK_MS, signal);
  }
}

/** So that a sign-in which was taken back is known within the hour, however quiet its mailbox is. */
async function keepTokens(
  { settings, tokens, pulse, deps: { log } }: Services,
  signal: AbortSignal,
): Promise<void> {
  const told = new Map<string, string | null>();
  while (!signal.aborted) {
    for (const inbox of inboxesWithTokens(settings.config)) {
      const failed = await tokens.of(inbox).then(
        () => null,
        (error: unknown) => String(error),
      );
      const isNews = (told.get(inbox) ?? null) !== failed;
      if (isNews && failed !== null)
        log.error({ step: 'login', inbox, error: failed }, 'no token to log in with');
      if (isNews && failed === null)
        log.info({ step: 'login', inbox }, 'there is a token to log in with again');
      told.set(inbox, failed);
    }
    await pulse.pause('tokens', LOOK_MS, signal);
  }
}

/** What fails is logged, and the next look comes all the same. */
const tried = ({ deps: { log } }: Services, part: string, work: Promise<unknown>): Promise<void> =>
  work.then(
    () => {},
    (error: unknown) => log.warn({ step: 'alarm', part, error: String(error) }, 'a part of a look failed'),
  );
