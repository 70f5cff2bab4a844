/** Bells answered together: none waits without need, none is forgotten, and each learns of its own look's end. */
import { describe, expect, test } from 'vitest';
import { answerTogether } from '../../src/adapters/queue/answer-together.ts';

/** Looks that end when they are told to. */
function looksInHand() {
  const begun: (readonly number[])[] = [];
  const ends: { resolve(): void; reject(error: Error): void }[] = [];
  const look = (ids: readonly number[]): Promise<void> => {
    begun.push(ids);
    return new Promise((resolve, reject) => ends.push({ resolve, reject }));
  };
  return { begun, ends, look };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('bells', () => {
  test('are looked at at once while a look is free, and then together', async () => {
    const { begun, ends, look } = looksInHand();
    const ring = answerTogether({ looksMax: 2, idsMax: 100 }, look);
    const bells = [[1], [2, 3], [4], [5, 4]].map((ids) => ring(ids));
    expect(begun).toEqual([[1], [2, 3]]);
    ends[0]?.resolve();
    await bells[0];
    await turn();
    // The id that two of them carry is looked at once.
    expect(begun).toEqual([[1], [2, 3], [4, 5]]);
    for (const { resolve } of ends) resolve();
    await Promise.all(bells);
    await Promise.all([ring([6]), turn().then(() => ends.at(-1)?.resolve())]);
    expect(begun.at(-1)).toEqual([6]);
  });

  test('are looked at in the order in which they rang, with no more ids than one look takes', async () => {
    const { begun, ends, look } = looksInHand();
    const ring = answerTogether({ looksMax: 1, idsMax: 3 }, look);
    const bells = [[1], [2, 3], [4], [5], [6, 7, 8, 9], [10]].map((ids) => ring(ids));
    for (let at = 0; at < 4; at += 1) {
      ends[at]?.resolve();
      await turn();
    }
    await Promise.all(bells.slice(0, 5));
    expect(begun).toEqual([[1], [2, 3, 4], [5], [6, 7, 8, 9], [10]]);
    ends.at(-1)?.resolve();
    await bells.at(-1);
  });

  test('whose look fails all fail, and those after them are answered all the same', async () => {
    const { begun, ends, look } = looksInHand();
    const ring = answerTogether({ looksMax: 1, idsMax: 2 }, look);
    const ended = Promise.allSettled([[1], [2], [3], [4]].map((ids) => ring(ids)));
    ends[0]?.resolve();
    await turn();
    ends[1]?.reject(new Error('the database is away'));
    await turn();
    ends[2]?.resolve();
    const told = await ended;
    expect(begun).toEqual([[1], [2, 3], [4]]);
    expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  });

  test('whose look throws before it answers a promise fail as well', async () => {
    const ring = answerTogether({ looksMax: 1, idsMax: 2 }, () => {
      throw new Error('bug');
    });
    await expect(ring([1])).rejects.toThrow('bug');
    await expect(ring([2])).rejects.toThrow('bug');
  });
});
