/** Turns many calls that come at once into one: fifty mails that are rendered together cost one look-up, not fifty. */

/**
 * A function for one key out of one for many. Calls made in the same turn of the event loop are answered by one call
 * of `loadMany`, which begins after the last of them: nobody gets an answer older than their question.
 * A key that is missing from the answer gives undefined; a failure fails all who asked together.
 */
export function coalesce<K, V>(
  loadMany: (keys: readonly K[]) => Promise<ReadonlyMap<K, V>>,
): (key: K) => Promise<V | undefined> {
  let waiting: { keys: Set<K>; answer: Promise<ReadonlyMap<K, V>> } | null = null;
  const next = (): { keys: Set<K>; answer: Promise<ReadonlyMap<K, V>> } => {
    const keys = new Set<K>();
    const answer = new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      waiting = null;
      return loadMany([...keys]);
    });
    return { keys, answer };
  };
  return async (key) => {
    waiting ??= next();
    waiting.keys.add(key);
    return (await waiting.answer).get(key);
  };
}
