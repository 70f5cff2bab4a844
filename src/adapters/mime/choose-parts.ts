/**
 * Which parts of a mail are its text, in the order of the mail, and which are files. Everything is one or the other,
 * except further renderings of one text.
 */
import { decodeBytes } from './charset.ts';
import { unflow } from './flowed-text.ts';
import { textFromHtml } from './html-text.ts';
import { everyPart, isCalendar, type Part } from './mime-parts.ts';
import type { ReadLimits } from './read-limits.ts';

/** One text, characters decoded, as the mail holds it. */
export type TextPart = {
  readonly part: Part;
  readonly isHtml: boolean;
  readonly text: string;
  /** The part has more than was looked at. */
  readonly isCut: boolean;
};

export type Chosen = {
  /** What is shown. */
  readonly texts: readonly TextPart[];
  /** What is shown and its other renderings: an answer may quote the one or the other. */
  readonly renderings: readonly TextPart[];
  readonly files: readonly Part[];
  readonly warnings: readonly string[];
};

export function chooseParts(tree: Part | null, hint: string | null, limits: ReadLimits): Chosen {
  const warnings: string[] = [];
  const texts = new Map<Part, TextPart>();
  const otherRenderings = new Set<Part>();
  const isFile = fileTest(tree);
  for (const part of everyPart(tree)) {
    if (part.contentType === 'multipart/alternative')
      for (const child of part.children) if (isOddRendering(child)) otherRenderings.add(child);
    if (!isFile(part)) texts.set(part, decodePart(part, hint ?? charsetsOf(tree), limits, warnings));
  }
  const shown: TextPart[] = [];
  const files: Part[] = [];
  const work: { readonly part: Part; readonly hidden: boolean }[] =
    tree === null ? [] : [{ part: tree, hidden: false }];
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    const { part, hidden } = next;
    const text = texts.get(part);
    if (text !== undefined && !hidden) shown.push(text);
    if (text === undefined && !isContainer(part) && !otherRenderings.has(part)) files.push(part);
    const pick = part.contentType === 'multipart/alternative' ? pickRendering(part, texts) : null;
    for (const child of part.children.toReversed())
      work.push({ part: child, hidden: hidden || (pick !== null && child !== pick) });
  }
  return {
    texts: shown,
    renderings: [...texts.values()],
    files,
    warnings,
  };
}

const isContainer = ({ contentType, children }: Part): boolean =>
  children.length > 0 || contentType.startsWith('multipart/');

/**
 * A part is a text of the mail when its type is one, it is not sent as an attachment, and it has no file name; the
 * first text may have one, since some programs name what was written. A type that is none counts as text/plain
 * (RFC 2045 section 5.2), a disposition that is none as no word on it.
 */
function fileTest(tree: Part | null): (part: Part) => boolean {
  let first = true;
  return (part) => {
    if (isContainer(part)) return true;
    const textual = isTextType(part.contentType) || isProseReport(part);
    if (!textual || part.disposition === 'attachment' || isCalendar(part.contentType, part.filename))
      return true;
    if (part.filename !== null && !(first && part.contentType !== 'text')) return true;
    if (part.contentId !== null && part.related && part !== tree && !first) return true;
    first = false;
    return false;
  };
}

const isTextType = (contentType: string): boolean =>
  /^text\/(plain|html|markdown|enriched|richtext)$/.test(contentType) ||
  !/^[\w.+-]+\/[\w.+-]+$/.test(contentType);

/** Some servers label the words of their report as the report: it has no field of RFC 3464 then. */
const isProseReport = ({ contentType, head }: Part): boolean =>
  contentType === 'message/delivery-status' &&
  head.length > 0 &&
  !/^[a-z-]{3,40}[ \t]*:/im.test(head.toString('latin1', 0, 4_096).trimStart());

/** Renderings for other programs (AMP, watches, enriched text) are no files; an invitation is one. */
const isOddRendering = ({ contentType, filename, disposition }: Part): boolean =>
  contentType.startsWith('text/') &&
  contentType !== 'text/calendar' &&
  filename === null &&
  disposition !== 'attachment';

/** RFC 2046 section 5.1.4: the plain one when something is written in it, else the HTML, else the last that is a text. */
function pickRendering(alternative: Part, texts: ReadonlyMap<Part, TextPart>): Part | null {
  const plain = alternative.children.find((child) => written(texts.get(child), false));
  const html = alternative.children.find((child) => holds(child, (part) => written(texts.get(part), true)));
  if (plain !== undefined && html !== undefined && isStub(texts.get(plain), htmlOf(html, texts))) return html;
  return (
    plain ??
    html ??
    alternative.children.findLast((child) =>
      holds(child, (part) => (texts.get(part)?.text ?? '').trim() !== ''),
    ) ??
    null
  );
}

const written = (text: TextPart | undefined, isHtml: boolean): boolean =>
  text !== undefined && text.isHtml === isHtml && /[^\s\u00a0\u200b-\u200f\ufeff]/.test(text.text);

function holds(top: Part, test: (part: Part) => boolean): boolean {
  for (const part of everyPart(top)) if (test(part)) return true;
  return false;
}

function htmlOf(top: Part, texts: ReadonlyMap<Part, TextPart>): string {
  for (const part of everyPart(top)) {
    const text = texts.get(part);
    if (text?.isHtml) return text.text;
  }
  return '';
}

const STUB_MAX = 600;

/** "Your mail program does not show HTML": a few words that speak of HTML and of which the HTML itself knows nothing. */
function isStub(plain: TextPart | undefined, html: string): boolean {
  const words = (plain?.text ?? '').replace(/\s+/g, ' ').trim();
  if (words.length > STUB_MAX || html === '') return false;
  if (!/html|browser|e-?mail (client|program)|<!--/i.test(words)) return false;
  const shown = textFromHtml(html).text.replace(/\s+/g, ' ');
  return shown.length > words.length && !shown.includes(words.slice(0, 60));
}

/** The charset that the other parts name, for one that names none. */
function charsetsOf(tree: Part | null): string | null {
  for (const { charset } of everyPart(tree))
    if (charset !== null && !/^(us-)?ascii$/i.test(charset)) return charset;
  return null;
}

function decodePart(part: Part, hint: string | null, limits: ReadLimits, warnings: string[]): TextPart {
  const bytes = part.head.subarray(0, limits.htmlBytesMax);
  const type = part.contentType;
  const label =
    part.charset ?? (type === 'text/html' ? metaCharset(bytes.toString('latin1', 0, 4_096)) : null);
  const { text: all, doubt } = decodeBytes(bytes, label, hint);
  if (doubt === 'unknown-charset')
    warnings.push('charset-unknown: the charset of a text is not known, it was guessed');
  if (doubt === 'undecodable') warnings.push('charset: some characters could not be decoded');
  const isHtml =
    type === 'text/html' ? all.includes('<') : /^\s*(<!doctype html|<html[\s>])/i.test(all.slice(0, 200));
  // What is cut off in the end need not be joined and counted first.
  const text = isHtml ? all : all.slice(0, limits.textCharactersMax).toWellFormed();
  const isCut = part.size > bytes.length || text.length < all.length;
  if (isCut) warnings.push('text-cut: a text is longer than is looked at, the rest was cut');
  if (isHtml) return { part, isHtml, text, isCut };
  if (type === 'text/enriched' || type === 'text/richtext')
    return { part, isHtml, text: plainOfEnriched(text), isCut };
  return { part, isHtml, text: part.flowed === 'no' ? text : unflow(text, part.flowed), isCut };
}

const metaCharset = (start: string): string | null =>
  /<meta[^>]{1,200}charset\s*=\s*["']?([\w:.-]{1,40})/i.exec(start)?.[1] ?? null;

/** RFC 1896: commands in angle brackets, `<<` for one, and a line end for each but the first in a row. */
const plainOfEnriched = (text: string): string =>
  text
    .replace(/<param>[^<]{0,200}<\/param>/gi, '')
    .replace(/<<|<\/?[a-z-]{1,60}>/gi, (found) => (found === '<<' ? '<' : ''))
    .replace(/\r\n/g, '\n')
    .replace(/\n(\n*)/g, (_, more: string) => (more === '' ? ' ' : more));
