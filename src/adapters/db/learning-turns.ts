/**
 * Whose turn it is to learn, in one row: one process at a time, once a day, at once where the categories are others than
 * the last time or words were erased. A turn has a number, and what comes under an older one is refused: so a process
 * that was stopped for an hour publishes nothing.
 */
import type pg from 'pg';
import type { Learning, LearningStanding, Turn } from '../../app/ports/learning.ts';
import { type Duration, MINUTE } from '../../domain/instant.ts';
import { isoOrNull, micros, nowSql, sqlOn, type TimeSource } from './sql.ts';

type Turns = Pick<Learning, 'begin' | 'end' | 'standing' | 'setLowered' | 'askForTraining'>;

/** While a new configuration is rolled out, processes with the old one and the new one must not take turns all day. */
const OTHERWISE_AFTER: Duration = 10 * MINUTE;

const span = (microseconds: number): string => `interval '${Math.round(microseconds)} microseconds'`;

export function learningTurns({ pool, time }: { pool: pg.Pool; time: TimeSource }): Turns {
  const sql = sqlOn(pool);
  const now = () => nowSql(time);
  return {
    async begin({ lease, learnFor, now: atOnce }) {
      await sql(`INSERT INTO learning (id, train_at) VALUES (1, ${now()}) ON CONFLICT (id) DO NOTHING`);
      const [turn] = await sql<Turn>(
        `UPDATE learning SET lease_until = ${now()} + ${span(lease)}, train_at = ${now()} + ${span(lease)},
           fence = fence + 1
         WHERE id = 1 AND (lease_until IS NULL OR lease_until < ${now()})
           AND ($2 OR train_at <= ${now()} OR (learned_for IS DISTINCT FROM $1
             AND (finished_at IS NULL OR finished_at < ${now()} - ${span(OTHERWISE_AFTER)})))
         RETURNING fence, ${micros(now())} AS "begunAt", $1 AS "learnFor",
           ${micros('gathered_until')} AS "gatheredUntil", ${micros('erased_at')} AS "erasedAt",
           ${micros('judged_from')} AS "judgedFrom", lowered`,
        [learnFor, atOnce],
      );
      return turn ?? null;
    },
    async end({ fence, learnFor }, { outcome, nextIn, gatheredUntil }) {
      // An erasure, or an archive that came in meanwhile, has asked for the next one before this turn's end.
      await sql(
        `UPDATE learning SET lease_until = NULL, outcome = $2, finished_at = ${now()}, learned_for = $3,
           gathered_until = coalesce($4::timestamptz, gathered_until),
           train_at = CASE WHEN train_at < lease_until THEN train_at ELSE ${now()} + ${span(nextIn)} END
         WHERE id = 1 AND fence = $1`,
        [fence, outcome, learnFor, isoOrNull(gatheredUntil)],
      );
    },
    async standing() {
      const [found] = await sql<LearningStanding>(
        `SELECT ${micros('train_at')} AS "trainAt", coalesce(lease_until > ${now()}, false) AS running, outcome,
           ${micros('finished_at')} AS "finishedAt", ${micros('erased_at')} AS "erasedAt", ${micros('judged_from')} AS "judgedFrom",
           lowered FROM learning`,
      );
      return found ?? null;
    },
    async setLowered({ fence, judgedFrom }, lowered, evidence) {
      await sql(
        `UPDATE learning SET lowered = $3::jsonb, judged_from = CASE WHEN $4 THEN ${now()} ELSE judged_from END
         WHERE id = 1 AND fence = $1 AND judged_from IS NOT DISTINCT FROM $2::timestamptz`,
        [
          fence,
          isoOrNull(judgedFrom),
          lowered === null ? null : JSON.stringify(lowered),
          evidence === 'anew',
        ],
      );
    },
    async askForTraining() {
      await sql(
        `INSERT INTO learning (id, train_at) VALUES (1, ${now()})
         ON CONFLICT (id) DO UPDATE SET train_at = least(learning.train_at, excluded.train_at)`,
      );
    },
  };
}
