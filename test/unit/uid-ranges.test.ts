/** Comparing UIDs as ranges gives what comparing them one by one gives. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countIn, firstOf, merged, rangesOf, upTo, without } from '../../src/domain/uid-ranges.ts';

const uids = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 60 });
const ascending = (set: Iterable<number>) => [...new Set(set)].sort((a, b) => a - b);
const all = (ranges: ReturnType<typeof rangesOf>) => firstOf(ranges, 1_000);

test('neighbouring UIDs become one range, whatever their order', () => {
  expect(rangesOf([7, 2, 3, 1, 3])).toEqual([
    { first: 1, last: 3 },
    { first: 7, last: 7 },
  ]);
  expect(rangesOf([])).toEqual([]);
});

test('ranges hold exactly the UIDs they were made of, as few as can be', () => {
  fc.assert(
    fc.property(uids, (given) => {
      const ranges = rangesOf(given);
      expect(all(ranges)).toEqual(ascending(given));
      expect(countIn(ranges)).toBe(new Set(given).size);
      expect(merged(ranges)).toEqual(ranges);
      for (const [at, { first }] of ranges.entries())
        expect(first).toBeGreaterThan((ranges[at - 1]?.last ?? -1) + 1);
    }),
  );
});

test('the difference of two mailboxes is the same by ranges and one by one', () => {
  fc.assert(
    fc.property(uids, uids, (server, rows) => {
      const left = new Set(server);
      for (const uid of rows) left.delete(uid);
      const found = without(rangesOf(server), rangesOf(rows));
      expect(all(found)).toEqual(ascending(left));
      expect(merged(found)).toEqual(found);
    }),
  );
});

test('what lies at or below a cursor is cut there', () => {
  fc.assert(
    fc.property(uids, fc.nat(70), (given, cursor) => {
      expect(all(upTo(rangesOf(given), cursor))).toEqual(ascending(given).filter((uid) => uid <= cursor));
    }),
  );
});

test('a hundred thousand mails of which each second one is missing are compared in no time', () => {
  const every = [{ first: 1, last: 100_000 }];
  const half = rangesOf(Array.from({ length: 50_000 }, (_, at) => 2 * at + 1));
  expect(countIn(without(every, half))).toBe(50_000);
  expect(without(half, every)).toEqual([]);
});
