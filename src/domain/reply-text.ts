/**
 * Splits a body into what its sender newly wrote, what they quoted and their signature.
 *
 * Works line by line in linear time. Nothing is lost: each line goes to exactly one of the three. When in doubt a
 * line counts as newly written, except where quoted words could pass for the sender's own.
 */
import type { ReplyText } from './message.ts';
import { type Marker, markerAt } from './quote-markers.ts';

/** Longer bodies are cut here before any pattern is tried. */
export const REPLY_INPUT_MAX = 64 * 1024;
/** Patterns see this much of a line. */
const LINE_MAX = 1_000;
/** A signature after "--" without its space is short; a line of two dashes may also divide a text. */
const LOOSE_SIGNATURE_LINES_MAX = 12;
/** Clients wrap at 70 to 78 columns, quote marks included. */
const WRAPPED_QUOTE_MIN = 64;

type Kind = 'own' | 'quoted' | 'signature';

/** `text` is a decoded plain-text body; what exceeds REPLY_INPUT_MAX characters is not looked at. */
export function extractReply(text: string): ReplyText {
  const lines = text.slice(0, REPLY_INPUT_MAX).split(/\r\n|\n|\r/);
  const heads = lines.map((line) => line.slice(0, LINE_MAX));
  const { kinds, marked } = sort(heads);
  markSignatures(heads, kinds);

  const of = (kind: Kind) => trimBlank(lines.filter((_, i) => kinds[i] === kind));
  const own = of('own');
  // A quoted block with no line that says whose it is, in a mail with nothing else: that is the content.
  if (own === '' && !marked) return { text: of('quoted'), quoted: '', signature: of('signature') };
  return { text: own, quoted: of('quoted'), signature: of('signature') };
}

function sort(lines: readonly string[]): { kinds: Kind[]; marked: boolean } {
  const kinds: Kind[] = [];
  let marked = false;
  for (let i = 0; i < lines.length; i += 1) {
    const marker: Marker | null = isQuoted(lines[i]) ? null : markerAt(lines, i);
    if (marker === null) {
      kinds.push(isQuoted(lines[i]) || isWrappedQuote(lines, kinds, i) ? 'quoted' : 'own');
      continue;
    }
    marked = true;
    const next = nextWritten(lines, marker.end);
    // Marks on what follows show where the quote ends; without them it goes on to the end of the mail.
    const end = next !== -1 && isQuoted(lines[next]) ? next : lines.length;
    while (kinds.length < end) kinds.push('quoted');
    i = end - 1;
  }
  return { kinds, marked };
}

const isQuoted = (line: string | undefined): boolean => line !== undefined && /^\s{0,3}>/.test(line);

/** The rest of a quoted line that a client wrapped without repeating the mark. */
function isWrappedQuote(lines: readonly string[], kinds: readonly Kind[], i: number): boolean {
  const before = lines[i - 1];
  const line = lines[i];
  if (before === undefined || line === undefined || kinds[i - 1] !== 'quoted') return false;
  return (
    isQuoted(before) &&
    before.trimEnd().length >= WRAPPED_QUOTE_MIN &&
    isQuoted(lines[i + 1]) &&
    line.trim() !== '' &&
    line.length < 40
  );
}

/** The index of the next line with something on it at or after `from`, or -1. */
export function nextWritten(lines: readonly string[], from: number): number {
  for (let i = from; i < lines.length; i += 1) {
    if (lines[i]?.trim() !== '') return i;
  }
  return -1;
}

/** In each run of own lines, moves the signature out. */
function markSignatures(lines: readonly string[], kinds: Kind[]): void {
  let end = kinds.length;
  while (end > 0) {
    let start = end;
    while (start > 0 && kinds[start - 1] === kinds[end - 1]) start -= 1;
    if (kinds[start] === 'own') markRun(lines, kinds, start, end);
    end = start;
  }
}

function markRun(lines: readonly string[], kinds: Kind[], start: number, end: number): void {
  let written = end;
  while (written > start && lines[written - 1]?.trim() === '') written -= 1;
  for (let i = start; i < end; i += 1) {
    const line = lines[i] ?? '';
    const short = written - i <= LOOSE_SIGNATURE_LINES_MAX;
    // RFC 3676 section 4.3: "-- ". Many clients drop the space; lists and templates use a bar of underscores.
    if (line === '-- ' || (short && /^(--|—|_{2,80})\s*$/.test(line))) {
      kinds.fill('signature', i, end);
      return;
    }
    if (isDeviceLine(line)) kinds[i] = 'signature';
  }
}

const DEVICE =
  /^(sent (from|with|via|using) (my|outlook|mail|yahoo|samsung|iphone|ipad|android|gmail|proton|blackberry|mobile|windows)|get outlook for|sent from mail for|gesendet (von|mit) (meinem|mein|outlook|mail|der)|von meinem .{1,30} gesendet|diese nachricht wurde von meinem|envoyé (de|depuis) (mon|ma|outlook)|enviado (desde|de) (mi|meu|outlook)|inviato da|verstuurd vanaf|verzonden vanaf|skickat från|sendt fra)\b/i;

function isDeviceLine(line: string): boolean {
  const text = line.trim();
  return text.length <= 100 && DEVICE.test(text);
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
