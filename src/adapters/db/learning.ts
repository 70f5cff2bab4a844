/**
 * What is learned from, in PostgreSQL. Of what was decided only the category stands here; the words are read beside it
 * from where the mail is kept, so that an example is gone when its words are.
 */
import type pg from 'pg';
import type { ArchivePlace, LearnableRequest, Learning } from '../../app/ports/learning.ts';
import type { ConversationId } from '../../domain/ids.ts';
import { type Instant, toIso } from '../../domain/instant.ts';
import { type ArchiveExample, archiveHash } from '../../domain/learning/archive.ts';
import type { Choosable } from '../../domain/learning/choose-examples.ts';
import type { DecidedExample } from '../../domain/learning/decided.ts';
import { type Content, contentOf, contentOfPassedOn } from '../../domain/learning/example.ts';
import { TEXT_MAX } from '../../domain/learning/words.ts';
import type { Mail } from '../../domain/message.ts';
import { inTransaction } from './in-transaction.ts';
import { learningTurns } from './learning-turns.ts';
import { isoOrNull, json, mailboxSql, micros, nowSql, type Sql, sqlOn, type TimeSource } from './sql.ts';
import { readEvents } from './views.ts';

const REQUESTS_MAX = 200;
const CONTENTS_MAX = 200;

export function postgresLearning({ pool, time }: { pool: pg.Pool; time: TimeSource }): Learning {
  const sql = sqlOn(pool);
  return {
    requestsSince: (since) => requestsSince(sql, since),
    noteDecided: (requests, examples) =>
      inTransaction(pool, (tx) => noteDecided(tx, time, requests, examples)),
    addArchive: (examples) => addArchive(sql, time, examples),
    archivePlaces: () => sql<ArchivePlace>(ARCHIVE_PLACES, []),
    async dropArchive(place) {
      const text = `DELETE FROM example WHERE source = 'archive' AND ($1::text IS NULL OR place = $1) RETURNING id`;
      return (await sql(text, [place])).length;
    },
    choosable: (limit) => sql<Choosable>(CHOOSABLE, [limit]),
    contents: (ids) => contents(sql, ids),
    async countExamples() {
      const rows = await sql<{ source: 'decided' | 'archive'; count: number }>(
        'SELECT source, count(*) FROM example GROUP BY source',
      );
      const of = (source: string): number => rows.find((row) => row.source === source)?.count ?? 0;
      return { decided: of('decided'), archive: of('archive') };
    },
    ...learningTurns({ pool, time }),
  };
}

// ── What was decided ──

/** One walk by number, in portions; what happens meanwhile is found the next time. */
async function* requestsSince(sql: Sql, since: Instant | null): AsyncGenerator<readonly LearnableRequest[]> {
  for (let after = 0; ; ) {
    const rows = await sql<Omit<LearnableRequest, 'events'>>(REQUESTS, [after, isoOrNull(since)]);
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.id;
    const events = await readEvents(
      sql,
      rows.map(({ id }) => id),
    );
    yield rows.map((row) => ({ ...row, events: events.get(row.id) ?? [] }));
  }
}

const REQUESTS = `
  WITH portion AS (
    SELECT id FROM conversation WHERE id > $1 AND ($2::timestamptz IS NULL OR last_event_at >= $2::timestamptz)
    ORDER BY id LIMIT ${REQUESTS_MAX}
  )
  SELECT portion.id, message.kind
  FROM portion
  JOIN event arrival ON arrival.conversation_id = portion.id AND arrival.seq = 1
  JOIN message ON message.id = (arrival.data ->> 'messageId')::bigint
  ORDER BY portion.id`;

async function noteDecided(
  sql: Sql,
  time: TimeSource,
  requests: readonly ConversationId[],
  examples: readonly DecidedExample[],
): Promise<void> {
  const rows = examples.map((one) => ({ ...one, decidedAt: toIso(one.decidedAt) }));
  const messages = examples.map(({ messageId }) => messageId);
  const theirs = 'conversation_id = ANY ($1::integer[]) OR message_id = ANY ($2::bigint[])';
  // Words before examples, as an erasure takes them away; what is locked here cannot go before the end.
  await sql(
    `SELECT FROM message_words
     WHERE message_id = ANY ($2::bigint[]) OR message_id IN (SELECT message_id FROM example WHERE ${theirs})
     ORDER BY message_id FOR KEY SHARE`,
    [requests, messages],
  );
  await sql(`DELETE FROM example WHERE ${theirs}`, [requests, messages]);
  await sql(
    `INSERT INTO example (source, category, why, decided_at, added_at, conversation_id, message_id, sender_known)
     SELECT 'decided', category, why, "decidedAt", ${nowSql(time)}, "conversationId", "messageId", "senderKnown"
     FROM json_to_recordset($1::json) AS row ("conversationId" integer, "messageId" bigint, category text,
       why text, "decidedAt" timestamptz, "senderKnown" text)
     JOIN message_words ON message_words.message_id = row."messageId" AND message_words.mail IS NOT NULL`,
    [json(rows)],
  );
}

// ── What archives bring ──

async function addArchive(sql: Sql, time: TimeSource, examples: readonly ArchiveExample[]): Promise<number> {
  const rows = new Map(examples.map((example) => [archiveHash(example.content), archiveRow(example)]));
  const added = await sql<{ isNew: boolean }>(
    `INSERT INTO example (source, category, why, decided_at, added_at, place, sender, content, content_hash)
     SELECT 'archive', category, 'archive', coalesce("writtenAt", ${nowSql(time)}), ${nowSql(time)}, place, sender,
       content, hash
     FROM json_to_recordset($1::json) AS row (hash text, category text, "writtenAt" timestamptz, place text,
       sender text, content jsonb)
     ON CONFLICT (content_hash) DO UPDATE SET category = excluded.category, place = excluded.place
     RETURNING xmax = 0 AS "isNew"`,
    [json([...rows.values()])],
  );
  return added.filter(({ isNew }) => isNew).length;
}

const ARCHIVE_PLACES = `
  SELECT place, count(*) AS examples FROM example WHERE source = 'archive' GROUP BY place ORDER BY place COLLATE "C"`;

const archiveRow = (example: ArchiveExample) => ({
  ...example,
  hash: archiveHash(example.content),
  writtenAt: isoOrNull(example.writtenAt),
  sender: example.sender.toLowerCase(),
  content: example.content,
});

// ── For a training ──

/** Their senders as one mailbox each; mails of one body are the same, whoever sent them. */
const CHOOSABLE = `
  SELECT example.id, example.conversation_id AS "conversationId", category, ${micros('decided_at')} AS "decidedAt",
    coalesce(example.sender, ${mailboxSql('customer.customer_address')}, '') AS sender,
    coalesce(sender_known, 'archive') AS known, coalesce(content_hash, words.mail ->> 'bodyHash', '') AS same
  FROM example
  LEFT JOIN conversation_words customer ON customer.conversation_id = example.conversation_id
  LEFT JOIN message_words words ON words.message_id = example.message_id
  ORDER BY decided_at DESC, example.id DESC LIMIT $1`;

type ContentRow = {
  readonly id: number;
  readonly content: Content | null;
  readonly mail: Omit<Mail, 'headers'> | null;
  readonly passedOn: boolean;
};

async function* contents(
  sql: Sql,
  ids: readonly number[],
): AsyncGenerator<readonly { readonly id: number; readonly content: Content }[]> {
  for (let from = 0; from < ids.length; from += CONTENTS_MAX) {
    const rows = await sql<ContentRow>(CONTENTS, [ids.slice(from, from + CONTENTS_MAX)]);
    yield rows.flatMap(({ id, content, mail, passedOn }) => {
      if (content !== null) return [{ id, content: bounded(content) }];
      if (mail === null) return [];
      const whole: Mail = { ...mail, headers: [] };
      return [{ id, content: bounded(passedOn ? contentOfPassedOn(whole) : contentOf(whole)) }];
    });
  }
}

/** No classifier reads more of a mail. */
const bounded = (content: Content): Content => ({ ...content, body: content.body.slice(0, TEXT_MAX) });

const CONTENTS = `
  SELECT example.id, example.content, message.member_id IS NOT NULL AS "passedOn", words.mail
  FROM unnest($1::bigint[]) WITH ORDINALITY AS wanted (id, place) JOIN example ON example.id = wanted.id
  LEFT JOIN message ON message.id = example.message_id
  LEFT JOIN message_words words ON words.message_id = example.message_id
  ORDER BY wanted.place`;
