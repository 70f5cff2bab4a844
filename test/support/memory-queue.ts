/**
 * The Queue port in memory, for tests: bells are kept until `drain()` answers them, and can be lost, doubled and
 * mixed up before that.
 */
import type { Bell, Queue } from '../../src/app/ports/queue.ts';

export type Rung = { readonly bell: Bell; readonly ids: readonly number[] };

type Waiting = Rung & { readonly attempt: number };
type Look = (ids: readonly number[]) => Promise<void>;

const IDS_PER_BELL_MAX = 100;
const ATTEMPTS_MAX = 8;

export class MemoryQueue implements Queue {
  /** Every bell ever rung, as it was rung. */
  readonly rung: Rung[] = [];
  /** Bells given up after their last attempt, with the last error. */
  readonly givenUp: { readonly bell: Bell; readonly ids: readonly number[]; readonly error: unknown }[] = [];
  #waiting: Waiting[] = [];
  #looks = new Map<Bell, Look>();
  #draining: Promise<void> = Promise.resolve();
  #isClosed = false;
  #isSilent = false;

  async ring(bell: Bell, ids: readonly number[]): Promise<void> {
    if (ids.length === 0 || this.#isClosed) return;
    this.rung.push({ bell, ids: [...ids] });
    if (this.#isSilent) return;
    for (let at = 0; at < ids.length; at += IDS_PER_BELL_MAX) {
      this.#waiting.push({ bell, ids: ids.slice(at, at + IDS_PER_BELL_MAX), attempt: 1 });
    }
  }

  async listen(bell: Bell, look: Look): Promise<void> {
    if (this.#looks.has(bell)) throw new Error(`bug: this process listens to ${bell} already`);
    this.#looks.set(bell, look);
  }

  async isAway(): Promise<boolean> {
    return false;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#draining;
  }

  /** Bells that nobody has answered yet. */
  get waiting(): readonly Rung[] {
    return this.#waiting;
  }

  /** Answers bells, oldest first, also those rung meanwhile, until none is left that somebody listens to. */
  drain(): Promise<void> {
    this.#draining = this.#draining.then(() => this.#answerAll());
    return this.#draining;
  }

  /** Bells not answered yet are gone, as if Redis had been flushed. */
  lose(): void {
    this.#waiting = [];
  }

  /** While silent, bells rung are lost. */
  silence(isSilent: boolean): void {
    this.#isSilent = isSilent;
  }

  /** Every waiting bell rings twice. */
  duplicate(): void {
    this.#waiting = this.#waiting.flatMap((waiting) => [waiting, waiting]);
  }

  /** Mixes the waiting bells; `random` answers numbers in [0, 1). */
  reorder(random: () => number): void {
    for (let at = this.#waiting.length - 1; at > 0; at--) {
      const other = Math.floor(random() * (at + 1));
      const [a, b] = [this.#waiting[at], this.#waiting[other]];
      if (a === undefined || b === undefined) throw new Error('bug: random() left [0, 1)');
      this.#waiting[at] = b;
      this.#waiting[other] = a;
    }
  }

  async #answerAll(): Promise<void> {
    for (;;) {
      const at = this.#waiting.findIndex((waiting) => this.#looks.has(waiting.bell));
      const next = this.#waiting[at];
      if (next === undefined || this.#isClosed) return;
      this.#waiting.splice(at, 1);
      await this.#answer(next);
    }
  }

  async #answer(next: Waiting): Promise<void> {
    try {
      await this.#looks.get(next.bell)?.(next.ids);
    } catch (error) {
      if (next.attempt < ATTEMPTS_MAX) this.#waiting.push({ ...next, attempt: next.attempt + 1 });
      else this.givenUp.push({ bell: next.bell, ids: next.ids, error });
    }
  }
}
