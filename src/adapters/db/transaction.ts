/**
 * Everything inside one transaction: locks in a fixed order, look-ups, and the one write that commits with them.
 *
 * Order of locks: inboxes (advisory, in the order of their keys), then messages by id, then conversations, by id within
 * one call, then absences (advisory, one lock for all). The classifier calls once per message, so that two workers may
 * meet crosswise; PostgreSQL then ends one of them (40P01, a temporary failure), and its doorbell rings again.
 */
import assert from 'node:assert/strict';
import { Failure } from '../../app/failures.ts';
import type {
  Change,
  EarlierCopy,
  SettledMessage,
  StoredMail,
  StoredReply,
  ThreadHit,
  Transaction,
} from '../../app/ports/store.ts';
import type { Conversation } from '../../domain/conversation/state.ts';
import type { ConversationId, InboxId, MemberId, MessageId, NoticeId } from '../../domain/ids.ts';
import { type Instant, toIso } from '../../domain/instant.ts';
import type { Address } from '../../domain/message.ts';
import { digestLookUps } from './digests.ts';
import { doorLookUps, doorParts } from './door.ts';
import { runJoined } from './joined.ts';
import { lookBackLookUps } from './look-backs.ts';
import { parkedLookUps, parkedParts } from './parked.ts';
import { peopleLookUps, peopleParts } from './people.ts';
import { NOTICE_COLUMNS, type NoticeRow, type ReadToken, TOKEN_COLUMNS, toNotice, toToken } from './rows.ts';
import { instantSql, mailboxSql, micros, onlyRow, type Sql, type TimeSource } from './sql.ts';
import { threadLookUps } from './threads.ts';
import { readDesk, readEvents } from './views.ts';
import { conversationParts, mergeChanges, moveConversations } from './write-conversations.ts';
import { messageParts, moveParts, noticeParts, outcomeParts, textPart } from './write-mail.ts';
import { returnPart } from './write-returns.ts';

/** A thread that thousands of mails name is found by its own mail and the first of the others. */
const HITS_PER_KEY_MAX = 50;

/** Serialises intake and threading of an inbox: two mails of one thread that come at once must see each other. */
export async function lockInboxes(sql: Sql, inboxes: readonly InboxId[]): Promise<void> {
  if (inboxes.length === 0) return;
  await sql(
    `SELECT pg_advisory_xact_lock(key) FROM (
       SELECT DISTINCT hashtextextended('baton:inbox:' || id, 0) AS key FROM unnest($1::text[]) AS id ORDER BY key
     ) AS keys`,
    [inboxes],
  );
}

/** `locks` false: for a transaction that only reads, in which PostgreSQL refuses to lock rows. */
export function transactionOn(sql: Sql, time: TimeSource, locks = true): Transaction {
  let asked: Instant | null = null;
  const now = async (): Promise<Instant> => {
    asked = time === 'database' ? await askDatabase(sql) : time.now();
    return asked;
  };
  return {
    now,
    lockMessages: async (ids, stage) => {
      if (ids.length === 0) return new Set();
      const rows = await sql<{ id: MessageId }>(
        'SELECT id FROM message WHERE id = ANY ($1::bigint[]) AND stage = $2 ORDER BY id FOR NO KEY UPDATE',
        [ids, stage],
      );
      return new Set(rows.map(({ id }) => id));
    },
    lockClaimed: async (claims) => {
      const rows = await sql<{ id: NoticeId }>(
        `SELECT outbox.id FROM outbox
         JOIN unnest($1::bigint[], $2::integer[]) AS held (id, claims) ON held.id = outbox.id
         WHERE outbox.state = 'sending' AND outbox.claims = held.claims ORDER BY outbox.id FOR NO KEY UPDATE OF outbox`,
        [claims.map(({ id }) => id), claims.map((held) => held.claims)],
      );
      return new Set(rows.map(({ id }) => id));
    },
    lockConversations: (ids) => lockConversations(sql, ids, locks),
    reserveConversation: async () => onlyRow(await reserveConversations(sql, 1), 'conversation number').id,
    reserveConversations: async (count) => (await reserveConversations(sql, count)).map(({ id }) => id),
    ...lookUps(sql, locks),
    ...threadLookUps(sql),
    ...parkedLookUps(sql),
    ...digestLookUps(sql),
    ...doorLookUps(sql),
    ...lookBackLookUps(sql),
    ...peopleLookUps(sql, async () => asked ?? (await now())),
    // What is written carries the time that the work was decided by, if it asked for one.
    write: async (change) => ({ notices: await write(sql, change, asked ?? (await now())) }),
  };
}

const reserveConversations = (sql: Sql, count: number): Promise<{ id: ConversationId }[]> =>
  sql(
    `SELECT nextval(pg_get_serial_sequence('conversation', 'id'))::integer AS id FROM generate_series(1, $1)`,
    [count],
  );

async function askDatabase(sql: Sql): Promise<Instant> {
  return onlyRow(await sql<{ now: Instant }>(`SELECT ${micros('clock_timestamp()')} AS now`), 'time').now;
}

/** Rows that only point at a conversation (foreign keys) need not wait for it. */
async function lockConversations(
  sql: Sql,
  ids: readonly ConversationId[],
  locks: boolean,
): Promise<Map<ConversationId, Conversation>> {
  if (ids.length === 0) return new Map();
  const rows = await sql<{ id: ConversationId; snapshot: Conversation }>(
    `SELECT id, snapshot FROM conversation WHERE id = ANY ($1::integer[]) ORDER BY id ${locks ? 'FOR NO KEY UPDATE' : ''}`,
    [ids],
  );
  return new Map(rows.map(({ id, snapshot }) => [id, snapshot]));
}

type LookUps = Omit<
  Transaction,
  | 'now'
  | 'lockMessages'
  | 'lockClaimed'
  | 'lockConversations'
  | 'reserveConversation'
  | 'reserveConversations'
  | 'write'
  | keyof ReturnType<typeof parkedLookUps>
  | keyof ReturnType<typeof digestLookUps>
  | keyof ReturnType<typeof doorLookUps>
  | keyof ReturnType<typeof lookBackLookUps>
  | keyof ReturnType<typeof peopleLookUps>
  | keyof ReturnType<typeof threadLookUps>
>;

function lookUps(sql: Sql, locks: boolean): LookUps {
  return {
    readReply: (id) => readReply(sql, id),
    readDesk: (member) => readDesk(sql, member),

    async findEarlierCopy(contentHash, id) {
      const rows = await sql<EarlierCopy>(
        `SELECT message.id, mailbox.role, message.conversation_id AS "conversationId"
         FROM message JOIN mailbox ON mailbox.id = message.mailbox_id
         WHERE content_hash = $1 AND message.id <> $2 ORDER BY message.id LIMIT 1`,
        [contentHash, id],
      );
      return rows[0] ?? null;
    },

    async countNotices(kind, member, since, about) {
      const which = about === 'any' ? '' : 'AND conversation_id IS NOT DISTINCT FROM $4::integer';
      const rows = await sql<{ n: number }>(
        `SELECT count(*) AS n FROM outbox
         WHERE recipient_id = $1 AND kind = $2 AND created_at > $3::timestamptz ${which}`,
        [member, kind, toIso(since), ...(about === 'any' ? [] : [about])],
      );
      return rows[0]?.n ?? 0;
    },

    isUnreached: async (address) => (await findUnreached(sql, [address])).has(address),
    findUnreached: (addresses) => findUnreached(sql, addresses),

    async findKnownContent(contentHashes) {
      if (contentHashes.length === 0) return new Set();
      // One probe of the index for each, whatever the planner believes of their number.
      const rows = await sql<{ hash: string }>(
        `SELECT wanted.hash FROM unnest($1::text[]) AS wanted (hash)
         CROSS JOIN LATERAL (SELECT FROM message WHERE content_hash = wanted.hash LIMIT 1) AS found`,
        [[...new Set(contentHashes)]],
      );
      return new Set(rows.map(({ hash }) => hash));
    },

    async findThreads(inboxId, keys) {
      if (keys.length === 0) return [];
      return sql<ThreadHit>(
        `SELECT wanted.key, hit.* FROM unnest($2::text[]) WITH ORDINALITY AS wanted (key, place)
         CROSS JOIN LATERAL (
           SELECT message.id AS "messageId", thread_key.own, found.id AS "conversationId"
           FROM thread_key JOIN message ON message.id = thread_key.message_id
           LEFT JOIN message AS original ON original.id = message.copy_of
           -- A copy belongs where the mail does that it is a copy of.
           CROSS JOIN LATERAL (SELECT coalesce(message.conversation_id, original.conversation_id) AS id) AS found
           WHERE thread_key.inbox_id = $1 AND thread_key.key = wanted.key
           ORDER BY thread_key.own DESC, found.id IS NULL, message.id LIMIT ${HITS_PER_KEY_MAX}
         ) AS hit ORDER BY wanted.place, hit."messageId"`,
        [inboxId, [...new Set(keys)]],
      );
    },

    async findTokens(hashes) {
      if (hashes.length === 0) return [];
      const text = `SELECT ${TOKEN_COLUMNS} FROM token WHERE hash = ANY ($1::text[])`;
      return (await sql<ReadToken>(text, [hashes])).map(toToken);
    },

    async findNotices(keys) {
      if (keys.length === 0) return [];
      const rows = await sql<NoticeRow>(
        // A request that was erased is nobody's any more: whoever answers an old mail of ours is somebody new.
        `SELECT ${NOTICE_COLUMNS} FROM outbox WHERE key = ANY ($1::text[]) AND NOT EXISTS (
           SELECT FROM conversation_words WHERE conversation_words.conversation_id = outbox.conversation_id
             AND conversation_words.forgotten IS NOT NULL) ORDER BY id`,
        [keys],
      );
      return rows.map((row) => ({ key: row.key, notice: toNotice(row) }));
    },

    async findCustomer(id) {
      const rows = await sql<Address>(
        `SELECT customer_name AS name, customer_address AS address FROM conversation_words
         WHERE conversation_id = $1`,
        [id],
      );
      return rows[0] ?? null;
    },

    findEvents: async (id) => (await readEvents(sql, [id])).get(id) ?? [],

    async lockSettled(id) {
      const rows = await sql<SettledMessage>(
        `SELECT message.id, mailbox.inbox_id AS "inboxId", ${micros('message.stored_at')} AS "storedAt",
           message.disposition, json_build_object('code', message.reason_code, 'sentence', message.reason) AS reason,
           ${micros('message.settled_at')} AS "settledAt", message.conversation_id AS "conversationId",
           message.kind, message_words.mail
         FROM message JOIN mailbox ON mailbox.id = message.mailbox_id
           LEFT JOIN message_words ON message_words.message_id = message.id
         WHERE message.id = $1 AND message.stage = 'settled' ${locks ? 'FOR NO KEY UPDATE OF message' : ''}`,
        [id],
      );
      return rows[0] ?? null;
    },

    async hasActed(messageIdHash) {
      const rows = await sql(
        `SELECT 1 FROM message WHERE message_id_hash = $1 AND disposition = 'command' LIMIT 1`,
        [messageIdHash],
      );
      return rows.length > 0;
    },

    async load(members) {
      if (members.length === 0) return new Map();
      const rows = await sql<{ id: MemberId; open: number; lastOfferedAt: Instant | null }>(
        `SELECT wanted.id,
           (SELECT count(*) FROM conversation WHERE owner_id = wanted.id AND phase = 'owned')
             + (SELECT count(*) FROM conversation WHERE offered_to = wanted.id) AS open,
           (SELECT ${micros('max(asked_at)')} FROM offer WHERE to_id = wanted.id) AS "lastOfferedAt"
         FROM unnest($1::text[]) AS wanted (id)`,
        [members],
      );
      return new Map(rows.map(({ id, open, lastOfferedAt }) => [id, { open, lastOfferedAt }]));
    },
  };
}

async function findUnreached(sql: Sql, addresses: readonly string[]): Promise<ReadonlySet<string>> {
  if (addresses.length === 0) return new Set();
  // One probe of the index for each, whatever the planner believes of their number.
  const rows = await sql<{ address: string }>(
    `SELECT wanted.address FROM unnest($1::text[]) AS wanted (address)
     CROSS JOIN LATERAL (
       SELECT max(unreached_since) > coalesce(max(vouched_at), '-infinity') AS unreached
       FROM conversation_words JOIN conversation ON conversation.id = conversation_words.conversation_id
       WHERE ${mailboxSql('customer_address')} = ${mailboxSql('wanted.address')} AND customer_address <> ''
     ) AS known WHERE known.unreached`,
    [[...new Set(addresses)]],
  );
  return new Set(rows.map(({ address }) => address));
}

async function readReply(sql: Sql, id: MessageId): Promise<StoredReply> {
  type Row = ReadToken & {
    id: MessageId;
    inboxId: InboxId;
    inConversation: ConversationId | null;
    messageIdHash: string | null;
    mail: StoredMail;
    sender: MemberId;
  };
  const rows = await sql<Row>(
    `SELECT message.id, mailbox.inbox_id AS "inboxId", message.conversation_id AS "inConversation",
       message.member_id AS sender, message.message_id_hash AS "messageIdHash", message_words.mail, ${TOKEN_COLUMNS}
     FROM message
     JOIN mailbox ON mailbox.id = message.mailbox_id
     JOIN message_words ON message_words.message_id = message.id
     JOIN token ON token.hash = message.token_hash
     WHERE message.id = $1 AND message.stage = 'replying' AND message.member_id IS NOT NULL AND message_words.mail IS NOT NULL`,
    [id],
  );
  const [row] = rows;
  if (row === undefined) {
    throw new Failure('permanent', 'no-such-reply', `Message ${id} waits as no member's reply.`);
  }
  return {
    id,
    inboxId: row.inboxId,
    conversationId: row.inConversation,
    member: row.sender,
    messageIdHash: row.messageIdHash,
    token: toToken(row),
    mail: row.mail,
  };
}

async function write(sql: Sql, change: Change, now: Instant): Promise<NoticeId[]> {
  const conversations = mergeChanges(change.conversations ?? []);
  const messages = change.messages ?? [];
  const moves = change.moves ?? [];
  const parked = change.parked ?? [];
  await moveConversations(sql, conversations);
  const done = await runJoined(sql, [
    ...conversationParts(conversations),
    ...messageParts(messages, now),
    ...moveParts(moves, now),
    ...parkedParts(parked),
    textPart(change.texts ?? []),
    ...peopleParts(change.contacts ?? [], change.absences ?? []),
    ...noticeParts(change.notices ?? [], now),
    ...outcomeParts(change.outcomes ?? [], instantSql(now)),
    returnPart(change.returns ?? [], now),
    ...doorParts(change.signIns ?? [], change.orders ?? [], now),
  ]);
  assert.equal(done.get('messages')?.length, messages.length, 'a message is settled once');
  assert.equal(done.get('moves')?.length, moves.length, 'a message that is moved is what it was');
  assert.equal(done.get('parked')?.length, parked.length, 'a parked mail is at the version that was read');
  return (done.get('notices') ?? []).map((row) => (row as { id: NoticeId }).id);
}
