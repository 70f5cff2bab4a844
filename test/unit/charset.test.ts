import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeBytes } from '../../src/adapters/mime/charset.ts';
import { unflow } from '../../src/adapters/mime/flowed-text.ts';
import { parseInProcess } from '../../src/adapters/mime/parse-mail.ts';

const bytes = (hex: string) => Buffer.from(hex.replaceAll(' ', ''), 'hex');
const latin = (text: string) => Buffer.from(text, 'latin1');

test.each([
  ['iso-2022-jp', '1b 24 42 46 7c 4b 5c 1b 28 42', '日本'],
  ['iso-2022-jp', '93 fa 96 7b', '日本'],
  ['Shift_JIS', '93 fa 96 7b', '日本'],
  ['cp932', '93 fa 96 7b', '日本'],
  ['EUC-JP', 'c6 fc cb dc', '日本'],
  ['euc-kr', 'c7 d1 b1 b9', '한국'],
  ['ks_c_5601-1987', 'c7 d1 b1 b9', '한국'],
  ['iso-2022-kr', '1b 24 29 43 0e 47 51 31 39 0f', '한국'],
  ['gb2312', 'd6 d0 b9 fa', '中国'],
  ['gb18030', 'd6 d0 b9 fa', '中国'],
  ['hz-gb-2312', '7e 7b 56 50 39 7a 7e 7d', '中国'],
  ['big5', 'a4 a4 b0 ea', '中國'],
  ['koi8-r', 'f0 d2 c9 d7 c5 d4', 'Привет'],
  ['windows-1251', 'cf f0 e8 e2 e5 f2', 'Привет'],
  ['CP1251', 'cf f0 e8 e2 e5 f2', 'Привет'],
  ['iso-8859-5', 'bf e0 d8 d2 d5 e2', 'Привет'],
  ['windows-1250', '9e 6c 75 9d', 'žluť'],
  ['windows-1256', 'e3 d1 cd c8 c7', 'مرحبا'],
  ['iso-8859-8-i', 'f9 ec e5 ed', 'שלום'],
  ['iso-8859-15', 'a4', '€'],
  ['windows-1252', '93 80 94', '“€”'],
  ['utf-7', '47 72 2b 41 50 77 2d 6e', 'Grün'],
  ['utf-16', 'fe ff 00 48 00 e9', 'Hé'],
  ['utf-16le', '48 00 e9 00', 'Hé'],
  ['cp850', '84', 'ä'],
  ['macintosh', '8a', 'ä'],
])('text in %s (%s) is read as what was written', (charset, hex, text) => {
  expect(decodeBytes(bytes(hex), charset)).toEqual({ text, doubt: null });
});

test.each([
  ['UTF-8 under the name of another charset', 'iso-8859-1', '47 72 c3 bc c3 9f 65', 'Grüße'],
  ['UTF-8 without a name', null, '47 72 c3 bc c3 9f 65', 'Grüße'],
  ['UTF-8 under a name that nobody knows', 'x-martian', '47 72 c3 bc c3 9f 65', 'Grüße'],
  ['a byte order mark', 'us-ascii', 'ef bb bf c3 bc', 'ü'],
  ['Latin without a name', null, '47 72 fc df 65', 'Grüße'],
  ['Latin under the name of UTF-8', 'utf-8', '47 72 fc df 65', 'Grüße'],
  ['Latin under the name of ASCII', 'us-ascii', '63 61 66 e9', 'café'],
  ['Cyrillic without a name, Windows', null, 'cf f0 e8 e2 e5 f2', 'Привет'],
  ['Cyrillic without a name, KOI8-R', null, 'f0 d2 c9 d7 c5 d4', 'Привет'],
  ['Japanese of seven bits without a name', null, '1b 24 42 46 7c 4b 5c 1b 28 42', '日本'],
])('text is read as what was written in spite of %s', (_, charset, hex, text) => {
  expect(decodeBytes(bytes(hex), charset)).toMatchObject({ text });
});

test('what names no charset is read in the one that the mail uses elsewhere', () => {
  expect(decodeBytes(bytes('93 fa 96 7b'), null, 'shift_jis').text).toBe('日本');
  expect(decodeBytes(bytes('d6 d0 b9 fa'), 'us-ascii', 'gb2312').text).toBe('中国');
});

test('what could not be told is said: an unknown charset, characters that are none', async () => {
  expect(decodeBytes(bytes('e4'), 'x-martian')).toEqual({ text: 'ä', doubt: 'unknown-charset' });
  expect(decodeBytes(bytes('c3 bc c3 bc c3'), 'utf-8')).toEqual({ text: 'üü\ufffd', doubt: 'undecodable' });
  const mail = await parseInProcess(
    latin('From: a@x\nContent-Type: text/plain; charset=x-martian\n\nGr\xfc\xdfe\n'),
  );
  expect(mail).toMatchObject({ text: 'Grüße\n', warnings: [expect.stringContaining('charset-unknown:')] });
});

test('a character that the sender had lost is no fault of the charset', async () => {
  const mail = await parseInProcess(Buffer.from('From: a@x\nSubject: Gr\ufffd\ufffde\n\nx\ufffd\n'));
  expect(mail).toMatchObject({ subject: 'Gr\ufffd\ufffde', text: 'x\ufffd\n', warnings: [] });
});

test('of any bytes under any name decoding ends', () => {
  const name = fc.constantFrom(
    'utf-8',
    'utf-7',
    'iso-2022-jp',
    'hz',
    'iso-2022-kr',
    'utf-16',
    'big5',
    'cp850',
    'x',
    '',
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), name, (raw, charset) => {
      expect(typeof decodeBytes(Buffer.from(raw), charset).text).toBe('string');
    }),
  );
});

test.each([
  ['soft line ends', 'yes', 'one \ntwo \nthree\nfour', 'one two three\nfour'],
  ['DelSp', 'delsp', '日 \n本\nx', '日本\nx'],
  ['quotes of one depth', 'yes', '>> a \n>> b\n> c \nd', '>> a b\n> c \nd'],
  ['stuffed spaces', 'yes', ' From here\n  indented', 'From here\n indented'],
  ['a signature', 'yes', 'bye \n-- \nSam \nLee', 'bye \n-- \nSam Lee'],
] as const)('format=flowed with %s is joined as it was written', (_, flowed, text, joined) => {
  expect(unflow(text, flowed)).toBe(joined);
});
