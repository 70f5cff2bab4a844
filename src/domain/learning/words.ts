/**
 * The words of a text as learning sees them: in one case and one form, in any language, in linear time. A word is a run
 * of letters, marks and digits; writing without spaces is taken apart by the dictionaries that every Node brings.
 */

/** More of one mail tells nothing new, and bounds the time. */
export const TEXT_MAX = 8 * 1024;
const WORD_MAX = 40;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;
/** Written without spaces between words. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

const segmenter = new Intl.Segmenter('und', { granularity: 'word' });

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
  for (const [run] of bounded.matchAll(WORD)) {
    for (const word of UNSPACED.test(run) ? takenApart(run) : [run]) {
      for (let from = 0; from < word.length; from += WORD_MAX) {
        const written = word.slice(from, from + WORD_MAX);
        found.push({ form: written.toLowerCase(), written });
      }
    }
  }
  return found;
}

const takenApart = (run: string): string[] => Array.from(segmenter.segment(run), ({ segment }) => segment);
