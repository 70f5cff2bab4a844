/** What every MailParser promises, run against the pool of child processes and the in-process double. */
import { Buffer } from 'node:buffer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openParserPool } from '../../src/adapters/mime/parser-pool.ts';
import type { MailParser } from '../../src/app/ports/mail-parser.ts';
import type { Mail } from '../../src/domain/message.ts';
import { inProcessParser } from '../support/in-process-parser.ts';

const crlf = (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'));
const HEAD =
  'From: Maria Lopez <maria@Tenant.example>\nTo: office@elm.example\nSubject: Leak\nMessage-ID: <1@t>\n';

const parsers: [string, () => MailParser][] = [
  ['pool', () => openParserPool()],
  ['double', inProcessParser],
];

describe.each(parsers)('%s', (name, open) => {
  let parser: MailParser;
  const title = (text: string) => `${name}: ${text}`;
  const read = async (raw: Uint8Array): Promise<Mail> => {
    const [result] = await parser.parse([raw]);
    if (result?.ok !== true) throw new Error(`not parsed: ${JSON.stringify(result)}`);
    return result.mail;
  };
  beforeAll(() => {
    parser = open();
  });
  afterAll(() => parser.close());

  test(title('a plain mail comes back with its fields, its text and no warning'), async () => {
    const mail = await read(
      crlf(
        `Return-Path: <maria@tenant.example>\nDelivered-To: office@elm.example\n${HEAD}Date: Fri, 20 Nov 2026 10:00:00 +0100\nIn-Reply-To: <0@t>\nReferences: <r@t> <0@t>\nX-Long: a\n b\n\nWater!\n`,
      ),
    );
    expect(mail).toMatchObject({
      messageId: '1@t',
      date: Date.UTC(2026, 10, 20, 9) * 1_000,
      from: [{ name: 'Maria Lopez', address: 'maria@tenant.example' }],
      to: [{ name: '', address: 'office@elm.example' }],
      returnPath: 'maria@tenant.example',
      deliveredTo: ['office@elm.example'],
      subject: 'Leak',
      inReplyTo: ['0@t'],
      references: ['r@t', '0@t'],
      text: 'Water!\n',
      reply: { text: 'Water!' },
      attachments: [],
      report: null,
      forwarded: null,
      warnings: [],
    });
    expect(mail.headers).toContainEqual({ name: 'x-long', value: 'a b' });
  });

  test(title('answers come in the order of the mails'), async () => {
    const raws = Array.from({ length: 60 }, (_, i) => crlf(`Subject: ${i}\n\nx`));
    const results = await parser.parse(raws);
    expect(results.map((one) => (one.ok ? one.mail.subject : one.code))).toEqual(
      raws.map((_, i) => String(i)),
    );
  });

  test(title('no mail at all gives no answer at all'), async () => {
    expect(await parser.parse([])).toEqual([]);
  });

  test(title('two From fields give both mailboxes and a warning'), async () => {
    const mail = await read(crlf('From: a@x.example\nFrom: b@y.example\n\nx'));
    expect(mail.from.map((one) => one.address)).toEqual(['a@x.example', 'b@y.example']);
    expect(mail.warnings).toContain('from-many: the mail has more than one From field');
  });

  test(title('a second From field behind thousands of others is still found'), async () => {
    const filler = 'X-Filler: 1\n'.repeat(2_500);
    const mail = await read(crlf(`From: a@x.example\n${filler}From: b@y.example\n\nx`));
    expect(mail.from).toHaveLength(2);
    expect(mail.headers).toHaveLength(2_000);
  });

  test(title('of two Message-ID fields the first counts, with a warning'), async () => {
    const mail = await read(crlf('Message-ID: <first@x>\nMessage-ID: <second@x>\n\nx'));
    expect(mail.messageId).toBe('first@x');
    expect(mail.warnings.join()).toContain('message-id-many');
  });

  test.each([
    ['an empty file', ''],
    ['a text without any header', 'Just a letter.\nSecond line.\n\nBye'],
    ['nothing but NULs', '\0\0\0\0'],
    ['bare CR as line ends', 'From: a@x.example\rSubject: s\r\rbody'],
    ['a multipart without its boundary', 'Content-Type: multipart/mixed\n\n--x\n\nhello\n--x--'],
    ['a boundary that never comes', 'Content-Type: multipart/mixed; boundary=x\n\nhello'],
    ['an unknown charset', 'Content-Type: text/plain; charset=x-martian\n\nhello'],
    ['broken base64', 'Content-Transfer-Encoding: base64\n\n%%%%%'],
    ['headers without an end', 'Subject: x\nFrom: a@x.example'],
    ['1,500 parts', `Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(1_500)}--b--`],
    ['2 MB of header', `X-Big: ${'x'.repeat(2_000_000)}\n\nbody`],
    ['boundaries nested 500 deep', nested(500)],
  ])(title('a mail is never lost to %s'), async (_, text) => {
    const mail = await read(Buffer.from(text));
    expect(mail.warnings.join()).not.toMatch(/undefined|\0/);
    expect(JSON.stringify(mail)).not.toContain('\\u0000');
  });

  test(title('a mail without any header keeps all its words as text'), async () => {
    expect((await read(Buffer.from('Just a letter.\n\nBye'))).text).toBe('Just a letter.\n\nBye');
  });

  test(title('5,000 nested <div> still give the text'), async () => {
    const mail = await read(
      crlf(`${HEAD}Content-Type: text/html\n\n${'<div>'.repeat(5_000)}Water &amp; ice`),
    );
    expect(mail.text).toBe('Water & ice');
    expect(mail.warnings.join()).toContain('html-simple');
  });

  test(title('5 MB of nested tags still give the text'), async () => {
    const html = `${'<blockquote><table><tr><td>'.repeat(185_000)}Water`;
    expect((await read(crlf(`${HEAD}Content-Type: text/html\n\n${html}`))).text).toContain('Water');
  });

  test(title('a delivery report names its recipients and the returned mail'), async () => {
    const mail = await read(crlf(DSN));
    expect(mail.report).toEqual({
      recipients: [
        {
          address: 'gone@x.example',
          status: '5.1.1',
          action: 'failed',
          permanent: true,
          reason: 'user-unknown',
          diagnostic: '',
        },
      ],
      originalMessageId: 'offer-1@elm.example',
    });
  });
});

describe.each(parsers)('%s beyond the mail', (name, open) => {
  let parser: MailParser;
  const title = (text: string) => `${name}: ${text}`;
  beforeAll(() => {
    parser = open();
  });
  afterAll(() => parser.close());

  test(title('what we sent is taken out of an answer, whichever of our two texts it quotes'), async () => {
    const notice = crlf(NOTICE);
    const quoted =
      'Can you take this? Reply "accept" or "decline" by 10:40.\nUntil you accept, Leah answers for it.';
    const raws = [
      crlf(`${HEAD}\nOn it.\n\n${quoted}\n`),
      crlf(`${HEAD}\n${quoted.replaceAll('"', '”')}\n\nOn it.\n`),
      crlf(`${HEAD}\nNothing of yours.\n`),
    ];
    const results = await parser.extractReply(raws.map((raw) => ({ raw, sent: [notice] })));
    expect(results.map((one) => (one.ok ? one.reply.text : one.code))).toEqual([
      'On it.',
      'On it.',
      'Nothing of yours.',
    ]);
  });

  test(title('an answer is read the same way as by parsing when nothing was sent'), async () => {
    const raw = crlf(`${HEAD}\nYes.\n\nOn 20/11/2026 10:00, Elm <office@elm.example> wrote:\n> x\n`);
    const [result] = await parser.extractReply([{ raw, sent: [] }]);
    const [parsed] = await parser.parse([raw]);
    expect(result).toEqual({ ok: true, reply: parsed?.ok ? parsed.mail.reply : null });
  });

  test(title('files come back as they were sent, in the order and under the names of the mail'), async () => {
    const result = await parser.readFiles(crlf(WITH_FILES), { bytesMax: 1_000 });
    const [parsed] = await parser.parse([crlf(WITH_FILES)]);
    if (!result.ok || parsed?.ok !== true) throw new Error('not read');
    expect(
      result.files.map(({ content, ...file }) => ({ ...file, text: Buffer.from(content).toString() })),
    ).toEqual([
      { filename: 'quote.pdf', contentType: 'application/pdf', inline: false, text: 'PDF!' },
      { filename: 'file-2.jpg', contentType: 'image/jpeg', inline: false, text: 'JPEG' },
    ]);
    expect(result.left).toEqual([]);
    expect(parsed.mail.attachments.map(({ filename }) => filename)).toEqual(['quote.pdf', null]);
  });

  test(title('files beyond the limit are named and left behind'), async () => {
    const result = await parser.readFiles(crlf(WITH_FILES), { bytesMax: 5 });
    expect(result).toMatchObject({
      ok: true,
      files: [{ filename: 'quote.pdf' }],
      left: [{ filename: 'file-2.jpg', size: 4 }],
    });
  });
});

test('pool: closing it ends with a temporary failure for what was not parsed yet', async () => {
  const pool = openParserPool();
  const answer = pool.parse([crlf(`${HEAD}\nx`)]);
  await Promise.all([
    expect(answer).rejects.toMatchObject({ kind: 'temporary', code: 'parser-closed' }),
    pool.close(),
  ]);
});

function nested(depth: number): string {
  let text = '';
  for (let i = 0; i < depth; i += 1) text += `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}\n`;
  return `${text}\nhello\n`;
}

const NOTICE = `From: office@elm.example
Subject: #1042 Leak
Content-Type: multipart/alternative; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Can you take this? Reply "accept" or "decline" by 10:40. Until you accept, Leah answers for it.
--b
Content-Type: text/html; charset=utf-8

<p>Can you take this? Reply <b>"accept"</b> or <b>"decline"</b> by 10:40. Until you accept, Leah answers for it.</p>
--b--
`;

const WITH_FILES = `${HEAD}Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

See the files.
--b
Content-Type: application/pdf; name="quote.pdf"
Content-Disposition: attachment; filename="quote.pdf"
Content-Transfer-Encoding: base64

UERGIQ==
--b
Content-Type: image/jpeg
Content-Transfer-Encoding: base64

SlBFRw==
--b--
`;

const DSN = `From: MAILER-DAEMON@mx.example
Return-Path: <>
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; gone@x.example
Action: failed
Status: 5.1.1

--b
Content-Type: message/rfc822

Message-ID: <offer-1@elm.example>
Subject: hi

body
--b--
`;
