/** Items that become ready one after the other are committed in groups, none of them later than it must be. */
import { togetherOrOneByOne } from '../../app/one-by-one.ts';

/** Resolves once the item is committed; rejects when it was not. */
export type Committer<Item> = (item: Item) => Promise<void>;

type Waiting<Item> = {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
};

/**
 * The first item is committed at once; those that come meanwhile wait for it and are committed together. A group that
 * fails is tried item by item, and each item learns of its own end.
 */
export function groupCommit<Item>(commit: (items: readonly Item[]) => Promise<void>): Committer<Item> {
  let waiting: Waiting<Item>[] = [];
  let isBusy = false;

  const work = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      await togetherOrOneByOne(
        group,
        (some) => commitSome(some),
        () => {},
      ).catch(() => {});
    }
    isBusy = false;
  };
  const commitSome = async (some: readonly Waiting<Item>[]): Promise<void> => {
    try {
      await commit(some.map(({ item }) => item));
    } catch (error) {
      // A group that falls apart is told of each of its items' own ends.
      if (some.length === 1) some[0]?.reject(error);
      throw error;
    }
    for (const { resolve } of some) resolve();
  };
  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (isBusy) return;
      isBusy = true;
      void work();
    });
}
