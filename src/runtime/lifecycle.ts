/**
 * Runs something until the process is asked to stop; a second request does not wait any longer. What comes within a
 * second is the same request: a signal to a whole group arrives both directly and through npm.
 */

const FORCED_EXIT = 1;
const SAME_REQUEST_MS = 1_000;

export async function untilStopped<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  let askedAt = 0;
  const onSignal = () => {
    if (!stop.signal.aborted) askedAt = performance.now();
    else if (performance.now() - askedAt > SAME_REQUEST_MS) process.exit(FORCED_EXIT);
    stop.abort();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.on(name, onSignal);
  try {
    return await run(stop.signal);
  } finally {
    for (const name of signals) process.off(name, onSignal);
  }
}
