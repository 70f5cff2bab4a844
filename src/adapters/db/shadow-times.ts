/** ShadowTimes on PostgreSQL. What was held back is told by the outbox itself: nothing is written down twice. */
import type pg from 'pg';
import type { Held, ShadowTime, ShadowTimes } from '../../app/ports/shadow.ts';
import { toIso } from '../../domain/instant.ts';
import type { ShadowItem } from '../../domain/notices/first-hour-bodies.ts';
import { SHADOW } from '../../domain/shadow.ts';
import { micros, nowSql, onlyRow, sqlOn, type TimeSource } from './sql.ts';

/** Kinds that put a question to somebody. */
const ASKS = `('offer', 'handoff', 'last-asked')`;
/** More than anybody reads in a mail. */
const ITEMS_MAX = 200;

/** Whom a conversation's questions were for, in order, each once. */
const ASKED = `(SELECT coalesce(json_agg(first.recipient_id ORDER BY first.id), '[]') FROM (
    SELECT recipient_id, min(id) AS id FROM outbox
    WHERE conversation_id = wanted.id AND kind IN ${ASKS} AND outcome_code = '${SHADOW}' AND recipient_id IS NOT NULL
    GROUP BY recipient_id) AS first)`;

export function postgresShadowTimes({ pool, time }: { pool: pg.Pool; time: TimeSource }): ShadowTimes {
  const sql = sqlOn(pool);
  return {
    async running() {
      const rows = await sql<ShadowTime>(
        `SELECT id, ${micros('began_at')} AS "beganAt" FROM shadow_time WHERE ended_at IS NULL`,
      );
      return rows[0] ?? null;
    },
    async begin() {
      await sql(`INSERT INTO shadow_time (began_at) VALUES (${nowSql(time)}) ON CONFLICT DO NOTHING`);
    },
    async end(id) {
      await sql(
        `UPDATE shadow_time SET ended_at = greatest(began_at, ${nowSql(time)}) WHERE id = $1 AND ended_at IS NULL`,
        [id],
      );
    },
    async heldSince(inboxes, since) {
      const items = await sql<ShadowItem>(
        `SELECT wanted.id AS "conversationId", ${ASKED} AS asked FROM (
           SELECT DISTINCT conversation_id AS id FROM outbox
           WHERE outcome_code = '${SHADOW}' AND settled_at > $2::timestamptz AND inbox_id = ANY ($1::text[])
             AND conversation_id IS NOT NULL ORDER BY 1 LIMIT ${ITEMS_MAX}
         ) AS wanted ORDER BY wanted.id`,
        [inboxes, toIso(since)],
      );
      const counts = onlyRow(
        await sql<Omit<Held, 'items'>>(
          `SELECT count(*) FILTER (WHERE recipient_id IS NULL) AS outside,
             count(*) FILTER (WHERE recipient_id IS NOT NULL) AS members
           FROM outbox WHERE outcome_code = '${SHADOW}' AND settled_at > $2::timestamptz AND inbox_id = ANY ($1::text[])`,
          [inboxes, toIso(since)],
        ),
        'count of what was held back',
      );
      return { items, ...counts };
    },
    openSince: (inboxes, since) =>
      sql<ShadowItem>(
        `SELECT wanted.id AS "conversationId", ${ASKED} AS asked FROM conversation AS wanted
         WHERE wanted.phase <> 'done' AND wanted.opened_at >= $2::timestamptz AND wanted.inbox_id = ANY ($1::text[])
         ORDER BY wanted.id LIMIT ${ITEMS_MAX}`,
        [inboxes, toIso(since)],
      ),
  };
}
