/**
 * What others wrote, fit for a terminal: a mail may hold the sequences by which terminals are steered (CVE-2026-41904 is
 * one of many), and marks that turn the reading direction around. They are shown instead of obeyed.
 */

/** Controls, unseen marks and halves of characters; joiners (U+200C, U+200D) stay, Persian and emoji need them. */
const UNSAFE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu;

/** One line, whatever line breaks stand in it. */
export const safeLine = (text: string): string => text.replace(UNSAFE, shown);

/** Its lines, each made safe. */
export const safeLines = (text: string): string[] => text.split(/\r\n|\n/).map(safeLine);

/** `\x1b`, `\u202e`. */
function shown(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length <= 2 ? `\\x${code.padStart(2, '0')}` : `\\u${code.padStart(4, '0')}`;
}
