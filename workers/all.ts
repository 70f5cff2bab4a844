/** Every worker, or the ones named, in one process. */
import type { Services } from '../src/runtime/services.ts';
import { runAlarm } from './alarm.ts';
import { startBoard } from './board.ts';
import { startClassifier } from './classifier.ts';
import { runClock } from './clock.ts';
import { runLearning } from './learning.ts';
import { startMailer } from './mailer.ts';
import { type OnWatchState, runPoller } from './poller.ts';
import { startReplies } from './replies.ts';
import { startRouter } from './router.ts';

/** What carries mail. */
export const MailWorkers = ['poller', 'classifier', 'router', 'replies', 'mailer', 'clock'] as const;
export const WorkerKinds = [...MailWorkers, 'board'] as const;
export type WorkerKind = (typeof WorkerKinds)[number];

/** Starts the workers; the answer resolves when those that run by themselves have ended after an abort. */
export async function startWorkers(
  services: Services,
  kinds: readonly WorkerKind[],
  signal: AbortSignal,
  onWatchState: OnWatchState,
): Promise<{ ended: Promise<unknown> }> {
  const begun: { ended: Promise<void> }[] = [];
  for (const kind of new Set(kinds)) begun.push(await START[kind](services, signal, onWatchState));
  return { ended: Promise.all(begun.map(({ ended }) => ended)) };
}

type Start = (
  services: Services,
  signal: AbortSignal,
  onWatchState: OnWatchState,
) => { ended: Promise<void> } | Promise<{ ended: Promise<void> }>;

const START: Readonly<Record<WorkerKind, Start>> = {
  classifier: startClassifier,
  router: startRouter,
  replies: startReplies,
  mailer: startMailer,
  clock: (services, signal) => ({
    ended: Promise.all([
      runClock(services, signal),
      runAlarm(services, signal),
      runLearning(services, signal),
    ]).then(() => {}),
  }),
  board: startBoard,
  poller: (services, signal, onWatchState) => ({ ended: runPoller(services, signal, onWatchState) }),
};
