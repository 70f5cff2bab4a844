/** One transaction on one connection, which is given back clean or not at all. */
import type pg from 'pg';
import { Failure } from '../../app/failures.ts';
import { type Sql, sqlOn } from './sql.ts';
import { toFailure } from './to-failure.ts';

/**
 * Commits what `work` did, or nothing when it throws; its error passes unchanged. Timeouts of the pool bound every
 * wait. A connection that broke in between is thrown away. `lock` is a statement that goes along with the beginning.
 */
export async function inTransaction<T>(
  pool: pg.Pool,
  work: (sql: Sql) => Promise<T>,
  lock: string | null = null,
): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw toFailure(error);
  });
  // Without a listener a connection that breaks between two statements would end the process.
  let broken: Error | undefined;
  const onError = (error: Error): void => {
    broken = error;
  };
  client.on('error', onError);
  const sql = sqlOn(client);
  try {
    await sql(lock === null ? 'BEGIN' : `BEGIN; ${lock}`);
    const result = await work(sql);
    await commit(client);
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.removeListener('error', onError);
    client.release(broken);
  }
}

/** PostgreSQL answers the COMMIT of a transaction in which a statement failed with ROLLBACK and no error. */
async function commit(client: pg.PoolClient): Promise<void> {
  const { command } = await client.query('COMMIT').catch((error: unknown) => {
    throw toFailure(error);
  });
  if (command === 'COMMIT') return;
  throw new Failure('permanent', 'db-rolled-back', 'A statement had failed, so nothing was committed.');
}
