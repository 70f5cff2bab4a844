/** TokenRows in memory: one change at a time for each inbox, at a time that a test sets. */
import type { TokenRow, TokenRows } from '../../src/app/ports/access-tokens.ts';
import type { Clock } from '../../src/app/ports/clock.ts';

export function memoryTokenRows(clock: Clock): TokenRows & { readonly rows: Map<string, TokenRow> } {
  const rows = new Map<string, TokenRow>();
  let last: Promise<unknown> = Promise.resolve();
  return {
    rows,
    read: async (inbox) => ({ now: clock.now(), row: rows.get(inbox) ?? null }),
    change(inbox, work) {
      const mine = last.then(async () => {
        const { row, value } = await work(rows.get(inbox) ?? null, clock.now());
        rows.set(inbox, row);
        return value;
      });
      last = mine.catch(() => {});
      return mine;
    },
  };
}
