/** Work in batches, such that one item that fails takes no other with it. */

/**
 * Does the work for all items at once, and when that fails for each item alone. Throws the last failure, so that the
 * doorbell rings again for what is left; `onTrouble` is told why the batch failed.
 */
export async function togetherOrOneByOne<Item>(
  items: readonly Item[],
  work: (some: readonly Item[]) => Promise<void>,
  onTrouble: (error: unknown) => void,
): Promise<void> {
  try {
    await work(items);
  } catch (error) {
    if (items.length <= 1) throw error;
    onTrouble(error);
    await oneByOne(items, (item) => work([item]));
  }
}

/** Does the work for each item alone, whatever comes of the others; throws the last failure in the end. */
export async function oneByOne<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  for (const item of items) {
    try {
      await work(item);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures.at(-1);
}
