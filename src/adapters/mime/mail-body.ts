/** The text of a mail: its texts in order, HTML made readable, without armour and with files out of running text. */
import type { Buffer } from 'node:buffer';
import type { Chosen, TextPart } from './choose-parts.ts';
import { cleanText } from './clean-text.ts';
import { textFromHtml } from './html-text.ts';
import { takeInlineFiles } from './inline-files.ts';
import type { ReadLimits } from './read-limits.ts';

/** Texts of one mail that are compared with an answer to it. */
const EVERY_TEXT_MAX = 20;

export type InlineFile = {
  readonly filename: string;
  readonly contentType: string;
  readonly content: Buffer;
};

export type Body = {
  readonly text: string;
  /** Content-IDs that the HTML shows. */
  readonly cids: ReadonlySet<string>;
  /** Files that stood in the text itself (uuencode, yEnc, armoured PGP). */
  readonly files: readonly InlineFile[];
};

export function readBody({ texts: chosen }: Chosen, limits: ReadLimits, warnings: string[]): Body {
  const cids = new Set<string>();
  const texts: string[] = [];
  const files: InlineFile[] = [];
  let length = 0;
  for (const part of chosen) {
    if (part.isHtml) for (const cid of shownIds(part.text)) cids.add(cid);
    const plain = plainText(part, warnings);
    const taken = takeInlineFiles(plain, limits);
    warnings.push(...taken.warnings);
    files.push(...taken.files);
    if (taken.text.trim() === '') continue;
    texts.push(taken.text);
    length += taken.text.length;
    if (length > limits.textCharactersMax) break;
  }
  const joined = texts.join('\n');
  if (joined.length <= limits.textCharactersMax) return { text: joined, cids, files };
  warnings.push(`text-cut: the text is longer than ${limits.textCharactersMax} characters, the rest was cut`);
  return { text: joined.slice(0, limits.textCharactersMax).toWellFormed(), cids, files };
}

function* shownIds(html: string): Generator<string> {
  for (const found of html.matchAll(/\bcid:([^'"\s<>)]{1,256})/g)) yield found[1] ?? '';
}

function plainText({ isHtml, text }: TextPart, warnings: string[]): string {
  if (!isHtml) return cleanText(text).replace(/\r\n?/g, '\n');
  const plain = textFromHtml(text);
  if (plain.warning !== null) warnings.push(plain.warning);
  return cleanText(plain.text).replace(/\r\n?/g, '\n');
}

/** Each text on its own, alternatives included: an answer may quote the one or the other. */
export function everyText({ renderings }: Chosen): string[] {
  return renderings
    .slice(0, EVERY_TEXT_MAX)
    .map((part) => plainText(part, []))
    .filter((text) => text.trim() !== '');
}
