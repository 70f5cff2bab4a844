import fc from 'fast-check';
import { expect, test } from 'vitest';
import { answersByUid, uidSets } from '../../src/adapters/imap/uids.ts';

const expand = (set: string): number[] =>
  set.split(',').flatMap((run) => {
    const [first = 0, last = first] = run.split(':').map(Number);
    return Array.from({ length: last - first + 1 }, (_, at) => first + at);
  });

test('neighbouring UIDs are written as one run', () => {
  expect(uidSets([3, 1, 2, 7, 7, 9])).toEqual(['1:3,7,9']);
  expect(uidSets([])).toEqual([]);
});

test('a UID set names exactly the UIDs asked for, on lines that every server takes', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 4_294_967_295 }), { maxLength: 1_500 }), (uids) => {
      const sets = uidSets(uids);
      for (const set of sets) expect(set.length).toBeLessThanOrEqual(4_000);
      expect(sets.flatMap(expand)).toEqual([...uids].sort((a, b) => a - b));
    }),
  );
});

test('a row without a body does not stand for the mail, and strangers are left out', () => {
  const rows = [
    { uid: 5, flags: ['\\Seen'] },
    { uid: 5, source: 'five' },
    { uid: 9, source: 'nine' },
    { uid: 4, source: 'four' },
  ];
  expect(answersByUid([4, 5, 6], rows, (row) => ('source' in row ? row.source : undefined))).toEqual([
    'four',
    'five',
  ]);
});
