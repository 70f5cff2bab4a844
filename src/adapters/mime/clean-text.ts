/** Text that every later stage can hold and show. */
import libmime from 'libmime';

/** PostgreSQL refuses NUL, and a lone surrogate has no UTF-8. */
export const cleanText = (text: string): string => text.replaceAll('\0', '').toWellFormed();

/** Without control characters and those that turn the direction of writing (`exe.fdp` shown as `pdf.exe`). */
export const withoutControls = (text: string): string =>
  text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '');

/** RFC 2047 encoded-words decoded, white space folded; an unknown charset or a damaged word stays as it came. */
export function decodeHeaderText(value: string): string {
  let decoded = value;
  try {
    decoded = libmime.decodeWords(value);
  } catch {
    // Shown as it came.
  }
  return cleanText(decoded)
    .replace(/[\s\u0000-\u001f\u007f]+/g, ' ')
    .trim();
}
