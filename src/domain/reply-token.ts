/**
 * Keyed names: what lets a member answer a mail, and what makes a mail ours.
 *
 * Both are 26 characters of lower-case base32 (130 bits) of an HMAC: short enough that `buchhaltung+` and the name
 * stay within the 64 octets of a local part (RFC 5321 section 4.5.3.1.1), and safe from servers that fold case.
 */
import { createHash, createHmac } from 'node:crypto';
import type { ConversationId, InboxId, MemberId, MessageId } from './ids.ts';

const KEYED_NAME_LENGTH = 26;

/**
 * What an answer is about: a request; whose request it is that a member passed on; a question for help; whether to
 * stand in for a colleague; a mail that could not be read; any of the requests that a mail listed; those who still wait
 * in a look back; nothing but the member's own desk. `outside` is the answer of a helper who is no member.
 */
export const Purposes = [
  'request',
  'customer',
  'help',
  'cover',
  'parked',
  'list',
  'look-back',
  'desk',
  'outside',
] as const;
export type Purpose = (typeof Purposes)[number];

/** The rights that a token stands for. The same rights give the same token. */
export type TokenRights = {
  /** null: whoever is asked from outside, who may answer and do nothing else. */
  readonly member: MemberId | null;
  readonly purpose: Purpose;
  readonly conversationId: ConversationId | null;
  /** Which question for help (its event), absence, look back, parked or passed on message; null for the other purposes. */
  readonly subject: number | null;
  readonly epoch: number;
  /** The last customer message that its reader was shown. */
  readonly shown: MessageId | null;
  /** The event with which our side had last answered the customer by then; 0: nobody had. */
  readonly answered: number;
  /** The mail that listed requests, by its `dedupeKey`; only of a `list`. */
  readonly list?: string;
};

/** Derived when a mail is sent; never stored. */
export function replyToken(secret: string, rights: TokenRights): string {
  const { member, purpose, conversationId, subject, epoch, shown, answered, list } = rights;
  const named = ['reply', member, purpose, conversationId, subject, epoch, shown, answered];
  if (list !== undefined) named.push(list);
  return keyedName(secret, JSON.stringify(named));
}

/** The left half of a notice's Message-ID and the tag of its bounce address. */
export const noticeKey = (secret: string, dedupeKey: string): string =>
  keyedName(secret, JSON.stringify(['notice', dedupeKey]));

/** A name for what has to be known again and must not be read, such as an address: only who has the key can guess it. */
export const pseudonym = (secret: string, kind: string, text: string): string =>
  keyedName(secret, JSON.stringify([kind, text]));
/** What the Message-ID of a mail begins with that an inbox sends to itself, see canary.ts. */
/** What a gateway is told: of the keys that mails carry it says nothing. */
export const pageKey = (secret: string, dedupeKey: string): string =>
  keyedName(secret, JSON.stringify(['page', dedupeKey]));

export const canaryKey = (secret: string, inbox: InboxId, turn: number): string =>
  keyedName(secret, JSON.stringify(['canary', inbox, turn]));

/** What the database keeps of a token. Tokens are looked up by it, so that no comparison's time tells of the token itself. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Whether the text has the form of a keyed name, in any case. */
export const isKeyedName = (text: string): boolean => /^[a-z2-7]{26}$/i.test(text);

/** The keyed name that a Message-ID begins with, such as one of ours does; null when it has none. */
export function keyOfMessageId(messageId: string): string | null {
  const left = messageId.slice(0, Math.max(0, messageId.indexOf('@')));
  return isKeyedName(left) ? left.toLowerCase() : null;
}

function keyedName(secret: string, text: string): string {
  return base32(createHmac('sha256', secret).update(text).digest()).slice(0, KEYED_NAME_LENGTH);
}

/** RFC 4648 section 6, lower case, without padding. */
function base32(bytes: Uint8Array): string {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  let bits = 0;
  let value = 0;
  let out = '';
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      out += alphabet[(value >>> bits) & 31];
    }
  }
  return out;
}
