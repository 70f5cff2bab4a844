/**
 * S/MIME (RFC 8551): what is in an opaquely signed mail (application/pkcs7-mime with signed-data), or that it is
 * encrypted. Nothing is checked: who wrote a mail is proved by DKIM and DMARC here, and by nothing else.
 *
 * A reader of as much BER (X.690) as it takes to find the content, definite lengths or not. Bounded: every element
 * takes bytes off, and content in pieces is gathered two levels deep.
 */
import { Buffer } from 'node:buffer';

export type Envelope =
  | { readonly kind: 'signed'; readonly content: Buffer }
  | { readonly kind: 'encrypted' }
  | { readonly kind: 'unknown' };

const SIGNED = '2a864886f70d010702';
const ENVELOPED = '2a864886f70d010703';
const AUTH_ENVELOPED = '2a864886f70d0109100117';
const SEQUENCE = 0x30;
const OBJECT_ID = 0x06;
const CONTEXT_0 = 0xa0;
const OCTETS = 0x04;
const OCTETS_IN_PIECES = 0x24;
const PIECES_MAX = 100_000;

export function readEnvelope(bytes: Buffer): Envelope {
  const info = elementAt(bytes, 0);
  if (info?.tag !== SEQUENCE) return { kind: 'unknown' };
  const type = elementAt(info.content, 0);
  if (type?.tag !== OBJECT_ID) return { kind: 'unknown' };
  const oid = type.content.toString('hex');
  if (oid === ENVELOPED || oid === AUTH_ENVELOPED) return { kind: 'encrypted' };
  const content = oid === SIGNED ? signedContent(elementAt(info.content, type.end)) : null;
  return content === null ? { kind: 'unknown' } : { kind: 'signed', content };
}

/** SignedData: version, digest algorithms, then the content: its type and [0] with octets. */
function signedContent(wrapped: Element | null): Buffer | null {
  if (wrapped?.tag !== CONTEXT_0) return null;
  const data = elementAt(wrapped.content, 0);
  if (data?.tag !== SEQUENCE) return null;
  const version = elementAt(data.content, 0);
  const algorithms = version && elementAt(data.content, version.end);
  const content = algorithms && elementAt(data.content, algorithms.end);
  const type = content && elementAt(content.content, 0);
  const inner = type && elementAt(content.content, type.end);
  const octets = inner && elementAt(inner.content, 0);
  if (!octets) return null;
  if (octets.tag === OCTETS) return octets.content;
  if (octets.tag !== OCTETS_IN_PIECES) return null;
  const pieces: Buffer[] = [];
  let at = 0;
  for (
    let piece = elementAt(octets.content, at);
    piece?.tag === OCTETS;
    piece = elementAt(octets.content, at)
  ) {
    pieces.push(piece.content);
    at = piece.end;
    if (pieces.length > PIECES_MAX) return null;
  }
  return Buffer.concat(pieces);
}

type Element = { readonly tag: number; readonly content: Buffer; readonly end: number };

/** Null for what is none, or goes beyond its bytes. */
function elementAt(bytes: Buffer, at: number): Element | null {
  const header = headerAt(bytes, at);
  if (header === null) return null;
  const { tag, start, length } = header;
  if (length !== null)
    return start + length <= bytes.length
      ? { tag, content: bytes.subarray(start, start + length), end: start + length }
      : null;
  const end = endOfOpen(bytes, start);
  return end === null ? null : { tag, content: bytes.subarray(start, end), end: end + 2 };
}

type Start = { readonly tag: number; readonly start: number; readonly length: number | null };

function headerAt(bytes: Buffer, at: number): Start | null {
  const [tag, first] = [bytes[at], bytes[at + 1]];
  // Tags of more than one byte do not occur here.
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) return null;
  if (first < 0x80) return { tag, start: at + 2, length: first };
  if (first === 0x80) return { tag, start: at + 2, length: null };
  const count = first & 0x7f;
  if (count > 5 || at + 2 + count > bytes.length) return null;
  return { tag, start: at + 2 + count, length: bytes.readUIntBE(at + 2, count) };
}

/** Where the two zero bytes stand that end an element of indefinite length; others may be open inside of it. */
function endOfOpen(bytes: Buffer, from: number): number | null {
  let open = 1;
  let at = from;
  while (at + 1 < bytes.length) {
    if (bytes[at] === 0 && bytes[at + 1] === 0) {
      open -= 1;
      if (open === 0) return at;
      at += 2;
      continue;
    }
    const header = headerAt(bytes, at);
    if (header === null) return null;
    if (header.length === null) open += 1;
    at = header.start + (header.length ?? 0);
  }
  return null;
}
