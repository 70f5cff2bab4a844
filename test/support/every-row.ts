/**
 * Everything that a database holds, as text: each row of each table with its mails decoded, and beside it what the
 * rows look like when every encoding of a mail is undone. What is in none of it is not in the database.
 */
import type pg from 'pg';
import { type RawForm, unpack } from '../../src/adapters/db/raw-form.ts';
import { rawSpeaksOf } from '../../src/domain/mentions.ts';

/** The tables that hold one of these words, and which. */
export async function whereSpoken(pool: pg.Pool, words: readonly string[]): Promise<string[]> {
  const wanted = words.map((word) => word.toLowerCase());
  const { rows: tables } = await pool.query<{ name: string }>(
    `SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables
     WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
  );
  const found = new Set<string>();
  for (const { name } of tables) {
    const { rows } = await pool.query<{ row: string }>(`SELECT lower(t::text) AS row FROM ${name} t`);
    for (const { row } of rows) {
      for (const word of wanted) if (row.includes(word)) found.add(`${name}: ${word}`);
    }
  }
  for (const table of ['message_words', 'outbox_words']) {
    const { rows } = await pool.query<{ raw: Buffer; form: RawForm }>(
      `SELECT raw, raw_form AS form FROM ${table} WHERE raw IS NOT NULL`,
    );
    for (const { raw, form } of rows) {
      const bytes = await unpack(raw, form);
      for (const word of wanted) if (rawSpeaksOf(bytes, [word])) found.add(`${table} raw: ${word}`);
    }
  }
  return [...found].sort();
}
