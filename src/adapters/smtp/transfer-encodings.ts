/** Bodies as they travel: quoted-printable for texts, base64 for files (RFC 2045, sections 6.7 and 6.8). */
import { encode as toBase64, wrap as wrapBase64 } from 'nodemailer/lib/base64';
import { encode as toQuotedPrintable, wrap as wrapQuotedPrintable } from 'nodemailer/lib/qp';

/** Line ends of `text` are CRLF. */
export const quotedPrintable = (text: string): string => wrapQuotedPrintable(toQuotedPrintable(text));

export const base64 = (content: Buffer): string => wrapBase64(toBase64(content));

/**
 * Whether it can travel as it is: ASCII in lines of at most 998 octets that end in CRLF (RFC 5322, section 2.1.1).
 * Not nodemailer's isPlainText, which refuses the escapes of ISO-2022-JP, all of them seven bits (RFC 1468).
 */
export const isSevenBit = (content: Buffer): boolean =>
  !/[^\x01-\x7f]|\r(?!\n)|(?<!\r)\n|^[^\r\n]{999}/m.test(content.toString('latin1'));
