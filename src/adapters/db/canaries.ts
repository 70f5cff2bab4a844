/** The mails that inboxes send to themselves. One that came back is found by its Message-ID, as every mail is. */
import type pg from 'pg';
import type { Canaries, CanaryRound } from '../../app/ports/canaries.ts';
import { micros, nowSql, sqlOn, type TimeSource } from './sql.ts';

/** Long enough to look back at an outage. */
const KEPT = `interval '30 days'`;
/** A mail that took longer is lost for the purpose. */
const AWAITED = `interval '2 days'`;

export function postgresCanaries({ pool, time }: { pool: pg.Pool; time: TimeSource }): Canaries {
  const sql = sqlOn(pool);
  const now = () => nowSql(time);
  return {
    async begin(inbox, turn, key) {
      const rows = await sql(
        `INSERT INTO canary (inbox_id, turn, sent_at, key) VALUES ($1, $2, ${now()}, $3)
         ON CONFLICT (inbox_id, turn) DO NOTHING RETURNING id`,
        [inbox, turn, key],
      );
      if (rows.length > 0) await sql(`DELETE FROM canary WHERE sent_at < ${now()} - ${KEPT}`);
      return rows.length > 0;
    },
    async handedOver(inbox, turn, code) {
      await sql('UPDATE canary SET code = $3 WHERE inbox_id = $1 AND turn = $2', [
        inbox,
        turn,
        code === 'accepted' ? null : code,
      ]);
    },
    async noteArrivals() {
      await sql(
        `UPDATE canary SET arrived_at = greatest(message.stored_at, canary.sent_at)
         FROM thread_key, message, mailbox
         WHERE canary.arrived_at IS NULL AND canary.sent_at > ${now()} - ${AWAITED}
           AND thread_key.inbox_id = canary.inbox_id AND thread_key.key = canary.key AND thread_key.own
           AND message.id = thread_key.message_id AND message.disposition = 'own'
           AND mailbox.id = message.mailbox_id AND mailbox.role = 'inbox'`,
      );
    },
    last: () =>
      sql<CanaryRound>(
        `SELECT DISTINCT ON (inbox_id) inbox_id AS "inboxId", ${micros('sent_at')} AS "sentAt",
           ${micros('(arrived_at - sent_at)')} AS took
         FROM canary WHERE arrived_at IS NOT NULL ORDER BY inbox_id, sent_at DESC`,
      ),
  };
}
