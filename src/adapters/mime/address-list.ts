/**
 * Mailboxes out of an address header (RFC 5322 section 3.4), leniently but without inventing one.
 *
 * One pass over the characters. What stands in angle brackets is an address; two of them in one entry are two
 * mailboxes, so that `<owner@corp> <attacker@evil>` is never taken for one. Encoded-words are decoded in names
 * only (RFC 2047 section 5), and a name that looks like an address stays a name.
 */
import type { Address } from '../../domain/message.ts';
import { cleanText, decodeHeaderText } from './clean-text.ts';

export const ADDRESSES_MAX = 1_000;
const NAME_MAX = 500;
const ADDRESS_MAX = 998;

type Entry = { words: string; behind: string; comment: string; angles: string[]; quoted: boolean };

const empty = (): Entry => ({ words: '', behind: '', comment: '', angles: [], quoted: false });

/** All mailboxes of the value, groups taken apart, at most `max`. */
export function parseAddressList(value: string, max = ADDRESSES_MAX): Address[] {
  const found: Address[] = [];
  // "Doe, Jane <jane@x>" without quotation marks: the part before the comma belongs to the name after it.
  let dangling = '';
  for (const entry of split(value, max)) {
    if (found.length >= max) break;
    const words = entry.words.replace(/\s+/g, ' ').trim();
    if (entry.angles.length === 0) {
      const bare = bareAddress(words, entry.quoted);
      if (bare !== null) {
        found.push({ name: readable(entry.comment), address: bare });
        dangling = '';
      } else if (words !== '') dangling = dangling === '' ? words : `${dangling}, ${words}`;
      continue;
    }
    const name = dangling === '' ? words : `${dangling}, ${words}`;
    dangling = '';
    entry.angles.forEach((angle, i) => {
      found.push({ name: i === 0 ? readable(name || entry.comment) : '', address: normalise(angle) });
    });
    // `<owner@corp> attacker@evil`: an address behind the brackets is a mailbox of its own.
    const behind = bareAddress(entry.behind.replace(/\s+/g, ' ').trim(), false);
    if (behind !== null) found.push({ name: '', address: behind });
  }
  if (dangling !== '' && found.length === 0) found.push({ name: readable(dangling), address: '' });
  // One entry may hold any number of angle brackets.
  return found.slice(0, max);
}

function split(value: string, max: number): Entry[] {
  const entries: Entry[] = [];
  const ends = commentEnds(value);
  let entry = empty();
  // Looking for it in the words again at each colon would take quadratic time.
  let hasAt = false;
  const finish = () => {
    entries.push(entry);
    entry = empty();
    hasAt = false;
  };
  let i = 0;
  while (i < value.length && entries.length < max * 2) {
    const c = value.charAt(i);
    if (c === '"') {
      const { text, end } = quotedString(value, i);
      entry.words += text;
      hasAt ||= text.includes('@');
      entry.quoted = true;
      i = end;
    } else if (c === '(') {
      const { text, end } = comment(value, i, ends);
      if (entry.comment === '') entry.comment = text;
      entry.words += ' ';
      i = end;
    } else if (c === '<') {
      const { text, end } = angle(value, i);
      entry.angles.push(text);
      entry.words += ' ';
      i = end;
    } else if (c === ',' || c === ';') {
      finish();
      i += 1;
    } else if (c === ':' && entry.angles.length === 0 && !hasAt) {
      // The name of a group; its members follow.
      entry = empty();
      i += 1;
    } else {
      hasAt ||= c === '@';
      if (entry.angles.length === 0) entry.words += c;
      else entry.behind += c;
      i += 1;
    }
  }
  finish();
  return entries;
}

function quotedString(value: string, start: number): { text: string; end: number } {
  let text = '';
  for (let i = start + 1; i < value.length; i += 1) {
    const c = value.charAt(i);
    if (c === '"') return { text, end: i + 1 };
    if (c === '\\' && i + 1 < value.length) i += 1;
    text += value.charAt(i);
  }
  // No closing mark: it was a stray one, and what follows may hold the address.
  return { text: '', end: start + 1 };
}

type Ends = ReadonlyMap<number, number>;

/** Where each comment ends, by where it begins, in one pass: one without an end is none, and was a stray bracket. */
function commentEnds(value: string): Ends {
  const ends = new Map<number, number>();
  if (!value.includes('(')) return ends;
  const open: number[] = [];
  for (let i = 0; i < value.length; i += 1) {
    const c = value.charAt(i);
    if (c === '\\') i += 1;
    else if (c === '"' && open.length === 0) i = quotedString(value, i).end - 1;
    else if (c === '(') open.push(i);
    else if (c === ')') {
      const start = open.pop();
      if (start !== undefined) ends.set(start, i + 1);
    }
  }
  return ends;
}

function comment(value: string, start: number, ends: Ends): { text: string; end: number } {
  const end = ends.get(start);
  return end === undefined ? { text: '', end: start + 1 } : { text: value.slice(start + 1, end - 1), end };
}

/** Up to the closing bracket outside of quotation marks, or to the end; a second `<` inside starts anew. */
function angle(value: string, start: number): { text: string; end: number } {
  let from = start + 1;
  let bracket = -1;
  for (let i = from; i < value.length; i += 1) {
    const c = value.charAt(i);
    if (c === '>') return { text: value.slice(from, i), end: i + 1 };
    if (c === '<') from = i + 1;
    if (c === '"') {
      const close = value.indexOf('"', i + 1);
      if (bracket <= i) bracket = value.indexOf('>', i + 1);
      if (bracket === -1) return { text: value.slice(from), end: value.length };
      if (close !== -1 && bracket > close) i = close;
    }
  }
  return { text: value.slice(from), end: value.length };
}

function bareAddress(words: string, quoted: boolean): string | null {
  const joined = quoted ? words : words.replace(/ ?([.@]) ?/g, '$1');
  return joined.indexOf('@') > 0 && !/[\s<>]/.test(joined) ? normalise(joined) : null;
}

/** Without comments, white space and a source route (RFC 5322 section 4.4); the domain in lower case, ASCII letters only. */
function normalise(text: string): string {
  let address = cleanText(withoutComments(text)).replace(/\s+/g, '').slice(0, ADDRESS_MAX);
  if (address.startsWith('@') && address.includes(':')) address = address.slice(address.indexOf(':') + 1);
  const at = address.lastIndexOf('@');
  if (at === -1) return address;
  return address.slice(0, at) + address.slice(at).replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** `pete(his account)@silly.test(his host)`: comments may stand between the words of an address. */
function withoutComments(text: string): string {
  if (!text.includes('(')) return text;
  const ends = commentEnds(text);
  let kept = '';
  for (let i = 0; i < text.length; ) {
    const c = text.charAt(i);
    if (c === '"') {
      const { end } = quotedString(text, i);
      kept += text.slice(i, end);
      i = end;
    } else if (c === '(') i = comment(text, i, ends).end;
    else {
      kept += c;
      i += 1;
    }
  }
  return kept;
}

const readable = (name: string): string => decodeHeaderText(name.slice(0, NAME_MAX * 4)).slice(0, NAME_MAX);
