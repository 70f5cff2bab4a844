/**
 * To which conversation a message belongs. Evidence is weighed in a fixed order, the strongest first; a header that
 * a stranger may forge never widens who takes part, it only says where the message is shown.
 */
import { createHash } from 'node:crypto';
import type { ConversationId } from './ids.ts';
import { toIso } from './instant.ts';
import type { Mail } from './message.ts';
import { keyOfMessageId } from './reply-token.ts';

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

/** The same in words, for whoever asks why a mail is where it is. */
export const EvidenceWords: Readonly<Record<ThreadEvidence, string>> = {
  token: 'by the address it was sent to',
  notice: 'it answers a mail of ours',
  'notice-in-references': 'it goes back to a mail of ours',
  'in-reply-to': 'it answers a mail that is here',
  references: 'it goes back to a mail that is here',
  'referenced-earlier': 'an answer to it is here',
  'subject-reference': 'its subject has the number',
  'same-id': 'a mail with its Message-ID and other words is here',
  'same-ancestor': 'it answers the same mail as one that is here',
  subject: 'its customer answers under its subject, and names no mail that is here',
};

export type Thread = { readonly conversationId: ConversationId; readonly evidence: ThreadEvidence };

export type ThreadCandidates = {
  readonly fromToken: ConversationId | null;
  /** Of the notice by whose key it is addressed, or which gives its sender a right. */
  readonly fromNotice: ConversationId | null;
  /** By the keys in Message-IDs of ours. */
  readonly byNotice: ReadonlyMap<string, ConversationId>;
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

/** What of a mail says what it belongs to. */
export type LinkedMail = Pick<Mail, 'messageId' | 'inReplyTo' | 'references' | 'from' | 'to' | 'cc'>;

/**
 * What a mail says that it belongs to, the strongest first. A mail that names itself says nothing by it, nor one that
 * names a person ("In-Reply-To: Message from <maria@example.com>"): a mail that called itself so would draw in all
 * that she is answered.
 */
export function linksOf(mail: LinkedMail): ThreadLink[] {
  const links = new Map<string, ThreadLink>();
  for (const id of mail.inReplyTo) links.set(id, { id, evidence: 'in-reply-to' });
  // RFC 5322 section 3.6.4: References lists oldest first, so the nearest ancestor is the last.
  for (const id of mail.references.toReversed()) {
    if (!links.has(id)) links.set(id, { id, evidence: 'references' });
  }
  if (mail.messageId !== null) links.delete(mail.messageId);
  for (const { address } of [...mail.from, ...mail.to, ...mail.cc]) links.delete(address);
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

/** By ids and numbers alone; null: they say nothing. */
export function chooseThread(mail: LinkedMail, found: ThreadCandidates): Thread | null {
  if (found.fromToken !== null) return { conversationId: found.fromToken, evidence: 'token' };
  if (found.fromNotice !== null) return { conversationId: found.fromNotice, evidence: 'notice' };
  // The nearest decides, ours or theirs: programs drag ids of earlier requests along.
  for (const { id, evidence } of linksOf(mail)) {
    const key = keyOfMessageId(id);
    const ours = key === null ? undefined : found.byNotice.get(key);
    if (ours !== undefined) {
      return {
        conversationId: ours,
        evidence: evidence === 'in-reply-to' ? 'notice' : 'notice-in-references',
      };
    }
    const theirs = found.byOwnKey.get(messageIdKey(id));
    if (theirs !== undefined) return { conversationId: theirs, evidence };
  }
  if (found.fromSubject !== null) return { conversationId: found.fromSubject, evidence: 'subject-reference' };
  // An answer may overtake what it answers: then the earlier mail refers to this one.
  const referring =
    mail.messageId === null ? undefined : found.byReferringKey.get(messageIdKey(mail.messageId));
  return referring === undefined ? null : { conversationId: referring, evidence: 'referenced-earlier' };
}
