/**
 * Whether a mail speaks of somebody, and taking them out of what it says: what erasing a person rests on.
 *
 * Raw mail hides an address in base64, quoted-printable, encoded words, entities and links, so each of these is undone
 * before it is looked for. What it promises: linear time on any bytes. What it cannot see: what stands in compressed
 * or encrypted files (zip, PDF, Office), in pictures, and names that are written otherwise.
 */
import { asciiLower } from './address.ts';

/** Lower case, with single spaces. */
export type Needles = readonly string[];

/** Encodings within encodings: a mail as a file, in base64, that has a part in base64. */
const DEPTH_MAX = 4;

export const needle = (text: string): string => evenOut(text).trim();

/** Whether the text has one of these as a whole: `ann@elm.example` is not in `joann@elm.example`. */
export function speaksOf(text: string, needles: Needles): boolean {
  const even = evenOut(text);
  return needles.some((one) => findWhole(even, one, 0) >= 0);
}

/** The same of a mail, or part of one, however it is encoded. */
export function rawSpeaksOf(raw: Uint8Array, needles: Needles): boolean {
  const plain = needles.filter((one) => PLAIN.test(one));
  const others = needles.filter((one) => !PLAIN.test(one));
  for (const bytes of readings(raw, DEPTH_MAX)) {
    const latin1 = bytes.toString('latin1').toLowerCase();
    // Most mail is looked at for an address alone, which is the same in every charset and on one line.
    if (plain.some((one) => findWhole(latin1, one, 0) >= 0)) return true;
    if (others.length > 0 && (speaksOf(bytes.toString('utf8'), others) || speaksOf(latin1, others)))
      return true;
  }
  return false;
}

const PLAIN = /^[!-~]+$/;

/** Every way to read the bytes: as they are, and with each encoding undone, which may hold another. */
function* readings(raw: Uint8Array, depth: number): Generator<Buffer> {
  const bytes = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  yield bytes;
  const latin1 = bytes.toString('latin1');
  if (bytes.includes(0)) {
    // UTF-16 of what is ASCII is the same with a NUL beside each letter.
    yield Buffer.from(latin1.replaceAll('\0', ''), 'latin1');
    // A picture or an archive: what looks like an encoding in it is chance.
    if (depth < DEPTH_MAX) return;
  }
  if (/&#|&commat|%40/i.test(latin1)) yield Buffer.from(undoMarkup(bytes.toString('utf8')));
  if (depth === 0) return;
  yield* encodedWords(latin1);
  if (/=(?:[0-9a-f]{2}|\r?\n)/i.test(latin1)) yield* readings(undoQuotedPrintable(latin1), depth - 1);
  for (const block of base64Blocks(latin1)) yield* readings(block, depth - 1);
}

/** RFC 2045 section 6.7. */
const undoQuotedPrintable = (latin1: string): Buffer =>
  Buffer.from(
    latin1
      .replace(/=[ \t]{0,8}\r?\n/g, '')
      .replace(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

/** RFC 2047 section 2; neighbours are one text, so that a name that was cut in two is found. */
function encodedWords(latin1: string): Buffer[] {
  const joined = latin1.replace(/\?=\s{1,80}=\?/g, '?==?');
  const words = joined.match(/=\?[^?\s]{1,60}\?[bq]\?[^?\s]{0,1000}\?=/gi) ?? [];
  const decoded = words.map((word) => {
    const [, , encoding = '', text = ''] = word.split('?');
    if (encoding.toLowerCase() === 'b') return Buffer.from(text, 'base64');
    return undoQuotedPrintable(text.replaceAll('_', ' '));
  });
  return decoded.length === 0 ? [] : [Buffer.concat(decoded)];
}

const BASE64_LINE = /^[A-Za-z0-9+/]{16,}={0,2}[ \t]{0,8}$/;
const BASE64_END = /^[A-Za-z0-9+/]{2,}={0,2}[ \t]{0,8}$/;

/** Runs of lines that can be base64, whatever the header says of them (RFC 2045 section 6.8). */
function base64Blocks(latin1: string): Buffer[] {
  const blocks: Buffer[] = [];
  let lines: string[] = [];
  const end = (): void => {
    if (lines.length > 0) blocks.push(Buffer.from(lines.join(''), 'base64'));
    lines = [];
  };
  for (const line of latin1.split(/\r?\n/)) {
    if (BASE64_LINE.test(line)) lines.push(line.trim());
    else {
      if (lines.length > 0 && BASE64_END.test(line)) lines.push(line.trim());
      end();
    }
  }
  end();
  return blocks;
}

/** Character references and percent signs, as HTML and links have them. */
const undoMarkup = (text: string): string =>
  text
    .replace(/&commat;/gi, '@')
    .replace(/&period;/gi, '.')
    .replace(/&#(x[0-9a-f]{1,6}|[0-9]{1,7});/gi, (whole, code: string) => {
      const value = code.startsWith('x') || code.startsWith('X') ? `0${code}` : code;
      return Number(value) <= 0x10ffff ? String.fromCodePoint(Number(value)) : whole;
    })
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

/** Wrapped and quoted lines read as one, and case counts nowhere. */
const evenOut = (text: string): string => text.replace(/[\s>|]+/g, ' ').toLowerCase();

const LETTER = /[\p{L}\p{N}]/u;
/** What an address goes on with as well. */
const LETTER_OF_ADDRESS = /[\p{L}\p{N}_%+-]/u;

function findWhole(text: string, wanted: string, from: number): number {
  const letter = wanted.includes('@') ? LETTER_OF_ADDRESS : LETTER;
  for (let at = text.indexOf(wanted, from); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const before = text.charAt(at - 1);
    const after = text.charAt(at + wanted.length);
    const next = text.charAt(at + wanted.length + 1);
    const isWhole =
      !letter.test(before) &&
      !(before === '.' && letter.test(text.charAt(at - 2))) &&
      !letter.test(after) &&
      !(after === '.' && letter.test(next));
    if (isWhole) return at;
  }
  return -1;
}

/** What stands in the place of somebody who was erased. */
export const ERASED = 'erased';

/**
 * The same value without them: in every string, and by name wherever an address of theirs stands beside a name. A
 * string in which they are wrapped or spelled out of the ordinary is taken away whole.
 */
export function withoutMentions<T>(value: T, needles: Needles): T {
  return cleaned(value, needles) as T;
}

function cleaned(value: unknown, needles: Needles): unknown {
  if (typeof value === 'string') return cleanedText(value, needles);
  if (Array.isArray(value)) return value.map((one) => cleaned(one, needles));
  if (typeof value !== 'object' || value === null) return value;
  const { address } = value as { address?: unknown };
  const isTheirs = typeof address === 'string' && speaksOf(address, needles);
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      isTheirs && key === 'name' ? ERASED : cleaned(one, needles),
    ]),
  );
}

function cleanedText(text: string, needles: Needles): string {
  if (!speaksOf(text, needles) && !speaksOf(undoMarkup(text), needles)) return text;
  let clean = text;
  for (const one of needles) clean = replaceWhole(clean, one);
  return speaksOf(clean, needles) || speaksOf(undoMarkup(clean), needles) ? ERASED : clean;
}

function replaceWhole(text: string, wanted: string): string {
  // Places in it are places in the text: a few letters are longer in lower case.
  const folded = text.toLowerCase();
  const lower = folded.length === text.length ? folded : asciiLower(text);
  let clean = '';
  let done = 0;
  for (let at = findWhole(lower, wanted, 0); at >= 0; at = findWhole(lower, wanted, done)) {
    clean += text.slice(done, at) + ERASED;
    done = at + wanted.length;
  }
  return clean + text.slice(done);
}
