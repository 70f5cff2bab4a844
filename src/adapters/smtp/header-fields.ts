/**
 * Header fields as RFC 5322 and RFC 2047 have them written.
 *
 * Promises: whatever stands in names and texts, a field stays one field, in ASCII, and none of its lines is longer than
 * the 998 octets of RFC 5322 section 2.1.1. Lines are folded at 76 where there is a space to fold at.
 */
import type { Address } from '../../domain/message.ts';

const LINE_MAX = 76;
/** Of the 75 characters of an encoded word, `=?UTF-8?Q?` and `?=` take twelve. */
const ENCODED_MAX = 63;
const ASCII = /^[\x20-\x7e]*$/;
/** RFC 5322 section 3.2.3: atoms with spaces between them are a name as they are. */
const ATOMS = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?: [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
/** What may stand for itself in an encoded word that is part of a name (RFC 2047 section 5). */
const PLAIN_IN_WORD = /^[A-Za-z0-9!*+/-]$/;

/** A field whose value is text, cleaned by whoever gives it: one line without control characters. */
export const textField = (name: string, text: string): string =>
  folded(name, ASCII.test(text) ? text : encodedWords(text));

export const addressField = (name: string, people: readonly Address[]): string =>
  folded(name, people.map(mailbox).join(', '));

/** A field whose value is written as it is, such as Message-IDs. */
export const plainField = (name: string, value: string): string => folded(name, value);

function mailbox({ name, address }: Address): string {
  if (name === '') return address;
  if (!ASCII.test(name)) return `${encodedWords(name)} <${address}>`;
  return ATOMS.test(name) ? `${name} <${address}>` : `${quoted(name)} <${address}>`;
}

/** In quotation marks, for ASCII alone. */
export const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** RFC 2047, in UTF-8; no character is divided between two words. */
export function encodedWords(text: string): string {
  const letters = [...text];
  const foreign = letters.filter((letter) => !ASCII.test(letter)).length;
  // The shorter way for what is mostly in Latin letters can be read without being decoded, too.
  return foreign * 3 < letters.length
    ? inWords(
        letters,
        'Q',
        (letter) => quotedLetter(letter).length,
        ENCODED_MAX,
        (some) => [...some].map(quotedLetter).join(''),
      )
    : inWords(
        letters,
        'B',
        (letter) => Buffer.byteLength(letter),
        (ENCODED_MAX / 4) * 3 - 2,
        (some) => Buffer.from(some).toString('base64'),
      );
}

function inWords(
  letters: readonly string[],
  encoding: 'Q' | 'B',
  sizeOf: (letter: string) => number,
  sizeMax: number,
  encode: (text: string) => string,
): string {
  const words: string[] = [];
  let word = '';
  let size = 0;
  for (const letter of letters) {
    const more = sizeOf(letter);
    if (size + more > sizeMax) {
      words.push(word);
      word = '';
      size = 0;
    }
    word += letter;
    size += more;
  }
  words.push(word);
  return words.map((one) => `=?UTF-8?${encoding}?${encode(one)}?=`).join(' ');
}

function quotedLetter(letter: string): string {
  if (letter === ' ') return '_';
  return PLAIN_IN_WORD.test(letter) ? letter : escapedBytes(letter, '=');
}

/** Each byte of the letter as two hexadecimal digits behind a mark. */
export const escapedBytes = (letter: string, mark: '=' | '%'): string =>
  [...Buffer.from(letter)]
    .map((byte) => `${mark}${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');

/** A line ends in front of the spaces before the word that would stand beyond its end. */
function folded(name: string, value: string): string {
  const whole = `${name}: ${value}`;
  if (whole.length <= LINE_MAX) return whole;
  let text = `${name}:`;
  let length = text.length;
  for (const [word] of `${' '}${value}`.matchAll(/ +[^ ]+/g)) {
    // The first word stays with the name of its field, or the line would be empty but for that.
    const breaks = length + word.length > LINE_MAX && length > name.length + 1;
    text += breaks ? `\r\n${word}` : word;
    length = breaks ? word.length : length + word.length;
  }
  return text;
}
