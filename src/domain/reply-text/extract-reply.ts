/**
 * Splits a body into what its sender newly wrote, what they quoted and their signature.
 *
 * What we sent ourselves is taken out first, since we know every word of it (subtract.ts); only then patterns are
 * tried. Works line by line in linear time. Nothing is lost: each line goes to exactly one of the three. When in
 * doubt a line counts as newly written, except where quoted words could pass for the sender's own.
 */
import type { ReplyText } from '../message.ts';
import { type Known, type Marker, markerAt, nextWritten, sharedLineAt } from './quote-markers.ts';
import { bannerEnd, nameWords, signatureStart } from './signature.ts';
import { type Piece, subtractSent } from './subtract.ts';
import { plainLine } from './written-evidence.ts';

/** Longer bodies are cut here before any pattern is tried. */
export const REPLY_INPUT_MAX = 64 * 1024;
/** Patterns see this much of a line. */
const LINE_MAX = 1_000;
/** Clients wrap at 70 to 78 columns, quote marks included. */
const WRAPPED_QUOTE_MIN = 60;
const WRAPPED_REST_MAX = 80;

type Kind = 'own' | 'quoted' | 'signature';

export type ReplyOptions = {
  /** Texts of mails that we sent, or that belong to the request: no word of theirs is the sender's own. */
  readonly sent?: readonly string[];
  /** The sender's name, which many write below their text. */
  readonly author?: string;
};

/** `text` is a decoded plain-text body; what exceeds REPLY_INPUT_MAX characters is not looked at. */
export function extractReply(text: string, { sent = [], author = '' }: ReplyOptions = {}): ReplyText {
  const pieces = subtractSent(splitShared(text.slice(0, REPLY_INPUT_MAX).split(/\r\n|\n|\r/)), sent);
  const lines = pieces.map(({ text: line }) => line);
  const heads = lines.map((line) => plainLine(line.slice(0, LINE_MAX)));
  const { kinds, marked } = sort(heads, pieces);
  markSignatures(heads, kinds, nameWords(author));

  const of = (kind: Kind) => trimBlank(lines.filter((_, i) => kinds[i] === kind));
  const own = of('own');
  // A quoted block with no line that says whose it is, in a mail with nothing else: that is the content.
  if (own === '' && !marked) return { text: of('quoted'), quoted: '', signature: of('signature') };
  return { text: own, quoted: of('quoted'), signature: of('signature') };
}

/** Some programs begin the attribution on the line on which somebody wrote. */
function splitShared(lines: readonly string[]): string[] {
  return lines.flatMap((line, i) => {
    const at = line.length > LINE_MAX ? -1 : sharedLineAt(line);
    if (at === -1 || !isMarked(lines[nextWritten(lines, i + 1)])) return [line];
    return [line.slice(0, at).replace(/[\s-]+$/, ''), line.slice(at)];
  });
}

function sort(lines: readonly string[], pieces: readonly Piece[]): { kinds: Kind[]; marked: boolean } {
  const isOurs = (i: number): boolean => pieces[i]?.ours === true;
  const isQuoted = (i: number): boolean => isOurs(i) || isMarked(lines[i]);
  const known: Known = { isQuoted, isOurs };
  const kinds: Kind[] = [];
  let marked = pieces.some(({ ours }) => ours);
  for (let i = 0; i < bannerEnd(lines, 0); i += 1) kinds.push('signature');
  for (let i = kinds.length; i < lines.length; i += 1) {
    const marker: Marker | null = isQuoted(i) ? null : markerAt(lines, i, known);
    if (marker === null) {
      kinds.push(isQuoted(i) || isWrappedQuote(lines, kinds, i) ? 'quoted' : 'own');
      continue;
    }
    marked = true;
    const end = quoteEnd(lines, marker.end, known);
    while (kinds.length < end) kinds.push('quoted');
    i = end - 1;
  }
  return { kinds, marked };
}

/**
 * Marks on what follows, and our own words, show where a quote ends; without them it goes on to the end of the mail.
 * What stands between a marker and the first line that is known came with the quote: a banner, a greeting.
 */
function quoteEnd(lines: readonly string[], from: number, known: Known): number {
  const next = nextWritten(lines, from);
  if (next !== -1 && known.isQuoted(next)) return next;
  for (let i = from; i < lines.length; i += 1) if (known.isOurs(i)) return i;
  return lines.length;
}

/** "> text", but no line that is drawn between such marks (">>> http://elm.example <<<", GroupWise's head). */
const isMarked = (line: string | undefined): boolean =>
  line !== undefined && /^\s{0,3}>/.test(line) && !/<<\s*$|[^>\s] >>>$/.test(line);

/** The rest of a quoted line that a program wrapped without repeating the mark. */
function isWrappedQuote(lines: readonly string[], kinds: readonly Kind[], i: number): boolean {
  const before = lines[i - 1];
  const line = (lines[i] ?? '').trim();
  if (before === undefined || line === '' || kinds[i - 1] !== 'quoted' || line.length > WRAPPED_REST_MAX)
    return false;
  if (!isMarked(before)) return false;
  const next = lines[nextWritten(lines, i + 1)];
  if (isLink(line) && isMarked(next)) return true;
  if (!isMarked(lines[i + 1])) return false;
  const said = before.trimEnd();
  if (isOpen(said)) return true;
  if (said.length < WRAPPED_QUOTE_MIN) return false;
  return /[.?!:]["')»”]?$/.test(said) ? /^\p{Ll}/u.test(line) && line.length < 40 : true;
}

/** A link that was printed behind the words that carry it, and pushed out of its line. */
const isLink = (line: string): boolean =>
  /^[<(]\s?(?:https?:\/\/|mailto:)[^\s]{1,200}\s?[>)](?:\s?>)?$/.test(line);

const isOpen = (line: string): boolean =>
  line.lastIndexOf('(') > line.lastIndexOf(')') || line.lastIndexOf('<') > line.lastIndexOf('>');

/** In each run of own lines, moves the signature out. */
function markSignatures(lines: readonly string[], kinds: Kind[], author: ReadonlySet<string>): void {
  let first = true;
  for (let start = 0; start < kinds.length; ) {
    let end = start;
    while (end < kinds.length && kinds[end] === kinds[start]) end += 1;
    if (kinds[start] === 'own') {
      const from = signatureStart(lines, { start, end, first, author });
      kinds.fill('signature', from, end);
      if (lines.slice(start, from).some((line) => line.trim() !== '')) first = false;
    }
    start = end;
  }
}

function trimBlank(lines: readonly string[]): string {
  let from = 0;
  let to = lines.length;
  while (from < to && lines[from]?.trim() === '') from += 1;
  while (to > from && lines[to - 1]?.trim() === '') to -= 1;
  return lines
    .slice(from, to)
    .map((line) => line.trimEnd())
    .join('\n');
}
