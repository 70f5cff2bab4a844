/**
 * Multiplies requests inside of PostgreSQL: each copy has numbers, keys and addresses of its own, and the same instants.
 *
 * Foreign keys, unique and excluding constraints and further indexes are put off, and made at the end for all rows at
 * once: PostgreSQL refuses them where a row breaks one, and it takes a fraction of the time.
 */
import type { Sql } from '../../../src/adapters/db/sql.ts';

/** Copies per statement: what a transaction holds stays small. */
const PORTION = 5;

/** How far the numbers of one copy are from those of the next. */
type Spans = { readonly conversation: number; readonly message: number; readonly notice: number };

/** What differs in a copy, as an expression over the row `seed` and the number of the copy `k`. */
type Changes = Readonly<Record<string, string>>;

/** In the order in which rows refer to each other. */
const TABLES = [
  'conversation',
  'conversation_words',
  'message',
  'message_words',
  'thread_key',
  'event',
  'ledger',
  'offer',
  'outbox',
  'attempt',
  'token',
] as const;

/** Remembers the rows that are there, to be copied as often as it takes. */
export async function rememberSeed(sql: Sql): Promise<void> {
  for (const table of TABLES) await sql(`CREATE TABLE seed_${table} AS SELECT * FROM ${table}`);
}

export async function forgetSeed(sql: Sql): Promise<void> {
  for (const table of TABLES) await sql(`DROP TABLE seed_${table}`);
}

/** The copies with the numbers `first` to `last`; the remembered rows themselves have the number 0. */
export async function copyRequests(
  sql: Sql,
  [first, last]: readonly [number, number],
  say: (line: string) => void,
): Promise<void> {
  const changes = changesOf(await spansOf(sql));
  await sql(`SET session_replication_role = replica`);
  const texts: string[] = [];
  for (const table of TABLES) texts.push(await copyText(sql, table, changes[table]));
  const indexes = await dropIndexes(sql);
  for (let from = first; from <= last; from += PORTION) {
    const to = Math.min(last, from + PORTION - 1);
    for (const text of texts) await sql(text, [from, to]);
    say(`${Math.round((100 * (to - first + 1)) / (last - first + 1))} % are copied`);
  }
  say('making the indexes');
  for (const index of indexes) await sql(index);
  await sql(`SET session_replication_role = origin`);
  say('checking the foreign keys');
  await checkForeignKeys(sql);
  for (const table of ['conversation', 'message', 'outbox'])
    await sql(`SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT max(id) FROM ${table}))`);
  await sql('UPDATE mailbox SET last_uid = (SELECT max(uid) FROM message WHERE mailbox_id = mailbox.id)');
}

async function spansOf(sql: Sql): Promise<Spans> {
  const span = async (table: string): Promise<number> =>
    (await sql<{ span: number }>(`SELECT (max(id) - min(id) + 1)::integer AS span FROM seed_${table}`))[0]
      ?.span ?? 1;
  return {
    conversation: await span('conversation'),
    message: await span('message'),
    notice: await span('outbox'),
  };
}

function changesOf({
  conversation,
  message,
  notice,
}: Spans): Readonly<Record<(typeof TABLES)[number], Changes>> {
  const moved = (column: string, span: number): string => `seed.${column} + k * ${span}`;
  const id = moved('conversation_id', conversation);
  const withMessage = (column: string, key: string): string =>
    `CASE WHEN ${column} ->> '${key}' IS NULL THEN ${column} ELSE
       jsonb_set(${column}, '{${key}}', to_jsonb((${column} ->> '${key}')::bigint + k * ${message})) END`;
  const hashed = (column: string): string => `encode(sha256((seed.${column} || k)::bytea), 'hex')`;
  const own = moved('id', conversation);
  return {
    conversation: {
      id: own,
      snapshot: `jsonb_set(${withMessage('seed.snapshot', 'lastCustomerMessage')}, '{id}', to_jsonb(${own}))`,
    },
    conversation_words: {
      conversation_id: id,
      customer_address: `'copy' || k || '-' || seed.customer_address`,
    },
    message: {
      id: moved('id', message),
      uid: moved('uid', message),
      conversation_id: id,
      ...Object.fromEntries(
        ['raw_hash', 'content_hash', 'message_id_hash'].map((hash) => [hash, hashed(hash)]),
      ),
    },
    message_words: { message_id: moved('message_id', message) },
    thread_key: { key: hashed('key'), message_id: moved('message_id', message) },
    event: { conversation_id: id, data: withMessage('seed.data', 'messageId') },
    ledger: { conversation_id: id },
    offer: { conversation_id: id },
    outbox: {
      id: moved('id', notice),
      dedupe_key: `replace(seed.dedupe_key, 'conversation:' || seed.conversation_id || '/', 'conversation:' || ${id} || '/')`,
      key: `substr(translate(${hashed('key')}, '0189', 'ghij'), 1, 26)`,
      conversation_id: id,
      shown: moved('shown', message),
      body: withMessage('seed.body', 'messageId'),
    },
    attempt: { outbox_id: moved('outbox_id', notice) },
    token: { hash: hashed('hash'), conversation_id: id, shown: moved('shown', message) },
  };
}

/** Whatever other columns a table has are copied as they are. */
async function copyText(sql: Sql, table: string, changes: Changes): Promise<string> {
  const columns = await sql<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute
     WHERE attrelid = '${table}'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
  );
  const names = columns.map(({ name }) => name);
  const values = names.map((name) => changes[name] ?? `seed.${name}`);
  return `INSERT INTO ${table} (${names.join(', ')}) OVERRIDING SYSTEM VALUE
    SELECT ${values.join(', ')} FROM generate_series($1::integer, $2::integer) AS k CROSS JOIN seed_${table} AS seed`;
}

/** All but the primary keys; answers what makes them again. */
async function dropIndexes(sql: Sql): Promise<string[]> {
  const found = await sql<{ drop: string; make: string }>(
    `SELECT CASE WHEN con.oid IS NULL THEN format('DROP INDEX %I', c.relname)
         ELSE format('ALTER TABLE %s DROP CONSTRAINT %I', i.indrelid::regclass, con.conname) END AS drop,
       CASE WHEN con.oid IS NULL THEN pg_get_indexdef(i.indexrelid)
         ELSE format('ALTER TABLE %s ADD CONSTRAINT %I %s', i.indrelid::regclass, con.conname,
           pg_get_constraintdef(con.oid)) END AS make
     FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
       LEFT JOIN pg_constraint con ON con.conindid = i.indexrelid AND con.contype IN ('u', 'x')
     WHERE i.indrelid = ANY ($1::regclass[]) AND NOT i.indisprimary ORDER BY i.indexrelid`,
    [TABLES],
  );
  for (const { drop } of found) await sql(drop);
  return found.map(({ make }) => make);
}

async function checkForeignKeys(sql: Sql): Promise<void> {
  const keys = await sql<{ owner: string; name: string }>(
    `UPDATE pg_constraint SET convalidated = false WHERE contype = 'f' AND connamespace = 'public'::regnamespace
     RETURNING conrelid::regclass::text AS owner, quote_ident(conname) AS name`,
  );
  for (const { owner, name } of keys) await sql(`ALTER TABLE ${owner} VALIDATE CONSTRAINT ${name}`);
}
