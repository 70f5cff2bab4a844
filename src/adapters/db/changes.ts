/**
 * What happened within the last seconds, by the times of events (`event_recent`): the longest that a transaction may
 * take lies in between, since an event is seen when it is committed and timed before.
 */
import type pg from 'pg';
import type { ChangedRequest, Changes } from '../../app/ports/changes.ts';
import { nowSql, sqlOn, type TimeSource } from './sql.ts';

/** Nobody reads a page anew for each of more at once. */
const CHANGES_MAX = 1_000;
const LATELY = `interval '20 seconds'`;

export function postgresChanges({ pool, time }: { pool: pg.Pool; time: TimeSource }): Changes {
  const sql = sqlOn(pool);
  return {
    lately: () =>
      sql<ChangedRequest>(
        `SELECT c.id, c.inbox_id AS "inboxId", c.snapshot->>'accountable' AS accountable, c.owner_id AS owner,
           c.offered_to AS asked, c.version
         FROM conversation c WHERE c.id IN (
           SELECT conversation_id FROM event WHERE at > ${nowSql(time)} - ${LATELY} LIMIT $1)`,
        [CHANGES_MAX],
      ),
  };
}
