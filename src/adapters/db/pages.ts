/** Pages in the database: claimed with a lease, and the try counted, before anything leaves. */
import type pg from 'pg';
import type { Pages } from '../../app/ports/pages.ts';
import { type Instant, toIso } from '../../domain/instant.ts';
import type { PageWhy } from '../../domain/notices/escalation.ts';
import { NOTICE_COLUMNS, type NoticeRow, toNotice } from './rows.ts';
import { nowSql, sqlOn, type TimeSource } from './sql.ts';

type PageRow = NoticeRow & { why: PageWhy; tries: number; code: string | null };

export function postgresPages({ pool, time }: { pool: pg.Pool; time: TimeSource }): Pages {
  const sql = sqlOn(pool);
  const now = () => nowSql(time);
  return {
    async claim(limit, lease) {
      const rows = await sql<PageRow>(
        `WITH due AS (
           SELECT outbox_id FROM page
           WHERE settled_at IS NULL AND due_at <= ${now()} AND (lease_until IS NULL OR lease_until <= ${now()})
           ORDER BY due_at, outbox_id LIMIT $1 FOR UPDATE SKIP LOCKED
         ), claimed AS (
           UPDATE page SET tries = tries + 1, lease_until = ${now()} + $2 * interval '1 microsecond'
           FROM due WHERE page.outbox_id = due.outbox_id RETURNING page.*
         )
         SELECT ${NOTICE_COLUMNS}, claimed.why, claimed.tries, claimed.code
         FROM claimed JOIN outbox ON outbox.id = claimed.outbox_id ORDER BY claimed.due_at, outbox.id`,
        [limit, lease],
      );
      return rows.map((row) => ({ notice: toNotice(row), why: row.why, tries: row.tries, code: row.code }));
    },
    async settle(id, { state, code }) {
      const retryAt: Instant | null = typeof state === 'string' ? null : state.retryAt;
      await sql(
        `UPDATE page SET state = $2, code = $3, due_at = coalesce($4::timestamptz, due_at), lease_until = NULL,
           settled_at = CASE WHEN $4::timestamptz IS NULL THEN ${now()} END
         WHERE outbox_id = $1 AND settled_at IS NULL`,
        [id, typeof state === 'string' ? state : 'waiting', code, retryAt === null ? null : toIso(retryAt)],
      );
    },
  };
}
