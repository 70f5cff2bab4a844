/** Which examples are held back when: each is judged once by what was learned without it. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { enoughOf, roundsOf, UNKNOWN_ENOUGH } from '../../src/domain/learning/held-back.ts';

const orderOf = (categories: number): number[] => Array.from({ length: categories }, (_, index) => index);
const anyLabels = fc
  .tuple(fc.integer({ min: 0, max: 20 }), fc.array(fc.nat(1_000), { maxLength: 120 }))
  .map(([categories, drawn]) => ({ categories, labels: drawn.map((each) => (each % (categories + 1)) - 1) }));

describe('rounds of holding back', () => {
  it('never judge what was learned from, and judge all of a category that is left out, learning nothing of it', () => {
    fc.assert(
      fc.property(anyLabels, ({ categories, labels }) => {
        for (const { learned, judged, leftOut } of roundsOf(labels, categories, orderOf(categories))) {
          const seen = new Set(learned);
          expect(judged.some((example) => seen.has(example))).toBe(false);
          for (const example of labels.keys()) {
            if (leftOut.has(labels[example] ?? -1)) expect(judged).toContain(example);
          }
          expect(learned.some((example) => leftOut.has(labels[example] ?? -1))).toBe(false);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('judge each example as one of a category that was learned at most once, and nearly all so', () => {
    fc.assert(
      fc.property(anyLabels, ({ categories, labels }) => {
        const times = labels.map(() => 0);
        for (const { judged, leftOut } of roundsOf(labels, categories, orderOf(categories))) {
          for (const example of judged) {
            if (!leftOut.has(labels[example] ?? -1)) times[example] = (times[example] ?? 0) + 1;
          }
        }
        expect(times.every((count) => count <= 1)).toBe(true);
        if (categories < 8) expect(times.every((count) => count === 1)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('keep apart what came together', () => {
    const labels = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1];
    expect(roundsOf(labels, 2, orderOf(2)).map(({ judged }) => judged)).toEqual([
      [0, 1, 8, 9],
      [2, 3, 10, 11],
      [4, 5, 12, 13],
      [6, 7, 14, 15],
    ]);
  });
});

describe('categories left out', () => {
  const twelve = Array.from({ length: 240 }, (_, index) => index % 12);
  const leftOutIn = (labels: readonly number[], categories: number) =>
    roundsOf(labels, categories, orderOf(categories)).filter(({ leftOut }) => leftOut.size > 0);

  it('stand for unknown mail where nobody said which belongs nowhere', () => {
    expect(leftOutIn(twelve, 12).map(({ leftOut }) => [...leftOut])).toEqual([[0], [1], [2], [3]]);
  });

  it('are not needed where enough of it is known', () => {
    const unknown = new Array<number>(UNKNOWN_ENOUGH).fill(-1);
    expect(leftOutIn([...twelve, ...unknown.slice(1)], 12)).toHaveLength(4);
    expect(leftOutIn([...twelve, ...unknown], 12)).toHaveLength(0);
  });

  it('have rounds of their own where few would be left to tell apart', () => {
    const three = Array.from({ length: 30 }, (_, index) => index % 3);
    const rounds = roundsOf(three, 3, orderOf(3));
    expect(rounds).toHaveLength(7);
    expect(rounds.filter(({ leftOut }) => leftOut.size === 0)).toHaveLength(4);
    expect(rounds.at(-1)?.judged.every((example) => three[example] === 2)).toBe(true);
  });

  it('are none of two, since one alone cannot be told from anything', () => {
    expect(leftOutIn([0, 1, 0, 1, 0, 1, 0, 1], 2)).toEqual([]);
  });
});

describe('of many examples', () => {
  it('only the newest are judged, since more would only take time', () => {
    const labels = Array.from({ length: 48_000 }, (_, index) => (index % 13) - 1);
    const rounds = enoughOf(roundsOf(labels, 12, orderOf(12)), labels);
    expect(rounds).toHaveLength(1);
    expect(Math.min(...(rounds[0]?.judged ?? []))).toBeGreaterThan(35_000);
  });

  it('all that belongs nowhere is judged while it is little', () => {
    const labels = Array.from({ length: 48_000 }, (_, index) => (index % 480 === 0 ? -1 : index % 12));
    expect(enoughOf(roundsOf(labels, 12, orderOf(12)), labels)).toHaveLength(4);
    const two = Array.from({ length: 48_000 }, (_, index) => index % 2);
    expect(enoughOf(roundsOf(two, 2, orderOf(2)), two)).toHaveLength(1);
  });

  it('a few categories are still left out in turn', () => {
    const labels = Array.from({ length: 60_000 }, (_, index) => index % 3);
    const rounds = enoughOf(roundsOf(labels, 3, orderOf(3)), labels);
    expect(rounds.map(({ leftOut }) => leftOut.size)).toEqual([1, 1, 1, 0]);
  });
});
