/**
 * The one author of a mail, or that there is doubt about it.
 *
 * A mail acts for a member only when every program reads the same sender out of it: the filter in front of us that
 * judged it, the member's mail program that shows it, and we. So the raw fields must be plain: one From field with
 * one mailbox, a dot-atom at a host name, and a Sender that is absent or the same (USENIX Security 2020,
 * "Composition Kills", has eighteen ways to be read twice). Nothing is repaired here.
 */
import { parseStrictAddress, sameAddress } from '../address.ts';
import type { Header } from '../message.ts';
import { piecesOf } from './structured.ts';

export type Author =
  | { readonly address: string }
  /** A sentence of ours whose subject is the mail. */
  | { readonly doubt: string };

/** RFC 5322 section 2.1.1 lets a line have 998; a sender needs no more, and the header is cut far beyond it. */
const FROM_MAX = 998;

/** Of these a mail has one at most (RFC 5322 section 3.6); a signature covers the last and readers take the first. */
const ONCE = [
  'from',
  'sender',
  'to',
  'cc',
  'date',
  'subject',
  'message-id',
  'in-reply-to',
  'references',
  'content-type',
  'content-transfer-encoding',
];

/** Warnings of the parser about a header that can be read in two ways. */
const DOUBTFUL = ['from-many', 'headers-cut', 'header-space', 'header-control', 'bare-cr', 'message-id-many'];

/** From the raw header lines and what the parser found odd in them. */
export function authorOf(headers: readonly Header[], warnings: readonly string[]): Author {
  const counts = new Map<string, number>();
  for (const { name } of headers) counts.set(name, (counts.get(name) ?? 0) + 1);
  const twice = ONCE.find((name) => (counts.get(name) ?? 0) > 1);
  if (twice !== undefined) return { doubt: `has more than one ${twice} field` };
  if (warnings.some((warning) => DOUBTFUL.some((word) => warning.startsWith(`${word}:`))))
    return { doubt: 'has a header that can be read in more than one way' };
  const from = headers.find(({ name }) => name === 'from')?.value;
  const author = from === undefined ? null : oneMailbox(from);
  if (author === null) return { doubt: 'does not name exactly one plain address as its sender' };
  const sender = headers.find(({ name }) => name === 'sender')?.value;
  if (sender === undefined) return { address: author };
  const sent = oneMailbox(sender);
  return sent !== null && sameAddress(sent, author)
    ? { address: author }
    : { doubt: 'was sent by somebody else in the name of its author' };
}

/** `Name <address>` or `address`, a comment anywhere outside of the address; null for anything beyond. */
export function oneMailbox(value: string): string | null {
  if (value.length > FROM_MAX) return null;
  const pieces = piecesOf(value, '<>,;:@');
  if (pieces === null) return null;
  const said = pieces.filter(({ kind }) => kind !== 'comment');
  const open = said.findIndex(({ kind, text }) => kind === 'mark' && text === '<');
  if (open < 0) return addressIn(said);
  const close = said.length - 1;
  const isClosed = said[close]?.kind === 'mark' && said[close]?.text === '>';
  const name = said.slice(0, open);
  if (!isClosed || name.some(({ kind }) => kind === 'mark')) return null;
  return addressIn(said.slice(open + 1, close));
}

/** Local part, `@` and domain without anything in between: white space or a comment there is read in two ways. */
function addressIn(pieces: NonNullable<ReturnType<typeof piecesOf>>): string | null {
  const [local, at, domain] = pieces;
  if (pieces.length !== 3 || local?.kind !== 'word' || at?.text !== '@' || domain?.kind !== 'word')
    return null;
  if (!at.adjoins || !domain.adjoins) return null;
  // An encoded word is no address (RFC 2047 section 5), but some programs decode it into one.
  return local.text.includes('=?') ? null : parseStrictAddress(`${local.text}@${domain.text}`);
}
