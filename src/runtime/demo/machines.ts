/** Mail that machines write in answer to mail: bounces, out-of-office notes, read receipts. */
import type { Instant } from '../../domain/instant.ts';
import { toDate } from '../../domain/instant.ts';
import type { Mail } from '../../domain/message.ts';
import { type Letter, letterBytes } from './letter.ts';

/** RFC 3464: the receiving server knows nobody of that name. `from` of the returned mail gets it, with a null sender. */
export function bounceOf(returned: Uint8Array, recipient: string, bounceAddress: string, at: Instant) {
  const host = `mx.${recipient.split('@')[1]}`;
  const text = Buffer.from(returned).toString('latin1');
  const header = text.slice(0, text.indexOf('\r\n\r\n'));
  const boundary = 'report-7f3a';
  const raw = [
    `Date: ${toDate(at).toUTCString().replace('GMT', '+0000')}`,
    `From: Mail Delivery System <MAILER-DAEMON@${host}>`,
    `To: ${bounceAddress}`,
    'Subject: Undelivered Mail Returned to Sender',
    `Message-ID: <bounce.${at}@${host}>`,
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=us-ascii',
    '',
    `I'm sorry to have to inform you that your message could not be delivered.`,
    '',
    `<${recipient}>: host ${host} said: 550 5.1.1 User unknown`,
    '',
    `--${boundary}`,
    'Content-Type: message/delivery-status',
    '',
    `Reporting-MTA: dns; ${host}`,
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    'Action: failed',
    'Status: 5.1.1',
    'Diagnostic-Code: smtp; 550 5.1.1 User unknown',
    '',
    `--${boundary}`,
    'Content-Type: text/rfc822-headers',
    '',
    header,
    '',
    `--${boundary}--`,
    '',
  ].join('\r\n');
  return { from: '', to: bounceAddress, raw: Buffer.from(raw, 'latin1') };
}

/** What Exchange and most others send while somebody is away (RFC 3834). */
export function outOfOffice(person: string, mail: Mail, answerTo: string, text: string, at: Instant) {
  const letter: Letter = {
    key: `oof.${at}`,
    from: person,
    to: answerTo,
    subject: `Automatic reply: ${mail.subject}`,
    text,
    headers: { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' },
    answers: { messageId: mail.messageId, references: mail.references },
  };
  return { from: '', to: answerTo, raw: letterBytes(letter, at) };
}

/** RFC 8098, as mail apps send it when their owner allows it. */
export function readReceipt(person: string, mail: Mail, answerTo: string, at: Instant) {
  const boundary = 'receipt-51c0';
  const raw = [
    `Date: ${toDate(at).toUTCString().replace('GMT', '+0000')}`,
    `From: ${person}`,
    `To: ${answerTo}`,
    `Subject: Read: ${mail.subject}`,
    `Message-ID: <read.${at}@mail.example>`,
    `In-Reply-To: <${mail.messageId ?? ''}>`,
    `References: <${mail.messageId ?? ''}>`,
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=disposition-notification; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'Your message was read.',
    '',
    `--${boundary}`,
    'Content-Type: message/disposition-notification',
    '',
    `Original-Message-ID: <${mail.messageId ?? ''}>`,
    'Disposition: manual-action/MDN-sent-manually; displayed',
    '',
    `--${boundary}--`,
    '',
  ].join('\r\n');
  return { from: '', to: answerTo, raw: Buffer.from(raw) };
}
