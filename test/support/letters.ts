/**
 * Mails as people and machines write them, as raw bytes: a letter, an answer that quotes what it answers the way
 * Gmail does, an out-of-office. What mail systems report is in reports.ts.
 */
import type { Instant } from '../../src/domain/instant.ts';
import { toDate } from '../../src/domain/instant.ts';
import type { Mail } from '../../src/domain/message.ts';

export type Letter = {
  /** `maria@example.com` or `Maria Lopez <maria@example.com>`. */
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly date: Instant;
  /** Without angle brackets, as everywhere. */
  readonly messageId: string;
  readonly answers?: { readonly messageId: string | null; readonly references: readonly string[] } | null;
  readonly headers?: readonly string[];
  /** File names; the content is made up. */
  readonly attachments?: readonly string[];
  /** The envelope sender as the receiving server notes it; the From address unless given. */
  readonly returnPath?: string;
};

export function writeLetter(letter: Letter): Uint8Array {
  const { answers, attachments = [] } = letter;
  const references = [...(answers?.references ?? []), ...(answers?.messageId ? [answers.messageId] : [])];
  const head = [
    `Return-Path: <${letter.returnPath ?? addressOf(letter.from)}>`,
    `From: ${letter.from}`,
    `To: ${letter.to.join(', ')}`,
    `Subject: ${encoded(letter.subject)}`,
    `Date: ${mailDate(letter.date)}`,
    `Message-ID: <${letter.messageId}>`,
    ...(answers?.messageId ? [`In-Reply-To: <${answers.messageId}>`] : []),
    ...(references.length === 0 ? [] : [`References: ${references.map((id) => `<${id}>`).join(' ')}`]),
    ...(letter.headers ?? []),
    'MIME-Version: 1.0',
  ];
  return bytes(attachments.length === 0 ? plain(head, letter.text) : mixed(head, letter.text, attachments));
}

const TEXT = ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 8bit', ''];

const plain = (head: readonly string[], text: string): string[] => [...head, ...TEXT, text, ''];

const TYPES: Readonly<Record<string, string>> = { '.pdf': 'application/pdf', '.eml': 'message/rfc822' };

function mixed(head: readonly string[], text: string, files: readonly string[]): string[] {
  const parts = files.flatMap((name) => [
    '--part',
    `Content-Type: ${TYPES[name.slice(-4)] ?? 'image/jpeg'}; name="${name}"`,
    `Content-Disposition: attachment; filename="${name}"`,
    'Content-Transfer-Encoding: base64',
    '',
    Buffer.from(`what is in ${name}`).toString('base64'),
  ]);
  const type = 'Content-Type: multipart/mixed; boundary="part"';
  return [...head, type, '', '--part', ...TEXT, text, ...parts, '--part--', ''];
}

const DAY_NAME = new Intl.DateTimeFormat('en-US', {
  weekday: 'short',
  month: 'short',
  day: 'numeric',
  year: 'numeric',
});
const CLOCK_TIME = new Intl.DateTimeFormat('en-US', { hour: 'numeric', minute: '2-digit' });

/** What somebody wrote, and under it the mail that they answer. */
export function withQuote(text: string, quoted: Mail, date: Instant): string {
  const { name, address } = quoted.replyTo[0] ?? quoted.from[0] ?? { name: '', address: '' };
  const [when, time] = [DAY_NAME.format(toDate(date)), CLOCK_TIME.format(toDate(date))];
  const lines = quoted.text.trimEnd().split('\n');
  const marked = lines.map((line) => (line === '' ? '>' : `> ${line}`));
  return [text, '', `On ${when} at ${time} ${name} <${address}> wrote:`, '', ...marked].join('\n');
}

export const addressOf = (person: string): string => /<([^<>]*)>\s*$/.exec(person)?.[1] ?? person.trim();

const encoded = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`;

const mailDate = (at: Instant): string => toDate(at).toUTCString().replace('GMT', '+0000');

const bytes = (lines: readonly string[]): Uint8Array =>
  Buffer.from(lines.join('\n').replace(/\r?\n/g, '\r\n'));
