/** Workers as an operator starts them: one process each, with their output, signals and ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { waitUntil } from './wait-until.ts';

/** BATON_PROGRAM: another build of it, such as the one that `npm run build` makes. */
const MAIN = process.env.BATON_PROGRAM ?? join(import.meta.dirname, '../../src/cli/main.ts');

/** Ten that start at once on two busy cores need far more than the usual patience. */
const START_MS = 180_000;

export type Running = {
  readonly pid: number;
  /** All of standard error so far. */
  output(): string;
  signal(name: NodeJS.Signals): void;
  /** Nobody reads what it writes any more, as when `| tee` is gone. */
  closeOutput(): void;
  /** Asks it to stop, or ends it hard, and answers its exit code; null: a signal ended it. */
  stop(name?: NodeJS.Signals): Promise<number | null>;
  /** Its exit code, whatever ended it; null: a signal did. */
  readonly ended: Promise<number | null>;
};

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** One command of Baton from start to end. */
export async function baton(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const { child, said } = launch(args, env);
  const code = await ended(child);
  return { code, stdout: said.stdout, stderr: said.stderr };
}

/** What a program is started through, such as `ip netns exec NAME`. */
export type Prefix = readonly string[];

export type StartOptions = {
  /** Of another Baton, such as an older one. */
  readonly program?: string | undefined;
  readonly within?: Prefix | undefined;
  /** How long it may take until it is up. */
  readonly deadlineMs?: number | undefined;
};

/** `baton start`, which is up when this resolves. */
export async function startBaton(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  { program = MAIN, within = [], deadlineMs = START_MS }: StartOptions = {},
): Promise<Running> {
  const { child, said } = launch(['start', ...args], env, program, within);
  const end = ended(child);
  let isOver = false;
  void end.then(() => {
    isOver = true;
  });
  try {
    await waitUntil(
      `baton start ${args[0]}`,
      () => {
        if (isOver) throw new Error('it ended');
        return said.stderr.includes('Baton runs:');
      },
      deadlineMs,
    );
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(`baton start ${args[0]} said: ${said.stderr}`, { cause: error });
  }
  return {
    pid: child.pid ?? -1,
    output: () => said.stderr,
    signal: (name) => void child.kill(name),
    closeOutput: () => {
      child.stdout?.destroy();
      child.stderr?.destroy();
    },
    ended: end,
    stop: (name = 'SIGTERM') => {
      child.kill(name);
      return end;
    },
  };
}

const alive = new Set<ChildProcess>();
/** A program that breaks off leaves no worker behind that looks for its servers for ever. */
process.on('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

function launch(args: readonly string[], env: NodeJS.ProcessEnv, program = MAIN, within: Prefix = []) {
  const [first = process.execPath, ...rest] = [...within, process.execPath, program, ...args];
  const child = spawn(first, rest, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  alive.add(child);
  child.once('close', () => alive.delete(child));
  const said = { stdout: '', stderr: '' };
  child.stdout?.on('data', (bytes: Buffer) => {
    said.stdout += bytes.toString();
  });
  child.stderr?.on('data', (bytes: Buffer) => {
    said.stderr += bytes.toString();
  });
  return { child, said };
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code));
  });
