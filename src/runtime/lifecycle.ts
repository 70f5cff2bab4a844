/** Runs something until the process is asked to stop; a second request does not wait any longer. */

const FORCED_EXIT = 1;

export async function untilStopped(run: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(FORCED_EXIT);
    stop.abort();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const name of signals) process.on(name, onSignal);
  try {
    await run(stop.signal);
  } finally {
    for (const name of signals) process.off(name, onSignal);
  }
}
