/**
 * The database's clock, as every process reads it without asking each time: hosts whose own clocks are hours apart agree
 * on what time it is. Between two questions it runs on a count that nobody can set.
 */
import type pg from 'pg';
import type { Clock } from '../../app/ports/clock.ts';
import { type Instant, MILLISECOND } from '../../domain/instant.ts';
import { micros, onlyRow, sqlOn } from './sql.ts';

/** Until then a database whose clock was set is believed to be where it was. */
const ASK_AGAIN_MS = 5_000;

export type DatabaseClock = Clock & { close(): void };

/** Asks before it resolves; while the database is away the last answer counts on. */
export async function databaseClock(
  pool: Pick<pg.Pool, 'query'>,
  askAgainMs = ASK_AGAIN_MS,
): Promise<DatabaseClock> {
  const sql = sqlOn(pool);
  let known = await ask();
  const timer = setInterval(
    () =>
      void ask().then(
        (answer) => {
          known = answer;
        },
        () => undefined,
      ),
    askAgainMs,
  );
  timer.unref();

  async function ask(): Promise<{ readonly at: Instant; readonly count: number }> {
    const rows = await sql<{ at: Instant }>(`SELECT ${micros('clock_timestamp()')} AS at`);
    return { at: onlyRow(rows, 'time').at, count: performance.now() };
  }

  return {
    now: () => Math.round(known.at + (performance.now() - known.count) * MILLISECOND),
    close: () => clearInterval(timer),
  };
}
