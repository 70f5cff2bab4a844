/** Whether any Baton runs on a database, and when a mailbox was last asked for mail. */
import type pg from 'pg';
import type { Instant } from '../../domain/instant.ts';
import { WORKERS } from './pool.ts';
import { micros, nowSql, onlyRow, sqlOn, type TimeSource } from './sql.ts';

export type Running = { readonly runs: boolean; readonly askedAt: Instant | null };

/**
 * Workers are connected as long as they run. Behind a pooler, or to another role, their names do not show; then the watch
 * over a mailbox does, which is prolonged every few seconds.
 */
export async function whetherItRuns(pool: pg.Pool, time: TimeSource): Promise<Running> {
  return onlyRow(
    await sqlOn(pool)<Running>(
      `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1)
         OR EXISTS (SELECT FROM mailbox WHERE lease_until > ${nowSql(time)}) AS runs,
         (SELECT ${micros('max(polled_at)')} FROM mailbox) AS "askedAt"`,
      [WORKERS],
    ),
    'whether it runs',
  );
}
