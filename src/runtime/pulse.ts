/**
 * Whether the loops of this process turn. Each loop pauses through here, and so says when it will be back at the
 * latest; one that does not come back hangs, and only a new process mends that.
 */
import { setTimeout as pause } from 'node:timers/promises';

/** A turn may be a hundred mails for a server that lets each wait. */
const TURN_MS = 10 * 60_000;

export class Pulse {
  readonly #backBy = new Map<string, number>();
  readonly #elapsed: () => number;

  constructor(elapsed: () => number = () => performance.now()) {
    this.#elapsed = elapsed;
  }

  /** Waits so long, or until aborted, when the loop has ended. `turnMs`: how long its next turn may take. */
  async pause(loop: string, ms: number, signal: AbortSignal, turnMs: number = TURN_MS): Promise<void> {
    this.#backBy.set(loop, this.#elapsed() + ms + turnMs);
    await pause(ms, undefined, { signal }).catch(() => {});
    if (signal.aborted) this.#backBy.delete(loop);
  }

  /** Loops that did not come back in time. */
  hanging(): string[] {
    const now = this.#elapsed();
    return [...this.#backBy].filter(([, backBy]) => now > backBy).map(([loop]) => loop);
  }
}
