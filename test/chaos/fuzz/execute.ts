/**
 * Gives a target inputs, in this process, and tells what came of each: whether it held, and what it cost. A target
 * that never comes back or takes all memory is not stopped here, see bounded.ts.
 */
import { AssertionError } from 'node:assert';
import type { Coverage } from './coverage.ts';
import { allowedMs, type Target } from './target.ts';

export type Fault = {
  /** The same for all inputs that find the same fault. */
  readonly key: string;
  readonly why: string;
};

export type Batch = {
  readonly faults: readonly (Fault & { readonly at: number })[];
  /** The inputs that reached what none had reached before. */
  readonly fresh: readonly number[];
  readonly slowest: { readonly ms: number; readonly bytes: number };
};

/** Measured again before it counts: a collection of garbage or a first compilation is no fault of the input. */
const MEASURED_AGAIN = 3;

export async function execute(target: Target, input: Buffer): Promise<{ fault: Fault | null; ms: number }> {
  const allowed = allowedMs(target, input.length);
  let ms = Number.POSITIVE_INFINITY;
  for (let times = 0; times <= MEASURED_AGAIN && ms > allowed; times += 1) {
    const before = process.threadCpuUsage();
    try {
      await target.check(input);
    } catch (thrown) {
      return { fault: faultOf(target, thrown), ms: 0 };
    }
    const { user, system } = process.threadCpuUsage(before);
    ms = Math.min(ms, (user + system) / 1_000);
  }
  const isSlow = ms > allowed;
  const why = `${input.length} bytes took ${Math.round(ms)} ms of processor time, ${Math.round(allowed)} are allowed`;
  return { fault: isSlow ? { key: `${target.name}: slow`, why } : null, ms };
}

function faultOf({ name }: Target, thrown: unknown): Fault {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const place =
    /\((?:file:\/\/)?\S*?((?:src|node_modules)\/\S+?):\d+:\d+\)/.exec(error.stack ?? '')?.[1] ?? '';
  const isBroken = error instanceof AssertionError;
  const [first = ''] = error.message.split('\n');
  const said = isBroken ? first : `${error.name} at ${place}: ${first.replace(/["'`].*/s, '').slice(0, 80)}`;
  return { key: `${name}: ${said}`, why: isBroken ? error.message : (error.stack ?? error.message) };
}

/** What is asked of coverage: nothing, only to remember what these reach, or also which of them reached anything new. */
export type Covering = 'no' | 'remember' | 'ask';

export async function executeAll(
  target: Target,
  inputs: readonly Buffer[],
  coverage: Coverage | null,
  covering: Covering,
): Promise<Batch> {
  const faults: (Fault & { at: number })[] = [];
  let slowest = { ms: 0, bytes: 0 };
  for (const [at, input] of inputs.entries()) {
    const { fault, ms } = await execute(target, input);
    if (fault !== null) faults.push({ ...fault, at });
    if (ms > slowest.ms) slowest = { ms, bytes: input.length };
  }
  const fresh: number[] = [];
  if (coverage !== null && covering === 'remember') coverage.take();
  if (coverage !== null && covering === 'ask' && coverage.look())
    await findFresh(target, inputs, 0, inputs.length, coverage, fresh);
  return { faults, fresh, slowest };
}

/** By halves, since asking V8 costs more than most inputs do. */
async function findFresh(
  target: Target,
  inputs: readonly Buffer[],
  from: number,
  to: number,
  coverage: Coverage,
  fresh: number[],
): Promise<void> {
  const isOne = to - from === 1;
  for (const input of inputs.slice(from, to)) await execute(target, input);
  if (!(isOne ? coverage.take() : coverage.look())) return;
  if (isOne) {
    fresh.push(from);
    return;
  }
  const middle = Math.floor((from + to) / 2);
  await findFresh(target, inputs, from, middle, coverage, fresh);
  await findFresh(target, inputs, middle, to, coverage, fresh);
}
