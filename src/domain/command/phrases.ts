/** Finds the longest phrase of a list at which a text begins, in time that does not grow with the list. */
import { fold } from './fold.ts';

export type Phrase<T> = { readonly text: string; readonly means: T };
/** Phrases by their first run of letters and digits, longer ones first. */
export type Phrases<T> = ReadonlyMap<string, readonly Phrase<T>[]>;

const FIRST_PIECE = /^[\p{L}\p{N}]+/u;
/** Behind a phrase none of these may follow: it would be another word. */
const GOES_ON = /^[\p{L}\p{N}\p{M}'@_]/u;

/** By the word they begin with, longest first, as every keyboard writes them. */
export function phrasesOf<T>(list: Iterable<readonly [string, T]>): Phrases<T> {
  const found = new Map<string, Phrase<T>[]>();
  for (const [phrase, means] of list) {
    for (const text of keyboardsOf(phrase)) {
      const first = firstPiece(text);
      const others = found.get(first) ?? [];
      if (others.length === 0) found.set(first, others);
      if (!others.some((other) => other.text === text)) others.push({ text, means });
    }
  }
  for (const phrases of found.values()) phrases.sort((a, b) => b.text.length - a.text.length);
  return found;
}

/** The letters and digits that a folded text begins with; '' when it begins with anything else. */
export const firstPiece = (folded: string): string => FIRST_PIECE.exec(folded)?.[0] ?? '';

/** The longest phrase that the folded text begins with, as whole words. */
export function longestAt<T>(phrases: Phrases<T>, folded: string): Phrase<T> | null {
  const candidates = phrases.get(firstPiece(folded.slice(0, FIRST_MAX)));
  return candidates?.find(({ text }) => startsWithPhrase(folded, text)) ?? null;
}

/** No first word of a phrase is longer. */
const FIRST_MAX = 60;

const startsWithPhrase = (folded: string, phrase: string): boolean =>
  folded.startsWith(phrase) && !GOES_ON.test(folded.slice(phrase.length, phrase.length + 2));

/** Without umlauts, and without ß, which capitals have none of: `uebernehme`, `GRÜSSE`. */
const keyboardsOf = (phrase: string): ReadonlySet<string> =>
  new Set([phrase, phrase.replaceAll('ß', 'ss'), spelledOut(phrase)].map(fold));

const LETTERS: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss', œ: 'oe' };
const spelledOut = (phrase: string): string =>
  phrase.replace(/[äöüßœ]/g, (letter) => LETTERS[letter] ?? letter);
