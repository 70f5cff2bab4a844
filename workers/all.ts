/** Every worker, or the ones named, in one process. */
import type { Services } from '../src/runtime/services.ts';
import { startClassifier } from './classifier.ts';
import { runClock } from './clock.ts';
import { startMailer } from './mailer.ts';
import { type OnWatchState, runPoller } from './poller.ts';
import { startReplies } from './replies.ts';
import { startRouter } from './router.ts';

export const WorkerKinds = ['poller', 'classifier', 'router', 'replies', 'mailer', 'clock'] as const;
export type WorkerKind = (typeof WorkerKinds)[number];

/** Starts the workers; the answer resolves when those that run by themselves have ended after an abort. */
export async function startWorkers(
  services: Services,
  kinds: readonly WorkerKind[],
  signal: AbortSignal,
  onWatchState: OnWatchState,
): Promise<{ ended: Promise<unknown> }> {
  const wanted = new Set(kinds);
  if (wanted.has('classifier')) await startClassifier(services);
  if (wanted.has('router')) await startRouter(services);
  if (wanted.has('replies')) await startReplies(services);
  if (wanted.has('mailer')) await startMailer(services);
  const running: Promise<void>[] = [];
  if (wanted.has('clock')) running.push(runClock(services, signal));
  if (wanted.has('poller')) running.push(runPoller(services, signal, onWatchState));
  return { ended: Promise.all(running) };
}
