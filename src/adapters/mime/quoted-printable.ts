/**
 * Quoted-printable (RFC 2045 section 6.7) undone as it comes, some lines at a time: mailparser's own decoder waits for the
 * end of the part and then holds it several times over, which for 20 MB is more than a child may take.
 */
import { Buffer } from 'node:buffer';
import { Transform } from 'node:stream';

const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const EQUALS = 0x3d;

/** Lines are decoded together once there are so many bytes of them. */
const BATCH_BYTES = 256 * 1024;

export function quotedPrintableDecoder(): Transform {
  let waiting: Buffer[] = [];
  let bytes = 0;
  let hasLine = false;
  /** Everything up to the end of the last whole line; what follows waits. */
  const takeLines = (): Buffer => {
    const all = Buffer.concat(waiting);
    const end = all.lastIndexOf(LF) + 1;
    waiting = end === all.length ? [] : [Buffer.from(all.subarray(end))];
    bytes = all.length - end;
    hasLine = false;
    return decodeQuotedPrintable(all.subarray(0, end));
  };
  return new Transform({
    transform(chunk: Buffer, _, done) {
      waiting.push(chunk);
      bytes += chunk.length;
      hasLine ||= chunk.includes(LF);
      done(null, hasLine && bytes >= BATCH_BYTES ? takeLines() : undefined);
    },
    flush(done) {
      done(null, decodeQuotedPrintable(Buffer.concat(waiting)));
    },
  });
}

/** White space at the end of a line was added on the way; an `=` there joins it with the next; what is no code stays. */
export function decodeQuotedPrintable(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; ) {
    const feed = bytes.indexOf(LF, at);
    const next = feed === -1 ? bytes.length : feed + 1;
    let lineEnd = feed === -1 ? bytes.length : feed;
    if (feed > at && bytes[feed - 1] === CR) lineEnd -= 1;
    let end = lineEnd;
    while (end > at && (bytes[end - 1] === SPACE || bytes[end - 1] === TAB)) end -= 1;
    const isJoined = end > at && bytes[end - 1] === EQUALS;
    if (isJoined) end -= 1;
    for (let i = at; i < end; i += 1) {
      let byte = bytes[i] as number;
      if (byte === EQUALS && i + 2 < end) {
        const [high, low] = [digit(bytes[i + 1] as number), digit(bytes[i + 2] as number)];
        if (high !== -1 && low !== -1) {
          byte = high * 16 + low;
          i += 2;
        }
      }
      out[length] = byte;
      length += 1;
    }
    if (!isJoined) for (let i = lineEnd; i < next; i += 1, length += 1) out[length] = bytes[i] as number;
    at = next;
  }
  return out.subarray(0, length);
}

/** -1: no hexadecimal digit. */
function digit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : -1;
}
