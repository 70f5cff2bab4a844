/** Dates, times and addresses as mail programs print them in many languages: the evidence that a line is theirs. */
import { MONTHS } from './quote-words.ts';

/** Patterns are tried on no more than this. */
export const WRITTEN_MAX = 400;

/** The words as alternatives of a pattern, longest first. */
export const pattern = (words: readonly string[]): string =>
  [...new Set(words)]
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'))
    .join('|');

export const ADDRESS = /[^\s<>()[\]"',;:@]{1,64}@[^\s<>()[\]"',;:@]{1,190}/u;
/** "<a@b>", "(a@b)", "[mailto:a@b]", also wrapped behind the bracket. */
export const BRACKETED = /[<([]\s?(?:mailto:)?\s?[^\s<>()[\]@]{1,64}@[^\s<>()[\]@]{1,190}\s?[>)\]<]/u;

const MONTH = pattern(MONTHS);
const DATE = new RegExp(
  [
    '\\d{1,4}[./-]\\d{1,2}[./-]\\d{1,4}',
    `\\d{1,4}[.,]?[\\s./-]{0,3}(?:de |d['’]|of |ta’ )?(?:${MONTH})\\p{L}{0,10}`,
    `(?:${MONTH})\\p{L}{0,10}[.,]?[\\s-]{0,2}\\d{1,2}(?!\\d)`,
    '\\d{4}\\s?年|\\d{1,2}\\s?月|\\d{4}\\s?년|\\d{1,2}\\s?월',
    '(?:19|20)\\d{2}\\. \\d{1,2}\\. \\d{1,2}',
    '\\d{1,2} (?:tháng|thg) \\d{1,2}',
    '\\d{1,2}\\. \\d{1,2}\\. \\d{2,4}',
  ].join('|'),
  'iu',
);
const TIME = /(?:^|[^\d])\d{1,2}[:.h時时시]\s?\d{2}(?!\d)/u;

/** The pattern alone would begin at each letter of a text that has none. */
export const hasAddress = (text: string): boolean => text.includes('@') && ADDRESS.test(text);
/** A day that a calendar knows, not "on Monday". */
export const hasDate = (text: string): boolean => /\d/.test(text) && DATE.test(text);
/** A year beside a time, whatever the months are called. */
export const hasYearAndTime = (text: string): boolean =>
  /(?:^|\D)2[05]\d\d(?!\d)/.test(text) && hasTime(text);
export const hasTime = (text: string): boolean => TIME.test(text);

/** ASCII without the backtick, which stands for an apostrophe. */
const PLAIN = /^[\0-_a-\x7f]*$/;

/** As patterns see a line: one kind of space, apostrophe, hyphen and digit, no marks that nobody sees. */
export const plainLine = (line: string): string => (PLAIN.test(line) ? line : madePlain(line));

const madePlain = (line: string): string =>
  line
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/g, '')
    .replace(/[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g, ' ')
    .replace(/[’‘`´]/g, "'")
    .replace(/[\u2010-\u2012]/g, '-')
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf));
