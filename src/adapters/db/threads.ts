/** Requests by their customer, and the subjects of what was written in them. */
import type { RequestOf, ThreadLookUps } from '../../app/ports/threads.ts';
import type { MemberId, MessageId } from '../../domain/ids.ts';
import { mailboxSql, type Sql } from './sql.ts';

export function threadLookUps(sql: Sql): ThreadLookUps {
  return {
    async findCopy(of) {
      // By its content, which has an index. Equal bytes in one folder are a copy too, and have no words.
      const rows = await sql<{ id: MessageId }>(
        `SELECT copy.id FROM message AS copy JOIN message AS original ON original.content_hash = copy.content_hash
         WHERE original.id = $1 AND copy.copy_of = $1 AND copy.disposition = 'duplicate'
         ORDER BY copy.id LIMIT 1`,
        [of],
      );
      return rows[0]?.id ?? null;
    },

    findRequestsOf: (inboxId, address, limit) =>
      address === ''
        ? Promise.resolve([])
        : sql<RequestOf>(
            `SELECT conversation.id, words.subject
             FROM conversation_words AS words JOIN conversation ON conversation.id = words.conversation_id
             WHERE ${mailboxSql('words.customer_address')} = ${mailboxSql('$2::text')} AND conversation.inbox_id = $1
             ORDER BY conversation.id DESC LIMIT $3`,
            [inboxId, address, limit],
          ),

    async findPreviousOwner(inboxId, address) {
      const rows = await sql<{ owner: MemberId }>(
        `SELECT conversation.owner_id AS owner
         FROM conversation_words AS words JOIN conversation ON conversation.id = words.conversation_id
         WHERE ${mailboxSql('words.customer_address')} = ${mailboxSql('$2::text')} AND conversation.inbox_id = $1
           AND conversation.owner_id IS NOT NULL
           AND coalesce(conversation.snapshot -> 'ended' ->> 'as', 'finished') = 'finished'
         ORDER BY conversation.id DESC LIMIT 1`,
        [inboxId, address],
      );
      return rows[0]?.owner ?? null;
    },

    async findSubjects(ids, limit) {
      const rows = await sql<{ subject: string }>(
        `SELECT subject FROM (
           SELECT 0 AS place, conversation_id AS id, subject FROM conversation_words
           WHERE conversation_id = ANY ($1::integer[])
           UNION ALL
           (SELECT 1, message.id, message_words.mail ->> 'subject' FROM message
              JOIN message_words ON message_words.message_id = message.id
            WHERE message.conversation_id = ANY ($1::integer[]) AND message_words.mail IS NOT NULL
            ORDER BY message.id DESC LIMIT $2)
         ) AS known ORDER BY place, id DESC LIMIT $2`,
        [ids, limit],
      );
      return rows.map(({ subject }) => subject);
    },
  };
}
