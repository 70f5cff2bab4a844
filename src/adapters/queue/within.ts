/** Bounds how long somebody waits for something that may hang; the thing itself is not stopped. */

/** @throws Error when it takes longer, and whatever `work` throws before that. */
export async function within<T>(waitMs: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${waitMs} ms`)), waitMs);
  });
  const working = work();
  // When it comes too late, nobody listens to how it ended.
  working.catch(() => undefined);
  try {
    return await Promise.race([working, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
