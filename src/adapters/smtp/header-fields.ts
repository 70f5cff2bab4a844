/**
 * Header fields as RFC 5322, RFC 2047 and RFC 2231 have them written, in nodemailer's encodings.
 *
 * Promises: whatever stands in names and texts, a field stays one field, in ASCII, and none of its lines is longer than
 * the 998 octets of RFC 5322 section 2.1.1. Lines are folded at 76 where there is a space to fold at.
 */
import { buildHeaderValue, encodeWord, foldLines, isPlainText, quoteString } from 'nodemailer/lib/mime-funcs';
import type { Address } from '../../domain/message.ts';

/** What nodemailer takes for its own fields: a word and the name of a usual field share a line. */
const ENCODED_WORD_MAX = 52;
/** What can be a name as it is (RFC 5322 section 3.2.3: atoms and the spaces between them). */
const ATOMS = /^[\w ]+$/;

/** A field whose value is text, cleaned by whoever gives it: one line without control characters. */
export const textField = (name: string, text: string): string =>
  plainField(name, isPlainText(text) ? text : encodedWords(text));

export const addressField = (name: string, people: readonly Address[]): string =>
  plainField(name, people.map(mailbox).join(', '));

/**
 * A field whose value is written as it is, such as Message-IDs. Spaces become one, which is how they are read
 * (RFC 5322 section 3.2.2): folded within many, a line would hold nothing else, and pass for the end of the header.
 */
export const plainField = (name: string, value: string): string =>
  foldLines(`${name}: ${value.replace(/ {2,}/g, ' ')}`, 76);

/** The fields that tell the type of an attached file and its name, which older programs look for in the first. */
export const fileFields = (type: string, name: string): string[] => [
  plainField(
    'Content-Type',
    `${type}; name=${isPlainText(name) ? quoteString(name) : `"${encodedWords(name)}"`}`,
  ),
  // Keeps the spaces of the name: its pieces are shorter than a line.
  foldLines(
    `Content-Disposition: ${buildHeaderValue({ value: 'attachment', params: { filename: name } })}`,
    76,
  ),
];

function mailbox({ name, address }: Address): string {
  if (name === '') return address;
  if (!isPlainText(name)) return `${encodedWords(name)} <${address}>`;
  return `${ATOMS.test(name) ? name : quoteString(name)} <${address}>`;
}

/** What is mostly in Latin letters is shorter in Q, and can be read without being decoded, too. */
function encodedWords(text: string): string {
  const letters = [...text];
  const foreign = letters.filter((letter) => !isPlainText(letter)).length;
  return encodeWord(text, foreign * 3 < letters.length ? 'Q' : 'B', ENCODED_WORD_MAX);
}
