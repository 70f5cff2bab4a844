/** Resolves once `isDone` holds, asking again at short intervals; rejects after `deadlineMs`, naming what was awaited. */
export async function waitUntil(
  what: string,
  isDone: () => boolean | Promise<boolean>,
  deadlineMs = 20_000,
): Promise<void> {
  const giveUpAt = Date.now() + deadlineMs;
  while (!(await isDone())) {
    if (Date.now() > giveUpAt) throw new Error(`still waiting after ${deadlineMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
