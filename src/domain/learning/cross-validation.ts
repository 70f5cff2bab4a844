/**
 * How examples are held back to judge what was learned from the others. All mails of one sender are held back together:
 * people repeat themselves, and a model would be praised for knowing a person.
 */
import { createHash } from 'node:crypto';
import type { CategoryId } from '../ids.ts';

export type Groupable = {
  readonly category: CategoryId | null;
  /** '' when nobody is named: a group of its own. */
  readonly sender: string;
};

/** For each example the part that it is held back with, from 0; each part has about as many of every category. */
export function partsOf(examples: readonly Groupable[], parts: number, seed: number): number[] {
  const groups = Map.groupBy(examples.keys(), (at) => {
    const sender = examples[at]?.sender ?? '';
    return sender === '' ? `#${at}` : `@${sender}`;
  });
  const ordered = [...groups]
    .map(([key, members]) => ({ members, place: orderOf(`${seed} ${key}`) }))
    // The large ones first, as one packs a car; equals in an order that means nothing.
    .sort((a, b) => b.members.length - a.members.length || (a.place < b.place ? -1 : 1));
  const filled = new Map<CategoryId | null, number[]>();
  const totals = Array.from({ length: parts }, () => 0);
  const partOf = Array.from({ length: examples.length }, () => 0);
  for (const { members } of ordered) {
    const category = examples[members[0] ?? 0]?.category ?? null;
    const counts = filled.get(category) ?? Array.from({ length: parts }, () => 0);
    filled.set(category, counts);
    const part = leastFilled(counts, totals);
    counts[part] = (counts[part] ?? 0) + members.length;
    totals[part] = (totals[part] ?? 0) + members.length;
    for (const at of members) partOf[at] = part;
  }
  return partOf;
}

function leastFilled(counts: readonly number[], totals: readonly number[]): number {
  let best = 0;
  counts.forEach((count, part) => {
    const fewer = count - (counts[best] ?? 0) || (totals[part] ?? 0) - (totals[best] ?? 0);
    if (fewer < 0) best = part;
  });
  return best;
}

const orderOf = (text: string): string => createHash('sha256').update(text).digest('hex');
