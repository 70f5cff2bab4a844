/** Raw bytes as the parsers expect them: lines that end in a line feed, and nothing in front of the header. */
import { Buffer } from 'node:buffer';

const CR = 0x0d;
const LF = 0x0a;

/** An mbox line in front and blank lines above the header come off; a mail with bare CR only gets line feeds. */
export function prepareBytes(raw: Buffer, warnings: string[]): Buffer {
  let bytes = raw;
  if (bytes.length === 0) warnings.push('empty: the mail has no bytes');
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    // Left in place it would hide the first field from us, while other programs see it.
    warnings.push('byte-order-mark: a byte order mark stands in front of the header');
    bytes = bytes.subarray(3);
  }
  bytes = withLineFeeds(bytes, warnings);
  let at = 0;
  while (at < bytes.length && (bytes[at] === 0x0a || bytes[at] === 0x0d)) at += 1;
  if (at > 0 && /^[\x21-\x39\x3b-\x7e]{1,60}:/.test(bytes.toString('latin1', at, at + 61))) {
    warnings.push('blank-lines: the header begins after blank lines');
    bytes = bytes.subarray(at);
  }
  if (/^>?From /.test(bytes.toString('latin1', 0, 6))) {
    const end = bytes.indexOf(0x0a);
    if (end !== -1) {
      warnings.push('mbox-line: a line of an mbox file stands in front');
      bytes = bytes.subarray(end + 1);
    }
  }
  if (bytes.includes(0)) warnings.push('nul: the mail holds NUL bytes, which were left out of its texts');
  return bytes;
}

/**
 * A CR that stands alone is a line end for some programs and a character for others: in the header it counts as a
 * line end, so that a From field hidden behind one is seen; in the body when the mail has no other.
 */
function withLineFeeds(bytes: Buffer, warnings: string[]): Buffer {
  if (!bytes.includes(CR)) return bytes;
  const bare: number[] = [];
  let doubled = false;
  const everywhere = !bytes.includes(LF);
  let lineStart = 0;
  for (let i = 0; i < bytes.length; i += 1) {
    if (bytes[i] !== CR && bytes[i] !== LF) continue;
    let end = i;
    while (bytes[end] === CR) end += 1;
    const proper = bytes[end] === LF;
    if (proper && end - i > 1) doubled = true;
    if (!proper) for (let j = i; j < end; j += 1) bare.push(j);
    // A blank line ends the header; two bare CR are one.
    if (!everywhere && i > 0 && (i === lineStart || (!proper && end - i > 1))) break;
    i = proper ? end : end - 1;
    lineStart = i + 1;
  }
  if (bare.length === 0 && !doubled) return bytes;
  warnings.push('bare-cr: lines of the header end in CR without LF, or in several');
  const copy = Buffer.from(bytes);
  for (const i of bare) copy[i] = LF;
  return doubled ? Buffer.from(copy.toString('latin1').replaceAll('\r\r\n', '\r\n'), 'latin1') : copy;
}
