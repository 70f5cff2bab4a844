/**
 * Parts that hold others in a form of their own: winmail.dat gives up its files and, where the mail has no other, its
 * text; a mail signed as one block is read through; what is encrypted stays the file that it is. Calendar parts stay
 * files, too, and are summarised. What cannot be opened is passed on as it came.
 */
import { Buffer } from 'node:buffer';
import { summariseCalendar } from './calendar-summary.ts';
import { decodeBytes } from './charset.ts';
import type { Chosen, TextPart } from './choose-parts.ts';
import { ENCRYPTED } from './inline-files.ts';
import { type Budget, isCalendar, isSmime, isTnef, type Part, type PartHead, partOf } from './mime-parts.ts';
import type { ReadLimits } from './read-limits.ts';
import { readEnvelope } from './signed-content.ts';
import { readTnef } from './tnef.ts';

export type Opened = Chosen & { readonly calendars: readonly string[] };

type Context = {
  readonly limits: ReadLimits;
  readonly budget: Budget;
  /** Reads and opens a mail out of a mail. */
  readonly readInner: (bytes: Buffer) => Promise<Opened>;
};

const Plain: PartHead = {
  filename: null,
  contentType: 'text/plain',
  contentId: null,
  charset: null,
  flowed: 'no',
  disposition: null,
};

type Gathered = {
  texts: TextPart[];
  renderings: TextPart[];
  files: Part[];
  warnings: string[];
  calendars: string[];
};

const ENCRYPTED_SMIME = '[Encrypted with S/MIME. It could not be read here and is attached as it came.]';

export async function openFiles(chosen: Chosen, context: Context): Promise<Opened> {
  const out: Gathered = {
    texts: [...chosen.texts],
    renderings: [...chosen.renderings],
    files: [],
    warnings: [...chosen.warnings],
    calendars: [],
  };
  const add = (found: TextPart) => {
    out.texts.push(found);
    out.renderings.push(found);
  };
  for (const part of chosen.files) {
    if (isTnef(part.contentType, part.filename)) openTnef(part, context, out, add);
    else if (isSmime(part.contentType, part.filename)) await openEnvelope(part, context, out, add);
    else {
      if (isCalendar(part.contentType, part.filename)) readCalendar(part, context.limits, out);
      if (/^application\/pgp-encrypted$/.test(part.contentType)) {
        out.warnings.push('pgp-encrypted: the mail is encrypted with PGP');
        add(textPart(ENCRYPTED));
      }
      if (/^application\/(pgp|(x-)?pkcs7)-signature$/.test(part.contentType))
        out.warnings.push('signed: the mail carries a signature, which was not checked');
      out.files.push(part);
    }
  }
  return out;
}

const textPart = (text: string, isHtml = false): TextPart => ({
  part: { ...Plain, related: false, size: 0, head: EMPTY, digest: '', content: null, children: [] },
  isHtml,
  text,
  isCut: false,
});

const EMPTY = Buffer.alloc(0);

const isBlank = (texts: readonly TextPart[]): boolean => texts.every(({ text }) => text.trim() === '');

/** What was kept of a container is all of it, or it is too large to be opened. */
const isWhole = ({ head, size }: Part): boolean => head.length === size;

/** Containers are not kept whole by the parser: those that stay closed are, here. */
function closed(part: Part, { budget }: Context): Part {
  if (!isWhole(part) || part.content !== null || part.size > budget.bytesLeft) return part;
  budget.bytesLeft -= part.size;
  return { ...part, content: part.head };
}

function openTnef(part: Part, context: Context, out: Gathered, add: (found: TextPart) => void): void {
  const tnef = isWhole(part) ? readTnef(part.head) : null;
  if (tnef === null) {
    out.warnings.push('tnef-closed: a winmail.dat could not be opened and is attached as it came');
    out.files.push(closed(part, context));
    return;
  }
  for (const { filename, contentType, content } of tnef.files) {
    const head = { ...Plain, filename, contentType: contentType ?? 'application/octet-stream' };
    out.files.push(partOf(head, content, context.limits, context.budget));
  }
  if (isBlank(out.texts)) {
    if (tnef.text !== null) add(textPart(tnef.text));
    else if (tnef.html !== null) add(textPart(decodeBytes(tnef.html, null).text, true));
  }
  out.warnings.push('tnef: the files were taken out of a winmail.dat');
}

async function openEnvelope(
  part: Part,
  context: Context,
  out: Gathered,
  add: (found: TextPart) => void,
): Promise<void> {
  const envelope = isWhole(part) ? readEnvelope(part.head) : { kind: 'unknown' as const };
  if (envelope.kind === 'signed') {
    const inner = await context.readInner(envelope.content);
    out.texts.push(...inner.texts);
    out.renderings.push(...inner.renderings);
    out.files.push(...inner.files);
    out.calendars.push(...inner.calendars);
    out.warnings.push('signed: the mail carries a signature, which was not checked', ...inner.warnings);
    return;
  }
  out.files.push(closed(part, context));
  if (envelope.kind === 'encrypted') {
    out.warnings.push('smime-encrypted: the mail is encrypted with S/MIME');
    if (isBlank(out.texts)) add(textPart(ENCRYPTED_SMIME));
  } else out.warnings.push('smime-closed: an S/MIME part could not be opened and is attached as it came');
}

function readCalendar(part: Part, limits: ReadLimits, out: Gathered): void {
  if (part.size > limits.calendarBytesMax) {
    out.warnings.push('calendar-closed: a calendar part is too large for a summary');
    return;
  }
  const summary = summariseCalendar(decodeBytes(part.head, part.charset).text);
  // The same invitation often comes twice, to be shown and to be saved.
  if (summary !== null && !out.calendars.includes(summary)) out.calendars.push(summary);
}
