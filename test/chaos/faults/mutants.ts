/**
 * A checker that finds nothing is believed because it can find something: at the end of each run, losses and doubles are
 * planted in what is really there, each in a transaction that is rolled back, and each must be seen.
 */
import type pg from 'pg';
import { type Broken, check, type Injections } from './check.ts';
import type { Observed } from './observed.ts';

export type Mutant = {
  readonly name: string;
  /** What is done to the database; $1 are the SHA-256 of forged orders. */
  readonly sql?: string;
  /** What is done to what was seen otherwise. */
  readonly change?: (observed: Observed) => Observed;
};

const ofLastRequest = `SELECT max(id) FROM message WHERE disposition = 'request'`;
const lastConfirmation = `SELECT max(id) FROM outbox WHERE kind = 'acknowledgement' AND state = 'sent'`;

export const Mutants: readonly Mutant[] = [
  { name: 'a mail row lost', sql: `DELETE FROM message WHERE id = (${ofLastRequest})` },
  {
    name: 'a mail row twice',
    sql: `INSERT INTO message (mailbox_id, uid_validity, uid, stored_at, received_at, size, raw_hash, history, stage,
            disposition, reason_code, reason, kind, settled_at)
          SELECT mailbox_id, 1, uid, stored_at, received_at, size, raw_hash, history, stage, 'bulk', reason_code, reason,
            kind, settled_at FROM message WHERE id = (${ofLastRequest})`,
  },
  { name: 'an outbox row deleted', sql: `DELETE FROM outbox WHERE id = (${lastConfirmation})` },
  {
    name: 'a confirmation that is said to be sent and was not',
    sql: `UPDATE outbox SET key = 'never' || id WHERE id = (${lastConfirmation})`,
  },
  {
    name: 'a receipt deleted',
    sql: `DELETE FROM outbox WHERE id = (SELECT max(id) FROM outbox WHERE kind = 'receipt')`,
  },
  {
    name: 'a moment in which nobody answered',
    sql: `UPDATE ledger SET from_at = from_at + interval '1 millisecond'
          WHERE (conversation_id, from_at) = (SELECT conversation_id, max(from_at) FROM ledger
            WHERE seq > 1 AND until_at IS NULL GROUP BY conversation_id LIMIT 1)`,
  },
  {
    name: 'a forged order that counted',
    sql: `UPDATE message SET disposition = 'command' WHERE id = (SELECT max(id) FROM message WHERE raw_hash = ANY ($1))`,
  },
  {
    name: 'a confirmation doubled in the sink',
    change: (observed) => ({
      ...observed,
      sunk: observed.sunk.flatMap((mail, at) =>
        at === 0 ? [mail, ...Array.from({ length: 20 }, () => mail)] : [mail],
      ),
    }),
  },
  {
    // Of a mail with copies another would still be there.
    name: 'a mail lost by the sink',
    change: (observed) => {
      const copies = Map.groupBy(observed.sunk, ({ messageId }) => messageId);
      const lost = observed.sunk.find(({ messageId }) => copies.get(messageId)?.length === 1);
      return { ...observed, sunk: observed.sunk.filter((one) => one !== lost) };
    },
  },
  {
    name: 'a flag set by Baton',
    change: (observed) => ({ ...observed, lying: observed.lying.map((one) => ({ ...one, flags: 'FS' })) }),
  },
];

/** Names of those that were planted and not seen; empty: the checker sees them all. */
export async function unseenMutants(
  pool: pg.Pool,
  injections: Injections,
  read: (database: Pick<pg.Pool, 'query'>) => Promise<Observed>,
): Promise<string[]> {
  const before = said(check(injections, await read(pool)));
  const forged = injections.mails.filter(({ class: name }) => name === 'forged').map(({ hash }) => hash);
  const unseen: string[] = [];
  for (const { name, sql, change = (same: Observed) => same } of Mutants) {
    const client = await pool.connect();
    try {
      // Keys would keep out what is to be found.
      await client.query('BEGIN; SET LOCAL session_replication_role = replica');
      const done = sql === undefined ? null : await client.query(sql, sql.includes('$1') ? [forged] : []);
      // There was nothing to do it to.
      if (done?.rowCount === 0) continue;
      if (said(check(injections, change(await read(client)))) === before) unseen.push(name);
    } finally {
      // What is not given back would be waited for at the end.
      await client.query('ROLLBACK').then(
        () => client.release(),
        (error: Error) => client.release(error),
      );
    }
  }
  return unseen;
}

const said = (broken: readonly Broken[]): string => JSON.stringify(broken);
