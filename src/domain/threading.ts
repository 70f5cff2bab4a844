/**
 * To which conversation a message belongs. Evidence is weighed in a fixed order, the strongest first; a header that
 * a stranger may forge never widens who takes part, it only says where the message is shown.
 */
import { createHash } from 'node:crypto';
import type { ConversationId } from './ids.ts';
import { toIso } from './instant.ts';
import type { Mail } from './message.ts';

/** Where the knowledge comes from, for `baton explain` and the request's story; the strongest first. */
export type ThreadEvidence =
  /** The address that it was sent to. */
  | 'token'
  /** The keyed Message-ID of a mail of ours: as what it answers, or further back. */
  | 'notice'
  | 'notice-in-references'
  | 'in-reply-to'
  | 'references'
  /** An answer to it overtook it. */
  | 'referenced-earlier'
  /** `#1042`, from somebody who takes part. */
  | 'subject-reference'
  /** Its own Message-ID came before, from the same writer, with other words. */
  | 'same-id'
  /** It names the same mail, which nobody has, as an earlier one of the same writer and subject. */
  | 'same-ancestor'
  /** An answer of a customer under the subject of their own request. */
  | 'subject';

export type Thread = { readonly conversationId: ConversationId; readonly evidence: ThreadEvidence };

export type ThreadCandidates = {
  readonly fromToken: ConversationId | null;
  readonly fromNotice: ConversationId | null;
  /** Conversation by key: of messages whose own Message-ID it is, and of messages that refer to it. */
  readonly byOwnKey: ReadonlyMap<string, ConversationId>;
  readonly byReferringKey: ReadonlyMap<string, ConversationId>;
  /** `#1042` in the subject, when the sender takes part in that request. */
  readonly fromSubject: ConversationId | null;
};

/** Message-IDs are compared by hash, so that the index holds nobody's host names. */
export const messageIdKey = (messageId: string): string =>
  createHash('sha256').update(messageId).digest('hex').slice(0, 40);

/** The keys under which a mail is found: its own, and those of what it answers. */
export function threadKeys(
  mail: Pick<Mail, 'messageId' | 'inReplyTo' | 'references'>,
): { key: string; own: boolean }[] {
  const own = mail.messageId === null ? [] : [{ key: messageIdKey(mail.messageId), own: true }];
  const referred = new Set([...mail.inReplyTo, ...mail.references].map(messageIdKey));
  return [...own, ...[...referred].filter((key) => key !== own[0]?.key).map((key) => ({ key, own: false }))];
}

/** One id that a mail says it answers or follows. */
export type ThreadLink = { readonly id: string; readonly evidence: 'in-reply-to' | 'references' };

/** What a mail says that it belongs to, the strongest first. A mail that names itself says nothing by it. */
export function linksOf(mail: Pick<Mail, 'messageId' | 'inReplyTo' | 'references'>): ThreadLink[] {
  const links = new Map<string, ThreadLink>();
  for (const id of mail.inReplyTo) links.set(id, { id, evidence: 'in-reply-to' });
  // RFC 5322 section 3.6.4: References lists oldest first, so the nearest ancestor is the last.
  for (const id of mail.references.toReversed()) {
    if (!links.has(id)) links.set(id, { id, evidence: 'references' });
  }
  if (mail.messageId !== null) links.delete(mail.messageId);
  return [...links.values()];
}

/** The same mail has the same hash whatever carried it here: RFC 5322 identity and the decoded content. */
export function contentHash(mail: Mail): string {
  const from = mail.from.map(({ address }) => address.toLowerCase());
  const date = mail.date === null ? null : toIso(mail.date);
  return createHash('sha256')
    .update(JSON.stringify([mail.messageId, from, date, mail.bodyHash]))
    .digest('hex');
}

/** null: a conversation of its own. */
export function chooseThread(
  mail: Pick<Mail, 'messageId' | 'inReplyTo' | 'references'>,
  found: ThreadCandidates,
): Thread | null {
  if (found.fromToken !== null) return { conversationId: found.fromToken, evidence: 'token' };
  if (found.fromNotice !== null) return { conversationId: found.fromNotice, evidence: 'notice' };
  const answered = firstOf(mail.inReplyTo, found.byOwnKey);
  if (answered !== null) return { conversationId: answered, evidence: 'in-reply-to' };
  // RFC 5322 section 3.6.4: References lists oldest first, so the nearest ancestor is the last.
  const ancestor = firstOf(mail.references.toReversed(), found.byOwnKey);
  if (ancestor !== null) return { conversationId: ancestor, evidence: 'references' };
  // An answer may overtake what it answers: then the earlier mail refers to this one.
  const referring = mail.messageId === null ? null : firstOf([mail.messageId], found.byReferringKey);
  if (referring !== null) return { conversationId: referring, evidence: 'referenced-earlier' };
  if (found.fromSubject !== null) return { conversationId: found.fromSubject, evidence: 'subject-reference' };
  return null;
}

function firstOf(ids: readonly string[], known: ReadonlyMap<string, ConversationId>): ConversationId | null {
  for (const id of ids) {
    const conversation = known.get(messageIdKey(id));
    if (conversation !== undefined) return conversation;
  }
  return null;
}
