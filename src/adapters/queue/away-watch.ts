/** Tells that a server does not answer, once an outage, and once that it does again. */

/** One answer that is late comes of a busy moment. */
const CONFIRMED_AFTER_MS = 1_000;

export class AwayWatch {
  readonly #tell: (isAway: boolean) => void;
  #failingSince: number | null = null;
  #isTold: boolean;

  /** `isTold`: somebody has been told already that it is away. */
  constructor(tell: (isAway: boolean) => void, isTold: boolean) {
    this.#tell = tell;
    this.#isTold = isTold;
  }

  failed(nowMs = performance.now()): void {
    this.#failingSince ??= nowMs;
    if (this.#isTold || nowMs - this.#failingSince < CONFIRMED_AFTER_MS) return;
    this.#isTold = true;
    this.#tell(true);
  }

  answered(): void {
    this.#failingSince = null;
    if (!this.#isTold) return;
    this.#isTold = false;
    this.#tell(false);
  }
}
