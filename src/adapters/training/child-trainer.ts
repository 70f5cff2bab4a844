/**
 * The Trainer of production: each training is a child process of low priority, which may be killed at any time, with
 * bounds on its time and memory. A thread would do the same work beside the mail, but shares the heap's fate: one that
 * runs out of memory takes its process down. It reads files of this program alone, and knows no secrets and no database.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { Failure } from '../../app/failures.ts';
import type { Trainer, TrainingJob } from '../../app/ports/trainer.ts';
import type { Learned } from '../../domain/learning/learn.ts';
import { readUsage } from '../mime/process-usage.ts';
import type { FromTrainer, ToTrainer } from './training-messages.ts';

export type TrainerLimits = {
  /** From the first example to the answer. */
  readonly msMax: number;
  /** Resident memory of the child. */
  readonly residentBytesMax: number;
};

const DEFAULT_TRAINER_LIMITS: TrainerLimits = { msMax: 30 * 60_000, residentBytesMax: 2 * 1024 ** 3 };

const WATCH_MS = 1_000;
/** Large arrays lie outside of the heap that V8 bounds by itself; resident memory is watched as well. */
const EXEC_ARGV = [
  '--permission',
  '--allow-fs-read=*',
  '--allow-worker',
  '--no-warnings',
  '--max-old-space-size=1536',
];

export const childTrainer = (limits: Partial<TrainerLimits> = {}, program = ownProgram()): Trainer => ({
  train: (job) => trainInChild(job, { ...DEFAULT_TRAINER_LIMITS, ...limits }, program),
});

/** Beside this file, in the language that this file is in. */
const ownProgram = (): URL =>
  new URL(`./training-child${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url);

async function trainInChild(job: TrainingJob, limits: TrainerLimits, program: URL): Promise<Learned> {
  if (job.signal.aborted) throw stopped();
  const child = fork(program, [], {
    serialization: 'advanced',
    env: {},
    execArgv: EXEC_ARGV,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => child.pid === undefined && resolve());
  });
  const watch = watched(child, limits, job.signal);
  try {
    const answer = answerOf(child);
    // Told below, by whichever of the two is waited for.
    answer.catch(() => {});
    await Promise.race([feed(child, job), answer, watch.condemned]);
    return await Promise.race([answer, watch.condemned]);
  } finally {
    watch.end();
    child.kill('SIGKILL');
    await gone;
  }
}

function answerOf(child: ChildProcess): Promise<Learned> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: FromTrainer) => {
      if (message.type === 'learned') resolve(message.learned);
      else reject(failed(`it ended with ${message.why}`));
    });
    child.once('error', ({ message }) => reject(failed(message)));
    child.once('exit', (code, signal) => reject(failed(`its process ended (${signal ?? `code ${code}`})`)));
  });
}

const failed = (why: string): Failure =>
  new Failure('temporary', 'training-failed', `Nothing was learned: ${why}.`);

const stopped = (): Failure => new Failure('temporary', 'training-stopped', 'The training was stopped.');

/** As fast as the child takes them, so that they lie in one process at a time. */
async function feed(child: ChildProcess, job: TrainingJob): Promise<void> {
  if (child.pid !== undefined) lowerPriority(child.pid);
  let examples = 0;
  for await (const portion of job.examples) {
    await give(child, { type: 'examples', examples: portion });
    examples += portion.length;
    job.told({ step: 'reading', examples });
  }
  for await (const portion of job.heldBack) await give(child, { type: 'held-back', heldBack: portion });
  job.told({ step: 'learning', examples });
  const { present, seed, wrongAtMost } = job;
  await give(child, { type: 'learn', present, seed, wrongAtMost });
}

/** Mail goes first. */
function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already, which is told elsewhere.
  }
}

const give = (child: ChildProcess, message: ToTrainer): Promise<void> =>
  new Promise((resolve, reject) => {
    child.send(message, (error) => (error === null ? resolve() : reject(failed(error.message))));
  });

/** Rejects when it takes too long or too much, or is no longer wanted. */
function watched(
  child: ChildProcess,
  { msMax, residentBytesMax }: TrainerLimits,
  signal: AbortSignal,
): { readonly condemned: Promise<never>; end(): void } {
  let condemn: (failure: Failure) => void = () => {};
  const condemned = new Promise<never>((_, reject) => {
    condemn = reject;
  });
  condemned.catch(() => {});
  const stop = () => condemn(stopped());
  signal.addEventListener('abort', stop, { once: true });
  const tooLong = setTimeout(() => {
    const why = `It took more than ${Math.round(msMax / 60_000)} minutes.`;
    condemn(new Failure('temporary', 'training-too-long', why));
  }, msMax);
  const look = setInterval(async () => {
    const usage = child.pid === undefined ? null : await readUsage(child.pid);
    if (usage === null || usage.residentBytes <= residentBytesMax) return;
    const why = `It took more than ${Math.round(residentBytesMax / 1024 ** 2)} MB of memory.`;
    condemn(new Failure('temporary', 'training-too-large', why));
  }, WATCH_MS);
  return {
    condemned,
    end: () => {
      clearTimeout(tooLong);
      clearInterval(look);
      signal.removeEventListener('abort', stop);
    },
  };
}
