/** An address is found in a mail however it is encoded, in linear time, and is taken out of words without harming them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { needle, rawSpeaksOf, speaksOf, withoutMentions } from '../../src/domain/mentions.ts';

const ANN = 'ann.quill@tenant.example';

const base64 = (text: string): string => Buffer.from(text).toString('base64').replace(/.{76}/g, '$&\r\n');
const quotedPrintable = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte, at) => `=${byte.toString(16).padStart(2, '0').toUpperCase()}${at % 20 === 19 ? '=\r\n' : ''}`)
    .join('');

/** Each hides a text as some mail or other does; together they are how a mail in a mail hides it. */
const disguises: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  'in capitals': (text) => text.toUpperCase(),
  'in base64': base64,
  'in quoted-printable': quotedPrintable,
  'in an encoded word': (text) => `Subject: =?utf-8?B?${Buffer.from(text).toString('base64')}?=`,
  'in two encoded words': (text) =>
    `From: =?utf-8?Q?${quotedPrintable(text.slice(0, 9)).replaceAll('=\r\n', '')}?=\r\n =?utf-8?Q?${quotedPrintable(text.slice(9)).replaceAll('=\r\n', '')}?=`,
  'in UTF-16': (text) => Buffer.from(text, 'utf16le').toString('latin1'),
  'in character references': (text) => [...text].map((letter) => `&#${letter.codePointAt(0)};`).join(''),
  'in a link': (text) => `<a href="mailto:${encodeURIComponent(text)}">write</a>`,
};
const nesting: Readonly<Record<string, (text: string) => string>> = {
  'in a mail as a file': (text) =>
    base64(`Content-Type: message/rfc822\r\n\r\n${'padding and more\r\n'.repeat(3)}${text}`),
  'in quoted-printable HTML': (text) => quotedPrintable(`<p>${text}</p>`),
};

const mailWith = (part: string): Buffer =>
  Buffer.from(
    `From: otto@brick.example\r\nSubject: Cold\r\n\r\nHello,\r\n\r\n${part}\r\n\r\nbye\r\n`,
    'latin1',
  );

describe('an address in raw bytes', () => {
  for (const [how, hide] of Object.entries(disguises)) {
    test(`is found ${how}`, () => {
      expect(rawSpeaksOf(mailWith(hide(ANN)), [ANN])).toBe(true);
      expect(rawSpeaksOf(mailWith(hide('joann.quill@tenant.example')), [ANN])).toBe(false);
    });
  }

  test('is found in an encoding within another, among any other words', () => {
    const ways = fc.tuple(
      fc.constantFrom('as it is', 'in base64', 'in quoted-printable', 'in character references'),
      fc.constantFrom(...Object.keys(nesting)),
      fc.lorem(),
    );
    fc.assert(
      fc.property(ways, ([inner, outer, words]) => {
        const part = nesting[outer]?.(`${words}\r\n\r\n${disguises[inner]?.(ANN)}\r\n\r\n${words}`) ?? '';
        expect(rawSpeaksOf(mailWith(part), [ANN])).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  test('is found as a list writes it into its return path', () => {
    const raw = 'Return-Path: <bounces+12-ann.quill=tenant.example@list.example>\r\n\r\nx';
    expect(rawSpeaksOf(Buffer.from(raw), ['ann.quill=tenant.example'])).toBe(true);
  });

  test('is looked for in linear time, whatever the bytes', () => {
    const kilobytes = 256;
    const hostile = [
      '=',
      '=?',
      '=?a?q?',
      '&#',
      '%4',
      'A',
      ' >',
      'ann.',
      '\0',
      'ann.quill@tenant.exampl',
      '=\r\n',
    ];
    for (const piece of hostile) {
      const raw = Buffer.from(piece.repeat((kilobytes * 1024) / piece.length));
      const began = performance.now();
      expect(rawSpeaksOf(raw, [ANN])).toBe(false);
      expect(performance.now() - began, piece).toBeLessThan(2_000);
    }
  });
});

describe('words without somebody', () => {
  test('lose the address and the name beside it, and keep everything else', () => {
    const mail = {
      to: [{ name: 'Ann Quill', address: 'Ann.Quill@tenant.example' }],
      cc: [{ name: 'Otto', address: 'otto@brick.example' }],
      text: `Ask ${ANN}, or joann.quill@tenant.example.\n`,
      size: 3,
      none: null,
    };
    expect(withoutMentions(mail, [ANN])).toEqual({
      to: [{ name: 'erased', address: 'erased' }],
      cc: [{ name: 'Otto', address: 'otto@brick.example' }],
      text: 'Ask erased, or joann.quill@tenant.example.\n',
      size: 3,
      none: null,
    });
  });

  test('are gone whole where a line break or an entity splits the address', () => {
    expect(withoutMentions('Dear Ann\n> Quill, hello', ['ann quill'])).toBe('erased');
    expect(withoutMentions('ann.quill&#64;tenant.example', [ANN])).toBe('erased');
  });

  test('never speak of them afterwards, and are left alone when they did not before', () => {
    const texts = fc.array(
      fc.oneof(fc.constantFrom(ANN, ANN.toUpperCase(), 'Ann Quill', '\n', ' ', '>', '.'), fc.string()),
    );
    fc.assert(
      fc.property(texts, (parts) => {
        const text = parts.join('');
        const clean = withoutMentions(text, [ANN, needle('Ann Quill')]);
        expect(speaksOf(clean, [ANN, 'ann quill'])).toBe(false);
        if (!speaksOf(text, [ANN, 'ann quill'])) expect(clean).toBe(text);
      }),
    );
  });
});
