/** The faults, one by one: what is done, from when on the recovery counts, and what it may take. */
import { readFileSync } from 'node:fs';
import type { WorkerKind } from '../../../workers/all.ts';
import type { Production, Servers, Worker } from '../../support/stack/production.ts';
import type { Flow } from './flow.ts';
import type { Shape } from './times.ts';

export type Bench = {
  readonly production: Production;
  readonly servers: Servers;
  readonly flow: Flow;
  readonly outageMs: number;
};

export type Fault = {
  readonly fault: string;
  readonly shape: Shape;
  /** In seconds. */
  readonly within: number;
  /** Does it; answers the instant from which the recovery counts. */
  readonly happen: (bench: Bench) => Promise<number>;
  /** What is to be put in order before the next trial. */
  readonly mend?: (bench: Bench) => Promise<void>;
};

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What a supervisor with no delay would do. */
const KILLED: readonly { readonly kind: WorkerKind; readonly alone: number; readonly spared: number }[] = [
  // The watch of a dead poller ends after 20 s, and who stands by looks every 5 s.
  { kind: 'poller', alone: 30, spared: 30 },
  // What it had begun on is looked at again after 30 s.
  { kind: 'classifier', alone: 60, spared: 60 },
  { kind: 'router', alone: 60, spared: 60 },
  // What it had claimed waits for the end of its lease.
  { kind: 'mailer', alone: 150, spared: 150 },
];

const killed: readonly Fault[] = KILLED.flatMap(({ kind, alone, spared }): Fault[] => [
  {
    ...{ fault: `${kind} killed, started again`, shape: 'one of each', within: alone },
    async happen({ production }) {
      const at = Date.now();
      await production.kill(activeOf(production, kind));
      await production.start(kind);
      return at;
    },
  },
  {
    ...{ fault: `${kind} killed, another runs`, shape: 'two of each', within: spared },
    async happen({ production }) {
      const at = Date.now();
      await production.kill(activeOf(production, kind));
      return at;
    },
    mend: async ({ production }) => void (await production.start(kind)),
  },
]);

const servers: readonly Fault[] = [
  {
    ...{ fault: 'parser child killed', shape: 'one of each', within: 60 },
    async happen({ production }) {
      const parsers = childrenOf(activeOf(production, 'classifier').running.pid);
      if (parsers.length === 0) throw new Error('the classifier has no parser child');
      const at = Date.now();
      for (const pid of parsers) process.kill(pid, 'SIGKILL');
      return at;
    },
  },
  {
    ...{ fault: 'Redis FLUSHALL amid a burst', shape: 'one of each', within: 60 },
    async happen({ flow, servers: { redis } }) {
      await flow.burst(30);
      const at = Date.now();
      await redis.flushAll();
      return at;
    },
  },
  {
    // Noticed within 5 s; then three steps, each of which is looked for every second by a worker that first asks Redis
    // for as long.
    ...{ fault: 'Redis down, mail meanwhile', shape: 'one of each', within: 30 },
    async happen({ servers: { redis }, outageMs }) {
      const at = Date.now();
      await redis.crash();
      await pause(outageMs);
      // Still down: counted from the moment it went, since mail has to go on without it.
      return at;
    },
    mend: async ({ servers: { redis } }) => redis.daemon.start(),
  },
  {
    ...{ fault: 'Redis back, empty', shape: 'one of each', within: 60 },
    async happen({ servers: { redis }, outageMs }) {
      await redis.crash();
      await pause(outageMs);
      await redis.daemon.start();
      return Date.now();
    },
  },
  {
    ...{ fault: 'PostgreSQL stopped at once, started', shape: 'one of each', within: 60 },
    async happen({ servers: { postgres } }) {
      const at = Date.now();
      await postgres.stopImmediately();
      await postgres.start();
      return at;
    },
  },
  {
    ...{ fault: 'PostgreSQL killed, started', shape: 'one of each', within: 60 },
    async happen({ servers: { postgres } }) {
      const at = Date.now();
      await postgres.crash();
      await postgres.start();
      return at;
    },
  },
  {
    ...{ fault: 'SMTP server back', shape: 'one of each', within: 150 },
    async happen({ servers: { sink }, outageMs }) {
      await sink.daemon.kill('SIGKILL');
      await pause(outageMs);
      await sink.daemon.start();
      return Date.now();
    },
  },
  {
    ...{ fault: 'IMAP server restarted', shape: 'one of each', within: 30 },
    async happen({ servers: { dovecot }, flow }) {
      await flow.pause();
      await dovecot.daemon.kill('SIGTERM');
      await dovecot.daemon.start();
      flow.goOn();
      return Date.now();
    },
  },
  {
    // Noticed within 60 s, connected anew within 30.
    ...{ fault: 'IMAP session half open', shape: 'one of each', within: 90 },
    async happen({ production: { user }, servers: { dovecot }, flow }) {
      await flow.pause();
      const at = Date.now();
      if (dovecot.signalSessions(user, 'SIGSTOP') === 0) throw new Error('nobody reads the mailbox');
      flow.goOn();
      return at;
    },
    mend: async ({ production: { user }, servers: { dovecot }, flow }) => {
      await flow.pause();
      dovecot.signalSessions(user, 'SIGCONT');
    },
  },
  {
    ...{ fault: 'poller stopped, another runs', shape: 'two of each', within: 30 },
    async happen({ production }) {
      const at = Date.now();
      stopped = activeOf(production, 'poller');
      stopped.running.signal('SIGSTOP');
      return at;
    },
    // It goes on believing that the mailbox is its own.
    mend: async () => {
      stopped?.running.signal('SIGCONT');
      await pause(3_000);
    },
  },
];

let stopped: Worker | null = null;

/** Two of each come last, since they are added to one of each. */
export const FAULTS: readonly Fault[] = [...killed, ...servers].sort((a, b) =>
  a.shape === b.shape ? 0 : a.shape === 'one of each' ? -1 : 1,
);

/** Of two pollers the one that reads. */
export function activeOf({ workers }: Pick<Production, 'workers'>, kind: WorkerKind): Worker {
  const all = [...workers].filter((worker) => worker.kind === kind);
  const active = kind === 'poller' ? all.find(({ running }) => reads(running.output())) : all[0];
  if (active === undefined) throw new Error(`no ${kind} is at work`);
  return active;
}

const reads = (output: string): boolean =>
  output.lastIndexOf(': mail is read.') >
  Math.max(output.lastIndexOf('this one stands by.'), output.lastIndexOf('mail is NOT read.'));

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter((word) => word !== '')
    .map(Number);
