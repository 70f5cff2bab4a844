/** Which parts of a mail are its text and which its files, whichever parser of the ladder read them. */
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseInProcess, readFilesInProcess, replyInProcess } from '../../src/adapters/mime/parse-mail.ts';
import { DefaultReadLimits } from '../../src/adapters/mime/read-limits.ts';
import { encryptedBlock, signedBlock, tnefOf, unicode } from '../support/containers.ts';

const crlf = (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'));
const parse = (text: string) => parseInProcess(crlf(text));
const HEAD = 'From: Maria Lopez <maria@x.example>\nSubject: Leak\n';
const mixed = (...parts: string[]) =>
  `${HEAD}Content-Type: multipart/mixed; boundary=b\n\n${parts.map((part) => `--b\n${part}\n`).join('')}--b--\n`;
const alternative = (...parts: string[]) =>
  mixed(...parts).replace('multipart/mixed', 'multipart/alternative');
const base64 = (type: string, name: string, content: Buffer) =>
  `Content-Type: ${type}; name="${name}"\nContent-Disposition: attachment; filename="${name}"\nContent-Transfer-Encoding: base64\n\n${content.toString('base64').replace(/.{76}/g, '$&\n')}`;
const names = (mail: { readonly attachments: readonly { readonly filename: string | null }[] }) =>
  mail.attachments.map(({ filename }) => filename);

describe.each(['first', 'second'] as const)('the %s parser', (rung) => {
  test.each([
    ['a plain mail', `${HEAD}\nWater!\n`],
    [
      'quoted-printable and base64',
      mixed(
        'Content-Transfer-Encoding: quoted-printable\nContent-Type: text/plain; charset=utf-8\n\nGr=C3=BC=C3=9Fe=\n aus',
        base64('application/pdf', 'a.pdf', Buffer.from('PDF')),
      ),
    ],
    ['damaged quoted-printable', `${HEAD}Content-Transfer-Encoding: quoted-printable\n\n100=ZZ% =\nsure=`],
    ['damaged base64', `${HEAD}Content-Transfer-Encoding: base64\n\nSGVs*bG8s!\nIHdv cmxk\n`],
    [
      'nested containers',
      mixed(
        'Content-Type: multipart/alternative; boundary=c\n\n--c\n\nplain\n--c\nContent-Type: text/html\n\n<p>html\n--c--',
        'Content-Type: image/png; name=x.png\n\nPNG',
      ),
    ],
    [
      'a name in RFC 2231',
      mixed(
        '\nhi',
        "Content-Type: application/pdf\nContent-Disposition: attachment; filename*0*=utf-8''Gr%C3%BC; filename*1=sse.pdf\n\nPDF",
      ),
    ],
    [
      'a name in encoded words',
      mixed('\nhi', 'Content-Type: application/pdf; name="=?utf-8?q?Gr=C3=BC=C3=9Fe=2Epdf?="\n\nPDF'),
    ],
    ['format=flowed', `${HEAD}Content-Type: text/plain; format=flowed; delsp=yes\n\none \ntwo\n`],
  ])(`reads ${rung === 'first' ? '' : 'just so '}%s`, async (_, text) => {
    const read = await parseInProcess(crlf(text), { rung });
    const first = await parse(text);
    expect({ ...read, warnings: [] }).toEqual({ ...first, warnings: [] });
    expect(read.warnings.some((warning) => warning.startsWith('second-parser:'))).toBe(rung === 'second');
  });
});

test('by its header alone a mail has a sender and a subject, and neither text nor files', async () => {
  const mail = await parseInProcess(
    crlf(mixed('\nhi', base64('application/pdf', 'a.pdf', Buffer.from('PDF')))),
    {
      rung: 'header',
    },
  );
  expect(mail).toMatchObject({
    from: [{ address: 'maria@x.example' }],
    subject: 'Leak',
    text: '',
    attachments: [],
  });
  expect(mail.warnings).toEqual([expect.stringContaining('header-only:')]);
});

describe('the text', () => {
  const html = '<p>Dear tenant, the water will be off on Monday from nine to eleven.</p>';

  test.each([
    'Your e-mail client does not support HTML messages.',
    'To see this message, use a program that can display HTML.',
    'Diese Nachricht ist im HTML-Format.',
  ])('is the HTML when the plain part only says: %s', async (stub) => {
    const mail = await parse(alternative(`\n${stub}`, `Content-Type: text/html\n\n${html}`));
    expect(mail.text).toContain('water will be off');
  });

  test('is the plain part when it speaks of HTML and the HTML says the same', async () => {
    const words = 'Please send the template as HTML.';
    const mail = await parse(alternative(`\n${words}`, `Content-Type: text/html\n\n<p>${words}</p>${html}`));
    expect(mail.text.trim()).toBe(words);
  });

  test('has every text part of a mixed mail, and of the related part the HTML', async () => {
    const related =
      'Content-Type: multipart/related; boundary=c\n\n--c\nContent-Type: text/html\n\n<p>shown <img src="cid:i"></p>\n--c\nContent-Type: image/png\nContent-ID: <i>\n\nPNG\n--c--';
    const mail = await parse(mixed('\nabove', related, '\nbelow'));
    expect(mail.text.split('\n').filter((line) => line !== '')).toEqual(['above', 'shown', 'below']);
    expect(mail.attachments).toMatchObject([{ contentType: 'image/png', inline: true }]);
  });

  test('is whole where a file has an empty Content-ID', async () => {
    const mail = await parse(mixed('\nHello', 'Content-Type: image/png\nContent-ID:\n\nPNG'));
    expect(mail).toMatchObject({ text: 'Hello', attachments: [{ contentType: 'image/png' }] });
  });

  test('is HTML that is labelled as plain, and plain that is labelled as HTML', async () => {
    expect((await parse(`${HEAD}\n<!DOCTYPE html><html><body><p>Hello</p></body></html>`)).text).toBe(
      'Hello',
    );
    expect((await parse(`${HEAD}Content-Type: text/html\n\none\ntwo\n`)).text).toBe('one\ntwo\n');
  });

  test('is what a part holds whose type or disposition is none', async () => {
    expect((await parse(`${HEAD}Content-Type: text\n\nHello\n`)).text).toBe('Hello\n');
    expect((await parse(`${HEAD}Content-Type: =?x?=\n\nHello\n`)).text).toBe('Hello\n');
    expect((await parse(mixed('Content-Disposition: =?x?=\n\nHello'))).text.trim()).toBe('Hello');
  });

  test('of enriched text has the words, and other renderings of one text are no files', async () => {
    const rich = 'Content-Type: text/enriched\n\n<bold>Hello</bold> <<you>\n\nBye';
    expect((await parse(alternative(rich))).text.trim()).toBe('Hello <you>\nBye');
    const both = await parse(alternative('\nplain', rich, 'Content-Type: text/x-amp-html\n\n<html amp>'));
    expect(both).toMatchObject({ text: 'plain', attachments: [] });
  });

  test('a text file that is not the first text is a file', async () => {
    const mail = await parse(
      mixed('\nSee below', 'Content-Type: text/plain; name=log.txt\nContent-Disposition: inline\n\naccept'),
    );
    expect(mail.text.trim()).toBe('See below');
    expect(names(mail)).toEqual(['log.txt']);
  });

  test('is found in a mail that forgot its boundary, or has another, or has no parts at all', async () => {
    const parts =
      '--b\nContent-Type: text/plain\n\nHello\n--b\nContent-Type: image/png; name=x.png\n\nPNG\n--b--\n';
    for (const type of ['multipart/mixed', 'multipart/mixed; boundary=other']) {
      const mail = await parse(`${HEAD}Content-Type: ${type}\n\n${parts}`);
      expect(mail).toMatchObject({ text: 'Hello', attachments: [{ filename: 'x.png' }] });
      expect(mail.warnings.join()).toContain('boundary-guessed:');
    }
    const none = await parse(`${HEAD}Content-Type: multipart/mixed; boundary=b\n\nJust words.\n`);
    expect(none.text).toBe('Just words.\n');
    expect(none.warnings.join()).toContain('no-parts:');
  });

  test('is found behind a boundary with white space at its end (RFC 2046 section 5.1.1)', async () => {
    expect((await parse(mixed('\nHello').replaceAll('--b\n', '--b \t\n'))).text.trim()).toBe('Hello');
  });
});

describe('files in the text', () => {
  const uu = 'begin 644 hi.txt\n#0V%T\n`\nend';

  test('uuencode becomes an attachment and its words stay', async () => {
    const mail = await parse(`${HEAD}\nSee this:\n${uu}\nBye\n`);
    expect(mail.text).toBe('See this:\nBye\n');
    expect(mail.attachments).toEqual([
      { filename: 'hi.txt', contentType: 'application/octet-stream', size: 3, inline: false },
    ]);
    const { files } = await readFilesInProcess(crlf(`${HEAD}\n${uu}\n`), 1_000);
    expect(files.map(({ content }) => Buffer.from(content).toString())).toEqual(['Cat']);
  });

  test('yEnc becomes an attachment', async () => {
    const encoded = Buffer.from('Cat'.split('').map((c) => c.charCodeAt(0) + 42)).toString('latin1');
    const raw = Buffer.from(
      `${HEAD}Content-Type: text/plain; charset=iso-8859-1\n\n=ybegin line=128 size=3 name=cat.bin\n${encoded}\n=yend size=3\n`.replaceAll(
        '\n',
        '\r\n',
      ),
      'latin1',
    );
    expect((await parseInProcess(raw)).attachments).toMatchObject([{ filename: 'cat.bin', size: 3 }]);
  });

  test('what only looks like one stays text', async () => {
    for (const text of [
      'begin 644 the work\nby Monday\nend\n',
      'begin 644 x\n#0V%T\n',
      '=ybegin size=3 name=x\nab\n=yend\n',
    ])
      expect((await parse(`${HEAD}\n${text}`)).text).toBe(text);
  });
});

describe('signed and encrypted mail', () => {
  const part = Buffer.from('Content-Type: text/plain; charset=utf-8\r\n\r\nThe Grüße.\r\n');
  const smime = (block: Buffer) =>
    `${HEAD}Content-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\nContent-Transfer-Encoding: base64\n\n${block.toString('base64')}\n`;

  test.each([false, true])('a mail signed as one block is read through, streamed: %s', async (streamed) => {
    const mail = await parse(smime(signedBlock(part, streamed)));
    expect(mail).toMatchObject({ text: 'The Grüße.\n', attachments: [] });
    expect(mail.warnings).toEqual([expect.stringContaining('signed:')]);
  });

  test('a mail encrypted with S/MIME says so and is passed on as a file', async () => {
    const raw = crlf(smime(encryptedBlock()));
    const mail = await parseInProcess(raw);
    expect(mail.text).toMatch(/Encrypted with S\/MIME/);
    expect(mail.warnings).toEqual([expect.stringContaining('smime-encrypted:')]);
    const { files } = await readFilesInProcess(raw, 10_000);
    expect(files).toMatchObject([{ filename: 'smime.p7m', content: encryptedBlock() }]);
  });

  test('a block that is none, or wraps itself for ever, stays a file', async () => {
    const broken = await parse(smime(Buffer.from('nonsense')));
    expect(broken).toMatchObject({ attachments: [{ filename: 'smime.p7m' }] });
    let inner = part;
    for (let i = 0; i < 10; i += 1)
      inner = Buffer.concat([
        Buffer.from('Content-Type: application/pkcs7-mime\r\nContent-Transfer-Encoding: base64\r\n\r\n'),
        Buffer.from(signedBlock(inner, false).toString('base64')),
      ]);
    expect((await parseInProcess(inner)).text).toBe('');
  });

  test('armour of PGP goes from a signed text, and its words stay', async () => {
    const mail = await parse(
      `${HEAD}\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHello\n- -- dash\n-----BEGIN PGP SIGNATURE-----\n\nabc=\n-----END PGP SIGNATURE-----\n`,
    );
    expect(mail.text).toBe('Hello\n-- dash\n');
    expect(mail.warnings).toEqual([expect.stringContaining('pgp-signed:')]);
  });

  test('a text encrypted with PGP says so and is passed on as a file', async () => {
    const armour = '-----BEGIN PGP MESSAGE-----\n\nabc=\n-----END PGP MESSAGE-----\n';
    const inline = await parse(`${HEAD}\nHello\n${armour}`);
    expect(inline.text).toMatch(/^Hello\n\[Encrypted with PGP\./);
    expect(names(inline)).toEqual(['encrypted.asc']);
    const mime = await parse(
      mixed(
        'Content-Type: application/pgp-encrypted\n\nVersion: 1',
        `Content-Type: application/octet-stream; name=encrypted.asc\n\n${armour}`,
      ).replace('multipart/mixed', 'multipart/encrypted'),
    );
    expect(mime.text).toMatch(/Encrypted with PGP/);
    expect(names(mime)).toContain('encrypted.asc');
  });
});

describe('winmail.dat', () => {
  const files = [{ name: 'Angebot für Öl.pdf', content: Buffer.from('PDF!') }];
  const tnef = (bytes: Buffer) => base64('application/ms-tnef', 'winmail.dat', bytes);

  test('gives up its files under their own names, and its text where the mail has no other', async () => {
    const bytes = tnefOf(
      [
        [0x8001, 0x1f, unicode('named')],
        [0x1000, 0x1f, unicode('Words of Outlook')],
      ],
      files,
    );
    const alone = await parse(mixed(tnef(bytes)));
    expect(alone).toMatchObject({
      text: 'Words of Outlook',
      attachments: [{ filename: 'Angebot für Öl.pdf', size: 4 }],
    });
    expect(alone.warnings).toEqual([expect.stringContaining('tnef:')]);
    const beside = await parse(mixed('\nPlain words', tnef(bytes)));
    expect(beside.text.trim()).toBe('Plain words');
    const read = await readFilesInProcess(crlf(mixed('\nPlain words', tnef(bytes))), 1_000);
    expect(read.files).toMatchObject([{ filename: 'Angebot für Öl.pdf', content: Buffer.from('PDF!') }]);
  });

  test('gives up a text that is HTML, or RTF', async () => {
    const html = tnefOf([[0x1013, 0x102, Buffer.from('<p>Words in <b>HTML</b></p>')]], []);
    expect((await parse(mixed(tnef(html)))).text).toBe('Words in HTML');
    const rtf = Buffer.from(
      "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}\\pard Gr\\'fc\\u223?e\\par Bye}",
    );
    const packed = Buffer.concat([
      Buffer.alloc(4),
      Buffer.alloc(4),
      Buffer.from('MELA'),
      Buffer.alloc(4),
      rtf,
    ]);
    packed.writeUInt32LE(rtf.length, 4);
    expect((await parse(mixed(tnef(tnefOf([[0x1009, 0x102, packed]], []))))).text).toBe('Grüße\nBye');
  });

  test('that is too large or damaged is passed on as it came', async () => {
    const bytes = tnefOf([], files);
    const limits = { ...DefaultReadLimits, containerBytesMax: 10 };
    const closed = await parseInProcess(crlf(mixed(tnef(bytes))), { limits });
    expect(names(closed)).toEqual(['winmail.dat']);
    expect(closed.warnings).toEqual([expect.stringContaining('tnef-closed:')]);
    expect(names(await parse(mixed(tnef(Buffer.from('nonsense')))))).toEqual(['winmail.dat']);
    const cut = await parse(mixed(tnef(bytes.subarray(0, bytes.length - 60))));
    expect(cut.attachments).toHaveLength(1);
  });

  test('of any bytes at all, and cut or changed anywhere, gives a mail', async () => {
    const whole = tnefOf(
      [
        [0x1000, 0x1f, unicode('x')],
        [0x3ffd, 3, Buffer.alloc(4)],
      ],
      files,
    );
    const wound = fc.tuple(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length));
    await fc.assert(
      fc.asyncProperty(wound, async ([at, byte, end]) => {
        const bytes = Buffer.from(whole);
        bytes[at] = byte;
        const mail = await parse(mixed(tnef(bytes.subarray(0, end))));
        expect(mail.attachments.length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a calendar part', () => {
  const invitation = (method: string, ...lines: string[]) =>
    `Content-Type: text/calendar; method=${method}; charset=utf-8\n\nBEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:${method}\nBEGIN:VEVENT\nUID:1\n${lines.join('\n')}\nEND:VEVENT\nEND:VCALENDAR`;
  const event = [
    'SUMMARY:Boiler\\, second visit',
    'DTSTART;TZID=Europe/Berlin:20261126T100000',
    'DTEND;TZID=Europe/Berlin:20261126T113000',
    'LOCATION:Elm Street 5',
    'ORGANIZER;CN=Maria Lopez:mailto:maria@x.example',
  ];

  test('is told in words behind what was written, in the zone of the meeting', async () => {
    const mail = await parse(
      alternative(
        '\nPlease come.',
        invitation('REQUEST', ...event, 'RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;COUNT=4'),
      ),
    );
    const told =
      'Calendar: invitation\nWhat: Boiler, second visit\nWhen: Thursday 26 November 2026, 10:00 to 11:30 (Europe/Berlin)\nRepeats: every 2 weeks on Thursday, 4 times\nWhere: Elm Street 5\nOrganiser: Maria Lopez <maria@x.example>';
    expect(mail.text).toBe(`Please come.\n\n${told}\n`);
    expect(mail.reply.text).toBe(`Please come.\n\n${told}`);
    expect(mail.attachments).toMatchObject([{ contentType: 'text/calendar' }]);
  });

  test.each([
    ['CANCEL', [], 'Calendar: cancelled'],
    ['REQUEST', ['STATUS:CANCELLED'], 'Calendar: cancelled'],
    [
      'REPLY',
      ['ATTENDEE;PARTSTAT=DECLINED;CN=Leah:mailto:leah@elm.example'],
      'Answer: Leah <leah@elm.example> does not come',
    ],
    ['COUNTER', ['COMMENT:Later\\, please'], 'Comment: Later, please'],
  ])('%s %j is told as such', async (method, lines, told) => {
    expect((await parse(mixed(invitation(method, ...event, ...lines)))).text).toContain(told);
  });

  test.each([
    [
      ['DTSTART;VALUE=DATE:20261126', 'DTEND;VALUE=DATE:20261128'],
      'Thursday 26 November 2026 to Friday 27 November 2026',
    ],
    [['DTSTART;VALUE=DATE:20261126'], 'Thursday 26 November 2026'],
    [
      ['DTSTART:20261126T230000Z', 'DURATION:PT2H'],
      'Thursday 26 November 2026, 23:00 to Friday 27 November 2026, 01:00 (UTC)',
    ],
  ])('%j lasts: %s', async (lines, when) => {
    expect((await parse(mixed(invitation('REQUEST', ...lines)))).text).toContain(`When: ${when}\n`);
  });

  test('never reads as an order, and what it says is one line each', async () => {
    const raw = crlf(mixed(invitation('REPLY', 'SUMMARY:accept\\naccept', 'DTSTART:20261126T230000Z')));
    expect((await parseInProcess(raw)).text).toContain('What: accept accept\n');
    expect(await replyInProcess(raw, [])).toMatchObject({ text: '' });
  });

  test.each(['BEGIN:VCALENDAR\nnonsense', '', 'nothing of a calendar'])(
    'that says %j, which cannot be read, stays a file',
    async (content) => {
      const mail = await parse(mixed('\nhi', `Content-Type: text/calendar\n\n${content}`));
      expect(mail).toMatchObject({ text: 'hi', attachments: [{ contentType: 'text/calendar' }] });
    },
  );
});

describe('a mail inside of a mail', () => {
  const inner =
    'Content-Type: message/rfc822\n\nFrom: Tom <tom@y.example>\nSubject: Broken: gate?\n\naccept\n';

  test('is a file named after its subject', async () => {
    expect(names(await parse(mixed('\nSee below', inner)))).toEqual(['Broken gate.eml']);
  });

  test('that is all there is was passed on: its words are shown and are never orders', async () => {
    const mail = await parse(mixed('\n ', inner));
    expect(mail).toMatchObject({
      text: 'accept\n',
      reply: { text: '' },
      forwarded: {
        from: { address: 'tom@y.example' },
        subject: 'Broken: gate?',
        text: 'accept\n',
        above: '',
      },
    });
  });

  test('is shown below what was written and stays a file, and none of its words is an order', async () => {
    const raw = crlf(mixed('\nSee below', inner));
    const mail = await parseInProcess(raw);
    expect(mail).toMatchObject({ text: 'See below\n\naccept\n', reply: { text: 'See below', quoted: '' } });
    expect(mail.attachments).toHaveLength(1);
    expect(await replyInProcess(raw, [])).toMatchObject({ text: 'See below' });
  });

  test('that was sent as a file is not shown', async () => {
    const file = inner.replace('\n\n', '\nContent-Disposition: attachment; filename=a.eml\n\n');
    expect((await parse(mixed('\nSee below', file))).text).toBe('See below');
  });

  test('is shown as the mail that a report returns, of which the report itself is not read', async () => {
    const report = mixed(
      '\nYour mail to pat@y.example could not be delivered: mailbox full',
      'Content-Type: message/delivery-status\n\nReporting-MTA: dns; x\n\nFinal-Recipient: rfc822; pat@y.example\nAction: failed\nStatus: 5.2.2',
      inner.replace('accept', '<tom@y.example>: user unknown 5.1.1'),
    )
      .replace('multipart/mixed', 'multipart/report; report-type=delivery-status')
      .replace('From: Maria Lopez <maria@x.example>', 'From: <mailer-daemon@x.example>');
    const mail = await parse(report);
    expect(mail.text).toContain('user unknown 5.1.1');
    expect(mail.report?.recipients).toMatchObject([{ address: 'pat@y.example', status: '5.2.2' }]);
    expect(mail.report?.recipients).toHaveLength(1);
  });

  test('is shown as deep as three mails and as many as twenty beside each other', async () => {
    const within = (words: string, more: string) =>
      `Content-Type: message/rfc822\n\nContent-Type: multipart/mixed; boundary=${words}\n\n--${words}\n\n${words}\n--${words}\n${more}\n--${words}--\n`;
    const deep = within('one', within('two', within('three', within('four', '\nfive'))));
    const { text } = await parse(mixed('\nSee below', deep));
    expect(text.split(/\s+/)).toEqual(['See', 'below', 'one', 'two', 'three', '']);
    const many = await parse(mixed('\nSee below', ...Array.from({ length: 30 }, () => inner)));
    expect(many.text.match(/accept/g)).toHaveLength(20);
    expect(many.attachments).toHaveLength(30);
  });

  test('below words of its own was passed on when the subject says so, and else not', async () => {
    const text = mixed('\nFYI', inner);
    expect((await parse(text)).forwarded).toBeNull();
    expect((await parse(text.replace('Subject: Leak', 'Subject: Fwd: Leak'))).forwarded).toMatchObject({
      from: { address: 'tom@y.example' },
      above: 'FYI',
    });
  });
});

describe('beyond a limit', () => {
  const limits = { ...DefaultReadLimits, partsMax: 5, nestingMax: 3, attachmentsMax: 2, addressesMax: 3 };
  const file = 'Content-Type: image/png; name=x.png\n\nPNG';

  test.each([
    ['parts', mixed('\nhello', file, file, file, file, file), 'parts-cut:'],
    ['attachments', mixed('\nhello', file, file, file), 'attachments-cut:'],
    ['addresses', `To: a@x, b@x, c@x, d@x\n${HEAD}\nhello`, 'addresses-cut:'],
    [
      'nesting',
      mixed(
        '\nhello',
        ['c', 'd', 'e'].reduceRight(
          (below, b) => `Content-Type: multipart/mixed; boundary=${b}\n\n--${b}\n${below}\n--${b}--`,
          '\nx',
        ),
      ),
      'parts-cut:',
    ],
  ])('%s are left out and the mail says so, by both parsers', async (_, text, warning) => {
    for (const rung of ['first', 'second'] as const) {
      const mail = await parseInProcess(crlf(text), { limits, rung });
      expect(mail.text).toContain('hello');
      expect(mail.attachments.length).toBeLessThanOrEqual(2);
      expect(mail.to.length).toBeLessThanOrEqual(3);
      expect(mail.warnings.join()).toContain(warning);
    }
  });
});
