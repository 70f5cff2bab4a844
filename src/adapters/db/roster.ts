/**
 * The roster as rows: whom other rows may point at. Changes are rare, so they go through Prisma's client; but
 * whether there are any is asked in plain SQL, since a dozen workers start with the roster that stands there already,
 * and the client's compiler costs each of them forty megabytes once it is used.
 */
import type pg from 'pg';
import type { Roster, Store } from '../../app/ports/store.ts';
import type { ConversationId, InboxId, MemberId } from '../../domain/ids.ts';
import type { PrismaClient } from './generated/client.ts';
import { inTransaction } from './in-transaction.ts';
import { nowSql, type Sql, type TimeSource } from './sql.ts';
import { toFailure } from './to-failure.ts';

type RosterStore = Pick<Store, 'syncRoster' | 'busyInboxes' | 'formerMembers' | 'conversationsOf'>;

/** Two processes that start together would both find a row missing and both insert it. */
const ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtextextended('baton:roster', 0))";

export function rosterStore(
  pool: pg.Pool,
  prisma: () => PrismaClient,
  sql: Sql,
  time: TimeSource,
): RosterStore {
  return {
    async syncRoster(roster) {
      if (await isKnown(sql, roster)) return { left: [] };
      return inTransaction(
        pool,
        async () => {
          // Of a dozen that start together the first has written it by now.
          if (await isKnown(sql, roster)) return { left: [] };
          return guarded(() => prisma().$transaction((tx) => sync(tx, roster, time)));
        },
        ONE_AT_A_TIME,
      );
    },

    async busyInboxes() {
      const rows = await sql<{ id: InboxId }>(
        `SELECT inbox_id AS id FROM conversation WHERE phase <> 'done'
         UNION SELECT mailbox.inbox_id FROM message JOIN mailbox ON mailbox.id = message.mailbox_id
           WHERE message.stage <> 'settled'
         UNION SELECT inbox_id FROM parked WHERE due_at IS NOT NULL
         UNION SELECT inbox_id FROM outbox WHERE state IN ('pending', 'sending') ORDER BY id`,
      );
      return rows.map(({ id }) => id);
    },

    formerMembers: () =>
      sql<{ id: MemberId; name: string }>(
        'SELECT id, name FROM member WHERE left_at IS NOT NULL ORDER BY id',
      ),

    async conversationsOf(member) {
      const rows = await sql<{ id: ConversationId }>(
        `SELECT conversation_id AS id FROM ledger WHERE member_id = $1 AND until_at IS NULL
         UNION SELECT id FROM conversation WHERE offered_to = $1 ORDER BY id`,
        [member],
      );
      return rows.map(({ id }) => id);
    },
  };
}

/** Whether the rows say it all already: every address and name, and nobody else is there. */
async function isKnown(sql: Sql, { inboxes, members }: Roster): Promise<boolean> {
  const addresses = await sql<{ id: InboxId; address: string }>('SELECT id, address FROM inbox');
  const present = await sql<{ id: MemberId; name: string }>(
    'SELECT id, name FROM member WHERE left_at IS NULL',
  );
  const addressOf = new Map(addresses.map(({ id, address }) => [id, address]));
  const nameOf = new Map(present.map(({ id, name }) => [id, name]));
  return (
    inboxes.every(({ id, address }) => addressOf.get(id) === address) &&
    members.length === present.length &&
    members.every(({ id, name }) => nameOf.get(id) === name)
  );
}

async function guarded<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw toFailure(error);
  }
}

type Tx = Parameters<Parameters<PrismaClient['$transaction']>[0]>[0];

async function sync(tx: Tx, roster: Roster, time: TimeSource): Promise<{ left: MemberId[] }> {
  // By one statement each: a dozen workers wait for this at their first start, and none may wait too long for it.
  await tx.$executeRaw`
    INSERT INTO inbox (id, address)
    SELECT * FROM unnest(${roster.inboxes.map(({ id }) => id)}::text[], ${roster.inboxes.map(({ address }) => address)}::text[])
    ON CONFLICT (id) DO UPDATE SET address = excluded.address`;
  await tx.$executeRaw`
    INSERT INTO member (id, name)
    SELECT * FROM unnest(${roster.members.map(({ id }) => id)}::text[], ${roster.members.map(({ name }) => name)}::text[])
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, left_at = NULL`;
  const present = roster.members.map(({ id }) => id);
  const left = await tx.$queryRawUnsafe<{ id: MemberId }[]>(
    `UPDATE member SET left_at = ${nowSql(time)} WHERE left_at IS NULL AND NOT (id = ANY ($1::text[]))
     RETURNING id`,
    present,
  );
  return { left: left.map(({ id }) => id).sort() };
}
