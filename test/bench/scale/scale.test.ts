import { describe, expect, it } from 'vitest';
import { growthOf, isMet, type Size } from './growth.ts';
import { type Figure, pagesIn, rowsIn } from './measure.ts';

const PLAN = `Sort  (cost=1.00..2.00 rows=9 width=4) (actual time=0.500..0.600 rows=5 loops=1)
  Sort Key: at
  Buffers: shared hit=120 read=30 written=1
  ->  Nested Loop  (cost=1.00..2.00 rows=9 width=4) (actual time=0.100..0.400 rows=5 loops=1)
        Buffers: shared hit=120 read=30
        ->  Index Only Scan using a on b  (cost=1.00..2.00 rows=9 width=4) (actual time=0.010..0.020 rows=40 loops=3)
              Rows Removed by Filter: 7
              Buffers: shared hit=20
        ->  CTE Scan on c  (cost=1.00..2.00 rows=9 width=4) (actual time=0.010..0.020 rows=99 loops=1)
        ->  Bitmap Heap Scan on d  (cost=1.00..2.00 rows=9 width=4) (actual rows=2.50 loops=4)
              ->  Bitmap Index Scan on e  (cost=1.00..2.00 rows=9 width=4) (actual time=0.010..0.020 rows=500 loops=1)
Planning:
  Buffers: shared hit=999
Execution Time: 0.700 ms`;

const figure = (medianMs: number, pages: number, goal: Figure['goal'] = null): Figure => ({
  ...{ what: 'the load', found: 1, medianMs, p99Ms: medianMs, cpuMs: null, goal, rows: 1, pages, plans: [] },
});
const size = (conversations: number, one: Figure): Size => ({ conversations, figures: [one], tables: [] });

describe('npm run scale', () => {
  it('counts the rows of every scan as often as it was made, those that its filter took away among them', () => {
    expect(rowsIn(PLAN)).toBe(40 * 3 + 7 * 3 + 2.5 * 4);
  });

  it('counts the pages of a statement once, and none of its planning', () => {
    expect(pagesIn(PLAN)).toBe(150);
  });

  it('tells from size to size how time and pages grow', () => {
    const told = growthOf([size(10_000, figure(2, 10)), size(100_000, figure(3, 100))]);
    expect(told.at(-1)).toMatch(/the load.*×1\.5\s+×10\.0/);
  });

  it('marks a goal that is missed at the size that it is for, and at no greater one', () => {
    const goal = { ms: 50, upTo: 100_000 };
    const slowAt = (conversations: number) => [size(conversations, figure(60, 1, goal))];
    expect(isMet(slowAt(100_000))).toBe(false);
    expect(growthOf(slowAt(100_000)).at(-1)).toContain('50 ms at 100,000 MISSED');
    expect(isMet(slowAt(1_000_000))).toBe(true);
    expect(growthOf(slowAt(1_000_000)).at(-1)).not.toContain('MISSED');
  });
});
