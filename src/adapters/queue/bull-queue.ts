/**
 * Doorbells on BullMQ, over PostgreSQL (embedded shape) or Redis (production): the same queue, only the connection
 * differs.
 *
 * A bell is nothing but ids and may be lost, doubled or late; the sweep rings again. So nothing here is allowed to
 * hold up the work: ringing gives up after a second, finished jobs leave no trace, and a lost connection is the
 * library's to restore. Job ids are left to BullMQ: its own are no protection against doubles anyway.
 */
import type { BulkJobOptions, Job } from 'bullmq';
import { type Bell, Bells, type Queue } from '../../app/ports/queue.ts';
import type { Ticks } from '../../app/ports/ticks.ts';
import type { Duration } from '../../domain/instant.ts';
import { answerTogether } from './answer-together.ts';
import { AwayWatch } from './away-watch.ts';
import { BullTicks, type TickQueue, type TickWorker } from './bull-ticks.ts';
import { connectPostgres } from './postgres-backend.ts';
import { connectRedis } from './redis-backend.ts';
import { untilListening } from './until-listening.ts';
import { within } from './within.ts';

export type QueueBackend =
  | { readonly type: 'postgres'; readonly url: string }
  | { readonly type: 'redis'; readonly url: string };

export type QueueLog = (
  level: 'debug' | 'info' | 'warn',
  message: string,
  details?: Record<string, unknown>,
) => void;

export type BullQueueOptions = {
  readonly backend: QueueBackend;
  /** Wait before a failed bell rings again; doubles each time. */
  readonly retryAfterMs?: number;
  readonly log?: QueueLog;
  /** Whoever is told, once an outage, that a server of its own is away, and that it is back; `isAway`: knows it by now. */
  readonly watch?: { readonly tell: (isAway: boolean) => void; readonly isAway: boolean };
};

export type BellData = { readonly ids: readonly number[] };
export type Reporting = { on(event: 'error', listener: (error: Error) => void): unknown };

/** What is used of BullMQ's Queue and Worker, whose types differ by backend. */
export type BellQueue = Reporting & {
  addBulk(jobs: { name: string; data: BellData; opts: BulkJobOptions }[]): Promise<unknown>;
  /** A small question that the server itself answers. */
  isPaused(): Promise<unknown>;
  close(): Promise<void>;
};
export type BellWorker = Reporting & {
  waitUntilReady(): Promise<unknown>;
  close(force?: boolean): Promise<void>;
};

export type WorkerSettings = {
  readonly concurrency: number;
  readonly lockDuration: number;
  readonly stalledInterval: number;
  readonly maxStalledCount: number;
};

/** What a backend has to offer. */
export type Backend = {
  /** A server of its own, which may be away while the database is there. */
  readonly isApart: boolean;
  queue(bell: Bell): BellQueue;
  worker(bell: Bell, process: (job: Job<BellData>) => Promise<void>, settings: WorkerSettings): BellWorker;
  tickQueue(): TickQueue;
  tickWorker(process: () => Promise<void>, settings: WorkerSettings): TickWorker;
  /** After all queues and workers were closed. */
  close(): Promise<void>;
};

export const IDS_PER_BELL_MAX = 100;
/** Of one kind and in one process. More would share the same few processors and connections. */
const LOOKS_MAX = 4;
/**
 * Of one kind and in one process: what comes faster than looks end is answered together by the next look. No more,
 * because what a killed process had in hand is found only by the round of another, half a minute later.
 */
const BELLS_MAX = 16;
const RING_WAIT_MS = 1_000;
/** After a bell that could not be rung, for so long none is tried: intake must not wait a second for each. */
const SILENCE_MS = 1_000;
const CLOSE_WAIT_MS = 5_000;
/** With the first wait of a second, the last attempt comes after two minutes; from then on the sweep rings. */
const ATTEMPTS_MAX = 8;
const RETRY_AFTER_MS = 1_000;
/** Enough to see what failed lately. */
const KEEP_FAILED = { count: 100, age: 24 * 3600 };

const SETTINGS = {
  // A busy second does not cost the lock; a killed worker's bells are rung by the sweep long before.
  lockDuration: 60_000,
  stalledInterval: 30_000,
  // The default of 1 buries a bell whose worker was killed twice.
  maxStalledCount: 20,
};

/**
 * Connects; for PostgreSQL it creates or updates the schema `bullmq` first.
 * @throws Failure when PostgreSQL cannot be reached or refuses the schema. A Redis that is down is waited for in the
 *   background.
 */
export async function bullQueue(options: BullQueueOptions): Promise<Queue & Ticks> {
  const log = options.log ?? (() => undefined);
  const onError = (error: Error) => log('debug', 'queue connection trouble', { error: error.message });
  const { backend } = options;
  const connected =
    backend.type === 'postgres'
      ? await connectPostgres(backend.url, onError)
      : connectRedis(backend.url, onError);
  return new Doorbells(connected, options, log);
}

class Doorbells implements Queue, Ticks {
  readonly #backend: Backend;
  readonly #log: QueueLog;
  readonly #settings: WorkerSettings;
  readonly #jobOptions: BulkJobOptions;
  readonly #queues = new Map<Bell, BellQueue>();
  readonly #workers = new Map<Bell, BellWorker>();
  readonly #running = new Set<Promise<void>>();
  readonly #ticks: BullTicks;
  /** Null where the queue is in the database, whose absence others tell of. */
  readonly #watch: AwayWatch | null;
  #isSilent = false;
  #silentUntil = 0;
  #closing: Promise<void> | null = null;

  constructor(backend: Backend, options: BullQueueOptions, log: QueueLog) {
    this.#backend = backend;
    this.#log = log;
    this.#settings = { ...SETTINGS, concurrency: BELLS_MAX };
    this.#jobOptions = {
      attempts: ATTEMPTS_MAX,
      backoff: { type: 'exponential', delay: options.retryAfterMs ?? RETRY_AFTER_MS, jitter: 0.5 },
      removeOnComplete: true,
      removeOnFail: KEEP_FAILED,
    };
    const { tell, isAway } = options.watch ?? { tell: () => undefined, isAway: false };
    this.#watch = backend.isApart ? new AwayWatch(tell, isAway) : null;
    for (const bell of Bells) this.#queues.set(bell, this.#listening(backend.queue(bell), bell));
    this.#ticks = new BullTicks(backend, this.#settings, log);
  }

  async ring(bell: Bell, ids: readonly number[]): Promise<void> {
    if (ids.length === 0 || this.#closing !== null || performance.now() < this.#silentUntil) return;
    const jobs = chunks(ids).map((part) => ({ name: bell, data: { ids: part }, opts: this.#jobOptions }));
    try {
      await within(RING_WAIT_MS, async () => this.#queues.get(bell)?.addBulk(jobs));
      this.#isSilent = false;
      this.#watch?.answered();
    } catch (error) {
      // One warning per outage: mail goes on arriving while the bells are silent.
      this.#log(
        this.#isSilent || this.#watch !== null ? 'debug' : 'warn',
        'bell not rung; the sweep will ring it',
        {
          bell,
          ids: ids.length,
          error: (error as Error).message,
        },
      );
      this.#isSilent = true;
      this.#watch?.failed();
      this.#silentUntil = performance.now() + SILENCE_MS;
    }
  }

  async listen(bell: Bell, look: (ids: readonly number[]) => Promise<void>): Promise<void> {
    if (this.#workers.has(bell)) throw new Error(`bug: this process listens to ${bell} already`);
    const together = answerTogether({ looksMax: LOOKS_MAX, idsMax: IDS_PER_BELL_MAX }, look);
    const worker = this.#backend.worker(bell, (job) => this.#answer(bell, job, together), this.#settings);
    this.#workers.set(bell, this.#listening(worker, bell));
    await untilListening(worker, bell, this.#log);
  }

  async isAway(): Promise<boolean> {
    if (!this.#backend.isApart) return false;
    try {
      await within(RING_WAIT_MS, async () => this.#queues.get('classify')?.isPaused());
      this.#watch?.answered();
      return false;
    } catch {
      if (this.#closing === null) this.#watch?.failed();
      return true;
    }
  }

  setTicks(every: Duration): Promise<void> {
    return this.#ticks.setTicks(every);
  }

  onTick(look: () => Promise<void>): Promise<void> {
    return this.#ticks.onTick(look);
  }

  async close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #answer(
    bell: Bell,
    job: Job<BellData>,
    look: (ids: readonly number[]) => Promise<void>,
  ): Promise<void> {
    const ids: unknown = job.data?.ids;
    if (!Array.isArray(ids) || !ids.every(Number.isSafeInteger)) {
      this.#log('warn', 'bell without ids ignored', { bell });
      return;
    }
    const running = look(ids);
    this.#running.add(running);
    try {
      await running;
    } catch (error) {
      const attempt = job.attemptsMade + 1;
      this.#log('warn', 'bell not answered', { bell, attempt, error: String(error) });
      throw error;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Handlers are waited for as long as they take; a backend that is gone only for a moment. */
  async #close(): Promise<void> {
    const workers = Promise.allSettled([...this.#workers.values()].map((worker) => worker.close()));
    const ticks = this.#ticks.close(CLOSE_WAIT_MS);
    await Promise.allSettled([...this.#running]);
    await within(CLOSE_WAIT_MS, () => workers).catch(async () => {
      await Promise.allSettled([...this.#running]);
      for (const worker of this.#workers.values()) void worker.close(true).catch(() => undefined);
    });
    await ticks;
    const rest = Promise.allSettled([...this.#queues.values()].map((queue) => queue.close()));
    await within(CLOSE_WAIT_MS, () => rest).catch(() => undefined);
    await within(CLOSE_WAIT_MS, () => this.#backend.close()).catch(() => undefined);
  }

  /** An `error` event without a listener would end the process. */
  #listening<T extends Reporting>(source: T, bell: Bell): T {
    source.on('error', (error: Error) => {
      this.#log('debug', 'queue trouble', { bell, error: error.message });
    });
    return source;
  }
}

function chunks(ids: readonly number[]): number[][] {
  const parts: number[][] = [];
  for (let at = 0; at < ids.length; at += IDS_PER_BELL_MAX) parts.push(ids.slice(at, at + IDS_PER_BELL_MAX));
  return parts;
}
