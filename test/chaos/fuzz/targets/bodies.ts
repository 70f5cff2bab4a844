/** What bodies are decoded from: HTML, charsets, transfer encodings, calendars, and files inside of files. */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { readAmazonNotice } from '../../../../src/adapters/mime/bounces/amazon-notice.ts';
import { outcomeOf, readNotice } from '../../../../src/adapters/mime/bounces/notice-text.ts';
import {
  messageIdIn,
  readReturnedHeader,
  readReturnedText,
} from '../../../../src/adapters/mime/bounces/returned-mail.ts';
import { RECIPIENTS_MAX, readStatusFields } from '../../../../src/adapters/mime/bounces/status-fields.ts';
import { summariseCalendar } from '../../../../src/adapters/mime/calendar-summary.ts';
import { decodeBytes } from '../../../../src/adapters/mime/charset.ts';
import { cleanText } from '../../../../src/adapters/mime/clean-text.ts';
import { unflow } from '../../../../src/adapters/mime/flowed-text.ts';
import { stripHtml, textFromHtml } from '../../../../src/adapters/mime/html-text.ts';
import { takeInlineFiles } from '../../../../src/adapters/mime/inline-files.ts';
import {
  decodeQuotedPrintable,
  quotedPrintableDecoder,
} from '../../../../src/adapters/mime/quoted-printable.ts';
import { DefaultReadLimits } from '../../../../src/adapters/mime/read-limits.ts';
import { decompressRtf, textOfRtf } from '../../../../src/adapters/mime/rtf-text.ts';
import { readEnvelope } from '../../../../src/adapters/mime/signed-content.ts';
import { readTnef } from '../../../../src/adapters/mime/tnef.ts';
import { wouldAct } from '../../../../src/domain/command/parse.ts';
import { FailureReasons, failureReason, sharedEvidence } from '../../../../src/domain/delivery-failure.ts';
import { failureOfAnswer } from '../../../../src/domain/lost-mail.ts';
import { signedBlock, tnefOf, unicode } from '../../../support/containers.ts';
import { seedBodies, seedParts } from '../corpora.ts';
import { makeCalendar, makeHtml, makeText } from '../mails.ts';
import type { Target } from '../target.ts';
import { Breaking, HeaderWords, HtmlWords, MimeWords } from '../words.ts';

const HIDDEN = 'accept7hidden';

export const htmlText: Target = {
  name: 'html-text',
  promise: 'HTML becomes text no longer than it was by much, and what is hidden is not in it',
  lengthMax: 96 * 1024,
  cost: { baseMs: 150, perKilobyteMs: 20 },
  words: [...HtmlWords, ...Breaking],
  seeds: () => seedParts(/content-type:\s*text\/html/i),
  make: (chance) => Buffer.from(makeHtml(chance)),
  check(input) {
    const html = input.toString('utf8');
    const { text } = textFromHtml(html);
    assert(text.length <= html.length * 4 + 10_000, 'the text is many times as long');
    assert(stripHtml(html).length <= html.length * 2 + 1_000, 'the stripped text is longer');
    // Only what closes nothing: a stranger's element may end the hidden one around it, and then it is not hidden.
    const inner = html.slice(0, 4_000).replaceAll('<', '&lt;');
    for (const style of ['display:none', 'DISPLAY : none !important', 'visibility:hidden', 'opacity:0'])
      assert(
        !textFromHtml(`<p>a</p><div style="${style}">${HIDDEN} ${inner}</div><p>b</p>`).text.includes(HIDDEN),
        'what is hidden was read',
      );
  },
};

const LABELS = [
  'utf-8',
  'utf-7',
  'utf-16',
  'utf-16le',
  'utf-32',
  'iso-2022-jp',
  'iso-2022-kr',
  'hz-gb-2312',
  'gb18030',
];

export const encodings: Target = {
  name: 'encodings',
  promise: 'any bytes under any label become well-formed text, and pieces decode as the whole',
  lengthMax: 64 * 1024,
  cost: { baseMs: 80, perKilobyteMs: 6 },
  words: [
    ...MimeWords,
    ...Breaking,
    '\x1b$B',
    '\x1b(B',
    '~{',
    '~}',
    '+AGE-',
    '\x0e',
    '\x0f',
    '=\n',
    '= \n',
    '=0',
    ' \r\n',
  ],
  seeds: seedBodies,
  make: null,
  async check(input) {
    for (const label of [null, ...LABELS, 'big5', 'x-none', input.toString('latin1', 0, 12)]) {
      const { text } = decodeBytes(input, label, 'windows-1251');
      assert(cleanText(text).isWellFormed(), `half a letter came of ${label}`);
      assert(text.length <= input.length * 4 + 16, 'more came out than went in');
    }
    const text = input.toString('utf8');
    for (const flowed of ['yes', 'delsp'] as const)
      assert(unflow(text, flowed).length <= text.length * 2 + 16, 'unfolded text is longer');
    assert.deepEqual(await decodedInPieces(input), decodeQuotedPrintable(input), 'pieces decode otherwise');
  },
};

async function decodedInPieces(input: Buffer): Promise<Buffer> {
  const decoder = quotedPrintableDecoder();
  const out: Buffer[] = [];
  decoder.on('data', (chunk: Buffer) => out.push(chunk));
  const ended = new Promise((resolve) => decoder.once('end', resolve));
  const step = Math.max(1, Math.ceil(input.length / 7));
  for (let at = 0; at < input.length; at += step) decoder.write(input.subarray(at, at + step));
  decoder.end();
  await ended;
  return Buffer.concat(out);
}

export const files: Target = {
  name: 'files',
  promise:
    'winmail.dat, RTF, S/MIME and files within text are opened or left, and no more comes out than fits',
  lengthMax: 64 * 1024,
  cost: { baseMs: 60, perKilobyteMs: 6 },
  words: [
    ...MimeWords,
    ...Breaking,
    '{\\rtf1',
    '\\fromhtml',
    "\\'e4",
    '\\u8364?',
    '\\bin99999 ',
    '{\\*\\',
    '}',
    '0\x80',
    'LZFu',
    'MELA',
  ],
  seeds: () => [
    tnefOf([[0x1000, 0x1f, unicode('body')]], [{ name: 'a.txt', content: Buffer.from('x') }]),
    signedBlock(Buffer.from('\r\nsigned'), true),
    signedBlock(Buffer.from('\r\nsigned'), false),
    Buffer.from("{\\rtf1\\ansi\\fromhtml1 {\\*\\htmltag <p>}a\\'e4\\par b}"),
    Buffer.from(
      'begin 644 hi.txt\n#0V%T\n`\nend\n-----BEGIN PGP MESSAGE-----\nx\n-----END PGP MESSAGE-----\n',
    ),
    ...seedParts(/application\/ms-tnef/i).map((part) => Buffer.from(part.toString('latin1'), 'base64')),
  ],
  make: null,
  check(input) {
    for (const { content } of readTnef(input)?.files ?? [])
      assert(content.length <= input.length, 'a file is larger than what it came in');
    const rtf = decompressRtf(input);
    assert(rtf.length <= input.length * 20 + 1_024, 'more came out than can be in it');
    for (const text of [textOfRtf(rtf), textOfRtf(input.toString('latin1'))])
      assert(text.length <= input.length * 20 + 1_024, 'the text of RTF is many times as long');
    const envelope = readEnvelope(input);
    if (envelope.kind === 'signed')
      assert(envelope.content.length <= input.length, 'what was signed is larger than what it came in');
    takeInlineFiles(input.toString('utf8'), DefaultReadLimits);
  },
};

export const calendar: Target = {
  name: 'calendar',
  promise: 'a summary is short, well-formed, and no order',
  lengthMax: 64 * 1024,
  cost: { baseMs: 150, perKilobyteMs: 20 },
  words: [
    ...Breaking,
    'BEGIN:',
    'END:',
    'VEVENT',
    'VTIMEZONE',
    'SUMMARY:',
    'RRULE:FREQ=SECONDLY',
    ';TZID=',
    'DTSTART',
    'accept',
    ':',
  ],
  seeds: () => seedParts(/content-type:\s*text\/calendar/i),
  make: (chance) => Buffer.from(makeCalendar(chance)),
  check(input) {
    const summary = summariseCalendar(input.toString('utf8'));
    if (summary === null) return;
    assert(summary.isWellFormed(), 'half a letter is in the summary');
    assert(summary.length < 20_000, 'the summary is long');
    assert(!wouldAct(summary), 'an order was read out of a calendar');
  },
};

export const bounces: Target = {
  name: 'bounces',
  promise: 'reports of lost mail are read to a reason on the list, within bounds',
  lengthMax: 64 * 1024,
  cost: { baseMs: 80, perKilobyteMs: 8 },
  words: [
    ...HeaderWords,
    ...Breaking,
    '550 5.1.1 ',
    '452 4.2.2 ',
    'mailbox full',
    'user unknown',
    'smtp;',
    'rfc822;',
    '<<< ',
    '>>> ',
    'DATA',
  ],
  seeds: seedBodies,
  make: (chance) => Buffer.from(makeText(chance)),
  check(input) {
    const text = input.toString('utf8');
    const { told } = readStatusFields(input);
    assert(told.length <= RECIPIENTS_MAX, 'there are more recipients than there may be');
    readNotice(text, ['office@elm.example']);
    outcomeOf(text.slice(0, 300), text);
    readReturnedHeader(input);
    readReturnedText(text);
    readAmazonNotice(text);
    const id = messageIdIn(text);
    assert(id === null || !/[\s<>]/.test(id), 'an id has what no id may have');
    const shared = sharedEvidence(text, true);
    for (const evidence of told)
      assert(failureReason(evidence, shared) in FailureReasons, 'a reason that is not on the list');
    failureOfAnswer(text);
  },
};
