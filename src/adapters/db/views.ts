/** What rendering needs, gathered for many notices at once: requests with their history, and single messages. */
import { Failure } from '../../app/failures.ts';
import type { Store, StoredRequest } from '../../app/ports/store.ts';
import type { ConversationEvent, EventBody } from '../../domain/conversation/events.ts';
import type { Conversation } from '../../domain/conversation/state.ts';
import type { ConversationId, MemberId, MessageId, TextId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import { followedView } from '../../domain/notices/followed.ts';
import {
  messageView,
  type ShownMessage,
  strangersIn,
  threadOf,
  withWordsTakenDown,
} from '../../domain/notices/message-view.ts';
import type { DeskItem, FollowedView, MessageView, TextView } from '../../domain/notices/view.ts';
import { coalesce } from './coalesce.ts';
import { readContacts } from './people.ts';
import { type RawForm, unpack } from './raw-form.ts';
import { mailboxSql, micros, type Sql, type TimeSource } from './sql.ts';

type ViewStore = Pick<
  Store,
  'readRequest' | 'readMessage' | 'readText' | 'readRaw' | 'readSent' | 'readDesk'
>;

const MESSAGES_MAX = 20;
/** Of a mail of ours: its text stands in front of its files. */
const SENT_BYTES_MAX = 256 * 1024;

export function viewStore(sql: Sql, time: TimeSource): ViewStore {
  const load = time === 'database' ? keptAWhile(() => readLoad(sql)) : () => readLoad(sql);
  const request = coalesce((ids: readonly ConversationId[]) => readRequests(sql, ids, load));
  return {
    async readRequest(id) {
      const found = await request(id);
      if (found !== undefined) return found;
      throw new Failure('permanent', 'no-such-conversation', `There is no conversation ${id}.`);
    },
    readMessage: (id) => readMessage(sql, id),
    readText: (id) => readText(sql, id),
    readRaw: (id) => readRaw(sql, id),
    readSent: (member, id, limit) => readSent(sql, member, id, limit),
    readDesk: (member) => readDesk(sql, member),
  };
}

type RequestRow = {
  id: ConversationId;
  state: Conversation;
  subject: string;
  name: string;
  address: string;
  because: string[] | null;
  total: number;
  done: number;
};

async function readRequests(
  sql: Sql,
  ids: readonly ConversationId[],
  readTheLoad: () => Promise<ReadonlyMap<MemberId, number>>,
): Promise<Map<ConversationId, StoredRequest>> {
  // One after the other: together they would take four connections from those who wait.
  const rows = await readStates(sql, ids);
  const events = await readEvents(sql, ids);
  const messages = await readMessages(sql, ids);
  const followed = await readFollowed(sql, events);
  const texts = await readConversationTexts(sql, ids);
  const contacts = await readContacts(sql, ids);
  const load = await readTheLoad();
  return new Map(
    rows.map(({ id, state, subject, name, address, because, total, done }) => {
      const history = events.get(id) ?? [];
      const shown = messages.filter(({ root }) => root === id);
      const own = shown.filter(({ conversationId }) => conversationId === id);
      const customer = { name, address };
      const strangers = strangersIn(history);
      const written = new Map(texts.filter((text) => text.conversationId === id).map(toTextEntry));
      const views = shown.map((row) => messageView(row, strangers));
      const request = {
        state,
        subject,
        customer,
        messages: withWordsTakenDown(views, history, written, { subject, customer }),
        events: history,
        earlier: { total, done },
        follows: followed.get(id) ?? null,
        ...(because !== null && { because }),
        load,
        contacts: contacts.get(id) ?? new Map(),
        customerMessageIds: threadOf(own, customer, strangers),
        texts: written,
      };
      return [id, request];
    }),
  );
}

function readStates(sql: Sql, ids: readonly ConversationId[]): Promise<RequestRow[]> {
  return sql<RequestRow>(
    `SELECT conversation.id, conversation.snapshot AS state, coalesce(words.subject, '') AS subject,
       coalesce(words.customer_name, '') AS name, coalesce(words.customer_address, '') AS address,
       words.because, earlier.total, earlier.done
     FROM conversation
     LEFT JOIN conversation_words AS words ON words.conversation_id = conversation.id
     CROSS JOIN LATERAL (
       SELECT count(*) AS total, count(*) FILTER (WHERE other.phase = 'done') AS done
       FROM conversation_words AS theirs JOIN conversation AS other ON other.id = theirs.conversation_id
       WHERE ${mailboxSql('theirs.customer_address')} = ${mailboxSql('words.customer_address')}
         AND words.forgotten IS NULL AND theirs.conversation_id < conversation.id
     ) AS earlier
     WHERE conversation.id = ANY ($1::integer[])`,
    [ids],
  );
}

export async function readEvents(
  sql: Sql,
  ids: readonly ConversationId[],
): Promise<Map<ConversationId, ConversationEvent[]>> {
  type Row = { conversationId: ConversationId; seq: number; at: Instant; type: string; data: object };
  const rows = await sql<Row>(
    `SELECT conversation_id AS "conversationId", seq, ${micros('at')} AS at, type, data FROM event
     WHERE conversation_id = ANY ($1::integer[]) ORDER BY conversation_id, seq`,
    [ids],
  );
  const events = new Map<ConversationId, ConversationEvent[]>();
  for (const { conversationId, seq, at, type, data } of rows) {
    const event = { ...({ ...data, type } as EventBody), conversationId, seq, at };
    const known = events.get(conversationId);
    if (known === undefined) events.set(conversationId, [event]);
    else known.push(event);
  }
  return events;
}

/** By the requests that name one, what became of the earlier one. */
async function readFollowed(
  sql: Sql,
  histories: ReadonlyMap<ConversationId, readonly ConversationEvent[]>,
): Promise<Map<ConversationId, FollowedView>> {
  const named = [...histories].flatMap(([id, [first]]) =>
    first?.type === 'arrived' && first.follows !== undefined ? [[id, first.follows] as const] : [],
  );
  if (named.length === 0) return new Map();
  const rows = await sql<{
    id: ConversationId;
    state: Conversation;
    at: Instant | null;
    by: MemberId | null;
  }>(
    `SELECT conversation.id, conversation.snapshot AS state, ended.at, ended.by
     FROM conversation LEFT JOIN LATERAL (
       SELECT ${micros('at')} AS at, data ->> 'by' AS by FROM event
       WHERE conversation_id = conversation.id AND type = 'done' ORDER BY seq DESC LIMIT 1
     ) AS ended ON true WHERE conversation.id = ANY ($1::integer[])`,
    [[...new Set(named.map(([, { conversationId }]) => conversationId))]],
  );
  const views = named.flatMap(([id, { conversationId, why }]) => {
    const row = rows.find((one) => one.id === conversationId);
    return row === undefined ? [] : [[id, followedView(row.state, why, row)] as const];
  });
  return new Map(views);
}

type MessageRow = ShownMessage & { readonly conversationId: ConversationId | null };

/** A mail from before the start came when its server noted it, not when it was taken in. */
const WROTE_AT = '(CASE WHEN message.history THEN message.received_at ELSE message.stored_at END)';

const MESSAGE_COLUMNS = `message.id, message.conversation_id AS "conversationId", message.disposition,
  message.member_id AS member, ${micros(WROTE_AT)} AS "storedAt", message_words.mail,
  message_words.raw IS NULL AS bare`;

/**
 * What the customer wrote and what our side answered, there and in what became a part of it; the rest is for machines,
 * or among members. A part that was opened again is none any more.
 */
function readMessages(
  sql: Sql,
  ids: readonly ConversationId[],
): Promise<(MessageRow & { root: ConversationId })[]> {
  return sql<MessageRow & { root: ConversationId }>(
    `WITH RECURSIVE part (root, id) AS (
       SELECT id, id FROM unnest($1::integer[]) AS wanted (id)
       UNION
       SELECT part.root, (event.data ->> 'from')::integer FROM part
       JOIN event ON event.conversation_id = part.id AND event.type = 'absorbed'
       JOIN conversation ON conversation.id = (event.data ->> 'from')::integer
         AND (conversation.snapshot -> 'ended' ->> 'into')::integer = part.id
     )
     SELECT latest.* FROM (SELECT DISTINCT root FROM part) AS wanted
     CROSS JOIN LATERAL (
       SELECT part.root, ${MESSAGE_COLUMNS}
       FROM part JOIN message ON message.conversation_id = part.id
         JOIN message_words ON message_words.message_id = message.id
       WHERE part.root = wanted.root AND message_words.mail IS NOT NULL
         AND message.disposition IN ('request', 'follow-up', 'teammate-reply')
       ORDER BY message.id DESC LIMIT ${MESSAGES_MAX}
     ) AS latest ORDER BY latest.id`,
    [ids],
  );
}

type TextRow = TextView & { id: TextId; conversationId: ConversationId | null };

const TEXT_COLUMNS = 'id, conversation_id AS "conversationId", author_id AS author, body';

const toTextEntry = ({ id, author, body }: TextRow): [TextId, TextView] => [id, { author, body }];

function readConversationTexts(sql: Sql, ids: readonly ConversationId[]): Promise<TextRow[]> {
  return sql<TextRow>(`SELECT ${TEXT_COLUMNS} FROM text WHERE conversation_id = ANY ($1::integer[])`, [ids]);
}

async function readText(sql: Sql, id: TextId): Promise<TextView | null> {
  const rows = await sql<TextView>('SELECT author_id AS author, body FROM text WHERE id = $1::uuid', [id]);
  return rows[0] ?? null;
}

/** Null when only the header of a mail that is too large was taken in, or it is no longer kept: its files are not here. */
async function readRaw(sql: Sql, id: MessageId): Promise<Uint8Array | null> {
  const rows = await sql<{ raw: Buffer; form: RawForm }>(
    `SELECT raw, raw_form AS form FROM message_words JOIN message ON message.id = message_id
     WHERE message_id = $1 AND message.raw_hash IS NOT NULL AND length(raw) > 0`,
    [id],
  );
  const [row] = rows;
  return row === undefined ? null : unpack(row.raw, row.form);
}

async function readSent(
  sql: Sql,
  member: MemberId,
  id: ConversationId | null,
  limit: number,
): Promise<Uint8Array[]> {
  const rows = await sql<{ raw: Buffer; form: RawForm }>(
    `SELECT CASE raw_form WHEN 'zstd' THEN raw ELSE substring(raw FROM 1 FOR ${SENT_BYTES_MAX}) END AS raw,
       raw_form AS form
     FROM outbox JOIN outbox_words ON outbox_words.outbox_id = outbox.id
     WHERE recipient_id = $1 AND conversation_id IS NOT DISTINCT FROM $2::integer
     ORDER BY outbox.id DESC LIMIT $3`,
    [member, id, limit],
  );
  return Promise.all(
    rows.map(async ({ raw, form }) => (await unpack(raw, form)).subarray(0, SENT_BYTES_MAX)),
  );
}

export function readDesk(sql: Sql, member: MemberId): Promise<DeskItem[]> {
  return sql<{ id: ConversationId; subject: string; name: string; address: string; state: Conversation }>(
    `WITH theirs AS (
       SELECT conversation_id AS id FROM ledger WHERE member_id = $1 AND until_at IS NULL
       UNION SELECT id FROM conversation WHERE offered_to = $1
       UNION SELECT conversation_id FROM token JOIN conversation ON conversation.id = conversation_id
         WHERE member_id = $1 AND purpose = 'help' AND snapshot->'helps' @> jsonb_build_array(
           jsonb_build_object('of', jsonb_build_object('type', 'member', 'member', $1::text)))
     )
     SELECT conversation.id, coalesce(words.subject, '') AS subject, coalesce(words.customer_name, '') AS name,
       coalesce(words.customer_address, '') AS address, conversation.snapshot AS state
     FROM theirs JOIN conversation USING (id)
       LEFT JOIN conversation_words AS words ON words.conversation_id = conversation.id
     WHERE conversation.phase <> 'done' ORDER BY conversation.id`,
    [member],
  ).then((rows) =>
    rows.map(({ id, subject, name, address, state }) => ({
      id,
      subject,
      customer: { name, address },
      state,
    })),
  );
}

/** To count a million open requests takes a quarter of a second, and a mail may say how much somebody had a moment ago. */
const LOAD_KEPT_MS = 5_000;

function keptAWhile<T>(read: () => Promise<T>): () => Promise<T> {
  let kept: { readonly value: T; readonly until: number } | null = null;
  return async () => {
    if (kept === null || performance.now() > kept.until)
      kept = { value: await read(), until: performance.now() + LOAD_KEPT_MS };
    return kept.value;
  };
}

async function readLoad(sql: Sql): Promise<Map<MemberId, number>> {
  const rows = await sql<{ member: MemberId; open: number }>(
    `SELECT member, count(*) AS open FROM (
       SELECT owner_id AS member FROM conversation WHERE phase = 'owned'
       UNION ALL SELECT offered_to FROM conversation WHERE offered_to IS NOT NULL
     ) AS held GROUP BY member`,
  );
  return new Map(rows.map(({ member, open }) => [member, open]));
}

async function readMessage(sql: Sql, id: MessageId): Promise<MessageView | null> {
  const rows = await sql<MessageRow & { stranger: boolean }>(
    `SELECT ${MESSAGE_COLUMNS}, EXISTS (
         SELECT 1 FROM event WHERE event.conversation_id = message.conversation_id AND event.type = 'attached'
           AND event.data ->> 'as' = 'stranger' AND (event.data ->> 'messageId')::bigint = message.id) AS stranger
     FROM message JOIN message_words ON message_words.message_id = message.id
     WHERE message.id = $1 AND message_words.mail IS NOT NULL`,
    [id],
  );
  const [row] = rows;
  return row === undefined ? null : messageView(row, new Set(row.stranger ? [row.id] : []));
}
