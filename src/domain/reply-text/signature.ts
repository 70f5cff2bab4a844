/**
 * Where in what somebody wrote the words end that they did not write for this mail: signatures, closing formulas
 * with the name below, the line that a phone adds, notices of a legal department, and banners of a gateway above.
 *
 * A closing formula counts only with little behind it, so that "Best, we wait until Monday" stays text.
 */
import {
  BANNER_BEGINS,
  BANNER_STEMS,
  CLOSINGS,
  DEVICE_BEGINS,
  DEVICE_NAMES,
  DISCLAIMER_BEGINS,
  DISCLAIMER_STEMS,
  THANKS,
} from './closing-words.ts';
import { pattern } from './written-evidence.ts';

/** A signature after "--" without its space is short; a line of two dashes may also divide a text. */
const LOOSE_SIGNATURE_LINES_MAX = 12;
/** Name, role, company, street, phone, address, link. */
const CLOSING_LINES_MAX = 10;
const CLOSING_LINE_MAX = 90;
const DEVICE_LINE_MAX = 140;
/** How far a notice that a machine put above may reach. */
const BANNER_LINES_MAX = 6;

const CLOSING = new Set(CLOSINGS);
const THANK = new Set(THANKS);
const DEVICE_BEGIN = new RegExp(`^(?:${pattern(DEVICE_BEGINS)})`, 'iu');
const DEVICE_NAME = new RegExp(`(?:${pattern(DEVICE_NAMES)})|https?://`, 'iu');
const DISCLAIMER_BEGIN = new RegExp(`^[*_\\s]{0,4}(?:${pattern(DISCLAIMER_BEGINS)})`, 'iu');
const DISCLAIMER_STEM = new RegExp(pattern(DISCLAIMER_STEMS), 'iu');
const BANNER_BEGIN = new RegExp(`^[*_\\s>\\[]{0,4}(?:${pattern(BANNER_BEGINS)})`, 'iu');
const BANNER_STEM = new RegExp(pattern(BANNER_STEMS), 'iu');

/** The lines of a run of own text: where they begin and end, and whether anything written stands above the run. */
export type Run = {
  readonly start: number;
  readonly end: number;
  readonly first: boolean;
  /** The words of the sender's name, in lower case. */
  readonly author: ReadonlySet<string>;
};

/** The words of a name that are long enough to tell it by. */
export const nameWords = (name: string): ReadonlySet<string> => new Set(wordsOf(name.slice(0, 200)));

const wordsOf = (text: string): string[] => text.toLowerCase().match(/\p{L}[\p{L}\p{M}'’-]+/gu) ?? [];

/** The line from which on a run is a signature, or its end. */
export function signatureStart(lines: readonly string[], { start, end, first, author }: Run): number {
  let written = end;
  while (written > start && isBlank(lines[written - 1])) written -= 1;
  let begun = !first;
  let name = -1;
  for (let i = start; i < written; i += 1) {
    const line = lines[i] ?? '';
    if (isBlank(line)) continue;
    if (isSignatureMark(line, written - i)) return name === -1 ? i : name;
    // Below the line of a phone stands nothing that was newly written, unless nothing is above it either.
    if (begun && (isDeviceLine(line) || isClosing(lines, i, written) || isDisclaimer(lines, i, written)))
      return i;
    if (begun && isOwnName(line, author) && closesWith(lines, i, written)) return i;
    // Signed by hand: at the end, or above the footer of a list.
    name = begun && isDashedName(line) ? i : -1;
    begun = true;
  }
  return name === -1 ? end : name;
}

/** RFC 3676 section 4.3: "-- ". Many programs drop the space; lists and templates use a bar of underscores. */
const isSignatureMark = (line: string, linesLeft: number): boolean =>
  line === '-- ' || (linesLeft <= LOOSE_SIGNATURE_LINES_MAX && /^(--|—|_{2,80})\s*$/.test(line));

/** "Sent from my iPhone", "Gesendet von Outlook für Android<https://…>", "[Sent from my phone]". */
function isDeviceLine(line: string): boolean {
  const text = line.trim().replace(/^[[(*_<]+/, '');
  return text.length <= DEVICE_LINE_MAX && DEVICE_BEGIN.test(text) && DEVICE_NAME.test(text);
}

/** Without what stands around the words. By hand: a pattern for the end of a line is tried at each of its spaces. */
function bare(line: string): string {
  const words = line.trim().toLowerCase();
  let from = 0;
  while (words[from] === '*' || words[from] === '_') from += 1;
  let to = words.length;
  while (to > from && AROUND.test(words[to - 1] ?? '')) to -= 1;
  return words.slice(from, to);
}

const AROUND = /[\s,.!;:*_–—-]/u;

/** A closing formula alone on its line, and behind it a name and what stands below names. */
function isClosing(lines: readonly string[], i: number, end: number): boolean {
  const words = bare(lines[i] ?? '');
  if (words.length > 60) return false;
  const closing = CLOSING.has(words);
  if (!closing && !THANK.has(words)) return false;
  const below = firstWritten(lines, i + 1, end);
  if (closing && below.length === 0) return true;
  if (!closing && !(/,\s*$/.test(lines[i] ?? '') && isName((below[0] ?? '').trim()))) return false;
  const notice = below.findIndex((line) => isDisclaimerLine(line));
  const short = notice === -1 ? below : below.slice(0, notice);
  return short.length <= CLOSING_LINES_MAX && short.every((line) => line.trim().length <= CLOSING_LINE_MAX);
}

/** Of the lines on which something is written, one more than a signature may have. */
function firstWritten(lines: readonly string[], from: number, end: number): string[] {
  const found: string[] = [];
  for (let i = from; i < end && found.length <= CLOSING_LINES_MAX; i += 1) {
    const line = lines[i] ?? '';
    if (!isBlank(line)) found.push(line);
  }
  return found;
}

/** One to four words, each beginning with a capital letter or in a script that has none. */
const isName = (line: string): boolean =>
  line.length <= 50 && /^(?:[\p{Lu}\p{Lo}][\p{L}\p{M}.'’-]*[ \t]?){1,4}$/u.test(line);

/** "Sam" or "Sam Member", from Sam Member: never what he asks for, since nobody hands a request to himself. */
function isOwnName(line: string, author: ReadonlySet<string>): boolean {
  if (line.length > 60 || author.size === 0) return false;
  const words = wordsOf(line);
  return words.length > 0 && words.every((word) => author.has(word)) && !/[\d@?]/.test(line);
}

/** The name is the last word, or begins a block of short lines of its own. */
function closesWith(lines: readonly string[], i: number, end: number): boolean {
  const below = firstWritten(lines, i + 1, end);
  if (below.length === 0) return true;
  if (!isBlank(lines[i - 1]) || below.length > CLOSING_LINES_MAX) return false;
  return below.every((line) => line.trim().length <= CLOSING_LINE_MAX);
}

/** "-Abhishek Kona", "— Sam": how people sign where no program does it for them. */
const isDashedName = (line: string): boolean => {
  const name = /^\s*[-–—~]\s?(\S.{0,48})$/u.exec(line)?.[1];
  return name !== undefined && isName(name.trim());
};

const isDisclaimerLine = (line: string): boolean => DISCLAIMER_BEGIN.test(line.trim().slice(0, 200));

/** A paragraph that begins like a legal notice and speaks of what they speak of. */
function isDisclaimer(lines: readonly string[], i: number, end: number): boolean {
  if (!isDisclaimerLine(lines[i] ?? '') || (i > 0 && !isBlank(lines[i - 1]))) return false;
  let paragraph = '';
  for (let j = i; j < end && !isBlank(lines[j]) && paragraph.length < 1_000; j += 1)
    paragraph += ` ${lines[j]}`;
  return paragraph.length > 50 && DISCLAIMER_STEM.test(paragraph);
}

/** The first line after a banner that a gateway put on top, or `start` when there is none. */
export function bannerEnd(lines: readonly string[], start: number): number {
  let from = start;
  while (from < lines.length && isBlank(lines[from])) from += 1;
  let paragraph = '';
  let end = from;
  while (end < lines.length && !isBlank(lines[end]) && end - from < BANNER_LINES_MAX) {
    paragraph += ` ${(lines[end] ?? '').trim()}`;
    end += 1;
  }
  if (paragraph.length < 40 || !BANNER_BEGIN.test(paragraph.trim()) || !BANNER_STEM.test(paragraph))
    return start;
  // Only a paragraph of its own: what stands right below in the same paragraph may be the answer.
  return end < lines.length && !isBlank(lines[end]) ? start : end;
}

const isBlank = (line: string | undefined): boolean => line === undefined || line.trim() === '';
