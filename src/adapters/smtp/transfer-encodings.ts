/** Bodies as they travel: quoted-printable for texts, base64 for files (RFC 2045, sections 6.7 and 6.8). */

const LINE_MAX = 76;
const CR = 13;
const LF = 10;
const SPACE = 32;
const TAB = 9;
const EQUALS = 61;
const TILDE = 126;
const HEX = Buffer.from('0123456789ABCDEF');

/** Line ends of `text` are CRLF. */
export function quotedPrintable(text: string): Buffer {
  const bytes = Buffer.from(text);
  // Three for each byte, and three more for each line that this makes.
  const out = Buffer.allocUnsafe(bytes.length * 3 + Math.ceil((bytes.length * 3) / (LINE_MAX - 4)) * 3 + 3);
  let to = 0;
  let column = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === CR && bytes[at + 1] === LF) {
      out[to] = CR;
      out[to + 1] = LF;
      to += 2;
      at += 1;
      column = 0;
      continue;
    }
    const isPlain =
      (byte > SPACE && byte <= TILDE && byte !== EQUALS) ||
      ((byte === SPACE || byte === TAB) && !endsLine(bytes, at + 1));
    const size = isPlain ? 1 : 3;
    // One place is kept for the mark that the line goes on.
    if (column + size > LINE_MAX - 1) {
      out[to] = EQUALS;
      out[to + 1] = CR;
      out[to + 2] = LF;
      to += 3;
      column = 0;
    }
    if (isPlain) out[to] = byte;
    else {
      out[to] = EQUALS;
      out[to + 1] = HEX[byte >> 4] ?? 0;
      out[to + 2] = HEX[byte & 15] ?? 0;
    }
    to += size;
    column += size;
  }
  return out.subarray(0, to);
}

/** White space there would be taken off on the way. */
const endsLine = (bytes: Buffer, at: number): boolean =>
  at >= bytes.length || (bytes[at] === CR && bytes[at + 1] === LF);

export const base64 = (content: Uint8Array): Buffer =>
  Buffer.from(
    Buffer.from(content.buffer, content.byteOffset, content.byteLength)
      .toString('base64')
      .replace(/.{76}(?!$)/g, '$&\r\n'),
    'latin1',
  );

/** Whether it can travel as it is: ASCII in lines of at most 998 octets that end in CRLF (RFC 5322, section 2.1.1). */
export function isSevenBit(content: Uint8Array): boolean {
  let length = 0;
  for (let at = 0; at < content.length; at += 1) {
    const byte = content[at] ?? 0;
    if (byte === 0 || byte > 127 || (byte === LF) !== (content[at - 1] === CR)) return false;
    length = byte === LF || byte === CR ? 0 : length + 1;
    if (length > 998) return false;
  }
  return content.at(-1) !== CR;
}
