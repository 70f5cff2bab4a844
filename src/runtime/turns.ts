/** Work that would be too much at once: so much of it at the same time for each key, the rest as places become free. */

export type Turns = <Result>(
  key: string,
  signal: AbortSignal,
  work: () => Promise<Result>,
) => Promise<Result>;

/** First come, first served. Who is aborted while waiting is out of the queue, and rejects with the signal's reason. */
export function turns(atOnce: number): Turns {
  const running = new Map<string, number>();
  const waiting = new Map<string, Set<() => void>>();

  function leave(key: string): void {
    const [next] = waiting.get(key) ?? [];
    // The place is handed over, so that nobody who comes later slips in between.
    if (next !== undefined) return next();
    const left = (running.get(key) ?? 1) - 1;
    if (left > 0) running.set(key, left);
    else running.delete(key);
  }

  function enter(key: string, signal: AbortSignal): Promise<void> {
    const count = running.get(key) ?? 0;
    if (count < atOnce) {
      running.set(key, count + 1);
      return Promise.resolve();
    }
    const queue = waiting.get(key) ?? new Set();
    waiting.set(key, queue);
    return new Promise((resolve, reject) => {
      const forget = () => {
        queue.delete(begin);
        if (queue.size === 0) waiting.delete(key);
        signal.removeEventListener('abort', giveUp);
      };
      const begin = () => {
        forget();
        resolve();
      };
      const giveUp = () => {
        forget();
        reject(signal.reason);
      };
      queue.add(begin);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  return async (key, signal, work) => {
    signal.throwIfAborted();
    await enter(key, signal);
    try {
      return await work();
    } finally {
      leave(key);
    }
  };
}
