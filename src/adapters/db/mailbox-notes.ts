/** What is known about each watched folder, in its own row; UIDs are counted together where they follow each other. */
import type pg from 'pg';
import { Failure } from '../../app/failures.ts';
import type { MailboxNotes, Watched } from '../../app/ports/mailbox-notes.ts';
import type { UidRange } from '../../domain/uid-ranges.ts';
import { nowSql, type Sql, sqlOn, type TimeSource } from './sql.ts';

export function postgresMailboxNotes({ pool, time }: { pool: pg.Pool; time: TimeSource }): MailboxNotes {
  const sql = sqlOn(pool);
  return {
    knownUids: ({ id }, uidValidity) =>
      // UIDs that follow each other have the same distance from their place in the list; those below 1 were given away.
      sql<UidRange>(
        `SELECT min(uid) AS first, max(uid) AS last FROM (
           SELECT uid, uid - row_number() OVER (ORDER BY uid) AS island FROM message
           WHERE mailbox_id = $1 AND uid_validity = $2::numeric AND uid > 0
         ) AS places GROUP BY island ORDER BY first`,
        [id, uidValidity],
      ),
    noteCompared: (mailbox, { missing, repaired, gone }) =>
      note(
        sql,
        mailbox,
        `reconciled_at = ${nowSql(time)}, missing = $3, repaired = repaired + $4, gone = $5`,
        [missing, repaired, gone],
      ),
    noteJunk: (mailbox, junk) =>
      note(sql, mailbox, 'junk_folder = $3, junk = $4', [junk?.folder ?? null, junk?.count ?? null]),
    noteTrouble: (mailbox, code) =>
      note(sql, mailbox, `trouble_code = $3, trouble_at = coalesce(trouble_at, ${nowSql(time)})`, [code]),
  };
}

async function note(
  sql: Sql,
  { id, fence }: Watched,
  set: string,
  values: readonly unknown[],
): Promise<void> {
  const rows = await sql(`UPDATE mailbox SET ${set} WHERE id = $1 AND fence = $2 RETURNING id`, [
    id,
    fence,
    ...values,
  ]);
  if (rows.length > 0) return;
  throw new Failure('temporary', 'lease-lost', `Another poller watches mailbox ${id} by now.`);
}
