/** Names of attached files in the fields that tell them: RFC 2231, and beside it what older programs read. */
import { encodedWords, escapedBytes, quoted } from './header-fields.ts';

const ASCII = /^[\x20-\x7e]*$/;
/** RFC 5987 attr-char, which needs no escape in an extended parameter. */
const PLAIN = /^[A-Za-z0-9!#$&+.^_`|~-]$/;
const PIECE_MAX = 60;

/** The value of `name` in Content-Type, which older programs show. */
export const nameInType = (name: string): string =>
  ASCII.test(name) ? quoted(name) : `"${encodedWords(name).replaceAll(' ', '\r\n ')}"`;

/** The parameters of Content-Disposition that tell the name, each on a line of its own. */
export function nameInDisposition(name: string): string {
  if (ASCII.test(name)) return `;\r\n filename=${quoted(name)}`;
  const pieces = [''];
  for (const letter of name) {
    const written = PLAIN.test(letter) ? letter : escapedBytes(letter, '%');
    if ((pieces.at(-1) ?? '').length + written.length > PIECE_MAX) pieces.push('');
    pieces[pieces.length - 1] += written;
  }
  return pieces.map((piece, at) => `;\r\n filename*${at}*=${at === 0 ? "utf-8''" : ''}${piece}`).join('');
}
