/** Looks into the database for whoever only asks: PostgreSQL itself refuses to write or to lock. */
import type pg from 'pg';
import type { Clock } from '../../app/ports/clock.ts';
import type { Transaction } from '../../app/ports/store.ts';
import { inTransaction } from './in-transaction.ts';
import { transactionOn } from './transaction.ts';

/** Everything that `work` reads is of one moment; what it would write is refused. */
export function glance<T>(pool: pg.Pool, clock: Clock, work: (tx: Transaction) => Promise<T>): Promise<T> {
  return inTransaction(pool, async (sql) => {
    await sql('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY');
    return work(transactionOn(sql, clock, false));
  });
}
