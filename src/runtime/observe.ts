/**
 * What a worker answers machines: whether it lives, whether mail flows, and its figures. Asked of the same database as
 * the work, by bounded questions; a database that does not answer within seconds is an answer too.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Prometheus } from '../adapters/metrics/prometheus.ts';
import { type Finding, type Probes, type ProbesOptions, serveProbes } from '../adapters/web/probes.ts';
import { Failure } from '../app/failures.ts';
import { type FlowKind, type HealthDeps, type Standstill, standstills } from '../app/health.ts';
import type { Gauges } from '../app/ports/gauges.ts';
import type { Log } from '../app/ports/log.ts';
import { watchedOf } from './alarm.ts';
import { remembered } from './remembered.ts';
import type { Services } from './services.ts';

/** `port` 0: any that is free. */
export type Place = { readonly host: string; readonly port: number; readonly token: string | null };

export type ObserveOptions = {
  readonly services: Pick<Services, 'deps' | 'gauges' | 'outages' | 'settings' | 'pulse'>;
  readonly kinds: readonly FlowKind[];
  readonly prometheus: Prometheus;
  readonly place: Place;
  /** From then on this process takes nothing up any more. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
  /** How long the database may take; probes of a machine under test are more patient. */
  readonly answerMs?: number;
};

const READY_FRESH_MS = 5_000;
const STANDING_FRESH_MS = 15_000;
/** Docker, Kubernetes and Prometheus wait ten seconds or less. */
const ANSWER_MS = 5_000;
const TRY_AGAIN_MS = 5_000;

/**
 * Listens until aborted and closed. The worker runs whether or not it can listen: while the one that it replaces still
 * has the port, it tries again.
 */
export async function observe(options: ObserveOptions): Promise<{ close(): Promise<void> }> {
  const { place, say } = options;
  const over = new AbortController();
  const probes = probesOf(options);
  const listening = (async (): Promise<Probes | null> => {
    let said = '';
    while (!over.signal.aborted) {
      try {
        const found = await serveProbes(probes);
        say(`Health and figures: http://${place.host}:${found.port}/readyz, /healthz and /metrics.`);
        return found;
      } catch (error) {
        const why = String((error as NodeJS.ErrnoException).code ?? error);
        if (why !== said) say(`${place.host}:${place.port} cannot be listened on yet (${why}); tried again.`);
        said = why;
        await pause(TRY_AGAIN_MS, undefined, { signal: over.signal }).catch(() => {});
      }
    }
    return null;
  })();
  return {
    close: async () => {
      over.abort();
      await (await listening)?.close();
    },
  };
}

export function probesOf(options: ObserveOptions): ProbesOptions {
  const { services, kinds, prometheus, place, signal, answerMs = ANSWER_MS } = options;
  const { deps, gauges, outages, settings, pulse } = services;
  const healthDeps = (): HealthDeps => ({
    store: deps.store,
    gauges,
    outages,
    watched: watchedOf(settings.config),
  });
  const look = remembered(READY_FRESH_MS, () => standing(inTime(answerMs, standstills(healthDeps(), kinds))));
  // All processes would tell the same of the database, so the clock's does.
  const read = kinds.includes('clock') ? standingOf(gauges, answerMs, deps.log) : async () => null;
  return {
    ...place,
    failed: (error) => deps.log.warn({ step: 'observe', error: String(error) }, 'a probe failed'),
    health: () => {
      const hanging = pulse.hanging();
      return { ok: hanging.length === 0, reasons: hanging.map((loop) => ({ code: 'loop-hangs', loop })) };
    },
    ready: async () => {
      if (signal.aborted) return { ok: false, reasons: [{ code: 'stopping' }] };
      return findingOf(await look());
    },
    metrics: async () => {
      const found = await look();
      const ready = new Map(
        kinds.map((kind) => [kind, isFound(found) && !found.some(({ worker }) => worker === kind)]),
      );
      return prometheus.page({ standing: isFound(found) ? await read() : 'away', ready });
    },
  };
}

type Look = readonly Standstill[] | { readonly away: string };

const isFound = (look: Look): look is readonly Standstill[] => Array.isArray(look);

const findingOf = (look: Look): Finding =>
  isFound(look)
    ? { ok: look.length === 0, reasons: look }
    : { ok: false, reasons: [{ code: 'database', detail: look.away }] };

const standing = (asked: Promise<Standstill[]>): Promise<Look> =>
  asked.catch((error: unknown) => ({ away: error instanceof Failure ? error.code : 'no-answer' }));

/** What was not counted in time is not told, and the rest is. */
const standingOf = (gauges: Gauges, answerMs: number, log: Log) =>
  remembered(STANDING_FRESH_MS, () =>
    inTime(answerMs, gauges.read()).catch((error: unknown) => {
      log.warn({ step: 'observe', error: String(error) }, 'how things stand was not counted');
      return null;
    }),
  );

/** @throws when it takes longer; what was asked goes on by itself, bounded by its own time-out. */
async function inTime<T>(answerMs: number, asked: Promise<T>): Promise<T> {
  const late = new AbortController();
  try {
    return await Promise.race([
      asked,
      pause(answerMs, undefined, { signal: late.signal, ref: false }).then(() => {
        throw new Error('no answer in time');
      }),
    ]);
  } finally {
    late.abort();
  }
}
