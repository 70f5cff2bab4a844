import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { describe, expect, test } from 'vitest';
import { composeMail, headerText } from '../../src/adapters/smtp/compose.ts';
import type { MailToCompose } from '../../src/app/ports/mail-composer.ts';
import { fromIso } from '../../src/domain/instant.ts';

const INPUT: MailToCompose = {
  from: { name: 'Acme Office', address: 'office@acme.example' },
  to: { name: 'Priya', address: 'priya@acme.example' },
  replyTo: { name: 'Acme Office', address: 'office+token@acme.example' },
  subject: 'A request for you',
  messageId: 'n1.abc@acme.example',
  inReplyTo: 'c1@customer.example',
  references: ['c0@customer.example', '<c1@customer.example>'],
  date: fromIso('2026-01-05T07:08:09Z'),
  headers: { 'Auto-Submitted': 'auto-generated' },
  text: 'Hello\nWorld\n',
  html: null,
};
const compose = async (over: Partial<MailToCompose> = {}) =>
  Buffer.from(await composeMail({ ...INPUT, ...over })).toString('latin1');
const headOf = (raw: string) => raw.slice(0, raw.indexOf('\r\n\r\n'));
const fieldsOf = (raw: string) =>
  headOf(raw)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n')
    .map((line) => line.slice(0, line.indexOf(':')));
const ORDINARY = [
  'Auto-Submitted',
  'From',
  'To',
  'Reply-To',
  'In-Reply-To',
  'References',
  'Subject',
  'Message-ID',
  'Date',
  'Content-Type',
  'MIME-Version',
  'Content-Transfer-Encoding',
].sort();

describe('the header', () => {
  test('holds exactly the fields asked for and those of MIME', async () => {
    const raw = await compose();
    expect(fieldsOf(raw).sort()).toEqual(ORDINARY);
    expect(raw).toContain('Message-ID: <n1.abc@acme.example>\r\n');
    expect(raw).toContain('References: <c0@customer.example> <c1@customer.example>\r\n');
    expect(raw).toContain('Date: Mon, 05 Jan 2026 07:08:09 +0000\r\n');
    expect(raw).not.toMatch(/x-mailer/i);
  });

  test.each(
    [
      'Hi\r\nBcc: x@evil.example',
      'Hi\nBcc: x@evil.example',
      'Hi\rBcc: x@evil.example',
      'Hi\r\n\r\n<b>body</b>',
      'Hi\u2028Bcc: x@evil.example',
      'Hi\u0085Bcc: x@evil.example',
      'Hi\u0000\u000bBcc: x@evil.example',
      '=?utf-8?Q?Hi=0D=0ABcc:_x@evil.example?=',
      '" <x@evil.example>, "',
      'x@evil.example, y@evil.example',
      '\\" <x@evil.example>',
      '(comment) <x@evil.example>',
      'A'.repeat(5_000),
      '\u00e4'.repeat(5_000),
      '\ud800 alone',
      '',
    ].map((hostile) => ({ hostile, shown: JSON.stringify(hostile.slice(0, 60)) })),
  )('is not changed by $shown in names, subject and values', async ({ hostile }) => {
    const raw = await compose({
      from: { name: hostile, address: 'office@acme.example' },
      to: { name: hostile, address: 'priya@acme.example' },
      replyTo: { name: hostile, address: 'office+token@acme.example' },
      subject: hostile || 'x',
      headers: { 'Auto-Submitted': 'auto-generated', 'X-Note': hostile || 'x' },
    });
    expect(fieldsOf(raw).sort()).toEqual([...ORDINARY, 'X-Note'].sort());
    const read = await simpleParser(Buffer.from(raw, 'latin1'));
    expect(read.from?.value.map((found) => found.address)).toEqual(['office@acme.example']);
    expect([read.to].flat().flatMap((found) => found?.value.map(({ address }) => address))).toEqual([
      'priya@acme.example',
    ]);
    expect(read.replyTo?.value.map((found) => found.address)).toEqual(['office+token@acme.example']);
    expect(read.subject ?? '').not.toMatch(/[\r\n]/);
    for (const line of raw.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
  });

  test('stays the same set of fields for any text whatever', async () => {
    const text = fc.string({ unit: 'binary', maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(text, text, text, async (name, subject, body) => {
        const raw = await compose({
          from: { name, address: 'office@acme.example' },
          subject: `Re: ${subject}`,
          text: body,
          html: `<p>${body}</p>`,
        });
        expect(fieldsOf(raw).sort()).toEqual(
          ORDINARY.filter((field) => field !== 'Content-Transfer-Encoding'),
        );
        expect(raw.replaceAll('\r\n', '')).not.toMatch(/[\r\n\0\u0080-\u00ff]/);
        for (const line of raw.split('\r\n')) expect(line.length).toBeLessThanOrEqual(998);
      }),
      { numRuns: 60 },
    );
  });

  test('has no line of white space alone, which could pass for its end', async () => {
    const text = `Hi${' '.repeat(200)}Bcc: x@evil.example`;
    const to = { name: text, address: 'priya@acme.example' };
    const attachments = [{ filename: text, contentType: 'image/png', content: Buffer.from('x') }];
    const raw = await compose({ subject: text, to, headers: { 'X-Note': text }, attachments });
    expect(raw).not.toMatch(/\r\n[ \t]+\r\n/);
    expect(headOf(raw)).toContain('Subject: Hi Bcc: x@evil.example');
  });

  test('never takes a field that Baton composes itself', async () => {
    for (const field of ['Bcc', 'from', 'Content-Type', 'MIME-Version', 'X Y', 'X:Y', 'Subject\r\nBcc']) {
      await expect(compose({ headers: { [field]: 'x' } })).rejects.toThrow(TypeError);
    }
  });

  test('leaves out unusable references and keeps the first and the last of many', async () => {
    const odd = await compose({
      references: ['a b@c', 'x\r\nBcc: y@z', 'ok@c', 'p'.repeat(900)],
      inReplyTo: 'a b',
    });
    expect(odd).toContain('References: <ok@c>\r\n');
    expect(fieldsOf(odd)).not.toContain('In-Reply-To');
    const raw = await compose({ references: Array.from({ length: 300 }, (_, at) => `m${at}@c.example`) });
    const references = /References: ([^:]*)\r\n[A-Z]/.exec(raw)?.[1]?.match(/<[^>]+>/g) ?? [];
    expect(references).toHaveLength(20);
    expect([references[0], references[19]]).toEqual(['<m0@c.example>', '<m299@c.example>']);
  });

  test('is refused as a bug when an address or the Message-ID may not be written', async () => {
    const bad = { name: '', address: 'a@b.example>\r\nRCPT TO:<x@evil.example' };
    await expect(compose({ from: bad })).rejects.toThrow(TypeError);
    await expect(compose({ to: bad })).rejects.toThrow(TypeError);
    await expect(compose({ replyTo: bad })).rejects.toThrow(TypeError);
    await expect(compose({ messageId: 'a b' })).rejects.toThrow(TypeError);
  });
});

describe('the body', () => {
  test('comes back as it was written, in text and HTML, with its attachment', async () => {
    const text = `Gr\u00fc\u00dfe \ud83d\ude00\n.\nFrom here\n= equals\n${'long '.repeat(400)}`;
    const content = Buffer.from([0, 1, 2, 255]);
    const raw = await compose({
      text,
      html: '<p>Gr\u00fc\u00dfe</p>',
      attachments: [{ filename: '../a\r\nb"c.pdf', contentType: 'application/pdf\r\nX: y', content }],
    });
    const read = await simpleParser(Buffer.from(raw, 'latin1'));
    expect(read.text?.trim()).toBe(text.trim());
    expect(read.html).toContain('Gr\u00fc\u00dfe');
    expect(read.attachments).toHaveLength(1);
    expect(read.attachments[0]?.content).toEqual(content);
    expect(raw).toContain('Content-Type: application/octet-stream;');
    expect(read.attachments[0]?.filename).not.toMatch(/[\r\n/\\]/);
    expect(raw).toContain('charset=utf-8');
    expect(raw).toContain('quoted-printable');
  });

  test('is the same to the byte for the same input', async () => {
    const over = {
      html: '<p>x</p>',
      attachments: [{ filename: 'a', contentType: 'text/plain', content: Buffer.from('a') }],
    };
    expect(await compose(over)).toBe(await compose(over));
  });

  test('cannot hold its own boundary', async () => {
    const boundary = /boundary="([^"]+)"/.exec(await compose({ html: '<p>x</p>' }))?.[1] ?? '';
    expect(boundary).not.toBe('');
    const text = `--${boundary}\nContent-Type: text/html\n\n<b>evil</b>\n--${boundary}--\n`;
    const raw = await compose({ html: '<p>x</p>', text });
    expect(raw.split(`--${boundary}`)).toHaveLength(4);
    const read = await simpleParser(Buffer.from(raw, 'latin1'));
    expect([read.text?.trim(), read.html]).toEqual([text.trim(), '<p>x</p>']);
  });

  test('has a boundary of its own, so that one mail of ours may stand within another', async () => {
    const one = await compose({ html: '<p>x</p>' });
    const other = await compose({ html: '<p>x</p>', messageId: 'n2.abc@acme.example' });
    const [first, second] = [one, other].map((raw) => /boundary="([^"]+)"/.exec(raw)?.[1]);
    expect(first).not.toBe(second);
  });

  test('passes a mail on as one where that can travel as it is, and as a file where it cannot', async () => {
    const mail = (content: string) => ({
      attachments: [
        { filename: 'old.eml', contentType: 'message/rfc822', content: Buffer.from(content, 'latin1') },
      ],
    });
    const plain = 'Subject: old\r\n\r\nHello\r\n';
    expect(await compose(mail(plain))).toContain(`Content-Type: message/rfc822;`);
    expect(await compose(mail(plain))).toContain(`\r\n\r\n${plain}\r\n--`);
    for (const odd of [`${plain}\xe4\r\n`, `${plain}one\ntwo`, `${plain}\r`, `${plain}${'x'.repeat(999)}`]) {
      const raw = await compose(mail(odd));
      expect(raw).toContain('Content-Type: application/octet-stream;');
      const read = await simpleParser(Buffer.from(raw, 'latin1'));
      expect(read.attachments[0]?.content.toString('latin1')).toBe(odd);
    }
  });
});

describe('any words', () => {
  const words = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 120 }),
    fc.string({ unit: 'binary', maxLength: 120 }),
    fc
      .array(
        fc.constantFrom(
          'Gr\u00fc\u00dfe',
          'word',
          '\ud83d\ude00',
          '\u6f22\u5b57',
          '  ',
          '"',
          '\\',
          '=?',
          '(x)',
          ',',
        ),
      )
      .map((parts) => parts.join(' ').slice(0, 120)),
  );

  test('in subject, names and names of files are read as they were written, by either parser', async () => {
    await fc.assert(
      fc.asyncProperty(words, words, words, async (subject, name, filename) => {
        const attachments = [{ filename, contentType: 'image/png', content: Buffer.from('x') }];
        const raw = Buffer.from(
          await compose({ subject, to: { name, address: 'p@acme.example' }, attachments }),
          'latin1',
        );
        const file = headerText(filename, 100).replace(/[\\/]/g, '_') || 'attachment';
        const wanted = [headerText(subject, 250), headerText(name, 100), file].map(spaced);
        const second = await new PostalMime().parse(raw);
        const found = [
          second.subject ?? '',
          second.to?.[0]?.name ?? '',
          second.attachments[0]?.filename ?? '',
        ];
        expect(found.map(spaced)).toEqual(wanted);
        const first = await simpleParser(raw);
        expect(spaced(first.subject ?? '')).toBe(wanted[0]);
        expect(spaced(first.attachments[0]?.filename ?? '')).toBe(wanted[2]);
      }),
      { numRuns: 60 },
    );
  });

  test('in texts are read as they were written, in lines of at most 76 characters', async () => {
    const lines = fc.array(fc.oneof(words, fc.constantFrom('end ', 'tab\t', ' ', '.', '=', 'x'.repeat(75))));
    await fc.assert(
      fc.asyncProperty(
        lines.map((some) => some.join('\n')),
        async (text) => {
          const raw = await compose({ text });
          for (const line of raw.split('\r\n')) expect(line.length).toBeLessThanOrEqual(76);
          expect(raw).not.toMatch(/[ \t]\r\n/);
          const { text: read = '' } = await new PostalMime().parse(Buffer.from(raw, 'latin1'));
          const plain = (one: string) => one.toWellFormed().replaceAll('\0', '').replace(/\r\n?/g, '\n');
          expect(plain(read).trimEnd()).toBe(plain(text).trimEnd());
        },
      ),
      { numRuns: 60 },
    );
  });
});

/** Folding may show as more or other white space, which nobody sees. */
const spaced = (text: string): string => text.replace(/\s+/gu, ' ').trim();

test('header text is cut between characters and says that it was', () => {
  expect(headerText('\ud83d\ude00'.repeat(10), 4)).toBe('\ud83d\ude00\ud83d\ude00\ud83d\ude00\u2026');
  expect(headerText('short', 5)).toBe('short');
});
