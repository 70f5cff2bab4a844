/**
 * Raw bytes to a Mail. Every input gives one: whatever is broken is left out and named in `warnings`, each of which
 * begins with a stable word (`from-many: …`). Not bounded in time: the pool runs it in a process that can be killed,
 * and on the next rung of the ladder when it was.
 */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { MailFiles } from '../../app/ports/mail-parser.ts';
import type { Forwarded, Header, Mail, ReplyText } from '../../domain/message.ts';
import { extractReply } from '../../domain/reply-text/extract-reply.ts';
import { findForwarded, saysForwarded } from '../../domain/reply-text/find-forwarded.ts';
import { attachmentOf, filenameOf } from './attachments.ts';
import { type Chosen, chooseParts } from './choose-parts.ts';
import { cleanText } from './clean-text.ts';
import { readDeliveryReport } from './delivery-report.ts';
import { readHeaderBlock } from './header-fields.ts';
import { type Body, everyText, readBody } from './mail-body.ts';
import { cappedFields, readMailHeader } from './mail-header.ts';
import { type Budget, everyPart, type Part, type PartFile, partOf } from './mime-parts.ts';
import { type Opened, openFiles } from './open-files.ts';
import { prepareBytes } from './prepare-bytes.ts';
import { DefaultReadLimits, type ReadLimits } from './read-limits.ts';
import { type Rung, readParts } from './read-parts.ts';

/** As much of a body as the reply and forward patterns see. */
const PATTERN_TEXT_MAX = 64 * 1024;
/** Mails shown below what was written: so many of those that stand beside each other. */
const SHOWN_MAX = 20;
/** How many signed mails inside of each other are opened. */
const INNER_MAX = 3;

export type ReadOptions = { readonly rung?: Rung; readonly limits?: ReadLimits };

/** Reads one mail. Rejects only for a bug. */
export async function parseInProcess(raw: Uint8Array, options: ReadOptions = {}): Promise<Mail> {
  const { fields, body, opened, files, tree, limits, warnings } = await readWhole(raw, options, 0);
  const header = readMailHeader(fields, limits, warnings);
  const written = body.text.slice(0, PATTERN_TEXT_MAX);
  const report = readDeliveryReport({ ...header, headers: fields, text: body.text, raw }, files);
  const passedOn = report === null ? await attachedForward(files, header.subject, body.text, options) : null;
  const text = [
    ...(body.text.trim() === '' && passedOn !== null
      ? [passedOn.text]
      : await withShownMails(body.text, files, options, limits)),
    ...opened.calendars,
  ];
  return {
    ...header,
    headers: cappedFields(fields, warnings),
    text: text.length === 1 ? (text[0] ?? '') : `${text.join('\n\n').trim()}\n`,
    reply: withCalendars(extractReply(written, { author: header.from[0]?.name ?? '' }), opened.calendars),
    forwarded: findForwarded(written, header.subject) ?? passedOn,
    attachments: files.map((file) => attachmentOf(file, body.cids)),
    report,
    bodyHash: hash(tree, opened),
    warnings: [...new Set(warnings)],
  };
}

/** What was newly written in one mail, with the words of those that we sent taken out. Rejects only for a bug. */
export async function replyInProcess(
  raw: Uint8Array,
  sent: readonly Uint8Array[],
  options: ReadOptions = {},
): Promise<ReplyText> {
  const { fields, body, limits } = await readWhole(raw, options, 0);
  const author = readMailHeader(fields, limits, []).from[0]?.name ?? '';
  const texts: string[] = [];
  for (const one of sent) texts.push(...everyText((await readWhole(one, options, 0)).opened));
  return extractReply(body.text.slice(0, PATTERN_TEXT_MAX), { sent: texts, author });
}

/** The attachments with their bytes, as many as fit into `bytesMax`. Rejects only for a bug. */
export async function readFilesInProcess(
  raw: Uint8Array,
  bytesMax: number,
  options: ReadOptions = {},
): Promise<MailFiles> {
  const { body, files: parts } = await readWhole(raw, options, bytesMax);
  const files: MailFiles['files'][number][] = [];
  const left: MailFiles['left'][number][] = [];
  parts.forEach((part, i) => {
    const attachment = attachmentOf(part, body.cids);
    const filename = filenameOf(attachment, i + 1);
    const { contentType, inline, size } = attachment;
    if (part.content === null) left.push({ filename, size });
    else files.push({ filename, contentType, content: part.content, inline });
  });
  return { files, left };
}

type Whole = {
  readonly fields: readonly Header[];
  readonly tree: Part | null;
  readonly opened: Opened;
  readonly body: Body;
  readonly files: readonly Part[];
  readonly limits: ReadLimits;
  readonly warnings: string[];
};

async function readWhole(raw: Uint8Array, options: ReadOptions, bytesMax: number): Promise<Whole> {
  const { rung = 'first', limits = DefaultReadLimits } = options;
  const budget: Budget = { bytesLeft: bytesMax };
  const warnings: string[] = [];
  if (rung !== 'first') warnings.push(RUNG_WARNINGS[rung]);
  const bytes = prepareBytes(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength), warnings);
  const { fields, tree, opened } = await readOpened(bytes, { rung, limits, budget }, 0, warnings);
  warnings.push(...opened.warnings);
  const body = readBody(opened, limits, warnings);
  const taken = body.files.map(({ content, ...file }) =>
    partOf({ ...NAMELESS, ...file }, content, limits, budget),
  );
  const all = [...opened.files, ...taken];
  const files = all.slice(0, limits.attachmentsMax);
  if (all.length > files.length)
    warnings.push(`attachments-cut: of ${all.length} attachments the first ${files.length} were kept`);
  return { fields, tree, opened, body, files, limits, warnings };
}

const NAMELESS = { contentId: null, charset: null, flowed: 'no', disposition: 'attachment' } as const;

const RUNG_WARNINGS: Readonly<Record<Exclude<Rung, 'first'>, string>> = {
  second: 'second-parser: the first parser failed on this mail, a second one read it',
  header: 'header-only: no parser could read the body of this mail, only its header was read',
};

type Reading = { readonly rung: Rung; readonly limits: ReadLimits; readonly budget: Budget };

async function readOpened(
  bytes: Buffer,
  reading: Reading,
  depth: number,
  warnings: string[],
): Promise<{ readonly fields: readonly Header[]; readonly tree: Part | null; readonly opened: Opened }> {
  const { limits, budget } = reading;
  const block = readHeaderBlock(bytes, limits.headerBytesMax);
  warnings.push(...block.warnings);
  const fields = block.fields.map(({ name, value }) => ({ name, value: cleanText(value) }));
  // Without a header mailparser would take the first paragraph for one.
  const whole = fields.length === 0 ? Buffer.concat([Buffer.from('\r\n'), bytes]) : bytes;
  const { tree, error } = await readParts(
    whole,
    fields.length === 0 ? 2 : block.bodyStart,
    reading,
    warnings,
  );
  if (error !== null) warnings.push(`parts-cut: not all parts could be read (${cleanText(error)})`);
  const chosen = chooseParts(tree, charsetOfWords(fields), limits);
  const readInner = async (inner: Buffer): Promise<Opened> =>
    depth >= INNER_MAX ? NOTHING : (await readOpened(inner, reading, depth + 1, warnings)).opened;
  return { fields, tree, opened: await openFiles(chosen, { limits, budget, readInner }) };
}

const NOTHING: Opened = { texts: [], renderings: [], files: [], warnings: [], calendars: [] };

/** The charset of the encoded-words of the subject or the names: a guess at a body that names none. */
function charsetOfWords(fields: readonly Header[]): string | null {
  for (const { name, value } of fields)
    if (name === 'subject' || name === 'from') {
      const found = /=\?([\w.:-]{2,40})(?:\*[\w-]{0,20})?\?[bq]\?/i.exec(value.slice(0, 2_000))?.[1];
      if (found !== undefined && !/^(utf-?8|us-ascii)$/i.test(found)) return found;
    }
  return null;
}

/** An order is never read out of a calendar: that is told below what was written, in words that begin no command. */
const withCalendars = (reply: ReplyText, calendars: readonly string[]): ReplyText =>
  calendars.length === 0 ? reply : { ...reply, text: [reply.text, ...calendars].join('\n\n').trim() };

/**
 * Mail programs show a mail inside of a mail below what was written, unless it was sent as a file: the one that a report
 * returns, those of a digest, one that was passed on. Here, too, it belongs to what can be read and searched; never to
 * the reply, so that no order is read from it.
 */
async function withShownMails(
  text: string,
  files: readonly Part[],
  options: ReadOptions,
  limits: ReadLimits,
): Promise<string[]> {
  const texts = [text];
  let left = limits.textCharactersMax - text.length;
  for (const shown of await shownMails(files, options, 0)) {
    if (shown.trim() === '' || left <= 0) continue;
    texts.push(shown.slice(0, left).toWellFormed());
    left -= shown.length;
  }
  return texts;
}

async function shownMails(files: readonly Part[], options: ReadOptions, depth: number): Promise<string[]> {
  const texts: string[] = [];
  if (depth >= INNER_MAX) return texts;
  for (const { head } of files.filter(isShown).slice(0, SHOWN_MAX)) {
    const { body, files: inner } = await readWhole(head, options, 0);
    texts.push(body.text, ...(await shownMails(inner, options, depth + 1)));
  }
  return texts;
}

const isShown = ({ contentType, disposition }: Part): boolean =>
  /^message\/(rfc822|global)$/.test(contentType) && disposition !== 'attachment';

/**
 * A mail that is attached and all that there is beside a few words: passed on. Its own words stand in for the text
 * when nothing was written above it; they are never read as orders, since the reply does not have them.
 */
async function attachedForward(
  files: readonly PartFile[],
  subject: string,
  above: string,
  options: ReadOptions,
): Promise<Forwarded | null> {
  const [file] = files;
  if (file?.contentType !== 'message/rfc822' || files.length > 1) return null;
  if (above.trim() !== '' && !saysForwarded(subject)) return null;
  const { fields, body, limits } = await readWhole(file.head, options, 0);
  const header = readMailHeader(fields, limits, []);
  return { from: header.from[0] ?? null, subject: header.subject, text: body.text, above: above.trim() };
}

/** Content identity: the same whatever transfer encoding, charset or line ends the transport chose. */
function hash(tree: Part | null, { renderings }: Chosen): string {
  const whole = createHash('sha256');
  const texts = new Map(renderings.map((one) => [one.part, one]));
  for (const part of everyPart(tree)) {
    if (part.children.length > 0 || part.contentType.startsWith('multipart/')) continue;
    // Servers add and drop line ends at the end of a part.
    const one = texts.get(part);
    // Of a part that was cut the bytes tell it all, and its text is large.
    const text = one === undefined || one.isCut ? undefined : one.text.replace(/\r\n?/g, '\n').trimEnd();
    if (text !== undefined) whole.update(`text:${createHash('sha256').update(text).digest('hex')}\n`);
    else whole.update(`file:${part.digest}\n`);
  }
  return whole.digest('hex');
}
