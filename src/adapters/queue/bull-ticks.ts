/**
 * Ticks on BullMQ's job schedulers, which exist on Redis and on PostgreSQL alike: one entry that says how often, and the
 * one job that comes next. Whoever takes that job puts the next one in its place, so that ticks never pile up, also when
 * nobody listens for days.
 *
 * The schedule is asked for before it is set: it runs on the clocks of those who take jobs, and where such a clock was
 * put forward and back the next job lies hours ahead. Then, and when it is gone or has stopped, it is made anew.
 */
import type { JobSchedulerJson } from 'bullmq';
import type { Ticks } from '../../app/ports/ticks.ts';
import { type Duration, toMs } from '../../domain/instant.ts';
import type { Backend, QueueLog, Reporting, WorkerSettings } from './bull-queue.ts';
import { untilListening } from './until-listening.ts';
import { within } from './within.ts';

export const TICK = 'tick';

/** What is used of BullMQ's Queue and Worker for ticks. */
export type TickQueue = Reporting & {
  getJobScheduler(id: string): Promise<Pick<JobSchedulerJson, 'every' | 'next'> | undefined>;
  removeJobScheduler(id: string): Promise<unknown>;
  upsertJobScheduler(
    id: string,
    repeat: { readonly every: number },
    template: {
      readonly name: string;
      readonly opts: { readonly removeOnComplete: true; readonly removeOnFail: true; readonly attempts: 1 };
    },
  ): Promise<unknown>;
  close(): Promise<void>;
};
export type TickWorker = Reporting & {
  waitUntilReady(): Promise<unknown>;
  close(force?: boolean): Promise<void>;
};

const WAIT_MS = 1_000;
/** A next tick so many periods ahead or overdue was never meant, or is not coming. */
const PERIODS_OFF = 3;

export class BullTicks implements Ticks {
  readonly #backend: Backend;
  readonly #log: QueueLog;
  readonly #settings: WorkerSettings;
  #queue: TickQueue | null = null;
  #worker: TickWorker | null = null;
  #running: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(backend: Backend, settings: WorkerSettings, log: QueueLog) {
    this.#backend = backend;
    this.#settings = { ...settings, concurrency: 1 };
    this.#log = log;
  }

  async setTicks(every: Duration): Promise<void> {
    if (this.#isClosed) return;
    this.#queue ??= this.#listening(this.#backend.tickQueue());
    const queue = this.#queue;
    try {
      await within(WAIT_MS, () => this.#set(queue, toMs(every)));
    } catch (error) {
      this.#log('debug', 'ticks not set; the clock looks by itself', { error: (error as Error).message });
    }
  }

  async #set(queue: TickQueue, everyMs: number): Promise<void> {
    const known = await queue.getJobScheduler(TICK);
    const off = Math.abs((known?.next ?? Number.POSITIVE_INFINITY) - Date.now());
    if (known?.every === everyMs && off < PERIODS_OFF * everyMs) return;
    if (known !== undefined) await queue.removeJobScheduler(TICK);
    const opts = { removeOnComplete: true, removeOnFail: true, attempts: 1 } as const;
    await queue.upsertJobScheduler(TICK, { every: everyMs }, { name: TICK, opts });
  }

  async onTick(look: () => Promise<void>): Promise<void> {
    if (this.#worker !== null) throw new Error('bug: this process listens to ticks already');
    const worker = this.#listening(this.#backend.tickWorker(() => this.#answer(look), this.#settings));
    this.#worker = worker;
    await untilListening(worker, TICK, this.#log);
  }

  async #answer(look: () => Promise<void>): Promise<void> {
    if (this.#isClosed) return;
    this.#running = look().catch((error: unknown) => {
      this.#log('warn', 'tick not answered', { error: String(error) });
    });
    await this.#running;
  }

  /** Waits for a look that runs, as long as it takes; for a backend that is gone only so long. */
  async close(waitMs: number): Promise<void> {
    this.#isClosed = true;
    const ending = this.#worker?.close();
    await this.#running;
    await within(waitMs, async () => ending).catch(() => {
      void this.#worker?.close(true).catch(() => undefined);
    });
    await within(waitMs, async () => this.#queue?.close()).catch(() => undefined);
  }

  /** An `error` event without a listener would end the process. */
  #listening<T extends Reporting>(source: T): T {
    source.on('error', (error: Error) =>
      this.#log('debug', 'queue trouble', { bell: TICK, error: error.message }),
    );
    return source;
  }
}
