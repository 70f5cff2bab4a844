/** Items committed in groups: none waits without need, and one that cannot be committed harms no other. */
import { describe, expect, test } from 'vitest';
import { groupCommit } from '../../src/adapters/db/group-commit.ts';

describe('a group commit', () => {
  test('takes the first item at once and all that come meanwhile together', async () => {
    const groups: string[][] = [];
    const commit = groupCommit<string>(async (items) => void groups.push([...items]));
    await Promise.all(['a', 'b', 'c'].map((item) => commit(item)));
    await commit('d');
    expect(groups).toEqual([['a'], ['b', 'c'], ['d']]);
  });

  test('whose group fails commits every item that can be, and tells the others why not', async () => {
    const committed: string[] = [];
    const commit = groupCommit<string>(async (items) => {
      if (items.includes('bad')) throw new Error('refused');
      committed.push(...items);
    });
    const ends = await Promise.allSettled(['a', 'b', 'bad', 'c'].map((item) => commit(item)));
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(committed).toEqual(['a', 'b', 'c']);
  });
});
