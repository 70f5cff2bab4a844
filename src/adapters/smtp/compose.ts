/**
 * Turns a rendered notice into the bytes of one RFC 5322 mail.
 *
 * Promises: exactly the header fields asked for and MIME's own, whatever stands in names, subjects and values; the same
 * input gives the same bytes, so that a repeated send is a copy and not a second mail; no line is too long for SMTP.
 */
import { hash } from 'node:crypto';
import type { MailToCompose, OutgoingAttachment } from '../../app/ports/mail-composer.ts';
import { parseStrictAddress } from '../../domain/address.ts';
import { toDate } from '../../domain/instant.ts';
import type { Address } from '../../domain/message.ts';
import { addressField, fileFields, plainField, textField } from './header-fields.ts';
import { base64, isSevenBit, quotedPrintable } from './transfer-encodings.ts';

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
  const { fields, content } = bodyOf(input);
  return Buffer.from(written({ fields: [...headOf(input), ...fields], content }), 'latin1');
}

function headOf(input: MailToCompose): string[] {
  const references = referenceIds(input.references);
  const inReplyTo = input.inReplyTo === null ? null : idOrNull(input.inReplyTo);
  return [
    ...Object.entries(input.headers).map(furtherField),
    addressField('From', [person(input.from)]),
    addressField('To', [person(input.to)]),
    ...(input.cc === undefined || input.cc.length === 0 ? [] : [addressField('Cc', input.cc.map(person))]),
    ...(input.replyTo === null ? [] : [addressField('Reply-To', [person(input.replyTo)])]),
    ...(inReplyTo === null ? [] : [plainField('In-Reply-To', inReplyTo)]),
    ...(references.length === 0 ? [] : [plainField('References', references.join(' '))]),
    textField('Subject', headerText(input.subject, SUBJECT_MAX)),
    plainField('Message-ID', required(idOrNull(input.messageId), 'Message-ID', input.messageId)),
    plainField('Date', toDate(input.date).toUTCString().replace('GMT', '+0000')),
    'MIME-Version: 1.0',
  ];
}

/** A part of a mail: its own fields, and what they announce. */
type Part = { readonly fields: readonly string[]; readonly content: string };

function bodyOf(input: MailToCompose): Part {
  // Never empty, since some programs show a mail without text as one that got lost.
  const text = textPart('plain', bodyText(input.text) || '\r\n');
  const words =
    input.html === null
      ? text
      : multipart('alternative', input, [text, textPart('html', bodyText(input.html))]);
  const files = (input.attachments ?? []).map(filePart);
  return files.length === 0 ? words : multipart('mixed', input, [words, ...files]);
}

const textPart = (type: 'plain' | 'html', text: string): Part => ({
  fields: [`Content-Type: text/${type}; charset=utf-8`, 'Content-Transfer-Encoding: quoted-printable'],
  content: quotedPrintable(text),
});

/**
 * Neither quoted-printable nor base64 can hold `=_` (RFC 2045, section 6.7), so no content holds a boundary; and those
 * of two mails differ, one of which may stand within the other.
 */
function multipart(
  type: 'alternative' | 'mixed',
  { messageId }: MailToCompose,
  parts: readonly Part[],
): Part {
  const boundary = `=_${type}_${hash('sha256', messageId).slice(0, 24)}`;
  return {
    fields: [`Content-Type: multipart/${type};\r\n boundary="${boundary}"`],
    content: [...parts.map((part) => `--${boundary}\r\n${written(part)}`), `--${boundary}--\r\n`].join(
      '\r\n',
    ),
  };
}

const written = ({ fields, content }: Part): string => [...fields, '', content].join('\r\n');

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

function person(address: Address): Address {
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

function furtherField([key, value]: [string, string]): string {
  if (!FIELD_NAME.test(key) || OURS.test(key))
    throw new TypeError(`header field ${JSON.stringify(key)} is not free to set`);
  return textField(key, headerText(value, VALUE_MAX));
}

function filePart({ filename, contentType, content }: OutgoingAttachment): Part {
  const name = headerText(filename, NAME_MAX).replace(/[\\/]/g, '_') || 'attachment';
  const known = CONTENT_TYPE.test(contentType) ? contentType : OPAQUE;
  const isMail = /^(?:message|multipart)\//i.test(known);
  // RFC 2046, section 5.2.1: a mail within a mail may not be encoded.
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const isAsItIs = isMail && /^message\/rfc822$/i.test(known) && isSevenBit(bytes);
  return {
    fields: [
      ...fileFields(isMail && !isAsItIs ? OPAQUE : known, name),
      `Content-Transfer-Encoding: ${isAsItIs ? '7bit' : 'base64'}`,
    ],
    content: isAsItIs ? bytes.toString('latin1') : base64(bytes),
  };
}

const OPAQUE = 'application/octet-stream';

/** NUL is the one character no mail may hold (RFC 5322 section 4); line ends become CRLF. */
function bodyText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll('\0', '')
    .replace(/\r\n|\r|\n/g, '\r\n');
}

function required(id: string | null, what: string, given: string): string {
  if (id === null) throw new TypeError(`${what} ${JSON.stringify(given)} may not be written`);
  return id;
}
