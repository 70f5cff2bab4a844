/**
 * Bytes to characters by what the mail says of them, and by what they are where it says nothing or a plain untruth.
 *
 * A label is believed unless the bytes contradict it: text labelled as ISO-8859 or Windows-125x, or not at all, whose
 * bytes are valid UTF-8 beyond ASCII, is UTF-8 (by chance that takes an Ã followed by a sign of the upper half each
 * time). Linear time, never throws; what could not be told is said in `doubt`.
 */
import { Buffer, isAscii, isUtf8 } from 'node:buffer';
import libmime from 'libmime';

export type Decoded = {
  readonly text: string;
  readonly doubt: 'unknown-charset' | 'undecodable' | null;
};

const ESC = 0x1b;

/** `hint` is a charset that another part or the header of the same mail names: a guess at what is not labelled. */
export function decodeBytes(bytes: Buffer, label: string | null, hint: string | null = null): Decoded {
  const marked = byteOrderMark(bytes);
  if (marked !== null) return decodeAs(marked, bytes);
  const charset = canonical(label);
  if (/^(iso-2022-jp|iso-2022-kr|hz-gb-2312|utf-7)$/.test(charset)) return decodeShifting(charset, bytes);
  if (/^utf-(16|32)/.test(charset)) return decodeAs(charset, bytes);
  if (isAscii(bytes)) {
    const isJapanese = bytes.includes(ESC) && /\x1b\$[@B]/.test(bytes.toString('latin1'));
    return isJapanese ? decodeAs('iso-2022-jp', bytes) : { text: bytes.toString('latin1'), doubt: null };
  }
  if (mayBeUtf8(charset)) {
    const text = strictUtf8(bytes);
    if (text !== null) return { text, doubt: null };
  }
  if (charset === 'utf-8' && looksLikeUtf8(bytes))
    return { text: new TextDecoder().decode(bytes), doubt: 'undecodable' };
  if (/^(|us-ascii|utf-8)$/.test(charset)) return decodeAs(guess(bytes, hint), bytes);
  const decoded = decodeAs(charset, bytes);
  return decoded.doubt === 'unknown-charset'
    ? { ...decodeAs(guess(bytes, hint), bytes), doubt: 'unknown-charset' }
    : decoded;
}

const mayBeUtf8 = (charset: string): boolean =>
  /^(|us-ascii|utf-8|iso-8859-\d+|windows-125\d|macintosh|x-unknown)$/.test(charset) || !isKnown(charset);

function byteOrderMark(bytes: Buffer): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return bytes[0] === 0xfe && bytes[1] === 0xff ? 'utf-16be' : null;
}

/** Names that programs made up, and Windows code pages; the rest is left to the decoders. */
const ALIASES: Readonly<Record<string, string>> = {
  ascii: 'us-ascii',
  'ansi_x3.4-1968': 'us-ascii',
  '7bit': 'us-ascii',
  '8bit': '',
  'unknown-8bit': '',
  unknown: '',
  'x-unknown': '',
  default: '',
  'x-user-defined': '',
  ansi: 'windows-1252',
  utf8: 'utf-8',
  utf7: 'utf-7',
  'unicode-1-1-utf-7': 'utf-7',
  utf16: 'utf-16',
  hz: 'hz-gb-2312',
  'ms-kanji': 'shift_jis',
  'windows-932': 'shift_jis',
  'windows-936': 'gb18030',
  'windows-949': 'euc-kr',
  'windows-950': 'big5',
  'windows-65001': 'utf-8',
  'windows-28591': 'iso-8859-1',
  'windows-20127': 'us-ascii',
  gb2312: 'gb18030',
  gbk: 'gb18030',
  'x-gbk': 'gb18030',
};

function canonical(label: string | null): string {
  const name = (label ?? '')
    .toLowerCase()
    .replace(/["'\s]/g, '')
    .slice(0, 60);
  if (name.includes('iso-2022-jp')) return 'iso-2022-jp';
  const page = /^(?:cp|win|windows|ms|x-cp)[-_]?(\d{3,5})$/.exec(name)?.[1];
  const plain = page === undefined ? name.replace(/^iso_?8859_?-?/, 'iso-8859-') : `windows-${page}`;
  return ALIASES[plain] ?? plain;
}

function isKnown(charset: string): boolean {
  try {
    new TextDecoder(charset);
    return true;
  } catch {
    return false;
  }
}

function decodeAs(charset: string, bytes: Buffer): Decoded {
  let text: string;
  try {
    text = new TextDecoder(charset === 'utf-16' ? 'utf-16be' : charset).decode(bytes);
  } catch {
    // UTF-7, UTF-32 and the code pages of DOS are known to libmime alone.
    if (!/^(utf-(7|32(le|be)?)|(windows-|ibm-?|cp)\d{3}|iso-8859-\d+|x?-?mac\w*)$/.test(charset))
      return { text: '', doubt: 'unknown-charset' };
    const name = charset.replace(/^windows-(\d{3})$/, 'cp$1');
    text = libmime.decodeWord(name, 'B', bytes.toString('base64'));
  }
  return { text, doubt: text.includes('\ufffd') && !hasEncodedReplacement(bytes) ? 'undecodable' : null };
}

/** The sender's own program had already lost the character. */
const hasEncodedReplacement = (bytes: Buffer): boolean => bytes.includes('\ufffd', 0, 'utf8');

/** Charsets of seven bits that shift between alphabets. */
function decodeShifting(charset: string, bytes: Buffer): Decoded {
  if (charset === 'iso-2022-jp') {
    // Some programs send Shift_JIS under this name.
    return isAscii(bytes)
      ? decodeAs(charset, bytes)
      : decodeAs(strictUtf8(bytes) === null ? 'shift_jis' : 'utf-8', bytes);
  }
  if (charset === 'utf-7') return decodeAs(isAscii(bytes) ? charset : 'utf-8', bytes);
  return decodeAs(
    charset === 'hz-gb-2312' ? 'gb18030' : 'euc-kr',
    withHighBits(bytes, charset === 'hz-gb-2312'),
  );
}

/** RFC 1843 (`~{…~}`) and RFC 1557 (SO … SI) are GB2312 and KS X 1001 with the upper bit taken off. */
function withHighBits(bytes: Buffer, isHz: boolean): Buffer {
  const text = bytes.toString('latin1');
  const lifted = isHz
    ? text
        .replace(/~\n/g, '')
        .replace(/~\{([^~\n]*)(?:~\}|(?=\n)|$)/g, (_, shifted: string) => lift(shifted))
        .replaceAll('~~', '~')
    : text.replace(/\x1b\$\)C/g, '').replace(/\x0e([^\x0f\n]*)\x0f?/g, (_, shifted: string) => lift(shifted));
  return Buffer.from(lifted, 'latin1');
}

const lift = (text: string): string =>
  text.replace(/[\x21-\x7e]/g, (c) => String.fromCharCode(c.charCodeAt(0) | 0x80));

const strictUtf8 = (bytes: Buffer): string | null => (isUtf8(bytes) ? bytes.toString('utf8') : null);

/** Cut or damaged, but UTF-8: more whole characters than broken ones. */
function looksLikeUtf8(bytes: Buffer): boolean {
  const text = bytes.toString('utf8');
  const broken = text.split('\ufffd').length - 1;
  const whole = text.replace(/[\0-\x7f\ufffd]/g, '').length;
  return whole > broken;
}

/** Fewer letters say nothing. */
const CYRILLIC_MIN = 4;

/** In Cyrillic most letters are of the upper half: small ones from E0 on in Windows-1251, below in KOI8-R. */
function guess(bytes: Buffer, hint: string | null): string {
  const hinted = canonical(hint);
  if (hinted !== '' && hinted !== 'utf-8' && hinted !== 'us-ascii' && isKnown(hinted)) {
    const decoded = decodeAs(hinted, bytes);
    if (decoded.doubt === null) return hinted;
  }
  let [letters, low, high] = [0, 0, 0];
  for (const byte of bytes.subarray(0, 64 * 1024)) {
    if (byte >= 0xe0) high += 1;
    else if (byte >= 0xc0) low += 1;
    else if (/[A-Za-z]/.test(String.fromCharCode(byte))) letters += 1;
  }
  if (low + high <= letters || low + high < CYRILLIC_MIN) return 'windows-1252';
  return high > low ? 'windows-1251' : 'koi8-r';
}
