/** An answer that is asked for more often than it changes: one question at a time, and none while the last answer is fresh. */
export function remembered<T>(
  forMs: number,
  ask: () => Promise<T>,
  elapsed: () => number = () => performance.now(),
): () => Promise<T> {
  let answer: Promise<T> | null = null;
  let freshUntil = Number.POSITIVE_INFINITY;
  return () => {
    if (answer !== null && elapsed() < freshUntil) return answer;
    freshUntil = Number.POSITIVE_INFINITY;
    const asked = ask();
    answer = asked;
    const settle = () => {
      freshUntil = elapsed() + forMs;
    };
    asked.then(settle, settle);
    return asked;
  };
}
