/**
 * Figures in the form that Prometheus reads. Their names and labels are a promise: alert rules and dashboards are
 * written against them. Labels are ids of inboxes, names of watched folders and codes of ours, all of which the
 * configuration or the source bounds; never an address, a subject or a member.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Standing } from '../../app/ports/gauges.ts';
import { type Measures, Steps } from '../../app/ports/measures.ts';
import { Dispositions } from '../../domain/disposition.ts';
import { standingGauges } from './standing-gauges.ts';

export type Prometheus = {
  readonly measures: Measures;
  /** Everything as text. `standing` null: this process does not tell it; 'away': the database did not answer. */
  page(world: World): Promise<{ readonly type: string; readonly text: string }>;
  /** All that can be there, for whoever writes rules. */
  names(): string[];
};

export type World = {
  readonly standing: Standing | 'away' | null;
  /** What each kind of worker in this process finds of its step. */
  readonly ready: ReadonlyMap<string, boolean>;
};

/** From a single quick bell to a hundred mails for a slow server. */
const STEP_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
/** The library looks every ten milliseconds by default, which keeps a process at rest awake. */
const LOOP_PRECISION_MS = 200;

export function prometheus(): Prometheus {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_PRECISION_MS });
  const registers = [registry];
  const gauges = standingGauges(registers);
  const up = new Gauge({
    name: 'baton_database_up',
    help: 'Whether the database answered the last look.',
    registers,
  });
  const ready = new Gauge({
    name: 'baton_ready',
    help: 'Whether the step of this kind of worker moves, as /readyz tells.',
    labelNames: ['worker'],
    registers,
  });
  return {
    measures: counting(registers),
    async page({ standing, ready: kinds }) {
      up.set(standing === 'away' ? 0 : 1);
      for (const [worker, isWell] of kinds) ready.set({ worker }, isWell ? 1 : 0);
      gauges.set(standing === 'away' ? null : standing);
      return { type: registry.contentType, text: await registry.metrics() };
    },
    names: () => registry.getMetricsAsArray().map(({ name }) => name),
  };
}

function counting(registers: Registry[]): Measures {
  const takenIn = new Counter({
    name: 'baton_mails_taken_in_total',
    help: 'Mails that this process stored.',
    labelNames: ['inbox'],
    registers,
  });
  const settled = new Counter({
    name: 'baton_mails_settled_total',
    help: 'Mails of which this process decided what becomes of them.',
    labelNames: ['disposition'],
    registers,
  });
  const attempts = new Counter({
    name: 'baton_send_attempts_total',
    help: 'What servers said to mails that this process handed them.',
    labelNames: ['inbox', 'outcome'],
    registers,
  });
  const seconds = new Histogram({
    name: 'baton_step_seconds',
    help: 'How long one bell of up to a hundred rows took, or one tick.',
    labelNames: ['step'],
    buckets: STEP_BUCKETS,
    registers,
  });
  const failures = new Counter({
    name: 'baton_step_failures_total',
    help: 'Bells and ticks that failed and come again.',
    labelNames: ['step'],
    registers,
  });
  const watching = new Gauge({
    name: 'baton_poller_reads',
    help: 'Whether this process is the one that reads the folder.',
    labelNames: ['inbox', 'folder'],
    registers,
  });
  // A rate can only be told from a series that began at zero.
  for (const disposition of Dispositions) settled.inc({ disposition }, 0);
  for (const step of Steps) failures.inc({ step }, 0);
  return {
    tookIn: (inbox, mails) => takenIn.inc({ inbox }, mails),
    settled: (disposition, mails) => settled.inc({ disposition }, mails),
    tried: (inbox, outcome) => attempts.inc({ inbox, outcome }),
    took(step, length, isWell) {
      seconds.observe({ step }, length);
      if (!isWell) failures.inc({ step });
    },
    watches: (inbox, folder, isReading) => watching.set({ inbox, folder }, isReading ? 1 : 0),
  };
}
