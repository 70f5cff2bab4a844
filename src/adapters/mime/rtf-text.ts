/** The words of RTF as Outlook packs it into winmail.dat ([MS-OXRTFCP] and [MS-OXRTFEX]). One pass each, bounded. */
import { Buffer } from 'node:buffer';
import { decodeBytes } from './charset.ts';

const COMPRESSED = 0x75465a4c;
const PLAIN = 0x414c454d;
const DICTIONARY = 4_096;
/** What compression may unfold to. */
const RTF_MAX = 4 * 1024 * 1024;
/** The dictionary begins with what most RTF has (section 2.1.2.1 of [MS-OXRTFCP]). */
const PRELOADED =
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx';

/** '' for what cannot be read. */
export function decompressRtf(bytes: Buffer): string {
  if (bytes.length < 16) return '';
  const kind = bytes.readUInt32LE(8);
  if (kind === PLAIN) return bytes.toString('latin1', 16, 16 + Math.min(bytes.readUInt32LE(4), RTF_MAX));
  if (kind !== COMPRESSED) return '';
  const dictionary = Buffer.alloc(DICTIONARY, 0x20);
  let write = dictionary.write(PRELOADED, 'latin1');
  const size = Math.min(bytes.readUInt32LE(4), RTF_MAX);
  const out = Buffer.alloc(size);
  let length = 0;
  const put = (byte: number) => {
    if (length < size) out[length] = byte;
    length += 1;
    dictionary[write] = byte;
    write = (write + 1) % DICTIONARY;
  };
  for (let at = 16; at < bytes.length && length < size; ) {
    const control = bytes[at] ?? 0;
    at += 1;
    for (let bit = 0; bit < 8 && at < bytes.length && length < size; bit += 1) {
      if ((control & (1 << bit)) === 0) {
        put(bytes[at] ?? 0);
        at += 1;
        continue;
      }
      const reference = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
      at += 2;
      let read = reference >> 4;
      if (read === write) return out.toString('latin1', 0, Math.min(length, size));
      for (let n = 0; n < (reference & 0xf) + 2; n += 1) {
        put(dictionary[read] ?? 0);
        read = (read + 1) % DICTIONARY;
      }
    }
  }
  return out.toString('latin1', 0, Math.min(length, size));
}

const HIDDEN_GROUPS = new Set(
  'fonttbl colortbl stylesheet info pict object header footer generator listtable listoverridetable rsidtbl themedata htmltag mhtmltag'.split(
    ' ',
  ),
);
const GROUPS_MAX = 1_000;

/** The words alone: paragraphs as lines, groups that are not shown left out. */
export function textOfRtf(rtf: string): string {
  const out: string[] = [];
  let codePage = 'windows-1252';
  let high: number[] = [];
  const flush = () => {
    if (high.length > 0) out.push(decodeBytes(Buffer.from(high), codePage).text);
    high = [];
  };
  const write = (text: string) => {
    flush();
    out.push(text);
  };
  const hidden: boolean[] = [false];
  let skip = 0;
  const token = /\\'([0-9a-f]{2})|\\([a-z]{1,32})(-?\d{1,10})? ?|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)/gi;
  for (const found of rtf.matchAll(token)) {
    const [, hex, word, number, symbol, brace, plain] = found;
    const isHidden = hidden.at(-1) === true;
    if (brace === '{') {
      if (hidden.length >= GROUPS_MAX) break;
      hidden.push(isHidden);
    } else if (brace === '}') {
      if (hidden.length > 1) hidden.pop();
    } else if (word !== undefined && HIDDEN_GROUPS.has(word)) hidden[hidden.length - 1] = true;
    else if (symbol === '*') hidden[hidden.length - 1] = true;
    else if (word === 'ansicpg' && number !== undefined) codePage = `windows-${number}`;
    else if (isHidden) continue;
    else if (hex !== undefined) {
      if (skip > 0) skip -= 1;
      else high.push(Number.parseInt(hex, 16));
    } else if (word === 'u' && number !== undefined) {
      write(String.fromCharCode(Number(number) & 0xffff));
      skip = 1;
    } else if (word === 'par' || word === 'line' || word === 'row') write('\n');
    else if (word === 'tab' || word === 'cell') write('\t');
    else if (symbol !== undefined) write(symbol === '~' ? ' ' : /[\\{}]/.test(symbol) ? symbol : '');
    else if (plain !== undefined) {
      // What follows \u stands for it in programs that know no Unicode.
      write(plain.slice(Math.min(skip, plain.length)));
      skip = 0;
    }
  }
  flush();
  return out.join('').toWellFormed();
}
