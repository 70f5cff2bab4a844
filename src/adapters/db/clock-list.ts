/** Finds the clocks that fire next by the index on which the clock itself looks. */
import type pg from 'pg';
import type { ClockedRequest, ClockList } from '../../app/ports/clock-list.ts';
import type { Instant } from '../../domain/instant.ts';
import { micros, nowSql, onlyRow, sqlOn, type TimeSource } from './sql.ts';

/** Whoever was asked for help was sent a mail of it. */
const CONCERNED = `conversation.id IN (
    SELECT conversation_id FROM ledger WHERE member_id = $2 AND until_at IS NULL
    UNION SELECT id FROM conversation WHERE offered_to = $2
    UNION SELECT conversation_id FROM outbox WHERE recipient_id = $2 AND kind = 'help-asked')`;

export function postgresClockList({ pool, time }: { pool: pg.Pool; time: TimeSource }): ClockList {
  const sql = sqlOn(pool);
  return {
    async now() {
      return onlyRow(await sql<{ now: Instant }>(`SELECT ${micros(nowSql(time))} AS now`), 'time').now;
    },
    requests: (limit, of) =>
      sql<ClockedRequest>(
        `SELECT conversation.id, coalesce(words.subject, '') AS subject, conversation.snapshot AS state
         FROM (SELECT id, due_at, snapshot FROM conversation WHERE due_at IS NOT NULL
               ${of === null ? '' : `AND ${CONCERNED}`} ORDER BY due_at, id LIMIT $1) AS conversation
         LEFT JOIN conversation_words AS words ON words.conversation_id = conversation.id
         ORDER BY conversation.due_at, conversation.id`,
        of === null ? [limit] : [limit, of],
      ),
    async count() {
      const text = 'SELECT count(*) AS n FROM conversation WHERE due_at IS NOT NULL';
      return onlyRow(await sql<{ n: number }>(text), 'clocks').n;
    },
    async retries() {
      const { count, next } = onlyRow(
        await sql<{ count: number; next: Instant | null }>(
          `SELECT count(*) AS count, ${micros('min(due_at)')} AS next FROM outbox
           WHERE state = 'pending' AND due_at > ${nowSql(time)}`,
        ),
        'mails that wait',
      );
      return next === null ? null : { count, next };
    },
  };
}
