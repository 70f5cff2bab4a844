/** What will happen, earliest first; of one instant, what was entered first. A binary heap. */
import type { Instant } from '../../../src/domain/instant.ts';

export type Deed = () => void | Promise<void>;
type Entry = { readonly at: Instant; readonly turn: number; readonly deed: Deed };

export type Agenda = {
  add(at: Instant, deed: Deed): void;
  /** When the next thing happens; null: nothing does any more. */
  nextAt(): Instant | null;
  take(): Entry | null;
};

const isBefore = (one: Entry, other: Entry): boolean =>
  one.at < other.at || (one.at === other.at && one.turn < other.turn);

export function agenda(): Agenda {
  const heap: Entry[] = [];
  let turns = 0;

  function swap(a: number, b: number): void {
    const [one, other] = [heap[a], heap[b]];
    if (one === undefined || other === undefined) throw new Error('bug: outside of the heap');
    heap[a] = other;
    heap[b] = one;
  }

  const goesBefore = (a: number, b: number): boolean => {
    const [one, other] = [heap[a], heap[b]];
    return one !== undefined && other !== undefined && isBefore(one, other);
  };

  return {
    add(at, deed) {
      turns += 1;
      heap.push({ at: Math.round(at), turn: turns, deed });
      for (let child = heap.length - 1; child > 0; ) {
        const parent = (child - 1) >> 1;
        if (!goesBefore(child, parent)) break;
        swap(child, parent);
        child = parent;
      }
    },
    nextAt: () => heap[0]?.at ?? null,
    take() {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined) return null;
      if (heap.length === 0) return first;
      heap[0] = last;
      for (let parent = 0; ; ) {
        const [left, right] = [2 * parent + 1, 2 * parent + 2];
        const child = goesBefore(right, left) ? right : left;
        if (!goesBefore(child, parent)) return first;
        swap(child, parent);
        parent = child;
      }
    },
  };
}
