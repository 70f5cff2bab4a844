/** Rows as the domain sees them. */
import type { ClaimedNotice } from '../../app/ports/outbox.ts';
import type { TokenRow } from '../../app/ports/store.ts';
import type { ContactId, ConversationId, InboxId, MemberId, MessageId, NoticeId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { NoticeBody, Recipient, StoredNotice } from '../../domain/notices/notice.ts';
import { micros } from './sql.ts';

export type NoticeRow = {
  id: NoticeId;
  key: string;
  dedupeKey: string;
  inboxId: InboxId;
  conversationId: ConversationId | null;
  seq: number | null;
  recipientId: MemberId | null;
  contactId: ContactId | null;
  body: NoticeBody;
  shown: MessageId | null;
  answered: number;
  epoch: number;
  createdAt: Instant;
};

export const NOTICE_COLUMNS = `outbox.id, outbox.key, outbox.dedupe_key AS "dedupeKey",
  outbox.inbox_id AS "inboxId", outbox.conversation_id AS "conversationId", outbox.seq,
  outbox.recipient_id AS "recipientId", outbox.contact_id AS "contactId", outbox.body, outbox.shown,
  outbox.answered, outbox.epoch,
  ${micros('outbox.created_at')} AS "createdAt"`;

export function toNotice(row: NoticeRow): StoredNotice {
  const { key: _, recipientId, contactId, ...notice } = pick(row);
  return { ...notice, recipient: recipientOf(recipientId, contactId) };
}

/** The columns of a notice out of a wider row. */
function pick({ id, key, dedupeKey, inboxId, conversationId, seq, ...row }: NoticeRow): NoticeRow {
  const { recipientId, contactId, body, shown, answered, epoch, createdAt } = row;
  const about = { id, key, dedupeKey, inboxId, conversationId, seq };
  return { ...about, recipientId, contactId, body, shown, answered, epoch, createdAt };
}

function recipientOf(member: MemberId | null, contact: ContactId | null): Recipient {
  if (member !== null) return { type: 'member', member };
  return contact === null ? { type: 'customer' } : { type: 'contact', contact };
}

export type ClaimedRow = NoticeRow & {
  attempts: number;
  claims: number;
  mayWait: boolean;
  recipient: string | null;
  raw: Buffer | null;
};

export function toClaimed(row: ClaimedRow): ClaimedNotice {
  const { key, attempts, claims, mayWait, recipient, raw } = row;
  const mail = recipient === null || raw === null ? null : { recipient, raw };
  return { notice: toNotice(row), key, attempts, claims, mayWait, mail };
}

export const TOKEN_COLUMNS = `token.hash, token.member_id AS member, token.purpose,
  token.conversation_id AS "conversationId", token.subject, token.epoch, token.shown, token.answered, token.list, ${micros('token.expires_at')} AS "expiresAt"`;

/** Picks the columns of a token out of a wider row. */
export function toToken({ hash, member, purpose, conversationId, subject, ...row }: ReadToken): TokenRow {
  const { epoch, shown, answered, list, expiresAt } = row;
  const base = { hash, member, purpose, conversationId, subject, epoch, shown, answered, expiresAt };
  return list === null ? base : { ...base, list };
}

export type ReadToken = Omit<TokenRow, 'list'> & { readonly list: string | null };
