/**
 * winmail.dat: what Outlook sends instead of MIME when it thinks that Outlook reads it ([MS-OXTNEF]). Its files come
 * out under their own names; its text, too, for mails that have no other.
 *
 * Every length is checked against what is there; what is damaged ends the reading, and what was read until then
 * counts. Linear in the bytes.
 */
import { Buffer } from 'node:buffer';
import { decodeBytes } from './charset.ts';
import { decompressRtf, textOfRtf } from './rtf-text.ts';

export type TnefFile = {
  readonly filename: string | null;
  readonly contentType: string | null;
  readonly content: Buffer;
};
export type Tnef = {
  readonly files: readonly TnefFile[];
  readonly text: string | null;
  readonly html: Buffer | null;
};

const SIGNATURE = 0x223e9f78;
const FILES_MAX = 500;
const PROPERTIES_MAX = 10_000;

/** Attributes, by number without their type (section 2.1.3.2). */
const BODY = 0x800c;
const MESSAGE_PROPERTIES = 0x9003;
const CODE_PAGE = 0x9007;
const NEW_ATTACHMENT = 0x9002;
const TITLE = 0x8010;
const DATA = 0x800f;
const ATTACHMENT_PROPERTIES = 0x9005;

/** Properties ([MS-OXPROPS]). */
const PR_BODY = 0x1000;
const PR_RTF_COMPRESSED = 0x1009;
const PR_HTML = 0x1013;
const PR_ATTACH_DATA = 0x3701;
const PR_ATTACH_LONG_FILENAME = 0x3707;
const PR_ATTACH_MIME_TAG = 0x370e;
const PR_DISPLAY_NAME = 0x3001;

/** Null for what is no TNEF. */
export function readTnef(bytes: Buffer): Tnef | null {
  if (bytes.length < 6 || bytes.readUInt32LE(0) !== SIGNATURE) return null;
  const files: { filename: string | null; contentType: string | null; content: Buffer | null }[] = [];
  let properties = new Map<number, Property>();
  let text: Buffer | null = null;
  let codePage: string | null = null;
  for (const { id, data } of attributesOf(bytes)) {
    const file = files.at(-1);
    if (id === CODE_PAGE && data.length >= 4) codePage = `windows-${data.readUInt32LE(0)}`;
    else if (id === BODY) text = data;
    else if (id === MESSAGE_PROPERTIES) properties = propertiesOf(data);
    else if (id === NEW_ATTACHMENT && files.length < FILES_MAX)
      files.push({ filename: null, contentType: null, content: null });
    else if (file !== undefined && id === TITLE) file.filename = textOf({ type: STRING8, data }, codePage);
    else if (file !== undefined && id === DATA) file.content = data;
    else if (file !== undefined && id === ATTACHMENT_PROPERTIES) {
      const own = propertiesOf(data);
      const name = textOf(own.get(PR_ATTACH_LONG_FILENAME) ?? own.get(PR_DISPLAY_NAME), codePage);
      if (name !== '') file.filename = name;
      file.contentType = textOf(own.get(PR_ATTACH_MIME_TAG), codePage).toLowerCase() || null;
      file.content ??= own.get(PR_ATTACH_DATA)?.data ?? null;
    }
  }
  return {
    files: files.flatMap(({ content, ...file }) => (content === null ? [] : [{ ...file, content }])),
    ...bodyOf(properties, text, codePage),
  };
}

function bodyOf(
  properties: ReadonlyMap<number, Property>,
  attribute: Buffer | null,
  codePage: string | null,
): Pick<Tnef, 'text' | 'html'> {
  const html = properties.get(PR_HTML)?.data ?? null;
  const plain = properties.get(PR_BODY);
  const text =
    plain === undefined
      ? textOf({ type: STRING8, data: attribute ?? Buffer.alloc(0) }, codePage)
      : textOf(plain, codePage);
  if (text.trim() !== '' || html !== null) return { text: text.trim() === '' ? null : text, html };
  const rtf = properties.get(PR_RTF_COMPRESSED);
  const plainOfRtf = rtf === undefined ? '' : textOfRtf(decompressRtf(rtf.data));
  return { text: plainOfRtf.trim() === '' ? null : plainOfRtf, html: null };
}

/** level (1), number (2) and type (2), length (4), data, checksum (2). */
function* attributesOf(bytes: Buffer): Generator<{ readonly id: number; readonly data: Buffer }> {
  let at = 6;
  while (at + 9 <= bytes.length) {
    const id = bytes.readUInt16LE(at + 1);
    const length = bytes.readUInt32LE(at + 5);
    const end = at + 9 + length;
    if (end > bytes.length) return;
    yield { id, data: bytes.subarray(at + 9, end) };
    at = end + 2;
  }
}

type Property = { readonly type: number; readonly data: Buffer };

const STRING8 = 0x1e;
const UNICODE = 0x1f;
const OBJECT = 0x0d;
const BINARY = 0x102;
const MULTIPLE = 0x1000;
/** Bytes of a value of fixed length, padded to four ([MS-OXCDATA] section 2.11.1). */
const FIXED: Readonly<Record<number, number>> = {
  1: 4,
  2: 4,
  3: 4,
  4: 4,
  5: 8,
  6: 8,
  7: 8,
  10: 4,
  11: 4,
  20: 8,
  64: 8,
  72: 16,
};
/** In front of an embedded object stands its interface. */
const INTERFACE_BYTES = 16;

/** The first value of each property, so far as the list can be read (section 2.1.3.4). */
function propertiesOf(bytes: Buffer): Map<number, Property> {
  const found = new Map<number, Property>();
  if (bytes.length < 4) return found;
  const count = Math.min(bytes.readUInt32LE(0), PROPERTIES_MAX);
  let at = 4;
  for (let n = 0; n < count && at + 4 <= bytes.length; n += 1) {
    const type = bytes.readUInt16LE(at);
    const id = bytes.readUInt16LE(at + 2);
    const values = afterName(bytes, at + 4, id);
    const read = values === null ? null : valuesAt(bytes, values, type);
    if (read === null) return found;
    if (read.first !== null && !found.has(id))
      found.set(id, {
        type: type & ~MULTIPLE,
        data: (type & ~MULTIPLE) === OBJECT ? read.first.subarray(INTERFACE_BYTES) : read.first,
      });
    at = read.end;
  }
  return found;
}

/** Named properties have their name in front: GUID (16), kind (4), number (4) or length (4) and text. */
function afterName(bytes: Buffer, at: number, id: number): number | null {
  if (id < 0x8000) return at;
  if (at + 24 > bytes.length) return null;
  const isText = bytes.readUInt32LE(at + 16) === 1;
  const end = at + 24 + (isText ? padded(bytes.readUInt32LE(at + 20)) : 0);
  return end <= bytes.length ? end : null;
}

function valuesAt(
  bytes: Buffer,
  from: number,
  type: number,
): { readonly first: Buffer | null; readonly end: number } | null {
  const plain = type & ~MULTIPLE;
  const fixed = FIXED[plain];
  let at = from;
  let count = 1;
  if (fixed === undefined || type !== plain) {
    if (at + 4 > bytes.length) return null;
    count = bytes.readUInt32LE(at);
    at += 4;
  }
  if (fixed === undefined && ![STRING8, UNICODE, OBJECT, BINARY].includes(plain)) return null;
  let first: Buffer | null = null;
  for (let n = 0; n < count; n += 1) {
    let length = fixed ?? 0;
    if (fixed === undefined) {
      if (at + 4 > bytes.length) return null;
      length = bytes.readUInt32LE(at);
      at += 4;
    }
    if (at + length > bytes.length) return null;
    first ??= bytes.subarray(at, at + length);
    at += padded(length);
  }
  return { first, end: at };
}

/** Not by bits: they would make a length above 2^31 negative. */
const padded = (length: number): number => Math.ceil(length / 4) * 4;

function textOf(property: Property | undefined, codePage: string | null): string {
  if (property === undefined || (property.type !== STRING8 && property.type !== UNICODE)) return '';
  const { text } =
    property.type === UNICODE
      ? { text: new TextDecoder('utf-16le').decode(property.data) }
      : decodeBytes(property.data, codePage);
  const end = text.indexOf('\0');
  return end === -1 ? text : text.slice(0, end);
}
