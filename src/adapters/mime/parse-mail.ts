/**
 * Raw bytes to a Mail. What identifies and orders mails (From, Message-ID, References and so on) is read from the
 * raw header lines, because of two From fields mailparser keeps the last; bodies and parts come from mailparser.
 *
 * Every input gives a Mail: whatever is broken is left out and named in `warnings`, each of which begins with a
 * stable word (`from-many: …`). Not bounded in time: the pool runs it in a process that can be killed.
 */
import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import type { Address, Attachment, Header, Mail } from '../../domain/message.ts';
import { MESSAGE_IDS_MAX, normaliseMessageId, parseMessageIds } from '../../domain/message-id.ts';
import { extractReply } from '../../domain/reply-text/extract-reply.ts';
import { findForwarded } from '../../domain/reply-text/find-forwarded.ts';
import { ADDRESSES_MAX, parseAddressList } from './address-list.ts';
import { cleanText, decodeHeaderText, withoutControls } from './clean-text.ts';
import { readDeliveryReport } from './delivery-report.ts';
import { HEADER_FIELDS_MAX, HEADER_VALUE_MAX, readHeaderBlock } from './header-fields.ts';
import { textFromHtml } from './html-text.ts';
import { parseMailDate } from './mail-date.ts';
import { type MimeParts, type PartFile, readMimeParts, type TextNode } from './mime-parts.ts';

export const TEXT_MAX = 1024 * 1024;
/** As much of a body as the reply and forward patterns see. */
const PATTERN_TEXT_MAX = 64 * 1024;
const SUBJECT_MAX = 2_000;
const FILENAME_MAX = 255;
const CR = 0x0d;
const LF = 0x0a;

/** Reads one mail. Rejects only for a bug. */
export async function parseInProcess(raw: Uint8Array): Promise<Mail> {
  const warnings: string[] = [];
  const bytes = prepare(Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength), warnings);
  const block = readHeaderBlock(bytes);
  warnings.push(...block.warnings);
  const fields = block.fields.map(({ name, value }) => ({ name, value: cleanText(value) }));
  // Without a header mailparser would take the first paragraph for one.
  const parts = await readMimeParts(
    fields.length === 0 ? Buffer.concat([Buffer.from('\r\n'), bytes]) : bytes,
  );
  if (parts.error !== null)
    warnings.push(`parts-cut: not all parts could be read (${cleanText(parts.error)})`);
  const body = readBody(parts, warnings);
  const head = body.text.slice(0, PATTERN_TEXT_MAX);
  return {
    ...readEnvelope(fields, warnings),
    headers: capped(fields, warnings),
    text: body.text,
    reply: extractReply(head),
    forwarded: findForwarded(head),
    attachments: parts.files.map((file) => toAttachment(file, body.cids)),
    report: readDeliveryReport(fields, parts.files),
    bodyHash: hash(parts),
    warnings: [...new Set(warnings)],
  };
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

type Body = { readonly text: string; readonly cids: ReadonlySet<string> };

function readBody(parts: MimeParts, warnings: string[]): Body {
  const cids = new Set<string>();
  const texts: string[] = [];
  let length = 0;
  for (const node of chosenTexts(parts.tree)) {
    let text = node.text ?? '';
    if (node.contentType === 'text/html') {
      for (const found of text.matchAll(/\bcid:([^'"\s<>)]{1,256})/g)) cids.add(found[1] ?? '');
      const plain = textFromHtml(text);
      if (plain.warning !== null) warnings.push(plain.warning);
      text = plain.text;
    }
    text = cleanText(text).replace(/\r\n?/g, '\n');
    if (text.trim() === '') continue;
    texts.push(text);
    length += text.length;
    if (length > TEXT_MAX) break;
  }
  const joined = texts.join('\n');
  if (joined.includes('\ufffd')) warnings.push('charset: some characters could not be decoded');
  if (joined.length <= TEXT_MAX) return { text: joined, cids };
  warnings.push('text-cut: the text is longer than 1 MB and was cut');
  return { text: joined.slice(0, TEXT_MAX).toWellFormed(), cids };
}

/**
 * The text nodes to show, in order: of multipart/alternative (RFC 2046 section 5.1.4) the plain part when something
 * is written in it, else the HTML; of everything else all.
 */
function chosenTexts(tree: TextNode | null): TextNode[] {
  const chosen: TextNode[] = [];
  const work = tree === null ? [] : [tree];
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    if (node.text !== null && (node.contentType === 'text/plain' || node.contentType === 'text/html'))
      chosen.push(node);
    const alternatives = node.contentType === 'multipart/alternative';
    const plain = alternatives ? node.children.find((child) => isWritten(child, 'text/plain')) : undefined;
    const html = alternatives ? node.children.find((child) => holds(child, 'text/html')) : undefined;
    const next = plain ?? html;
    work.push(...(next === undefined ? [...node.children].reverse() : [next]));
  }
  return chosen;
}

const isWritten = (node: TextNode, contentType: string): boolean =>
  node.contentType === contentType && (node.text ?? '').trim() !== '';

function holds(top: TextNode, contentType: string): boolean {
  const work = [top];
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    if (isWritten(node, contentType)) return true;
    for (const child of node.children) work.push(child);
  }
  return false;
}

function toAttachment(file: PartFile, cids: ReadonlySet<string>): Attachment {
  return {
    filename: safeFilename(file.filename),
    contentType: contentTypeOf(file),
    size: file.size,
    inline: file.contentId !== null && (file.related || cids.has(file.contentId)),
  };
}

const contentTypeOf = (file: PartFile): string =>
  /^[a-z0-9!#$&^_.+-]{1,127}\/[a-z0-9!#$&^_.+-]{1,127}/.exec(file.contentType.toLowerCase())?.[0] ??
  'application/octet-stream';

/** The last component alone, without control and direction characters; a name is shown, never used as a path. */
function safeFilename(name: string | null): string | null {
  if (name === null) return null;
  const plain = withoutControls(cleanText(name.slice(-2_000)));
  const base = plain
    .slice(Math.max(plain.lastIndexOf('/'), plain.lastIndexOf('\\')) + 1)
    .trim()
    .slice(-FILENAME_MAX);
  return base === '' || base === '.' || base === '..' ? null : base;
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
