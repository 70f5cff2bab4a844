/** Workers that are killed, stopped for a while, replaced, or told a wrong time. */
import { type FlowKind, FlowKinds } from '../../../../src/app/health.ts';
import { HOUR } from '../../../../src/domain/instant.ts';
import type { Running } from '../../../support/processes.ts';
import { openSetClock } from '../../../support/stack/faketime.ts';
import { childrenOf } from '../crew.ts';
import { chosen, type Fault, nothingToMend } from './fault.ts';

const JUMPS = [2 * HOUR, -2 * HOUR, 72 * HOUR, -72 * HOUR] as const;

const killOf =
  (kind: FlowKind): Fault =>
  async ({ crew }, choice) => {
    const running = crew.of(kind);
    if (running.length > 0) await crew.kill(chosen(running, choice));
    return nothingToMend;
  };

const stopOf =
  (kinds: readonly FlowKind[]): Fault =>
  ({ crew }, choice) => {
    const running = kinds.flatMap((kind) => crew.of(kind));
    if (running.length === 0) return nothingToMend;
    const victim = chosen(running, choice);
    // With its children: a machine that sleeps stops all of it.
    const pids = [victim.pid, ...childrenOf(victim.pid, '')];
    const signal = (name: NodeJS.Signals) => pids.forEach((pid) => void signalled(pid, name));
    signal('SIGSTOP');
    return () => signal('SIGCONT');
  };

export const workerFaults = {
  'kill-poller': killOf('poller'),
  'kill-classifier': killOf('classifier'),
  'kill-router': killOf('router'),
  'kill-replies': killOf('replies'),
  'kill-mailer': killOf('mailer'),
  'kill-clock': killOf('clock'),
  'kill-all-of-a-kind': async ({ crew }, choice) => {
    await Promise.all(crew.of(chosen(FlowKinds, choice)).map((running) => crew.kill(running)));
    return nothingToMend;
  },
  'kill-parser': ({ crew }) => {
    for (const { pid } of FlowKinds.flatMap((kind) => crew.of(kind)))
      for (const child of childrenOf(pid, 'parser-child')) signalled(child, 'SIGKILL');
    return nothingToMend;
  },
  restart: async ({ crew }, choice) => {
    const running = FlowKinds.flatMap((kind) => crew.of(kind));
    if (running.length > 0) await crew.replace(chosen(running, choice));
    return nothingToMend;
  },
  'stop-briefly': stopOf(FlowKinds),
  'stop-beyond-leases': stopOf(FlowKinds),
  'stop-mailer-beyond-lease': stopOf(['mailer']),
  'wrong-clock': async ({ crew }, choice) => {
    const clock = openSetClock(chosen(JUMPS, (choice * 7) % 1));
    const running = await begun(crew.begin(chosen(FlowKinds, choice), clock.environment));
    if (running === null) return () => clock.end();
    clock.jump(chosen(JUMPS, choice));
    return async () => {
      await crew.kill(running);
      clock.end();
    };
  },
} satisfies Record<string, Fault>;

/** null: it did not come up, as while the database is away. */
const begun = (starting: Promise<Running>): Promise<Running | null> => starting.catch(() => null);

/** It may have ended meanwhile. */
function signalled(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already.
  }
}
