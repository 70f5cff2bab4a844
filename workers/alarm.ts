/**
 * The clock's other half: every few seconds it looks whether mail comes in and goes out, tells whoever looks after Baton
 * or the monitor outside, and has inboxes write to themselves where that is wanted.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseWatch, lookForOutages } from '../src/app/alarm.ts';
import { sendCanaries } from '../src/app/canary.ts';
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
  let beatAt = Number.NEGATIVE_INFINITY;
  while (!signal.aborted) {
    const deps = alarmDeps(services);
    let isWell = false;
    try {
      isWell = await lookForOutages(deps);
      await tried(services, 'database', database.answered(deps));
    } catch (error) {
      await tried(services, 'look', Promise.reject(error));
      await tried(services, 'database', database.failed(deps));
    }
    if (isWell && performance.now() - beatAt >= BEAT_MS) {
      beatAt = performance.now();
      await tried(services, 'heartbeat', beat(services));
    }
    await pause(LOOK_MS, undefined, { signal }).catch(() => {});
  }
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
    await pause(LOOK_MS, undefined, { signal }).catch(() => {});
  }
}

/** So that a sign-in which was taken back is known within the hour, however quiet its mailbox is. */
async function keepTokens({ settings, tokens, deps: { log } }: Services, signal: AbortSignal): Promise<void> {
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
    await pause(LOOK_MS, undefined, { signal }).catch(() => {});
  }
}

/** What fails is logged, and the next look comes all the same. */
const tried = ({ deps: { log } }: Services, part: string, work: Promise<unknown>): Promise<void> =>
  work.then(
    () => {},
    (error: unknown) => log.warn({ step: 'alarm', part, error: String(error) }, 'a part of a look failed'),
  );
