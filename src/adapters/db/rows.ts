/** Rows as the domain sees them. */
import type { ClaimedNotice, TokenRow } from '../../app/ports/store.ts';
import type { ConversationId, InboxId, MemberId, MessageId, NoticeId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { NoticeBody, StoredNotice } from '../../domain/notices/notice.ts';
import { micros } from './sql.ts';

export type NoticeRow = {
  id: NoticeId;
  key: string;
  dedupeKey: string;
  inboxId: InboxId;
  conversationId: ConversationId | null;
  seq: number | null;
  recipientId: MemberId | null;
  body: NoticeBody;
  shown: MessageId | null;
  epoch: number;
  createdAt: Instant;
};

export const NOTICE_COLUMNS = `outbox.id, outbox.key, outbox.dedupe_key AS "dedupeKey",
  outbox.inbox_id AS "inboxId", outbox.conversation_id AS "conversationId", outbox.seq,
  outbox.recipient_id AS "recipientId", outbox.body, outbox.shown, outbox.epoch,
  ${micros('outbox.created_at')} AS "createdAt"`;

export function toNotice(row: NoticeRow): StoredNotice {
  const { id, dedupeKey, inboxId, conversationId, seq, body, shown, epoch, createdAt, recipientId } = row;
  const recipient =
    recipientId === null
      ? ({ type: 'customer' } as const)
      : ({ type: 'member', member: recipientId } as const);
  return { id, dedupeKey, inboxId, conversationId, seq, recipient, body, shown, epoch, createdAt };
}

export type ClaimedRow = NoticeRow & {
  attempts: number;
  claims: number;
  recipient: string | null;
  raw: Buffer | null;
};

export function toClaimed(row: ClaimedRow): ClaimedNotice {
  const { key, attempts, claims, recipient, raw } = row;
  const mail = recipient === null || raw === null ? null : { recipient, raw };
  return { notice: toNotice(row), key, attempts, claims, mail };
}

export const TOKEN_COLUMNS = `token.hash, token.member_id AS member, token.conversation_id AS "conversationId",
  token.epoch, token.shown, ${micros('token.expires_at')} AS "expiresAt"`;

/** Picks the columns of a token out of a wider row. */
export function toToken({ hash, member, conversationId, epoch, shown, expiresAt }: TokenRow): TokenRow {
  return { hash, member, conversationId, epoch, shown, expiresAt };
}
