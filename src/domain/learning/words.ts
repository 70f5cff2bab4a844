/**
 * The words of a text as learning sees them: in one case and one form, in any language, in linear time. A word is a run
 * of letters, marks and digits; writing without spaces (Chinese, Japanese, Thai) gives long runs, which the n-grams of
 * characters in features.ts take apart.
 */

/** More of one mail tells nothing new, and bounds the time. */
export const TEXT_MAX = 8 * 1024;
const WORD_MAX = 40;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;

export type Word = {
  /** In the one form that is compared. */
  readonly form: string;
  /** As it stands in the mail. */
  readonly written: string;
};

export function wordsOf(text: string): Word[] {
  const found: Word[] = [];
  // Compatibility forms (full-width letters, ligatures) may be longer than what they stand for, so it is cut twice.
  const bounded = text.slice(0, TEXT_MAX).normalize('NFKC').slice(0, TEXT_MAX);
  for (const [written] of bounded.matchAll(WORD)) {
    for (let from = 0; from < written.length; from += WORD_MAX) {
      const part = written.slice(from, from + WORD_MAX);
      found.push({ form: part.toLowerCase(), written: part });
    }
  }
  return found;
}
