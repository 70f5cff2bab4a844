/**
 * The workers, some of each kind, each a process, kept running as an init system does it: whoever ends is started again
 * after a second. Who ended without having been killed is on record, since nothing of what happens here may end one.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { FlowKind } from '../../../src/app/health.ts';
import { type Running, startBaton } from '../../support/processes.ts';
import type { Config } from './setting.ts';

/** As an operator with a spare of each would start them. */
const SHAPE: readonly FlowKind[] = [
  ...(['poller', 'poller', 'classifier', 'classifier', 'router', 'router'] as const),
  ...(['replies', 'replies', 'mailer', 'mailer', 'clock', 'clock'] as const),
];
const START_AGAIN_MS = 1_000;
/** Many start at once while much else goes on; what is measured is not this. */
const START_MS = 300_000;
const LOG_KEPT = 2_000;

export type Worker = { readonly kind: FlowKind; running: Running | null };

export type Crew = Awaited<ReturnType<typeof openCrew>>;

export type CrewReport = {
  readonly started: number;
  readonly killed: number;
  readonly replaced: number;
  /** What each said last that ended by itself. */
  readonly ended: readonly string[];
  /** Starts that came to nothing, as while the database was away. */
  readonly failedStarts: number;
};

export async function openCrew(config: Config, say: (line: string) => void) {
  const workers: Worker[] = SHAPE.map((kind) => ({ kind, running: null }));
  const expected = new Set<Running>();
  const logs: { readonly kind: FlowKind; readonly running: Running }[] = [];
  const ended: string[] = [];
  const keepers: Promise<void>[] = [];
  /** Kinds that are not started again. */
  const over = new Set<FlowKind>();
  let started = 0;
  let killed = 0;
  let replaced = 0;
  let failedStarts = 0;

  const begin = async (kind: FlowKind, env: Readonly<Record<string, string>> = {}): Promise<Running> => {
    const args = [kind, '--config', config.path, '--observe', '0'];
    const running = await startBaton(args, { ...config.env, ...env }, { deadlineMs: START_MS });
    logs.push({ kind, running });
    started += 1;
    return running;
  };

  /** For as long as the run lasts. */
  async function keep(worker: Worker): Promise<void> {
    while (!over.has(worker.kind)) {
      try {
        worker.running ??= await begin(worker.kind);
      } catch {
        failedStarts += 1;
        await pause(START_AGAIN_MS);
        continue;
      }
      const { running } = worker;
      // It came up when all was over.
      if (over.has(worker.kind)) await kill(running);
      const code = await running.ended;
      if (worker.running === running) worker.running = null;
      if (over.has(worker.kind)) return;
      if (!expected.has(running)) {
        ended.push(`${worker.kind} ended with ${code}: ${running.output().slice(-LOG_KEPT)}`);
        say(`a ${worker.kind} ended by itself, with ${code}`);
      }
      await pause(START_AGAIN_MS);
    }
  }

  async function kill(running: Running): Promise<void> {
    expected.add(running);
    killed += 1;
    await running.stop('SIGKILL');
  }

  try {
    // Two at a time: a dozen that start at once take minutes on a small machine.
    for (let at = 0; at < workers.length; at += 2) {
      await Promise.all(
        workers.slice(at, at + 2).map(async (worker) => {
          worker.running = await begin(worker.kind);
        }),
      );
    }
  } catch (error) {
    await Promise.all(logs.map(({ running }) => running.stop('SIGKILL')));
    throw error;
  }
  for (const worker of workers) keepers.push(keep(worker));

  return {
    workers,
    kill,
    begin,
    /** Those of a kind that run now. */
    of: (kind: FlowKind): Running[] =>
      workers.flatMap((worker) => (worker.kind === kind && worker.running !== null ? [worker.running] : [])),
    /** A new one is begun by the keeper, once the old one has finished what it has in hand. */
    async replace(running: Running): Promise<void> {
      expected.add(running);
      replaced += 1;
      const code = await running.stop('SIGTERM');
      if (code !== 0)
        ended.push(`it was asked to stop and ended with ${code}: ${running.output().slice(-LOG_KEPT)}`);
    },
    /** All workers of these kinds are asked to stop, and are not started again. */
    async stop(kinds: readonly FlowKind[] = SHAPE): Promise<void> {
      for (const kind of kinds) over.add(kind);
      await Promise.all(
        workers.map(async ({ kind, running }, at) => {
          if (!kinds.includes(kind)) return;
          if (running !== null) {
            expected.add(running);
            const code = await running.stop('SIGTERM');
            if (code !== 0)
              ended.push(
                `${kind} was asked to stop and ended with ${code}: ${running.output().slice(-LOG_KEPT)}`,
              );
          }
          await keepers[at];
        }),
      );
    },
    /** However the run ended. */
    async end(): Promise<void> {
      for (const kind of SHAPE) over.add(kind);
      await Promise.all(workers.map(({ running }) => running?.stop('SIGKILL')));
      await Promise.all(keepers);
    },
    /** All that they ever said. */
    logs: (): { readonly name: string; readonly text: string }[] =>
      logs.map(({ kind, running }) => ({ name: `${kind}-${running.pid}`, text: running.output() })),
    report: (): CrewReport => ({ started, killed, replaced, ended, failedStarts }),
  };
}

/** The processes that this one started, whose command line contains `words`. */
export function childrenOf(pid: number, words: string): number[] {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  return children.filter((child) => read(`/proc/${child}/cmdline`).includes(words));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
