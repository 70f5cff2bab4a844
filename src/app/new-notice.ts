/** Gives drafted notices their keyed names and the rights with which their readers may answer. */
import type { Instant } from '../domain/instant.ts';
import type { NoticeDraft } from '../domain/notices/notice.ts';
import { noticeKey, replyToken, type TokenRights, tokenHash } from '../domain/reply-token.ts';
import type { Deps } from './deps.ts';
import type { NewNotice, TokenRow } from './ports/store.ts';

export function noticesOf(
  deps: Pick<Deps, 'secret' | 'policy'>,
  drafts: readonly NoticeDraft[],
  now: Instant,
): NewNotice[] {
  const expiresAt = now + deps.policy().clocks.tokenLife;
  return drafts.map((draft) => ({
    draft,
    key: noticeKey(deps.secret, draft.dedupeKey),
    token: tokenRow(deps.secret, draft, expiresAt),
  }));
}

/** What the reader of a notice may answer to; null for customers, and for what is outside of a conversation. */
export function rightsOf(draft: NoticeDraft): TokenRights | null {
  const { recipient, conversationId, epoch, shown } = draft;
  if (recipient.type !== 'member' || conversationId === null) return null;
  return { member: recipient.member, conversationId, epoch, shown };
}

function tokenRow(secret: string, draft: NoticeDraft, expiresAt: Instant): TokenRow | null {
  const rights = rightsOf(draft);
  return rights && { ...rights, hash: tokenHash(replyToken(secret, rights)), expiresAt };
}
