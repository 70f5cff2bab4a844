/** Mails made by the rules of RFC 5322 and MIME, and by how these rules are broken. */
import { Buffer } from 'node:buffer';
import type { Chance } from '../year/chance.ts';
import {
  Breaking,
  CommandWords,
  FieldNames,
  HeaderWords,
  HtmlWords,
  MimeWords,
  QuoteWords,
} from './words.ts';

const times = <T>(chance: Chance, max: number, make: () => T): T[] =>
  Array.from({ length: Math.floor(chance.next() * (max + 1)) }, make);

const Charsets = [
  'utf-8',
  'iso-8859-1',
  'windows-1252',
  'gb18030',
  'iso-2022-jp',
  'utf-16',
  'utf-7',
  'x-none',
  '',
];
const Encodings = ['7bit', '8bit', 'base64', 'quoted-printable', 'binary', 'x-uuencode', 'BASE64 ', ''];
const Containers = ['mixed', 'alternative', 'related', 'report', 'signed', 'digest', 'encrypted'];
const Leaves = [
  ...[
    'text/plain',
    'text/plain',
    'text/html',
    'text/html',
    'text/calendar',
    'image/png',
    'application/ms-tnef',
  ],
  ...[
    'application/pkcs7-mime',
    'message/rfc822',
    'message/delivery-status',
    'text/rfc822-headers',
    'text',
    '/',
  ],
];
const NESTING_MAX = 5;

/** A whole mail. */
export function makeMail(chance: Chance): Buffer {
  const end = chance.happens(0.8) ? '\r\n' : chance.pick(['\n', '\r', '\r\n']);
  const text = `${makeHeader(chance)}${part(chance, 0)}`;
  return Buffer.from(text.replaceAll('\n', end), chance.happens(0.85) ? 'utf8' : 'latin1');
}

/** Header fields, each ended; lines end in LF. */
export function makeHeader(chance: Chance): string {
  const usual = [
    'From: =?utf-8?q?Mar=C3=ADa?= <maria@x.example>',
    'To: Elm <office@elm.example>',
    'Subject: Re: [#1042] leak',
    'Message-ID: <1@x.example>',
    'Date: Mon, 23 Nov 2026 10:00:00 +0100',
    'MIME-Version: 1.0',
  ].filter(() => chance.happens(0.9));
  const odd = times(chance, 6, () => field(chance));
  const all = [...usual, ...odd];
  if (chance.happens(0.3)) all.sort(() => chance.next() - 0.5);
  return all.map((line) => `${line}\n`).join('');
}

function field(chance: Chance): string {
  const name = chance.pick(FieldNames);
  const words = times(chance, 5, () => chance.pick(chance.happens(0.8) ? HeaderWords : Breaking));
  const colon = chance.happens(0.95) ? ': ' : chance.pick([':', ' : ', '', ':\n ']);
  return `${name}${colon}${words.join(chance.pick([' ', '', '\n ', ', ']))}`;
}

/** The header and body of a part. */
function part(chance: Chance, depth: number): string {
  return depth < NESTING_MAX && chance.happens(depth === 0 ? 0.6 : 0.4)
    ? container(chance, depth)
    : leaf(chance, depth);
}

function container(chance: Chance, depth: number): string {
  const boundary = chance.pick(['b', `b${depth}`, 'b c', '=_x', 'b--', "'()+_,-./:=?", '']);
  const named = chance.happens(0.9) ? `; boundary="${boundary}"` : '';
  const parts = times(chance, 4, () => `--${boundary}\n${part(chance, depth + 1)}\n`);
  const close = chance.happens(0.85) ? `--${boundary}--\n` : '';
  return `Content-Type: multipart/${chance.pick(Containers)}${named}\n\n${parts.join('')}${close}`;
}

function leaf(chance: Chance, depth: number): string {
  const type = chance.pick(Leaves);
  const encoding = chance.pick(Encodings);
  const head = [
    `Content-Type: ${type}; charset=${chance.pick(Charsets)}${chance.happens(0.2) ? `; ${chance.pick(MimeWords)}` : ''}`,
    `Content-Transfer-Encoding: ${encoding}`,
    ...(chance.happens(0.2) ? ['Content-Disposition: attachment; filename="../a\u202e.pdf"'] : []),
    ...(chance.happens(0.1) ? ['Content-ID: <i@x>'] : []),
  ].filter(() => chance.happens(0.9));
  return `${head.join('\n')}\n\n${encoded(body(chance, type, depth), encoding.trim().toLowerCase())}`;
}

function body(chance: Chance, type: string, depth: number): string {
  if (type === 'text/html') return makeHtml(chance);
  if (type === 'text/calendar') return makeCalendar(chance);
  if (type === 'message/rfc822' && depth < NESTING_MAX) return makeHeader(chance) + part(chance, depth + 1);
  if (type === 'message/delivery-status') return makeReport(chance);
  return makeText(chance);
}

function encoded(text: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\n');
  if (encoding !== 'quoted-printable') return text;
  return Array.from(Buffer.from(text), (byte) =>
    byte > 126 || byte === 61
      ? `=${byte.toString(16).toUpperCase().padStart(2, '0')}`
      : String.fromCharCode(byte),
  ).join('');
}

/** What a member might write, with quotes and a signature around it. */
export function makeText(chance: Chance): string {
  const lines = times(chance, 12, () => {
    const kind = chance.next();
    if (kind < 0.4) return makeLine(chance);
    if (kind < 0.6) return `> ${makeLine(chance)}`;
    if (kind < 0.9) return chance.pick(QuoteWords);
    return chance.pick(Breaking);
  });
  return `${lines.join('\n')}\n`;
}

/** Words of orders, and others. */
export const makeLine = (chance: Chance): string =>
  times(chance, 5, () => chance.pick(chance.happens(0.85) ? CommandWords : Breaking)).join(
    chance.happens(0.8) ? ' ' : chance.pick(['', ', ', ': ']),
  );

/** Elements inside of each other, closed or not. */
export const makeHtml = (chance: Chance): string =>
  times(chance, 30, () => {
    const kind = chance.next();
    if (kind < 0.6) return chance.pick(HtmlWords);
    if (kind < 0.9) return makeLine(chance);
    return chance.pick(QuoteWords);
  }).join('');

export function makeCalendar(chance: Chance): string {
  const lines = times(chance, 10, () =>
    chance.pick([
      ...[
        'BEGIN:VEVENT',
        'END:VEVENT',
        'SUMMARY:s\\, t',
        'DTSTART;TZID=Europe/Berlin:20261126T100000',
        'DURATION:PT1H',
      ],
      ...[
        'RRULE:FREQ=SECONDLY;COUNT=99999999',
        'RRULE:FREQ=WEEKLY;BYDAY=MO',
        'EXDATE:20261126T100000',
        'BEGIN:VTIMEZONE',
      ],
      ...[
        'TZID:Europe/Berlin',
        'END:VTIMEZONE',
        'ATTENDEE;CN="a:b":mailto:a@x',
        ' folded',
        'ORGANIZER:mailto:o@x',
      ],
      ...[
        'DTEND:20261126',
        'DTSTART:99999999T999999Z',
        'RECURRENCE-ID:20261126',
        'STATUS:CANCELLED',
        'METHOD:CANCEL',
      ],
    ]),
  );
  return ['BEGIN:VCALENDAR', 'METHOD:REQUEST', 'BEGIN:VEVENT', ...lines, 'END:VEVENT', 'END:VCALENDAR'].join(
    '\n',
  );
}

function makeReport(chance: Chance): string {
  const block = () =>
    times(chance, 5, () =>
      chance.pick([
        ...[
          'Final-Recipient: rfc822; a@x.example',
          'Action: failed',
          'Status: 5.1.1',
          'Diagnostic-Code: smtp; 550 5.1.1 no',
        ],
        ...[
          'Original-Recipient: rfc822;<b@x>',
          'Action: delayed',
          'Status: 4.2.2',
          'Reporting-MTA: dns; x',
          'Remote-MTA: dns;',
        ],
      ]),
    ).join('\n');
  return times(chance, 4, block).join('\n\n');
}
