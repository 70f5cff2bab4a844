/** Erasing a person in PostgreSQL: what is there to be looked at, and the one transaction that takes it away. */
import type pg from 'pg';
import type {
  ErasableContact,
  ErasableExample,
  ErasableMessage,
  ErasableNotice,
  ErasableRequest,
  ErasableText,
  Erasure,
  ErasurePlan,
  MailPlace,
} from '../../app/ports/erasure.ts';
import type { ConversationId, InboxId, MessageId } from '../../domain/ids.ts';
import { ERASED } from '../../domain/mentions.ts';
import { inTransaction } from './in-transaction.ts';
import { type RawForm, unpack } from './raw-form.ts';
import { json, nowSql, type Sql, sqlOn, type TimeSource } from './sql.ts';
import { lockInboxes } from './transaction.ts';

const ROWS_MAX = 500;
/** Of mails read at once: each may have 25 MB. */
const BYTES_MAX = 16 * 1024 * 1024;

export function postgresErasure({ pool, time }: { pool: pg.Pool; time: TimeSource }): Erasure {
  const sql = sqlOn(pool);
  return {
    requestsOf: (addresses) =>
      sql<ErasableRequest>(
        `SELECT c.id, c.phase <> 'done' AS open, c.version, w.subject, w.customer_name AS name
         FROM conversation_words w JOIN conversation c ON c.id = w.conversation_id
         WHERE lower(w.customer_address) = ANY ($1::text[]) ORDER BY c.id`,
        [addresses],
      ),
    contactsOf: (addresses) =>
      sql<ErasableContact>(
        `SELECT k.id, k.conversation_id AS "conversationId", c.phase <> 'done' AS open, k.name
         FROM contact k JOIN conversation c ON c.id = k.conversation_id
         WHERE lower(k.address) = ANY ($1::text[]) ORDER BY k.id`,
        [addresses],
      ),
    relatives: (ids) => relatives(sql, ids),
    messages: (bytes) => messages(sql, bytes),
    texts: () => texts(sql),
    notices: () => notices(sql),
    examples: () => examples(sql),
    waitingNotices: async (ids) => {
      const text = `SELECT id FROM outbox AS o WHERE settled_at IS NULL
        AND ${aboutOf('o')} && $1::integer[] ORDER BY id`;
      return (await sql<{ id: number }>(text, [ids])).map(({ id }) => id);
    },
    erase: (plan) => inTransaction(pool, (tx) => erase(tx, time, plan)),
    remains: (addresses) => remains(sql, addresses),
    places: (ids) => places(sql, ids),
  };
}

async function relatives(sql: Sql, ids: readonly ConversationId[]): Promise<ConversationId[]> {
  const rows = await sql<{ id: ConversationId }>(
    `WITH RECURSIVE tie (one, other) AS (
       SELECT conversation_id, coalesce(data ->> 'from', data ->> 'into')::integer FROM event
       WHERE type IN ('absorbed', 'split-off', 'also-split')
     ), kin (id) AS (
       SELECT unnest($1::integer[])
       UNION
       SELECT CASE WHEN tie.one = kin.id THEN tie.other ELSE tie.one END
       FROM kin JOIN tie ON kin.id IN (tie.one, tie.other)
     )
     SELECT id FROM kin ORDER BY id`,
    [ids],
  );
  return rows.map(({ id }) => id);
}

type RawRow = { raw: Buffer | null; form: RawForm };

const bare = async <Row extends RawRow>({ raw, form, ...row }: Row) => ({
  ...row,
  raw: raw === null ? null : await unpack(raw, form),
});

/** In the order of their ids; as many at once as fit into a portion. */
async function* messages(
  sql: Sql,
  bytes: 'with-raw' | 'without-raw',
): AsyncGenerator<readonly ErasableMessage[]> {
  const raw = bytes === 'with-raw' ? 'w.raw' : 'NULL::bytea';
  for (let after = 0; ; ) {
    const rows = await sql<Omit<ErasableMessage, 'raw'> & RawRow>(
      `${portion('message_words', 'message_id')}
       SELECT m.id, m.conversation_id AS "conversationId", m.disposition, m.reason_code AS "reasonCode",
         m.member_id AS member, w.mail, ${raw} AS raw, w.raw_form AS form
       FROM portion JOIN message_words w ON w.message_id = portion.id JOIN message m ON m.id = portion.id
       ORDER BY m.id`,
      [after],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
    yield await Promise.all(rows.map(bare));
  }
}

async function* notices(sql: Sql): AsyncGenerator<readonly ErasableNotice[]> {
  for (let after = 0; ; ) {
    const rows = await sql<Omit<ErasableNotice, 'raw'> & { raw: Buffer; form: RawForm }>(
      `${portion('outbox_words', 'outbox_id')}
       SELECT o.id, to_json(${aboutOf('o')}) AS about, w.recipient, w.raw, w.raw_form AS form
       FROM portion JOIN outbox_words w ON w.outbox_id = portion.id JOIN outbox o ON o.id = portion.id
       ORDER BY o.id`,
      [after],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
    yield await Promise.all(
      rows.map(async ({ raw, form, ...row }) => ({ ...row, raw: await unpack(raw, form) })),
    );
  }
}

/** The requests that a row of the outbox is about: its own, or those of all that a bundle holds. */
const aboutOf = (outbox: string): string => `CASE ${outbox}.kind WHEN 'bundle' THEN ARRAY(
    SELECT DISTINCT held.conversation_id FROM jsonb_array_elements_text(${outbox}.body -> 'notices') AS held_key (key)
    JOIN outbox AS held USING (key) WHERE held.conversation_id IS NOT NULL)
  ELSE array_remove(ARRAY[${outbox}.conversation_id], NULL) END`;

/** The next rows with bytes: the first whatever its size, and what fits beside it. */
const portion = (table: string, key: string): string => `
  WITH next AS (
    SELECT ${key} AS id, coalesce(octet_length(raw), 0) AS bytes FROM ${table}
    WHERE ${key} > $1 ORDER BY ${key} LIMIT ${ROWS_MAX}
  ), sized AS (
    SELECT id, sum(bytes) OVER (ORDER BY id) - bytes AS before FROM next
  ), portion AS (
    SELECT id FROM sized WHERE before < ${BYTES_MAX}
  )`;

async function* texts(sql: Sql): AsyncGenerator<readonly ErasableText[]> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await sql<ErasableText>(
      `SELECT id, conversation_id AS "conversationId", body FROM text
       WHERE id > $1::uuid ORDER BY id LIMIT ${ROWS_MAX}`,
      [after],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
    yield rows;
  }
}

async function* examples(sql: Sql): AsyncGenerator<readonly ErasableExample[]> {
  for (let after = 0; ; ) {
    const rows = await sql<ErasableExample>(
      `SELECT id, sender, content FROM example WHERE source = 'archive' AND id > $1 ORDER BY id LIMIT ${ROWS_MAX}`,
      [after],
    );
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
    yield rows;
  }
}

/** Locks in the order of transaction.ts: inboxes, messages, conversations. */
async function erase(sql: Sql, time: TimeSource, plan: ErasurePlan): Promise<boolean> {
  const inboxes = await sql<{ id: InboxId }>('SELECT id FROM inbox ORDER BY id');
  await lockInboxes(
    sql,
    inboxes.map(({ id }) => id),
  );
  const read = [...plan.messages, ...plan.redacted.map(({ id }) => id)];
  await sql('SELECT FROM message WHERE id = ANY ($1::bigint[]) ORDER BY id FOR NO KEY UPDATE', [read]);
  if (!(await areUnchanged(sql, plan.requests))) return false;
  await eraseRequests(
    sql,
    plan.requests.map(({ id }) => id),
  );
  // While what was learned from can still be told.
  await haveLearnedAnew(sql, time, plan);
  await eraseMails(sql, plan);
  await eraseOthers(sql, plan);
  const what = {
    requests: plan.requests.map(({ id }) => id),
    messages: plan.messages,
    redacted: plan.redacted.map(({ id }) => id),
    contacts: plan.contacts.length,
    texts: plan.texts.length,
    notices: plan.notices.length,
    examples: plan.examples.length,
  };
  await sql(`INSERT INTO erasure (erased_at, what) VALUES (${nowSql(time)}, $1::jsonb)`, [json(what)]);
  return true;
}

async function areUnchanged(sql: Sql, requests: ErasurePlan['requests']): Promise<boolean> {
  const rows = await sql<{ id: ConversationId; version: number }>(
    'SELECT id, version FROM conversation WHERE id = ANY ($1::integer[]) ORDER BY id FOR NO KEY UPDATE',
    [requests.map(({ id }) => id)],
  );
  const versions = new Map(rows.map(({ id, version }) => [id, version]));
  return requests.every(({ id, version }) => versions.get(id) === version);
}

/** Whoever writes into one of its threads again is somebody new: no thread leads there any more. */
async function eraseRequests(sql: Sql, ids: readonly ConversationId[]): Promise<void> {
  await sql(
    `UPDATE conversation_words SET subject = $2, customer_name = $2, customer_address = '', because = NULL,
       forgotten = 'erased'
     WHERE conversation_id = ANY ($1::integer[])`,
    [ids, ERASED],
  );
  await sql(
    `DELETE FROM thread_key USING message
     WHERE thread_key.message_id = message.id AND message.conversation_id = ANY ($1::integer[])`,
    [ids],
  );
}

async function eraseMails(sql: Sql, { messages: gone, redacted }: ErasurePlan): Promise<void> {
  await sql('DELETE FROM message_words WHERE message_id = ANY ($1::bigint[])', [gone]);
  await sql('DELETE FROM thread_key WHERE message_id = ANY ($1::bigint[])', [gone]);
  await sql(`UPDATE message SET forgotten = 'erased' WHERE id = ANY ($1::bigint[])`, [gone]);
  await sql(
    `WITH row AS (SELECT * FROM json_to_recordset($1::json) AS row (id bigint, mail jsonb)), told AS (
       UPDATE message_words SET mail = nullif(row.mail, 'null'), raw = NULL, raw_form = 'plain'
       FROM row WHERE message_id = row.id
     )
     UPDATE message SET forgotten = 'redacted' FROM row WHERE message.id = row.id`,
    [json(redacted)],
  );
  // One of the few words that spoke for a category may be their name.
  await sql(
    `UPDATE conversation_words SET because = NULL FROM message
     WHERE message.id = ANY ($1::bigint[]) AND conversation_words.conversation_id = message.conversation_id`,
    [redacted.map(({ id }) => id)],
  );
}

/**
 * A model holds weights of the words that it was made of. Where one of these mails may ever have been among them, all is
 * learned anew at once, and no version from before stays.
 */
async function haveLearnedAnew(
  sql: Sql,
  time: TimeSource,
  { messages: gone, redacted, examples: brought }: ErasurePlan,
): Promise<void> {
  await sql(
    `UPDATE learning SET erased_at = ${nowSql(time)}, train_at = ${nowSql(time)}
     WHERE $2 OR EXISTS (SELECT FROM message WHERE id = ANY ($1::bigint[]) AND disposition = 'request')`,
    [[...gone, ...redacted.map(({ id }) => id)], brought.length > 0],
  );
}

async function eraseOthers(sql: Sql, plan: ErasurePlan): Promise<void> {
  await sql(
    `UPDATE contact SET name = $2, address = '' WHERE id = ANY ($1::uuid[]) OR conversation_id = ANY ($3::integer[])`,
    [plan.contacts, ERASED, plan.requests.map(({ id }) => id)],
  );
  await sql(
    `WITH row AS (SELECT * FROM json_to_recordset($1::json) AS row (id uuid, body text)), gone AS (
       DELETE FROM text USING row WHERE text.id = row.id AND row.body IS NULL
     )
     UPDATE text SET body = row.body FROM row WHERE text.id = row.id AND row.body IS NOT NULL`,
    [json(plan.texts)],
  );
  await sql('DELETE FROM example WHERE id = ANY ($1::bigint[])', [plan.examples]);
  await sql('DELETE FROM outbox_words WHERE outbox_id = ANY ($1::bigint[])', [plan.notices]);
  // Keyed hashes of their address and words: nothing that can be read, and theirs all the same.
  await sql(
    `DELETE FROM automatic_mail USING outbox WHERE outbox.id = automatic_mail.outbox_id
       AND (outbox.id = ANY ($1::bigint[]) OR outbox.conversation_id = ANY ($2::integer[]))`,
    [plan.notices, plan.requests.map(({ id }) => id)],
  );
  await sql(`UPDATE outbox SET forgotten = 'erased' WHERE id = ANY ($1::bigint[])`, [plan.notices]);
}

/** Judged mail by mail, since their bytes say nothing as text. */
const JUDGED = ['message_words', 'outbox_words', 'text'];

async function remains(sql: Sql, addresses: readonly string[]): Promise<string[]> {
  const tables = await sql<{ name: string }>(
    `SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS name
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname IN ('public', 'bullmq') AND c.relname <> ALL ($1::text[]) ORDER BY 1`,
    [JUDGED],
  );
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await sql(
      `SELECT FROM ${name} AS t, unnest($1::text[]) AS wanted (spelled) WHERE position(spelled IN lower(t::text)) > 0 LIMIT 1`,
      [addresses],
    );
    if (rows.length > 0) found.push(name);
  }
  return found;
}

async function places(sql: Sql, ids: readonly MessageId[]): Promise<MailPlace[]> {
  return sql<MailPlace>(
    `SELECT mailbox.inbox_id AS "inboxId", mailbox.folder, json_agg(message.uid ORDER BY message.uid) AS uids
     FROM message JOIN mailbox ON mailbox.id = message.mailbox_id AND mailbox.uid_validity = message.uid_validity
     WHERE message.uid > 0 AND (message.id = ANY ($1::bigint[]) OR message.copy_of = ANY ($1::bigint[]))
     GROUP BY mailbox.id ORDER BY mailbox.id`,
    [ids],
  );
}
