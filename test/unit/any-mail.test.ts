/** Whatever is done to a mail, reading it gives one result within bounds; and what our own composer writes reads back. */
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseInProcess, readFilesInProcess } from '../../src/adapters/mime/parse-mail.ts';
import { DefaultReadLimits } from '../../src/adapters/mime/read-limits.ts';
import { composeMail } from '../../src/adapters/smtp/compose.ts';
import { fromIso } from '../../src/domain/instant.ts';
import { encryptedBlock, signedBlock, tnefOf, unicode } from '../support/containers.ts';

const HEAD =
  'Received: from x by y; Fri, 20 Nov 2026 10:00:00 +0100\nFrom: =?utf-8?q?Mar=C3=ADa?= <maria@x.example>\nTo: a@x, "B, C" <b@y> (d)\nSubject: Re: =?iso-2022-jp?b?GyRCRnxLXBsoQg==?= leak\nMessage-ID: <1@x>\nReferences: <0@x>\nDate: Fri, 20 Nov 2026 10:00:00 +0100\nMIME-Version: 1.0\n';
const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/.{76}/g, '$&\n');
const PARTS = [
  'Content-Type: text/plain; charset=utf-8; format=flowed\nContent-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=C3=9Fe =\nx\n> quoted \n> more\n-- \nMar=C3=ADa',
  'Content-Type: multipart/alternative; boundary=c\n\n--c\n\nplain\n--c\nContent-Type: text/html; charset=iso-8859-1\n\n<p style="display:none">no<blockquote>q</blockquote><a href="https://x.example/?utm_a=b">x</a><table><tr><td>1</table>\n--c--',
  "Content-Type: image/png; name*0*=utf-8''Gr%C3%BC; name*1=sse.png\nContent-Disposition: inline\nContent-ID: <i@x>\nContent-Transfer-Encoding: base64\n\niVBORw0KGgo=",
  `Content-Type: application/ms-tnef; name=winmail.dat\nContent-Transfer-Encoding: base64\n\n${base64(tnefOf([[0x1000, 0x1f, unicode('body')]], [{ name: 'a.txt', content: Buffer.from('x') }]))}`,
  `Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n${base64(signedBlock(Buffer.from('\r\nsigned'), true))}`,
  `Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: base64\n\n${base64(encryptedBlock())}`,
  'Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:s\nDTSTART;TZID=Europe/Berlin:20261126T100000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY=MO\nEND:VEVENT\nEND:VCALENDAR',
  'Content-Type: message/rfc822\n\nFrom: a@x\nSubject: inner\n\naccept',
  'Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; a@x\nAction: failed\nStatus: 5.1.1',
  'Content-Type: text/plain\n\nbegin 644 hi.txt\n#0V%T\n`\nend\n-----BEGIN PGP SIGNED MESSAGE-----\n\nx\n-----BEGIN PGP SIGNATURE-----\n-----END PGP SIGNATURE-----',
];

const original = fc
  .tuple(
    fc.subarray(PARTS, { minLength: 1 }),
    fc.constantFrom('mixed', 'alternative', 'related', 'report', 'signed'),
  )
  .map(([parts, kind]) =>
    Buffer.from(
      `${HEAD}Content-Type: multipart/${kind}; boundary=b\n\n${parts.map((part) => `--b\n${part}\n`).join('')}--b--\n`.replaceAll(
        '\n',
        '\r\n',
      ),
    ),
  );

const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
const change = fc.record({
  kind: fc.constantFrom('cut', 'drop', 'double', 'byte', 'insert', 'line'),
  at: place,
  to: place,
  byte: fc.nat(255),
  text: fc.constantFrom(
    '\0',
    '\r',
    '\n',
    '\r\n\r\n',
    '--b',
    '--b--',
    '=?utf-8?b?',
    '<',
    '"',
    '(',
    'From: b@y\r\n',
    '\ufeff',
    '=',
    ' ',
  ),
});

type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

function changed(raw: Buffer, { kind, at, to, byte, text }: Change): Buffer {
  const [from, end] = [at, to].map((part) => Math.floor(part * raw.length)).sort((a, b) => a - b) as [
    number,
    number,
  ];
  const [before, middle, after] = [raw.subarray(0, from), raw.subarray(from, end), raw.subarray(end)];
  switch (kind) {
    case 'cut':
      return raw.subarray(0, end);
    case 'drop':
      return Buffer.concat([before, after]);
    case 'double':
      return Buffer.concat([before, middle, middle, after]);
    case 'byte':
      return Buffer.concat([before, Buffer.from([byte]), raw.subarray(from + 1)]);
    case 'insert':
      return Buffer.concat([before, Buffer.from(text), middle, after]);
    case 'line':
      return Buffer.concat([before, middle, raw.subarray(0, Math.min(200, raw.length)), after]);
    default:
      throw new Error(`no such change: ${kind}`);
  }
}

const hostile = fc
  .tuple(original, fc.array(change, { minLength: 1, maxLength: 6 }))
  .map(([raw, changes]) => changes.reduce(changed, raw));

const limits = {
  ...DefaultReadLimits,
  textCharactersMax: 400,
  attachmentsMax: 4,
  addressesMax: 3,
  partsMax: 12,
};

test('of a mail that was cut, doubled and damaged anywhere every rung makes one mail within its limits', async () => {
  await fc.assert(
    fc.asyncProperty(hostile, async (raw) => {
      for (const rung of ['first', 'second', 'header'] as const) {
        const mail = await parseInProcess(raw, { rung, limits });
        expect(mail.attachments.length).toBeLessThanOrEqual(limits.attachmentsMax);
        expect(Math.max(mail.to.length, mail.from.length, mail.cc.length)).toBeLessThanOrEqual(
          limits.addressesMax,
        );
        expect(mail.reply.text.length + mail.reply.quoted.length).toBeLessThan(5_000);
        for (const warning of mail.warnings) expect(warning).toMatch(/^[a-z0-9-]+: \S/);
        const text = JSON.stringify(mail);
        expect(text).not.toContain('\\u0000');
        expect(text.isWellFormed()).toBe(true);
        expect(text).not.toMatch(/\\ud[89a-f]/);
      }
    }),
    { numRuns: 70 },
  );
});

test('the files of a damaged mail are those that it is said to have', async () => {
  await fc.assert(
    fc.asyncProperty(hostile, async (raw) => {
      const { attachments } = await parseInProcess(raw);
      const { files, left } = await readFilesInProcess(raw, 1_000_000);
      expect(files.map(({ content }) => content.length)).toEqual(attachments.map(({ size }) => size));
      expect(left).toEqual([]);
    }),
    { numRuns: 40 },
  );
});

const words = fc.string({ unit: fc.constantFrom(...'abz ÄéλЖ日本한 .,-'), minLength: 1, maxLength: 120 });

test('a mail of our own reads back as it was written', async () => {
  const letter = fc.record({
    subject: words.filter((text) => text.trim() !== ''),
    lines: fc.array(words, { minLength: 1, maxLength: 20 }),
    content: fc.uint8Array({ minLength: 1, maxLength: 500 }),
    filename: fc.constantFrom('a.pdf', 'Grüße.pdf', '日本.pdf', `${'lang '.repeat(9)}.pdf`),
    html: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(letter, async ({ subject, lines, content, filename, html }) => {
      const text = `${lines.map((line) => `x${line.trimEnd()}`).join('\n')}\n`;
      const raw = await composeMail({
        from: { name: 'Elm Haus', address: 'office@elm.example' },
        to: { name: 'María', address: 'maria@x.example' },
        replyTo: { name: '', address: 'office+token@elm.example' },
        subject,
        messageId: 'n1@elm.example',
        inReplyTo: 'c1@x.example',
        references: ['c0@x.example', 'c1@x.example'],
        date: fromIso('2026-01-05T07:08:09Z'),
        headers: { 'Auto-Submitted': 'auto-generated' },
        text,
        html: html ? '<p>hello</p>' : null,
        attachments: [{ filename, contentType: 'application/pdf', content }],
      });
      for (const rung of ['first', 'second'] as const) {
        const mail = await parseInProcess(raw, { rung });
        expect(mail).toMatchObject({
          from: [{ name: 'Elm Haus', address: 'office@elm.example' }],
          to: [{ name: 'María', address: 'maria@x.example' }],
          replyTo: [{ address: 'office+token@elm.example' }],
          messageId: 'n1@elm.example',
          inReplyTo: ['c1@x.example'],
          references: ['c0@x.example', 'c1@x.example'],
          subject: subject.replace(/\s+/g, ' ').trim(),
          attachments: [{ contentType: 'application/pdf', size: content.length }],
        });
        expect(mail.text.trimEnd()).toBe(text.trimEnd());
        expect(mail.attachments[0]?.filename?.trim()).toBe(filename.replace(/\s+/g, ' ').trim());
        const { files } = await readFilesInProcess(raw, 1_000, { rung });
        expect(Buffer.from(files[0]?.content ?? []).equals(Buffer.from(content))).toBe(true);
      }
    }),
    { numRuns: 25 },
  );
});
