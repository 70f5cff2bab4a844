/** The ledger as it is asked for an instant. */
import type pg from 'pg';
import type { HeldThen, LedgerEntry, LedgerList } from '../../app/ports/ledger-list.ts';
import type { ConversationId, MemberId } from '../../domain/ids.ts';
import { instantSql, micros, sqlOn } from './sql.ts';

export function postgresLedgerList({ pool }: { pool: pg.Pool }): LedgerList {
  const sql = sqlOn(pool);
  return {
    async at(id, at) {
      const rows = await sql<LedgerEntry>(
        `SELECT member_id AS member, ${micros('from_at')} AS from, ${micros('until_at')} AS until FROM ledger
         WHERE conversation_id = $1 AND ${heldAt(instantSql(at))}`,
        [id],
      );
      return rows[0] ?? null;
    },
    of: (member, at, limit) =>
      sql<HeldThen>(
        `SELECT ledger.conversation_id AS id, coalesce(words.subject, '') AS subject, ${micros('from_at')} AS from,
           ${micros('until_at')} AS until
         FROM ledger LEFT JOIN conversation_words AS words
           ON words.conversation_id = ledger.conversation_id AND words.forgotten IS NULL
         WHERE member_id = $1 AND ${heldAt(instantSql(at))} ORDER BY from_at, ledger.conversation_id LIMIT $2`,
        [member, limit],
      ),
    counts: (at) =>
      sql<{ member: MemberId; n: number }>(
        `SELECT member_id AS member, count(*)::integer AS n FROM ledger
         WHERE member_id IS NOT NULL AND ${heldAt(instantSql(at))} GROUP BY member_id ORDER BY n DESC, member_id`,
      ),
    async nearest(id) {
      const rows = await sql<{ id: ConversationId }>(
        `(SELECT id FROM conversation WHERE id < $1 ORDER BY id DESC LIMIT 1)
         UNION ALL (SELECT id FROM conversation WHERE id > $1 ORDER BY id LIMIT 1)`,
        [id],
      );
      return rows.map((row) => row.id);
    },
  };
}

/** Rows tile time: from an instant on, and up to the next. */
const heldAt = (at: string): string => `from_at <= ${at} AND (until_at IS NULL OR until_at > ${at})`;
