/**
 * What the workers still have in hand, counted in the database: for whoever waits until nothing is left to do, and
 * knows then that all mail is read.
 */
import type pg from 'pg';
import { nowSql, onlyRow, sqlOn, type TimeSource } from './sql.ts';

export type PendingWork = {
  /** Mails taken in and not settled. */
  readonly messages: number;
  /** Requests for which nobody has been chosen yet. */
  readonly unrouted: number;
  /** Notices that are due, or being sent. */
  readonly notices: number;
  /** The last UID taken in, by `inbox/folder`; a folder that was never opened is absent. */
  readonly cursors: ReadonlyMap<string, number>;
};

export async function readPendingWork(pool: pg.Pool, time: TimeSource): Promise<PendingWork> {
  const sql = sqlOn(pool);
  const rows = await sql<Omit<PendingWork, 'cursors'> & { cursors: Record<string, number> }>(
    `SELECT (SELECT count(*) FROM message WHERE stage <> 'settled') AS messages,
       (SELECT count(*) FROM conversation WHERE phase = 'arrived') AS unrouted,
       (SELECT count(*) FROM outbox WHERE state = 'sending' OR (state = 'pending' AND due_at <= ${nowSql(time)}))
         AS notices,
       (SELECT coalesce(json_object_agg(inbox_id || '/' || folder, last_uid), '{}') FROM mailbox) AS cursors`,
  );
  const { cursors, ...counts } = onlyRow(rows, 'pending work');
  return { ...counts, cursors: new Map(Object.entries(cursors)) };
}

/**
 * Where a clock has skipped time at rest, its pollers were there all along and held their watch: what they last noted
 * would look like hours of silence.
 */
export async function noteHeldWatch(pool: pg.Pool, time: TimeSource): Promise<void> {
  const now = nowSql(time);
  await sqlOn(pool)(
    `UPDATE mailbox SET polled_at = ${now}, lease_until = ${now} + interval '20 seconds'
     WHERE lease_holder IS NOT NULL AND trouble_at IS NULL`,
  );
}
