/** Pages of the memory store. */
import type { Pages } from '../../../src/app/ports/pages.ts';
import type { NoticeId } from '../../../src/domain/ids.ts';
import type { Duration, Instant } from '../../../src/domain/instant.ts';
import { mustGet, type Tables } from './tables.ts';

type Claimed = Awaited<ReturnType<Pages['claim']>>;

export function claimPages(tables: Tables, limit: number, lease: Duration, now: Instant): Claimed {
  return tables.pages
    .values()
    .filter(({ state, dueAt, leaseUntil }) => state === 'waiting' && dueAt <= now && (leaseUntil ?? 0) <= now)
    .sort((a, b) => a.dueAt - b.dueAt || a.id - b.id)
    .slice(0, limit)
    .map((row) => {
      const tries = row.tries + 1;
      tables.pages.set(row.id, { ...row, tries, leaseUntil: now + lease });
      const { notice } = mustGet(tables.outbox, row.id, 'notice');
      return { notice, why: row.why, tries, code: row.code };
    });
}

export function settlePage(
  tables: Tables,
  id: NoticeId,
  { state, code }: Parameters<Pages['settle']>[1],
): void {
  const row = mustGet(tables.pages, id, 'page');
  if (row.state !== 'waiting') return;
  const isOver = typeof state === 'string';
  const dueAt = isOver ? row.dueAt : state.retryAt;
  tables.pages.set(id, { ...row, state: isOver ? state : 'waiting', code, dueAt, leaseUntil: null });
}
