/** Quoted-printable is undone the same however it comes in. */
import { Buffer } from 'node:buffer';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeQuotedPrintable, quotedPrintableDecoder } from '../../src/adapters/mime/quoted-printable.ts';

const decoded = (text: string) => decodeQuotedPrintable(Buffer.from(text, 'latin1')).toString('latin1');

describe('quoted-printable', () => {
  it.each([
    ['codes in either case become bytes', 'K=C3=bcche', 'K\u00c3\u00bcche'],
    [
      'an equals sign at the end of a line joins it with the next',
      'Montag, bit=\r\nte\r\n',
      'Montag, bitte\r\n',
    ],
    [
      'white space at the end of a line goes, in front of such a sign as well',
      'a \t\r\nb= \r\nc=',
      'a\r\nbc',
    ],
    ['line ends stay as they are', 'a\nb\r\n\r\nc', 'a\nb\r\n\r\nc'],
    ['what is no code stays as it is', '1=2, =G0, =4\r\n=', '1=2, =G0, =4\r\n'],
  ])('%s', (_, text, expected) => {
    expect(decoded(text)).toBe(expected);
  });

  it('gives the same whatever the pieces in which it comes', async () => {
    const piece = fc.constantFrom(
      '=',
      '=3D',
      '=\r\n',
      ' ',
      '\r\n',
      '\n',
      'a',
      'B4',
      '\u00e9',
      'x'.repeat(90_000),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(piece, { maxLength: 40 }),
        fc.integer({ min: 1, max: 5 }),
        async (pieces, cut) => {
          const text = pieces.join('');
          const size = Math.max(1, Math.ceil(text.length / (cut * 7)));
          const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
            Buffer.from(text.slice(i * size, (i + 1) * size), 'latin1'),
          );
          const whole = await buffer(Readable.from(chunks).pipe(quotedPrintableDecoder()));
          expect(whole.toString('latin1') === decoded(text)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});
