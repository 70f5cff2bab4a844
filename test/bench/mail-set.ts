/**
 * The mails that are measured with, the same in every run: each from a sender who never wrote before, a quarter with
 * an attachment of 60 kB, 25 kB in the mean.
 */
import { chanceOf } from '../../src/domain/learning/chance.ts';

export const ATTACHMENT_BYTES = 60_000;
const WITH_ATTACHMENT_EVERY = 4;
/** With the attachments' share of base64 it makes the mean 25 kB. */
const TEXT_MIN = 1_500;
const TEXT_SPREAD = 4_400;

const WORDS = (
  'the a tap water kitchen drips since Monday please could you send somebody key door heating radiator cold window ' +
  'lease invoice paid twice parking neighbour noise stairs light broken again thank kindly regards apartment floor'
).split(' ');

/** Found again in the subject of whatever is sent about this mail. */
export const markOf = (number: number): string => `bm${String(number).padStart(7, '0')}`;

export const numberOf = (text: string): number | null => {
  const found = /bm(\d{7})/.exec(text)?.[1];
  return found === undefined ? null : Number(found);
};

export function mailNumber(number: number, to: string): Buffer {
  const random = chanceOf(number + 1);
  const text = prose(random, TEXT_MIN + Math.floor(random() * TEXT_SPREAD));
  const head = [
    `Return-Path: <customer-${number}@sender-${number % 97}.example>`,
    `Delivered-To: ${to}`,
    `Received: from mx.sender-${number % 97}.example (mx.sender-${number % 97}.example [192.0.2.7])`,
    `\tby mail.elm.example (Postfix) with ESMTPS id ${number.toString(36)}; Mon, 2 Mar 2026 09:00:00 +0000`,
    `From: Customer ${number} <customer-${number}@sender-${number % 97}.example>`,
    `To: Elm <${to}>`,
    `Subject: About ${markOf(number)} in the kitchen`,
    'Date: Mon, 2 Mar 2026 09:00:00 +0000',
    `Message-ID: <bench-${number}@sender-${number % 97}.example>`,
    'MIME-Version: 1.0',
  ];
  const part = ['Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: 7bit', '', text];
  if (number % WITH_ATTACHMENT_EVERY !== 0) return bytes([...head, ...part, '']);
  const file = Buffer.alloc(ATTACHMENT_BYTES, 0);
  for (let at = 0; at < file.length; at += 4) file.writeUInt32LE((random() * 2 ** 32) >>> 0, at);
  const boundary = `----=_bench_${number}`;
  return bytes([
    ...head,
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    ...part,
    `--${boundary}`,
    'Content-Type: image/jpeg; name="kitchen.jpg"',
    'Content-Disposition: attachment; filename="kitchen.jpg"',
    'Content-Transfer-Encoding: base64',
    '',
    ...(file.toString('base64').match(/.{1,76}/g) ?? []),
    `--${boundary}--`,
    '',
  ]);
}

function prose(random: () => number, length: number): string {
  const lines: string[] = [];
  for (let size = 0; size < length; ) {
    let line = '';
    while (line.length < 64) line += `${WORDS[Math.floor(random() * WORDS.length)]} `;
    lines.push(line.trimEnd());
    size += line.length + 2;
  }
  return lines.join('\r\n');
}

const bytes = (lines: readonly string[]): Buffer => Buffer.from(lines.join('\r\n'));
