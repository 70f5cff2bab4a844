/**
 * Files that stand in the running text of a mail: uuencode and yEnc as sent before MIME was everywhere, and PGP
 * armour. They are taken out of the text and become attachments, so that what is left are words. One pass over the
 * lines; a block without an end stays text.
 *
 * PGP is neither checked nor opened: a signature's armour goes, its text stays; what is encrypted is passed on as a
 * file, and the text says that it is there.
 */
import { Buffer } from 'node:buffer';
import type { InlineFile } from './mail-body.ts';
import type { ReadLimits } from './read-limits.ts';

export type Taken = {
  readonly text: string;
  readonly files: readonly InlineFile[];
  readonly warnings: readonly string[];
};

/** In place of encrypted words. */
export const ENCRYPTED = '[Encrypted with PGP. It could not be read here and is attached as it came.]';

/** Blocks that are looked for, found or not: each may be looked for through the whole text. */
const TRIES_MAX = 50;

const BEGINS = /^(begin [0-7]{3,4} \S|=ybegin |-----BEGIN PGP )/m;

type Block = {
  readonly end: number;
  readonly lines: readonly string[];
  readonly file: InlineFile | null;
  readonly warning: string;
};

export function takeInlineFiles(text: string, limits: ReadLimits): Taken {
  if (!BEGINS.test(text)) return { text, files: [], warnings: [] };
  const lines = text.split('\n');
  const ends = lastLines(lines);
  const out: string[] = [];
  const files: InlineFile[] = [];
  const warnings = new Set<string>();
  let tries = 0;
  for (let at = 0; at < lines.length; at += 1) {
    const begins = BEGINS.test(lines[at] ?? '') && files.length < limits.attachmentsMax;
    if (begins) tries += 1;
    const block = begins && tries <= TRIES_MAX ? blockAt(lines, at, ends) : null;
    if (block === null) {
      out.push(lines[at] ?? '');
      continue;
    }
    out.push(...block.lines);
    if (block.file !== null) files.push(block.file);
    warnings.add(block.warning);
    at = block.end;
  }
  return { text: out.join('\n'), files, warnings: [...warnings] };
}

type Ends = Readonly<Record<'uu' | 'yenc' | 'pgp', number>>;

/** Where the last end of each kind stands: a beginning behind it is not searched through to the end of the mail. */
function lastLines(lines: readonly string[]): Ends {
  return {
    uu: lines.findLastIndex((line) => line.trimEnd() === 'end'),
    yenc: lines.findLastIndex((line) => line.startsWith('=yend')),
    pgp: lines.findLastIndex((line) => line.startsWith('-----END PGP ')),
  };
}

function blockAt(lines: readonly string[], at: number, ends: Ends): Block | null {
  const line = lines[at] ?? '';
  const uu = /^begin [0-7]{3,4} (\S.{0,254}?)\s*$/.exec(line);
  if (uu !== null && ends.uu > at) return uuencoded(lines, at, uu[1] ?? '');
  const yenc = /^=ybegin .{0,200}?\bname=(.{1,255}?)\s*$/.exec(line);
  if (yenc !== null && ends.yenc > at) return yEncoded(lines, at, yenc[1] ?? '');
  const armour = /^-----BEGIN PGP (MESSAGE|SIGNED MESSAGE|SIGNATURE|PUBLIC KEY BLOCK)-----\s*$/.exec(
    line,
  )?.[1];
  if (armour === undefined || ends.pgp < at) return null;
  return armour === 'SIGNED MESSAGE' ? signedHead(lines, at) : armoured(lines, at, armour);
}

/** Every line says its length in its first character, so that prose is never taken for one: a wrong line ends the try. */
function uuencoded(lines: readonly string[], at: number, filename: string): Block | null {
  const bytes: Buffer[] = [];
  for (let i = at + 1; i < lines.length; i += 1) {
    const line = (lines[i] ?? '').trimEnd();
    if (line === 'end' || line === '`' || line === '') {
      if (line !== 'end') continue;
      const content = Buffer.concat(bytes);
      const file = { filename, contentType: 'application/octet-stream', content };
      return {
        end: i,
        lines: [],
        file,
        warning: 'uuencode: a file stood in the text and was taken out of it',
      };
    }
    const decoded = uuLine(line);
    if (decoded === null) return null;
    bytes.push(decoded);
  }
  return null;
}

function uuLine(line: string): Buffer | null {
  const length = (line.charCodeAt(0) - 32) & 63;
  const groups = Math.ceil(length / 3);
  if (!/^[\x20-\x60]+$/.test(line) || line.length - 1 > groups * 4 + 2) return null;
  const padded = line.slice(1).padEnd(groups * 4, ' ');
  const bytes = Buffer.alloc(groups * 3);
  for (let g = 0; g < groups; g += 1) {
    const [a, b, c, d] = [0, 1, 2, 3].map((k) => (padded.charCodeAt(g * 4 + k) - 32) & 63) as [
      number,
      number,
      number,
      number,
    ];
    bytes.writeUIntBE((a << 18) | (b << 12) | (c << 6) | d, g * 3, 3);
  }
  return bytes.subarray(0, length);
}

/** The characters that the bytes became when the text was decoded. */
const WINDOWS_1252 = [
  ...new TextDecoder('windows-1252').decode(Uint8Array.from({ length: 256 }, (_, i) => i)),
].map((character) => character.charCodeAt(0));

/** Of a text that was decoded as another charset, or is damaged, the size that the block names does not fit. */
function yEncoded(lines: readonly string[], at: number, filename: string): Block | null {
  const size = Number(/\bsize=(\d{1,9})\b/.exec(lines[at] ?? '')?.[1] ?? Number.NaN);
  const bytes: number[] = [];
  for (let i = at + 1; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    if (line.startsWith('=ypart ')) continue;
    if (line.startsWith('=yend')) {
      if (bytes.length !== size) return null;
      const file = { filename, contentType: 'application/octet-stream', content: Buffer.from(bytes) };
      return { end: i, lines: [], file, warning: 'yenc: a file stood in the text and was taken out of it' };
    }
    for (let k = 0; k < line.length; k += 1) {
      const escaped = line.charAt(k) === '=';
      if (escaped) k += 1;
      const code = line.charCodeAt(k);
      const byte = WINDOWS_1252.indexOf(code);
      if (byte === -1) return null;
      bytes.push((byte - (escaped ? 106 : 42)) & 0xff);
    }
  }
  return null;
}

/** RFC 9580 section 7: the head of a signed text goes; what is signed stands between it and the signature. */
function signedHead(lines: readonly string[], at: number): Block | null {
  let i = at + 1;
  while (/^[A-Za-z-]{1,30}: /.test(lines[i] ?? '')) i += 1;
  if ((lines[i] ?? '').trim() !== '') return null;
  const end = lines.indexOf('-----BEGIN PGP SIGNATURE-----', i);
  if (end === -1) return null;
  const signed = lines.slice(i + 1, end).map((line) => (line.startsWith('- ') ? line.slice(2) : line));
  return { end: end - 1, lines: signed, file: null, warning: PGP_SIGNED };
}

const PGP_SIGNED = 'pgp-signed: the text is signed with PGP, which was not checked';

function armoured(lines: readonly string[], at: number, armour: string): Block | null {
  const end = lines.findIndex((line, i) => i > at && line.startsWith(`-----END PGP ${armour}-----`));
  if (end === -1) return null;
  if (armour === 'SIGNATURE') return { end, lines: [], file: null, warning: PGP_SIGNED };
  const content = Buffer.from(`${lines.slice(at, end + 1).join('\r\n')}\r\n`);
  if (armour === 'MESSAGE') {
    const file = { filename: 'encrypted.asc', contentType: 'application/pgp-encrypted', content };
    return { end, lines: [ENCRYPTED], file, warning: 'pgp-encrypted: the mail is encrypted with PGP' };
  }
  const file = { filename: 'key.asc', contentType: 'application/pgp-keys', content };
  return { end, lines: [], file, warning: 'pgp-key: a PGP key stood in the text and is attached' };
}
