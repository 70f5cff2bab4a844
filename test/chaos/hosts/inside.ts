/**
 * The run itself, on the servers' host: starts the servers there and one worker of each kind on every other host, lets
 * mail flow, has the faults happen one after the other, and judges. See main.ts for how it is started.
 */
import { existsSync } from 'node:fs';
import { MailWorkers } from '../../../workers/all.ts';
import { writeFigures } from '../../support/program.ts';
import {
  openProduction,
  type Production,
  startServers,
  type Worker,
} from '../../support/stack/production.ts';
import { waitUntil } from '../../support/wait-until.ts';
import { startFlow } from '../recovery/flow.ts';
import { closeOnInterrupt } from '../recovery/interrupted.ts';
import { isQuiet } from '../recovery/judged.ts';
import { type Course, carriesAlone, happen } from './course.ts';
import { type Event, planFaults } from './events.ts';
import { judgeHosts } from './judge.ts';
import { HOSTS, type Host, SERVERS, within } from './network.ts';
import { eventTable, picture } from './picture.ts';
import { readNotes, WITNESS } from './witness.ts';

type Asked = {
  readonly prefix: string;
  readonly seconds: number;
  readonly seed: number;
  readonly together: boolean;
  readonly json: string | null;
};

const PER_SECOND = 1;
const START_MS = 600_000;

const asked = JSON.parse(process.argv[2] ?? '{}') as Asked;
const begunAt = Date.now();
const say = (line: string): void =>
  void process.stderr.write(`${String(Math.round((Date.now() - begunAt) / 1_000)).padStart(5)} s  ${line}\n`);

async function run(): Promise<boolean> {
  const servers = await startServers(SERVERS);
  const production = await openProduction(servers);
  const close = async () => {
    await production.close();
    await servers.end();
  };
  const forget = closeOnInterrupt(close);
  try {
    await production.pool.query(WITNESS);
    process.stderr.write(`${picture().join('\n')}\n\n`);
    const workers = await startHosts(production);
    say(`every host has ${MailWorkers.join(', ')}${asked.together ? ' in one process' : ''}`);
    const flow = startFlow(production, PER_SECOND);
    const course: Course = { production, flow, prefix: asked.prefix, lastsMs: asked.seconds * 1_000, say };
    const events: Event[] = [];
    for (const fault of planFaults(asked.seed)) events.push(await happen(course, fault));
    const deadAlone: Host[] = [];
    for (const host of HOSTS) if (!(await carriesAlone(course, host))) deadAlone.push(host);
    await flow.pause();
    await waitUntil('all work is done', () => isQuiet(production), START_MS);
    return await judged(production, { events, deadAlone, workers });
  } finally {
    forget();
    await close();
  }
}

async function startHosts(production: Production): Promise<ReadonlyMap<Worker, Host>> {
  const workers = new Map<Worker, Host>();
  const start = async (host: Host): Promise<void> => {
    const there = within(asked.prefix, host);
    // One after the other: many that start at once take minutes on a small machine.
    for (const kind of asked.together ? (['all'] as const) : MailWorkers)
      workers.set(await production.start(kind, ['--observe', '0'], undefined, there), host);
  };
  await Promise.all(HOSTS.map(start));
  await production.untilWatched();
  return workers;
}

type Found = {
  readonly events: readonly Event[];
  readonly deadAlone: readonly Host[];
  readonly workers: ReadonlyMap<Worker, Host>;
};

async function judged(production: Production, { events, deadAlone, workers }: Found): Promise<boolean> {
  const notes = await readNotes(production.pool);
  const { code, report } = await production.verify();
  const { notAcknowledged, acknowledgedTwice, wrongRows, copies } = await production.outcome();
  const ended = [...workers].flatMap(([{ kind, running }, host]) =>
    existsSync(`/proc/${running.pid}`) ? [] : [`The ${kind} of host ${host}`],
  );
  const faults = judgeHosts({
    ...{ notes, events, ended, deadAlone },
    violations: [
      ...report.violations.map(({ invariant, what, ids }) => `${invariant}: ${what}: ${ids.join(', ')}`),
      ...(code === 0 && report.ok ? [] : ['baton verify does not end with 0']),
    ],
    letters: { notConfirmed: notAcknowledged, confirmedTwice: acknowledgedTwice, wrongRows },
  });
  const count = (deed: string) => notes.filter((note) => note.deed === deed).length;
  const result = {
    ...{ ok: faults.length === 0, seed: asked.seed, seconds: asked.seconds, letters: production.delivered() },
    ...{ verifyOk: code === 0 && report.ok, copies, restarts: ended.length, watches: count('took') },
    ...{ batches: count('moved'), claims: count('claimed'), attempts: count('began'), events, faults },
  };
  const { letters, watches, batches, claims, attempts, restarts } = result;
  const summary = `${letters} letters, each confirmed once; ${watches} watches, ${batches} batches, ${claims} claims, ${attempts} attempts, ${copies} copies of uncertain attempts, ${restarts} restarts`;
  const verdict = faults.length === 0 ? [summary, 'Every promise held.'] : faults;
  process.stderr.write(`\n${[...eventTable(events), '', ...verdict].join('\n')}\n`);
  writeFigures(result, asked.json);
  return faults.length === 0;
}

process.exitCode = (await run()) ? 0 : 1;
