/** Reports of mail systems about a mail of ours, as raw bytes: it failed, waits, arrived, or was opened. */
import { type Instant, toDate } from '../../src/domain/instant.ts';
import type { Mail } from '../../src/domain/message.ts';

export type Report = {
  /** The mail that it is about. */
  readonly lost: Pick<Mail, 'messageId' | 'subject' | 'from'>;
  /** Where it is sent: the envelope sender of that mail. */
  readonly to: string;
  readonly recipient: string;
  readonly date: Instant;
  /** Without angle brackets, as everywhere. */
  readonly id: string;
  readonly action?: 'failed' | 'delayed' | 'delivered';
  readonly status?: string;
  /** The envelope sender; null as RFC 5321 section 4.5.5 wants it unless given. */
  readonly returnPath?: string;
};

/** RFC 3464, as Postfix writes it. */
export function writeReport(report: Report): Uint8Array {
  const { lost, recipient, action = 'failed', status = '5.1.1' } = report;
  return multipart(report, SUBJECTS[action], 'delivery-status', [
    '--part',
    'Content-Type: text/plain',
    '',
    `<${recipient}>: host mx.example said: ${status}`,
    '--part',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    `Action: ${action}`,
    `Status: ${status}`,
    '',
    '--part',
    'Content-Type: text/rfc822-headers',
    '',
    `From: ${lost.from[0]?.address ?? ''}`,
    `To: ${recipient}`,
    `Subject: ${encoded(lost.subject)}`,
    `Message-ID: <${lost.messageId ?? ''}>`,
    '',
    '--part--',
    '',
  ]);
}

const SUBJECTS = {
  failed: 'Undelivered Mail Returned to Sender',
  delayed: 'Delayed Mail (still being retried)',
  delivered: 'Successful Mail Delivery Report',
} as const;

/** RFC 8098: whoever got it has opened it, and their program says so. */
export function writeOpened(report: Report): Uint8Array {
  const { lost, recipient } = report;
  return multipart(report, 'Read: your mail', 'disposition-notification', [
    '--part',
    'Content-Type: text/plain',
    '',
    'Your mail was displayed.',
    '--part',
    'Content-Type: message/disposition-notification',
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    `Original-Message-ID: <${lost.messageId ?? ''}>`,
    'Disposition: manual-action/MDN-sent-manually; displayed',
    '',
    '--part--',
    '',
  ]);
}

function multipart(report: Report, subject: string, type: string, parts: readonly string[]): Uint8Array {
  const { to, recipient, date, id, returnPath = '' } = report;
  const isOpened = type === 'disposition-notification';
  const lines = [
    `Return-Path: <${returnPath}>`,
    `From: ${isOpened ? recipient : 'MAILER-DAEMON@mx.example (Mail Delivery System)'}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Date: ${toDate(date).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${id}>`,
    ...(isOpened ? [`In-Reply-To: <${report.lost.messageId ?? ''}>`] : ['Auto-Submitted: auto-replied']),
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=${type}; boundary="part"`,
    '',
    ...parts,
  ];
  return Buffer.from(lines.join('\r\n'));
}

const encoded = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;
