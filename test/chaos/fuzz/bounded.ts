/**
 * Runs inputs in a child process that is killed when it takes too long or too much memory: a reader that hangs hangs
 * there. What the child was on when it died is found by giving it the inputs one by one.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { readUsage } from '../../../src/adapters/mime/process-usage.ts';
import type { Batch, Covering, Fault } from './execute.ts';
import { allowedMs, type Target } from './target.ts';

export type Runner = {
  run(target: Target, inputs: readonly Buffer[], covering?: Covering): Promise<Batch>;
  close(): Promise<void>;
};

export type Asked = {
  readonly target: string;
  readonly inputs: readonly Uint8Array[];
  readonly covering: Covering;
};

const RESIDENT_BYTES_MAX = 700 * 1024 * 1024;
const WATCH_MS = 100;
/** Beside what the inputs may take together: the start, coverage, and measuring again. */
const SLACK_MS = 20_000;
const PROGRAM = new URL('./child.ts', import.meta.url);

export function boundedRunner(program: URL = PROGRAM, slackMs = SLACK_MS): Runner {
  let child: ChildProcess | null = null;
  const start = (): ChildProcess =>
    fork(program, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });

  async function ask(target: Target, inputs: readonly Buffer[], covering: Covering): Promise<Batch | Death> {
    child ??= start();
    const answer = await answerOf(child, target, inputs, covering, slackMs);
    if ('death' in answer) child = null;
    return answer;
  }

  async function run(target: Target, inputs: readonly Buffer[], covering: Covering = 'no'): Promise<Batch> {
    const together = await ask(target, inputs, covering);
    if (!('death' in together)) return together;
    if (inputs.length === 1) return died(target, together.death);
    const faults: Batch['faults'][number][] = [];
    for (const [at, input] of inputs.entries())
      for (const fault of (await run(target, [input])).faults) faults.push({ ...fault, at });
    return { faults, fresh: [], slowest: { ms: 0, bytes: 0 } };
  }

  return {
    run,
    async close() {
      const ended = child;
      child = null;
      if (ended === null || ended.exitCode !== null) return;
      const exited = new Promise((resolve) => ended.once('exit', resolve));
      ended.kill('SIGKILL');
      await exited;
    },
  };
}

type Death = { readonly death: string };

const died = ({ name }: Target, death: string): Batch => {
  const fault: Fault = { key: `${name}: ${death}`, why: `the process that read it ${death}` };
  return { faults: [{ ...fault, at: 0 }], fresh: [], slowest: { ms: 0, bytes: 0 } };
};

async function answerOf(
  child: ChildProcess,
  target: Target,
  inputs: readonly Buffer[],
  covering: Covering,
  slackMs: number,
): Promise<Batch | Death> {
  const pid = child.pid ?? 0;
  const begun = (await readUsage(pid))?.cpuMs ?? 0;
  const cpuMsMax = slackMs + inputs.reduce((sum, { length }) => sum + 2 * allowedMs(target, length), 0);
  let sentence: string | null = null;
  const watch = setInterval(async () => {
    const usage = await readUsage(pid);
    if (usage === null) return;
    if (usage.cpuMs - begun > cpuMsMax) sentence ??= 'did not come back and was stopped';
    if (usage.residentBytes > RESIDENT_BYTES_MAX) sentence ??= 'took too much memory and was stopped';
    if (sentence !== null) child.kill('SIGKILL');
  }, WATCH_MS);
  try {
    return await new Promise<Batch | Death>((resolve) => {
      child.once('message', (answer) => resolve(answer as Batch));
      child.once('exit', (code, signal) =>
        resolve({ death: sentence ?? `ended by itself (${signal ?? `exit ${code}`})` }),
      );
      const asked: Asked = { target: target.name, inputs, covering };
      child.send(asked, (error) => {
        if (error !== null) resolve({ death: sentence ?? 'could not be spoken to' });
      });
    });
  } finally {
    clearInterval(watch);
    child.removeAllListeners('message').removeAllListeners('exit');
  }
}
