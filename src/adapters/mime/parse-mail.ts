/**
 * Raw bytes to a Mail. What identifies and orders mails (From, Message-ID, References and so on) is read from the
 * raw header lines, because of two From fields mailparser keeps the last; bodies and parts come from mailparser.
 *
 * Every input gives a Mail: whatever is broken is left out and named in `warnings`, each of which begins with a
 * stable word (`from-many: …`). Not bounded in time: the pool runs it in a process that can be killed.
 */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { MailFiles } from '../../app/ports/mail-parser.ts';
import type { Address, Header, Mail, ReplyText } from '../../domain/message.ts';
import { MESSAGE_IDS_MAX, normaliseMessageId, parseMessageIds } from '../../domain/message-id.ts';
import { extractReply } from '../../domain/reply-text/extract-reply.ts';
import { findForwarded } from '../../domain/reply-text/find-forwarded.ts';
import { ADDRESSES_MAX, parseAddressList } from './address-list.ts';
import { attachmentOf, filenameOf } from './attachments.ts';
import { cleanText, decodeHeaderText } from './clean-text.ts';
import { readDeliveryReport } from './delivery-report.ts';
import { HEADER_FIELDS_MAX, HEADER_VALUE_MAX, readHeaderBlock } from './header-fields.ts';
import { everyText, readBody } from './mail-body.ts';
import { parseMailDate } from './mail-date.ts';
import { type MimeParts, readMimeParts } from './mime-parts.ts';

/** As much of a body as the reply and forward patterns see. */
const PATTERN_TEXT_MAX = 64 * 1024;
const SUBJECT_MAX = 2_000;
const CR = 0x0d;
const LF = 0x0a;

/** Reads one mail. Rejects only for a bug. */
export async function parseInProcess(raw: Uint8Array): Promise<Mail> {
  const warnings: string[] = [];
  const { fields, parts } = await readParts(raw, warnings);
  const body = readBody(parts, warnings);
  const head = body.text.slice(0, PATTERN_TEXT_MAX);
  const envelope = readEnvelope(fields, warnings);
  return {
    ...envelope,
    headers: capped(fields, warnings),
    text: body.text,
    reply: extractReply(head, { author: envelope.from[0]?.name ?? '' }),
    forwarded: findForwarded(head, envelope.subject),
    attachments: parts.files.map((file) => attachmentOf(file, body.cids)),
    report: readDeliveryReport({ ...envelope, headers: fields, text: body.text, raw }, parts.files),
    bodyHash: hash(parts),
    warnings: [...new Set(warnings)],
  };
}

/** What was newly written in one mail, with the words of those that we sent taken out. Rejects only for a bug. */
export async function replyInProcess(raw: Uint8Array, sent: readonly Uint8Array[]): Promise<ReplyText> {
  const { fields, parts } = await readParts(raw, []);
  const { text } = readBody(parts, []);
  const author = readEnvelope(fields, []).from[0]?.name ?? '';
  const texts: string[] = [];
  for (const one of sent) texts.push(...everyText((await readParts(one, [])).parts.tree));
  return extractReply(text.slice(0, PATTERN_TEXT_MAX), { sent: texts, author });
}

/** The attachments with their bytes, as many as fit into `bytesMax`. Rejects only for a bug. */
export async function readFilesInProcess(raw: Uint8Array, bytesMax: number): Promise<MailFiles> {
  const { parts } = await readParts(raw, [], { bytesMax });
  const { cids } = readBody(parts, []);
  const files: MailFiles['files'][number][] = [];
  const left: MailFiles['left'][number][] = [];
  parts.files.forEach((part, i) => {
    const attachment = attachmentOf(part, cids);
    const filename = filenameOf(attachment, i + 1);
    const { contentType, inline, size } = attachment;
    if (part.content === null) left.push({ filename, size });
    else files.push({ filename, contentType, content: part.content, inline });
  });
  return { files, left };
}

type Parts = { readonly fields: readonly Header[]; readonly parts: MimeParts };

async function readParts(raw: Uint8Array, warnings: string[], keep = { bytesMax: 0 }): Promise<Parts> {
  const bytes = prepare(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength), warnings);
  const block = readHeaderBlock(bytes);
  warnings.push(...block.warnings);
  const fields = block.fields.map(({ name, value }) => ({ name, value: cleanText(value) }));
  // Without a header mailparser would take the first paragraph for one.
  const whole = fields.length === 0 ? Buffer.concat([Buffer.from('\r\n'), bytes]) : bytes;
  const parts = await readMimeParts(whole, keep);
  if (parts.error !== null)
    warnings.push(`parts-cut: not all parts could be read (${cleanText(parts.error)})`);
  return { fields, parts };
}

/** An mbox line in front and blank lines above the header come off; a mail with bare CR only gets line feeds. */
function prepare(raw: Buffer, warnings: string[]): Buffer {
  let bytes = raw;
  if (bytes.length === 0) warnings.push('empty: the mail has no bytes');
  bytes = withLineFeeds(bytes, warnings);
  let at = 0;
  while (at < bytes.length && (bytes[at] === 0x0a || bytes[at] === 0x0d)) at += 1;
  if (at > 0 && /^[\x21-\x39\x3b-\x7e]{1,60}:/.test(bytes.toString('latin1', at, at + 61))) {
    warnings.push('blank-lines: the header begins after blank lines');
    bytes = bytes.subarray(at);
  }
  if (/^>?From /.test(bytes.toString('latin1', 0, 6))) {
    const end = bytes.indexOf(0x0a);
    if (end !== -1) {
      warnings.push('mbox-line: a line of an mbox file stands in front');
      bytes = bytes.subarray(end + 1);
    }
  }
  if (bytes.includes(0)) warnings.push('nul: the mail holds NUL bytes, which were left out of its texts');
  return bytes;
}

/**
 * A CR that stands alone is a line end for some programs and a character for others: in the header it counts as a
 * line end, so that a From field hidden behind one is seen; in the body when the mail has no other.
 */
function withLineFeeds(bytes: Buffer, warnings: string[]): Buffer {
  if (!bytes.includes(CR)) return bytes;
  const bare: number[] = [];
  let doubled = false;
  const everywhere = !bytes.includes(LF);
  let lineStart = 0;
  for (let i = 0; i < bytes.length; i += 1) {
    if (bytes[i] !== CR && bytes[i] !== LF) continue;
    let end = i;
    while (bytes[end] === CR) end += 1;
    const proper = bytes[end] === LF;
    if (proper && end - i > 1) doubled = true;
    if (!proper) for (let j = i; j < end; j += 1) bare.push(j);
    // A blank line ends the header; two bare CR are one.
    if (!everywhere && i > 0 && (i === lineStart || (!proper && end - i > 1))) break;
    i = proper ? end : end - 1;
    lineStart = i + 1;
  }
  if (bare.length === 0 && !doubled) return bytes;
  warnings.push('bare-cr: lines of the header end in CR without LF, or in several');
  const copy = Buffer.from(bytes);
  for (const i of bare) copy[i] = LF;
  return doubled ? Buffer.from(copy.toString('latin1').replaceAll('\r\r\n', '\r\n'), 'latin1') : copy;
}

type Envelope = Omit<
  Mail,
  'headers' | 'text' | 'reply' | 'forwarded' | 'attachments' | 'report' | 'bodyHash' | 'warnings'
>;

function readEnvelope(fields: readonly Header[], warnings: string[]): Envelope {
  const values = (name: string) => fields.filter((field) => field.name === name).map((field) => field.value);
  const single = (name: string): string | null => {
    const all = values(name);
    if (all.length > 1)
      warnings.push(`${name}-many: the mail has ${all.length} ${name} fields, the first counts`);
    return all[0] ?? null;
  };
  const addresses = (name: string): Address[] =>
    values(name)
      .flatMap((value) => parseAddressList(value))
      .slice(0, ADDRESSES_MAX);
  const from = addresses('from');
  if (values('from').length > 1) warnings.push('from-many: the mail has more than one From field');
  if (from.length === 0) warnings.push('from-none: the mail does not say whom it is from');
  const messageId = single('message-id');
  const date = single('date');
  const readDate = date === null ? null : parseMailDate(date);
  if (date !== null && readDate === null) warnings.push('date-unreadable: the Date field is no date');
  return {
    messageId: messageId === null ? null : normaliseMessageId(messageId),
    date: readDate,
    from,
    sender: addresses('sender'),
    to: addresses('to'),
    cc: addresses('cc'),
    replyTo: addresses('reply-to'),
    deliveredTo: fields
      .filter((field) => ['delivered-to', 'x-original-to', 'envelope-to'].includes(field.name))
      .flatMap((field) => parseAddressList(field.value).map((one) => one.address))
      .slice(0, ADDRESSES_MAX),
    returnPath: readReturnPath(values('return-path')[0]),
    subject: decodeHeaderText((single('subject') ?? '').slice(0, HEADER_VALUE_MAX)).slice(0, SUBJECT_MAX),
    inReplyTo: ids(values('in-reply-to')),
    references: ids(values('references')),
  };
}

const ids = (values: readonly string[]): string[] =>
  [...new Set(values.flatMap(parseMessageIds))].slice(0, MESSAGE_IDS_MAX);

function readReturnPath(value: string | undefined): string | null {
  if (value === undefined) return null;
  if (/^<\s*>/.test(value.trim())) return '';
  const address = parseAddressList(value)[0]?.address ?? '';
  return address === '' ? null : address;
}

function capped(fields: readonly Header[], warnings: string[]): Header[] {
  return fields.slice(0, HEADER_FIELDS_MAX).map(({ name, value }) => {
    if (value.length <= HEADER_VALUE_MAX) return { name, value };
    warnings.push('header-cut: a header is longer than 16 KB and was cut');
    return { name, value: value.slice(0, HEADER_VALUE_MAX) };
  });
}

/** Content identity: the same whatever transfer encoding, charset or line ends the transport chose. */
function hash(parts: MimeParts): string {
  const whole = createHash('sha256');
  const work = parts.tree === null ? [] : [parts.tree];
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    // Servers add and drop line ends at the end of a part.
    const text = node.text?.replace(/\r\n?/g, '\n').trimEnd();
    if (text !== undefined) whole.update(`text:${createHash('sha256').update(text).digest('hex')}\n`);
    work.push(...[...node.children].reverse());
  }
  for (const file of parts.files) whole.update(`file:${file.digest}\n`);
  return whole.digest('hex');
}
