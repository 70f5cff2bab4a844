/**
 * Gives drafted notices their keyed names and the rights with which their readers may answer, and says which may wait
 * for others and which are paged as well.
 */
import type { MemberId, MessageId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { mayWait, pageWhy } from '../domain/notices/escalation.ts';
import { listedIn } from '../domain/notices/listed.ts';
import type { NoticeDraft } from '../domain/notices/notice.ts';
import { noticeKey, replyToken, type TokenRights, tokenHash } from '../domain/reply-token.ts';
import type { Deps } from './deps.ts';
import type { NewNotice, TokenRow } from './ports/store.ts';

export function noticesOf(
  deps: Pick<Deps, 'secret' | 'policy'>,
  drafts: readonly NoticeDraft[],
  now: Instant,
): NewNotice[] {
  const { clocks, pagedInboxes } = deps.policy();
  const expiresAt = now + clocks.tokenLife;
  return drafts.map((draft) => {
    const page = pagedInboxes.has(draft.inboxId) ? pageWhy(draft) : null;
    return {
      draft,
      key: noticeKey(deps.secret, draft.dedupeKey),
      token: tokenRow(deps.secret, draft, expiresAt),
      ...(draft.body.kind === 'digest' && { lineTokens: lineTokens(deps.secret, draft, expiresAt) }),
      ...((draft.body.kind === 'bundle' || mayWait(draft)) && { mayWait: true }),
      ...(page !== null && { page }),
    };
  });
}

/** What the reader of a notice may answer to; null for customers, and for people in copy. */
export function rightsOf(draft: NoticeDraft): TokenRights | null {
  const { recipient, conversationId, epoch, shown, answered, body } = draft;
  const base = { conversationId, epoch, shown, answered };
  if (recipient.type === 'member') return { member: recipient.member, ...purposeOf(draft), ...base };
  const asksOutside = body.kind === 'outside-help' || body.kind === 'outside-reminder';
  return asksOutside ? { member: null, purpose: 'outside', subject: body.help, ...base } : null;
}

function purposeOf(draft: NoticeDraft): Pick<TokenRights, 'purpose' | 'subject' | 'list'> {
  const { body, conversationId, dedupeKey } = draft;
  switch (body.kind) {
    case 'help-asked':
      return { purpose: 'help', subject: body.help };
    case 'cover-asked':
      return { purpose: 'cover', subject: body.absence };
    case 'for-whom':
      return { purpose: 'customer', subject: body.messageId };
    case 'parked':
    case 'parked-news':
      return { purpose: 'parked', subject: body.messageId };
    case 'look-back':
      return { purpose: 'look-back', subject: body.lookBack };
    case 'receipt':
      if (body.parked !== undefined) return { purpose: 'parked', subject: body.parked };
      if (body.lookBack !== undefined) return { purpose: 'look-back', subject: body.lookBack };
      break;
    default:
  }
  // What belongs to no request may list some, and is the only one that knows which.
  if (conversationId === null && listedIn(body) !== null)
    return { purpose: 'list', subject: null, list: dedupeKey };
  return { purpose: conversationId === null ? 'desk' : 'request', subject: null };
}

/** What is no request is answered at an address of its own, also by whoever was not told of it before. */
function lineTokens(
  secret: string,
  { recipient, body }: NoticeDraft,
  expiresAt: Instant,
): readonly TokenRow[] {
  if (body.kind !== 'digest' || recipient.type !== 'member') return [];
  return body.items.flatMap((item) => {
    if (item.type !== 'parked') return [];
    const rights = parkedRights(recipient.member, item.messageId);
    return [{ ...rights, hash: tokenHash(replyToken(secret, rights)), expiresAt }];
  });
}

/** What a member may answer about a mail that could not be read. */
export const parkedRights = (member: MemberId, messageId: MessageId): TokenRights => ({
  member,
  purpose: 'parked',
  subject: messageId,
  conversationId: null,
  epoch: 0,
  shown: null,
  answered: 0,
});

function tokenRow(secret: string, draft: NoticeDraft, expiresAt: Instant): TokenRow | null {
  const rights = rightsOf(draft);
  return rights && { ...rights, hash: tokenHash(replyToken(secret, rights)), expiresAt };
}
