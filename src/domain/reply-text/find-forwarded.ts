/**
 * Recognises a mail that somebody passed on: who wrote it first, under which subject, what they wrote, and what the
 * forwarder wrote above.
 *
 * Most programs say so in words between dashes. Outlook prints the same header block above a reply and a forward:
 * it counts when nothing stands above it, or when the mail's own subject says that it was passed on.
 */
import type { Address, Forwarded } from '../message.ts';
import { REPLY_INPUT_MAX } from './extract-reply.ts';
import { addressIn, headerBlockAt, type Label, readFields, runOnFields } from './header-block.ts';
import { markerAt, nextWritten, separatorOf } from './quote-markers.ts';
import { hasTime, plainLine } from './written-evidence.ts';

const LINE_MAX = 2_000;
/** Fw:, Fwd:, WG: (German), TR: (French), RV: (Spanish), I: (Italian), ENC: (Portuguese), Doorst: and so on. */
const FORWARD_SUBJECT =
  /^\s*(?:\[[^\]]{0,40}\]\s*)?(fwd?|wg|tr|rv|i|enc|doorst|vs|vb|vl|pd|fs|továbbítás|ilt|i̇lt|転送|转发|轉寄|전달|πρθ|yml|ynt)\s*[:：]/i;

/** Whether a subject is that of a mail passed on. */
export const saysForwarded = (subject: string): boolean => FORWARD_SUBJECT.test(subject.slice(0, 100));

/** Null when the text holds no forwarded mail. `text` is a decoded body; linear time. */
export function findForwarded(text: string, subject = ''): Forwarded | null {
  const written = text.slice(0, REPLY_INPUT_MAX).split(/\r\n|\n|\r/);
  const lines = written.map((line) => plainLine(line.slice(0, LINE_MAX)));
  const open = lines.map(unquoted);
  const saysSo = saysForwarded(subject);
  let above = true;
  for (let i = 0; i < lines.length; i += 1) {
    const line = (open[i] ?? '').trim();
    if (line === '') continue;
    const found =
      announcedAt(open, i, above) ??
      (above || saysSo ? printedAt(open, i) : null) ??
      (above ? attributedAt(lines, i) : null);
    if (found !== null) {
      return {
        from: found.from,
        subject: found.subject || (saysSo ? subject.replace(FORWARD_SUBJECT, '').trim() : ''),
        text: bodyFrom(written, found.end),
        above: written.slice(0, i).join('\n').trim(),
      };
    }
    above = false;
  }
  return null;
}

const unquoted = (line: string): string => line.replace(/^\s{0,3}> ?/, '');

type Found = { readonly from: Address | null; readonly subject: string; readonly end: number };

/** A separator that speaks of passing on; one that speaks of an original mail counts at the top only. */
function announcedAt(lines: readonly string[], i: number, atTop: boolean): Found | null {
  const separator = separatorOf((lines[i] ?? '').trim());
  if (separator === null || !(separator.forward || (atTop && separator.named))) return null;
  if (separator.rest !== '') {
    const fields = runOnFields(separator.rest);
    return fields.length >= 2 ? { ...read(fields), end: i + 1 } : null;
  }
  const start = nextWritten(lines, i + 1);
  if (start === -1) return null;
  const block = readFields(lines, start);
  if (block.fields.length >= 2) return { ...read(block.fields), end: block.end };
  const named = headerBlockAt(lines, start, { anyLabel: true });
  return named === null ? null : { ...read(named.fields), end: named.end };
}

/** A header block, below a bar or not. */
function printedAt(lines: readonly string[], i: number): Found | null {
  const bar = /^[-_=*]{4,}$/.test((lines[i] ?? '').trim());
  const start = bar ? nextWritten(lines, i + 1) : i;
  if (start === -1) return null;
  const block = headerBlockAt(lines, start) ?? (bar ? headerBlockAt(lines, start, { anyLabel: true }) : null);
  return block === null ? null : { ...read(block.fields), end: block.end };
}

/** Outlook for Mac and others pass on under an attribution line: it stands on top, and what follows has no marks. */
function attributedAt(lines: readonly string[], i: number): Found | null {
  const marker = markerAt(lines, i, { isQuoted: (j) => isMarked(lines[j]), isOurs: () => false });
  if (marker?.type !== 'attribution') return null;
  const next = nextWritten(lines, marker.end);
  if (next === -1 || isMarked(lines[next])) return null;
  const written = lines
    .slice(i, marker.end)
    .map((line) => line.trim())
    .join(' ');
  const from = addressIn(written);
  return from === null ? null : { from: { ...from, name: nameIn(from.name) }, subject: '', end: marker.end };
}

const isMarked = (line: string | undefined): boolean => /^\s{0,3}>/.test(line ?? '');

/** The name in the part of an attribution before the address: what is in quotation marks, or behind date and time. */
function nameIn(before: string): string {
  const quoted = /[«„“"]\s*([^«»„“”"]{1,100}?)\s*(?:[»”“"]|$)/u.exec(before)?.[1];
  if (quoted !== undefined) return quoted;
  const words = before.split(/\s+/);
  const from = words.findLastIndex((word) => /\d/.test(word) || hasTime(word)) + 1;
  return words
    .slice(from)
    .filter((word) => /^\p{Lu}|^\P{L}*\p{Lo}/u.test(word))
    .join(' ');
}

function read(fields: readonly Label[]): { readonly from: Address | null; readonly subject: string } {
  const first = (kind: Label['kind']) =>
    fields.find((field) => field.kind === kind && field.value !== '')?.value;
  const from =
    first('from') ?? fields.find(({ kind, value }) => kind === 'unknown' && value.includes('@'))?.value;
  return { from: from === undefined ? null : addressIn(from), subject: first('subject') ?? '' };
}

/** The rest, without the indentation that all of it shares. */
function bodyFrom(lines: readonly string[], start: number): string {
  const rest = lines.slice(start).map(unquoted);
  const written = rest.filter((line) => line.trim() !== '');
  const indent = written.every((line) => line.startsWith('    ')) ? 4 : 0;
  return rest
    .map((line) => line.slice(indent))
    .join('\n')
    .trim();
}
