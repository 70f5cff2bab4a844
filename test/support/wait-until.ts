const SHORTEST_MS = 5;
const LONGEST_MS = 100;
/** What looks often when it waits long would take the time of what it waits for. */
const SHARE = 0.05;

/** Resolves once `isDone` holds, asking again ever less often; rejects after `deadlineMs`, naming what was awaited. */
export async function waitUntil(
  what: string,
  isDone: () => boolean | Promise<boolean>,
  deadlineMs = 20_000,
): Promise<void> {
  const begunAt = Date.now();
  while (!(await isDone())) {
    const waitedMs = Date.now() - begunAt;
    if (waitedMs > deadlineMs) throw new Error(`still waiting after ${deadlineMs} ms: ${what}`);
    const pauseMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, waitedMs * SHARE));
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
