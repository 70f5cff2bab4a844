/**
 * The header block read from the raw bytes, field by field, in order.
 *
 * A mail library's view is not enough to decide who wrote a mail: of two From fields one library takes the first
 * and another the last. So every field is kept, oddities become warnings, and time is linear in the bytes.
 */
import { type Buffer, isUtf8 } from 'node:buffer';
import type { Header } from '../../domain/message.ts';

export const HEADER_BYTES_MAX = 1024 * 1024;
export const HEADER_FIELDS_MAX = 2_000;
export const HEADER_VALUE_MAX = 16 * 1024;
/** Fields that say who wrote the mail are looked for beyond HEADER_FIELDS_MAX, so that none can hide there. */
const IDENTITY = new Set(['from', 'sender', 'reply-to', 'message-id']);
export const IDENTITY_FIELDS_MAX = 3_000;

export type HeaderBlock = {
  /** Values unfolded, up to HEADER_BYTES_MAX long. */
  readonly fields: readonly Header[];
  /** Where the body begins; 0 when there is no header at all. */
  readonly bodyStart: number;
  readonly warnings: readonly string[];
};

const LF = 0x0a;
const CR = 0x0d;

/** Reads the header block at the start of `raw`. Never throws. */
export function readHeaderBlock(raw: Buffer, bytesMax = HEADER_BYTES_MAX): HeaderBlock {
  const warnings = new Set<string>();
  const fields: { name: string; parts: string[] }[] = [];
  let identities = 0;
  let open: { name: string; parts: string[] } | null = null;
  let at = 0;
  let recognised = 0;
  let bodyStart = -1;
  while (at < raw.length) {
    if (at > bytesMax) {
      warnings.add(`headers-cut: the header is longer than ${bytesMax} bytes, the rest of it was not read`);
      bodyStart = raw.length;
      break;
    }
    const lineEnd = raw.indexOf(LF, at);
    const next = lineEnd === -1 ? raw.length : lineEnd + 1;
    let end = lineEnd === -1 ? raw.length : lineEnd;
    if (end > at && raw[end - 1] === CR) end -= 1;
    if (end === at) {
      bodyStart = next;
      break;
    }
    const line = decodeHeaderBytes(raw.subarray(at, Math.min(end, at + bytesMax)));
    at = next;
    if (line.startsWith(' ') || line.startsWith('\t')) {
      if (open !== null) open.parts.push(line.slice(1));
      continue;
    }
    const colon = line.indexOf(':');
    const name = colon < 0 ? '' : line.slice(0, colon).trimEnd().toLowerCase();
    open = null;
    if (!/^[\x21-\x39\x3b-\x7e]{1,200}$/.test(name)) {
      warnings.add('header-line: a line in the header is no header field and was left out');
      continue;
    }
    if (name.length < colon) warnings.add('header-space: a header name is followed by a space');
    recognised += 1;
    if (IDENTITY.has(name)) identities += 1;
    if (fields.length >= HEADER_FIELDS_MAX && !(IDENTITY.has(name) && identities <= IDENTITY_FIELDS_MAX)) {
      warnings.add('headers-cut: the header has more than 2,000 fields, the rest was left out');
      continue;
    }
    open = { name, parts: [line.slice(colon + 1)] };
    fields.push(open);
  }
  if (recognised === 0) return { fields: [], bodyStart: 0, warnings: ['no-header: the mail has no header'] };
  if (bodyStart === -1) bodyStart = raw.length;
  return {
    fields: fields.map((field) => ({ name: field.name, value: unfold(field.parts, warnings) })),
    bodyStart,
    warnings: [...warnings],
  };
}

function unfold(parts: readonly string[], warnings: Set<string>): string {
  const joined = parts.join(' ');
  if (/[\0\r]/.test(joined))
    warnings.add('header-control: a header holds control characters, shown as spaces');
  return joined.replace(/[\0-\x08\x0a-\x1f\x7f]/g, ' ').trim();
}

/** UTF-8 (RFC 6532) where the bytes are valid UTF-8, else Windows-1252 as older programs send it. */
function decodeHeaderBytes(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  // A sender whose own program had lost a character sends U+FFFD in valid UTF-8.
  return text.includes('\ufffd') && !isUtf8(bytes) ? new TextDecoder('windows-1252').decode(bytes) : text;
}
