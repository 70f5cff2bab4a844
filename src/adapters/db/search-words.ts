/**
 * Words that somebody looks for, as PostgreSQL looks for them in the index `conversation_words_search`: every one of
 * them, each whole or as what a word begins with.
 */

/** What is longer is no word that anybody types. */
const WORDS_MAX = 12;
const TYPED_MAX = 300;

/** Word for word the expression of the index. */
export const SEARCHED = `to_tsvector('simple', translate(
  left(subject, 500) || ' ' || left(customer_name, 200) || ' ' || left(customer_address, 300),
  '@.-_+/\\:;<>&“”„‘’«»¿¡…–—、。，', repeat(' ', 27)))`;

/** `#1042` or `1042`; null: they are other words. */
export function numberIn(words: string): number | null {
  const digits = /^\s*#?(\d{1,9})\s*$/.exec(words)?.[1];
  return digits === undefined ? null : Number(digits);
}

/** For `to_tsquery('simple', …)`; null: there is no word in it. */
export function searchQuery(words: string): string | null {
  const found = words
    .slice(0, TYPED_MAX)
    .normalize('NFC')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '')
    .slice(0, WORDS_MAX);
  return found.length === 0 ? null : found.map(beginning).join(' & ');
}

/** A database whose locale is C knows the case of plain Latin letters alone: others are tried in each. */
function beginning(word: string): string {
  const spellings = new Set([word, word.toLowerCase(), word.toUpperCase()]);
  return `(${[...spellings].map((spelling) => `'${spelling}':*`).join(' | ')})`;
}
