/** What may stand behind a verb on its line: words after punctuation, a name, an address, a time. */
import { parseStrictAddress } from '../address.ts';
import { fold, QUOTE_MARKS, trimFrame } from './fold.ts';
import type { Grammar } from './grammar.ts';
import { longestAt, type Phrases } from './phrases.ts';
import { isPolite, withoutPoliteEnd } from './polite.ts';

const NAME_MAX = 80;
const NAME_WORDS_MAX = 8;
const TAIL_OPENERS = new Set([...':,;.!–—-(：…']);
const OPENING = /^[:,;.!–—\-：…\s]{1,20}/u;

/** null: no tail. undefined: what follows is no tail but prose, so the line is no command. */
export function freeTail(after: string, grammar: Grammar): string | null | undefined {
  if (isPolite(after, grammar)) return null;
  const tail = after.trimStart();
  const opener = tail.charAt(0);
  if (!TAIL_OPENERS.has(opener)) return undefined;
  const spaced = tail.length < after.length || opener === ':' || opener === '：' || /^\S\s/.test(tail);
  // "done-ish" and "done.example" are words of their own.
  if (!spaced && opener !== ',' && opener !== ';' && opener !== '(' && opener !== '–' && opener !== '—') {
    const second = tail.charAt(1);
    if (second !== opener && !TAIL_OPENERS.has(second)) return undefined;
  }
  const text = tail.replace(OPENING, '').trim();
  if (text.startsWith('?') || takesBack(text, grammar)) return undefined;
  return text === '' ? null : text;
}

/** "Done, not yet", "done, once the part is here": the order is none, or waits for something. */
export function takesBack(tail: string, grammar: Grammar): boolean {
  const folded = fold(trimFrame(tail));
  return grammar.takenBack.has(folded) || longestAt(grammar.conditions, folded) !== null;
}

/** "Accepted, but only if Sam helps", "spam, I think": an order that is none, or not all of one. */
export function reserves(tail: string, grammar: Grammar): boolean {
  const { reservations, conditions, doubts } = grammar;
  return /[?？]/.test(tail) || holdsAny(tail, [reservations, conditions, doubts]);
}

/** "Done, waiting for the part": work that is not over. */
export const isUnfinished = (tail: string, grammar: Grammar): boolean => holdsAny(tail, [grammar.unfinished]);

/** "No, I can do it": a no that may well be a yes. */
export const isWilling = (tail: string, grammar: Grammar): boolean => holdsAny(tail, [grammar.willing]);

function holdsAny(tail: string, lists: readonly Phrases<true>[]): boolean {
  const folded = fold(tail);
  for (const word of folded.matchAll(/[\p{L}\p{N}][\p{L}\p{N}']*/gu)) {
    const rest = folded.slice(word.index, word.index + LONGEST_RESERVATION);
    if (lists.some((list) => longestAt(list, rest) !== null)) return true;
  }
  return false;
}

const LONGEST_RESERVATION = 40;

/** What is left of a reason that begins with "wrong team:"; one that does not, as it is. */
export function withoutWrongTeam(reason: string, { wrongTeam }: Grammar): string {
  const text = reason.trim();
  const found = longestAt(wrongTeam, fold(text));
  return found === null ? text : text.slice(found.text.length).replace(OPENING, '').trim();
}

/** Whether a name says that it is none of them. */
export const saysNone = (name: string, { none }: Grammar): boolean => none.has(fold(trimFrame(name)));

export type NameAndTail = { readonly name: string; readonly tail: string | null };

/** NAME ends at punctuation or at the end of the line; whether it is one, and whose, the roster says. */
export function nameAndTail(after: string, grammar: Grammar): NameAndTail | null {
  const text = after.trim().replace(/^[:：] ?/u, '');
  let end = 0;
  while (end < text.length && !endsName(text, end)) end += 1;
  if (text.charAt(end) === '?' || text.charAt(end) === '？') return null;
  const name = withoutPoliteEnd(text.slice(0, end).trim(), grammar);
  if (!isNameLike(name)) return null;
  const tail = text.slice(end).replace(OPENING, '').trim();
  if (isPolite(tail, grammar)) return { name, tail: null };
  return takesBack(tail, grammar) ? null : { name, tail };
}

export const isNameLike = (name: string): boolean =>
  name !== '' &&
  name.length <= NAME_MAX &&
  name.split(' ').length <= NAME_WORDS_MAX &&
  !QUOTE_MARKS.has(name.charAt(0)) &&
  /[\p{L}\p{N}]/u.test(name);

function endsName(text: string, at: number): boolean {
  const c = text.charAt(at);
  if (',;:!?？…–—('.includes(c)) return true;
  const next = text.charAt(at + 1);
  const endsWord = next === '' || next === ' ' || ',;:!?'.includes(next);
  if (c === '-') return text.charAt(at - 1) === ' ' || (endsWord && next !== '');
  // "J. Osei" is a name, "Priya. She knows" is a name and a sentence.
  if (c === '.') return endsWord && !/(^|[ .])\p{L}$/u.test(text.slice(Math.max(0, at - 2), at));
  return false;
}

export type AddressAndTail = { readonly address: string; readonly after: string };

/**
 * `a@b.example`, `<a@b.example>`, `Maria Lopez <a@b.example>`, and `a@b.example<mailto:a@b.example>`, which is how
 * phones send a touched address along. Two addresses are none: nobody can tell which is meant.
 */
export function addressAndTail(after: string): AddressAndTail | null {
  const text = after.replace(/^ ?[:：]? ?/u, '');
  const plain = /^<?([^\s<>,;:()[\]"]{1,254}@[^\s<>,;:()[\]"]{3,254})/.exec(text);
  if (plain === null) return named(text);
  const address = strict(plain[1]);
  if (address === null) return null;
  const behind = text
    .slice(plain[0].length)
    .replace(/^>/, '')
    .replace(/^ ?[<[]mailto:([^\s<>[\]]{3,254})[>\]]/i, (whole, again: string) =>
      strict(again) === address ? '' : whole,
    );
  return behind.includes('@') && /^ ?[<[]/.test(behind) ? null : { address, after: behind };
}

function named(text: string): AddressAndTail | null {
  const found = /^"?([^<>@"]{1,80})"? ?<(?:mailto:)?([^\s<>]{3,254})>/i.exec(text);
  const address = strict(found?.[2]);
  if (found === null || address === null || !isNameLike(found[1] ?? '')) return null;
  return { address, after: text.slice(found[0].length) };
}

/** A full stop behind an address ends the sentence. */
const strict = (typed: string | undefined): string | null =>
  typed === undefined ? null : parseStrictAddress(typed.replace(/[.!]{1,3}$/, ''));
