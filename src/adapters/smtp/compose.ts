/**
 * Turns a rendered notice into the bytes of one RFC 5322 mail.
 *
 * Promises: exactly the header fields asked for and MIME's own, whatever stands in names, subjects and values; the same
 * input gives the same bytes, so that a repeated send is a copy and not a second mail; no line is too long for SMTP.
 */
import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import type { MailToCompose, OutgoingAttachment } from '../../app/ports/mail-composer.ts';
import { parseStrictAddress } from '../../domain/address.ts';
import { toDate } from '../../domain/instant.ts';
import type { Address } from '../../domain/message.ts';

/** Words that cannot be folded must stay well within the 998 octets of RFC 5322 section 2.1.1. */
const NAME_MAX = 100;
const SUBJECT_MAX = 250;
const VALUE_MAX = 800;
const ID_MAX = 300;
const REFERENCES_MAX = 20;
const FIELD_NAME = /^[A-Za-z][A-Za-z0-9-]{0,60}$/;
const OURS =
  /^(from|sender|to|cc|bcc|reply-to|subject|message-id|in-reply-to|references|date|mime-version|content-.*|resent-.*|return-path|received|dkim-signature|x-mailer)$/i;
const CONTENT_TYPE = /^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,60}\/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,60}$/;

/** Throws TypeError for an address, Message-ID or field name that may never be written: those are Baton's own, so a bug. */
export async function composeMail(input: MailToCompose): Promise<Uint8Array> {
  const references = referenceIds(input.references);
  const inReplyTo = input.inReplyTo === null ? null : idOrNull(input.inReplyTo);
  const composer = new MailComposer({
    from: person(input.from),
    to: person(input.to),
    ...(input.cc === undefined || input.cc.length === 0 ? {} : { cc: input.cc.map(person) }),
    ...(input.replyTo === null ? {} : { replyTo: person(input.replyTo) }),
    subject: headerText(input.subject, SUBJECT_MAX),
    messageId: required(idOrNull(input.messageId), 'Message-ID', input.messageId),
    ...(inReplyTo === null ? {} : { inReplyTo }),
    ...(references.length === 0 ? {} : { references: references.join(' ') }),
    date: toDate(input.date),
    headers: furtherFields(input.headers),
    // Never empty, or nodemailer would leave out the part that everybody can read.
    text: bodyText(input.text) || '\r\n',
    ...(input.html === null ? {} : { html: bodyText(input.html) }),
    attachments: (input.attachments ?? []).map(attachment),
    encoding: 'quoted-printable',
    textEncoding: 'quoted-printable',
    newline: '\r\n',
    baseBoundary: boundaryOf(input),
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return await composer.compile().build();
}

/** One line of well-formed text without control, line-separating or direction-changing characters. */
export function headerText(text: string, max: number): string {
  const flat = text
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .replace(/[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g, '')
    // What looks like an encoded word (RFC 2047) would be decoded by the reader's program into anything at all.
    .replaceAll('=?', '= ?')
    .trim();
  const points = [...flat.slice(0, 2 * (max + 1))];
  return points.length <= max ? points.join('') : `${points.slice(0, max - 1).join('')}…`;
}

function person(address: Address): { name: string; address: string } {
  if (parseStrictAddress(address.address) === null)
    throw new TypeError('an address that may not be written reached the composer');
  return { name: headerText(address.name, NAME_MAX), address: address.address };
}

function idOrNull(id: string): string | null {
  const bare = id.trim().replace(/^<|>$/g, '');
  return bare.length <= ID_MAX && /^[\x21-\x3b\x3d\x3f-\x7e]+$/.test(bare) ? `<${bare}>` : null;
}

/** The first says where the thread began, the last ones where it is: what RFC 5322 section 3.6.4 lets one shorten. */
function referenceIds(ids: readonly string[]): string[] {
  const usable = ids.map(idOrNull).filter((id) => id !== null);
  if (usable.length <= REFERENCES_MAX) return usable;
  return [...usable.slice(0, 1), ...usable.slice(1 - REFERENCES_MAX)];
}

function furtherFields(headers: Readonly<Record<string, string>>): { key: string; value: string }[] {
  return Object.entries(headers).map(([key, value]) => {
    if (!FIELD_NAME.test(key) || OURS.test(key))
      throw new TypeError(`header field ${JSON.stringify(key)} is not free to set`);
    return { key, value: headerText(value, VALUE_MAX) };
  });
}

function attachment({ filename, contentType, content }: OutgoingAttachment) {
  return {
    filename: headerText(filename, NAME_MAX).replace(/[\\/]/g, '_') || 'attachment',
    contentType: CONTENT_TYPE.test(contentType) ? contentType : 'application/octet-stream',
    content: Buffer.from(content),
    contentDisposition: 'attachment',
  };
}

/** NUL is the one character no mail may hold (RFC 5322 section 4); line ends become CRLF. */
function bodyText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\0', '')
    .replace(/\r\n|\r|\n/g, '\r\n');
}

/** From everything that will stand between the boundaries, so that no text can hold its own boundary. */
function boundaryOf(input: MailToCompose): string {
  const hash = createHash('sha256');
  for (const part of [input.messageId, input.subject, input.text, input.html ?? ''])
    hash.update(`${part.length}:${part}`);
  for (const { filename, content } of input.attachments ?? [])
    hash.update(`${filename.length}:${filename}`).update(content);
  return hash.digest('hex').slice(0, 32);
}

function required(id: string | null, what: string, given: string): string {
  if (id === null) throw new TypeError(`${what} ${JSON.stringify(given)} may not be written`);
  return id;
}
