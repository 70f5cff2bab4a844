/**
 * Recognises the lines that mail programs put above what they quote or forward: attribution lines ("On … wrote:"),
 * header blocks ("From: … Sent: …") and separators ("-----Original Message-----").
 *
 * Words come from quote-words.ts, but a word alone is never enough: an attribution also needs a date, a time, an
 * address or a quote right below, because its shape is what people write, too ("On Monday he wrote:"). With enough
 * of such evidence no word is needed at all, so programs in languages that nobody listed are read as well.
 */
import { type HeaderBlock, headerBlockAt, labelOf } from './header-block.ts';
import {
  BEGINS,
  FORWARD_STEMS,
  MAIL_NOUNS,
  MAIL_NOUNS_UNSPACED,
  ORIGINAL_STEMS,
  SAID,
  SAID_UNSPACED,
} from './quote-words.ts';
import {
  BRACKETED,
  hasAddress,
  hasDate,
  hasTime,
  hasYearAndTime,
  pattern,
  WRITTEN_MAX,
} from './written-evidence.ts';

export type Marker = {
  readonly type: 'attribution' | 'separator' | 'headers';
  /** The first line after the marker. */
  readonly end: number;
};

/** What is known of the lines besides their words. */
export type Known = {
  /** True for a line that is quoted, by its mark or because we wrote it. */
  readonly isQuoted: (i: number) => boolean;
  /** True for a line that we wrote. */
  readonly isOurs: (i: number) => boolean;
};

/** Attributions are wrapped over at most this many lines. */
const WRAP_MAX = 5;
const BLANK_LINES_MAX = 3;

const SAID_WORD = new RegExp(
  `(?:^|[\\s>,)"])(?:${pattern(SAID)})(?=[\\s:：<,]|$)|(?:${pattern(SAID_UNSPACED)})`,
  'iu',
);
const BEGIN_WORDS: ReadonlySet<string> = new Set(BEGINS);

/** The marker that begins at line `i`, or null. `lines` are plain lines (see plainLine), cut to a bounded length. */
export function markerAt(lines: readonly string[], i: number, known: Known): Marker | null {
  const line = (lines[i] ?? '').trim();
  if (line === '') return null;
  return separatorAt(lines, i, known) ?? headersAt(lines, i, known) ?? attributionAt(lines, i, known);
}

function headersAt(lines: readonly string[], i: number, known: Known): Marker | null {
  const block = headerBlockAt(lines, i) ?? (known.isOurs(i) ? null : unlabelledAboveOurs(lines, i, known));
  return block === null ? null : { type: 'headers', end: block.end };
}

/** Lines of a header block in a language that nobody listed, known by what they stand above. */
function unlabelledAboveOurs(lines: readonly string[], i: number, known: Known): HeaderBlock | null {
  const block = headerBlockAt(lines, i, { anyLabel: true });
  if (block === null || beginsWithWords(lines, i, block.end)) return null;
  const next = nextWritten(lines, block.end);
  return next !== -1 && next - block.end <= BLANK_LINES_MAX && known.isOurs(next) ? block : null;
}

/** "note: plumber at 3" above a block is what somebody wrote, though it looks like a label of it. */
function beginsWithWords(lines: readonly string[], start: number, end: number): boolean {
  for (let later = start + 1; later < end; later += 1) {
    if (isBar(lines[later]) || headerBlockAt(lines, later) !== null) return true;
  }
  // Blank lines stand between all fields or between none.
  const isBlank = (line: string | undefined): boolean => line?.trim() === '';
  return isBlank(lines[start + 1]) && !lines.slice(start + 2, end).some(isBlank);
}

// --- attributions ---------------------------------------------------------------------------------------------

function attributionAt(lines: readonly string[], start: number, known: Known): Marker | null {
  const first = (lines[start] ?? '').trim();
  let joined = '';
  for (let n = 0; n < WRAP_MAX; n += 1) {
    const line = (lines[start + n] ?? '').trim();
    if (line === '') {
      // Some programs set the address as a paragraph of its own.
      if (n === 0 || !hasDate(joined) || !(lines[start + n + 1] ?? '').trim().startsWith('<')) return null;
      continue;
    }
    // "… <sam@example.com" and below it ">:" is a wrapped address and no quote.
    if (line.startsWith('>') && !(isOpen(joined) && line.length < 40)) return null;
    if (n > 0 && (known.isOurs(start + n) || !mayGoOn(first))) return null;
    joined = n === 0 ? line : `${joined} ${line}`;
    if (joined.length > WRITTEN_MAX) return null;
    const end = start + n + 1;
    const below = lookBelow(lines, end, known);
    if (!isAttribution(joined, below)) continue;
    return beginsLater(lines, start, end, below) ? null : { type: 'attribution', end };
  }
  return null;
}

/** The latest beginning counts, so that "On it by 3 pm" above the line is not taken for a part of it. */
function beginsLater(lines: readonly string[], start: number, end: number, below: Below): boolean {
  const first = lines[start] ?? '';
  const complete = hasDate(first) || hasAddress(first);
  for (let later = end - 1; later > start; later -= 1) {
    const shorter = lines
      .slice(later, end)
      .map((one) => one.trim())
      .join(' ');
    if (!begins(shorter) || !isAttribution(shorter, below)) continue;
    if (!complete || (hasDate(shorter) && !/^\d/.test(shorter))) return true;
  }
  return false;
}

type Below = 'ours' | 'quote' | 'text';

function lookBelow(lines: readonly string[], from: number, known: Known): Below {
  const next = nextWritten(lines, from);
  if (next === -1 || next - from > BLANK_LINES_MAX) return 'text';
  if (known.isOurs(next)) return 'ours';
  return known.isQuoted(next) ? 'quote' : 'text';
}

const isOpen = (text: string): boolean => text.split('<').length > text.split('>').length;

/** A first line of a wrapped attribution carries a part of the date or of the address already. */
const mayGoOn = (line: string): boolean => /[\d<@]/.test(line) && (begins(line) || /[<@]/.test(line));

/** "On …", "Am …", "Fri, …", "20.11.2026 …", "10:00 …", "2026年…". */
function begins(text: string): boolean {
  if (/^\d{1,4}([-./:年년]|\.? \p{L})/u.test(text)) return true;
  const words = text.toLowerCase().split(/[\s,]+/, 3);
  const [one = '', two = '', three = ''] = words;
  return [one, `${one} ${two}`, `${one} ${two} ${three}`].some(
    (head) => BEGIN_WORDS.has(head) || BEGIN_WORDS.has(head.replace(/[.:]$/, '')),
  );
}

function isAttribution(written: string, below: Below): boolean {
  // Zoho and Android: "---- On Wed, 24 Feb 2021 14:02:50 +0530 john@example.com wrote ----"
  const dashed = /^-{3,60} ?([^-].*[^- ]) ?-{3,60}$/.exec(written)?.[1];
  const text = dashed === undefined ? written : `${dashed}:`;
  const ends = /[:：]\s*$/.test(text);
  if (!ends && !hasAddress(text)) return false;
  const dated = hasDate(text);
  const bracketed = BRACKETED.test(text);
  if (below === 'ours' && ends && (dated || hasAddress(text))) return true;
  const said = SAID_WORD.exec(text);
  if (said === null) return isUnsaid(text, { ends, dated, bracketed, below });
  const atEnd = text.length - (said.index + said[0].length) <= 2;
  if (!ends && !(atEnd && hasAddress(text))) return false;
  if (below !== 'text' && (atEnd || begins(text) || (ends && bracketed))) return true;
  if (begins(text)) return dated || hasTime(text) || hasAddress(text);
  if (bracketed) return atEnd || dated;
  // Lotus Notes: "Elm Management wrote on 20/11/2026 10:00:00:"
  return ends && dated && hasTime(text);
}

type Seen = {
  readonly ends: boolean;
  readonly dated: boolean;
  readonly bracketed: boolean;
  readonly below: Below;
};

/** Without a word for "wrote": "2026/11/20 Elm <office@elm.example>" above a quote, "…, Elm <office@elm.example>:". */
function isUnsaid(text: string, { ends, dated, bracketed, below }: Seen): boolean {
  if (!(bracketed || /^\d/.test(text))) return false;
  if (ends && bracketed && hasYearAndTime(text)) return true;
  if (!dated) return false;
  if (ends) return hasAddress(text) && (begins(text) || hasTime(text));
  return below !== 'text' && begins(text) && !isOpen(text) && /<[^<>]*>$/.test(text);
}

/**
 * Where an attribution begins in a line that somebody wrote in ("accept On Fri, Nov 20, 2026 at 10:00 AM Elm
 * <office@elm.example> wrote:"), or -1. It counts with a quote below only.
 */
export function sharedLineAt(line: string): number {
  if (line.length > WRITTEN_MAX || !/[:：]\s*$/.test(line)) return -1;
  const found = [...line.matchAll(/[\s-](?=(On|Am|Le|El|Il|Op|Em|Den|Dne|Dnia) )/g)].at(-1);
  if (found === undefined || !/\p{L}/u.test(line.slice(0, found.index))) return -1;
  const rest = line.slice(found.index + 1);
  return hasDate(rest) && !hasDate(line.slice(0, found.index)) && isAttribution(rest, 'quote')
    ? found.index + 1
    : -1;
}

// --- separators -----------------------------------------------------------------------------------------------

const NOUN = new RegExp(
  `(?:^|[^\\p{L}])(?:${pattern(MAIL_NOUNS)})(?=$|[^\\p{L}])|(?:${pattern(MAIL_NOUNS_UNSPACED)})`,
  'iu',
);
const FORWARD = new RegExp(pattern(FORWARD_STEMS), 'iu');
const ORIGINAL = new RegExp(pattern(ORIGINAL_STEMS), 'iu');
const SEPARATOR_MAX = 120;
/** "Begin forwarded message:" has three. */
const UNDASHED_WORDS_MAX = 6;

export type Separator = {
  /** True when it says that the mail was passed on. */
  readonly forward: boolean;
  /** True when dashes stand on both sides. */
  readonly dashed: boolean;
  /** True when its words say that a mail was answered or passed on. */
  readonly named: boolean;
  /** What stands behind the dashes on the same line (Yahoo). */
  readonly rest: string;
};

const WHOLE_DASHED = /^[-_=*#]{2,}[ \t]*([^-_=*#\s].*[^-_=*#\s])[ \t]*[-_=*#]{2,}[ \t:]*$/;
const RUN_ON_DASHED = /^[-_=*#]{2,}[ \t]*([^-_=*#\s].*?)[ \t]*[-_=*#]{2,}[ \t]+(?=\S)/;
/** "İletilen" in lower case carries a dot of its own. */
const lowered = (text: string): string => text.toLowerCase().replaceAll('\u0307', '');

/** The line read as a separator, or null when its words do not speak of a mail. */
export function separatorOf(line: string): Separator | null {
  const dashes = WHOLE_DASHED.exec(line.slice(0, 300)) ?? RUN_ON_DASHED.exec(line.slice(0, 300));
  const words = lowered((dashes?.[1] ?? line).trim());
  if (words.length < 2 || words.length > SEPARATOR_MAX) return null;
  // Before the patterns, which are long: most lines of a letter end here.
  if (dashes === null && words.split(/\s+/).length > UNDASHED_WORDS_MAX) return null;
  const forward = FORWARD.test(words);
  const named = NOUN.test(words) && (forward || ORIGINAL.test(words));
  const rest = dashes === null ? '' : line.slice(dashes[0].length).trim();
  if (dashes !== null) return { forward, dashed: true, named: named || forward, rest };
  // Without dashes it is short and says what follows: "Begin forwarded message:"
  return named ? { forward, dashed: false, named, rest: '' } : null;
}

function separatorAt(lines: readonly string[], i: number, known: Known): Marker | null {
  const line = (lines[i] ?? '').trim();
  // GroupWise: ">>> Elm <office@elm.example> 20.11.2026 10:00 >>>"
  if (/^>>> .*[^> ] >>>$/.test(line) && hasDate(line)) return { type: 'separator', end: i + 1 };
  if (isBar(line)) return barAt(lines, i, known);
  const separator = separatorOf(line);
  if (separator === null) return null;
  const announced = labelOf(separator.rest) !== null || announces(lines, i + 1, known);
  const counts = separator.dashed
    ? separator.named || (announced && NOUN.test(line)) || (!isBold(line) && headsBlock(lines, i + 1))
    : announced;
  return counts ? { type: 'separator', end: i + 1 } : null;
}

const isBar = (line: string | undefined): boolean => /^\s*[-_=*]{4,}\s*$/.test(line ?? '');

/** "**Accept**" is how programs write bold words as text. */
const isBold = (line: string): boolean => /^(?:\*\*[^*]+\*\*|__[^_]+__)$/.test(line);

/** A bar counts with what it stands above. */
function barAt(lines: readonly string[], i: number, known: Known): Marker | null {
  let next = nextWritten(lines, i + 1);
  // Some programs draw two.
  if (isBar(lines[next])) next = nextWritten(lines, next + 1);
  if (next === -1 || next - i > 2 * BLANK_LINES_MAX) return null;
  const long = /^[-_=*]{10,}$/.test((lines[i] ?? '').trim());
  const block = headerBlockAt(lines, next) ?? (long ? headerBlockAt(lines, next, { anyLabel: true }) : null);
  if (block !== null) return { type: 'separator', end: block.end };
  const below = long && !known.isOurs(next) ? attributionAt(lines, next, known) : null;
  return below === null ? null : { type: 'separator', end: below.end };
}

function announces(lines: readonly string[], from: number, known: Known): boolean {
  const next = nextWritten(lines, from);
  if (next === -1 || next - from > BLANK_LINES_MAX) return false;
  return known.isQuoted(next) || labelOf((lines[next] ?? '').trim()) !== null;
}

function headsBlock(lines: readonly string[], from: number): boolean {
  const next = nextWritten(lines, from);
  return next !== -1 && next - from <= BLANK_LINES_MAX && headerBlockAt(lines, next) !== null;
}

/** The index of the next line with something on it at or after `from`, or -1. */
export function nextWritten(lines: readonly string[], from: number): number {
  for (let i = from; i < lines.length; i += 1) {
    if (lines[i]?.trim() !== '') return i;
  }
  return -1;
}
