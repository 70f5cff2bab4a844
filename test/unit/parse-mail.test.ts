import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseAddressList } from '../../src/adapters/mime/address-list.ts';
import { readHeaderBlock } from '../../src/adapters/mime/header-fields.ts';
import { stripHtml, textFromHtml } from '../../src/adapters/mime/html-text.ts';
import { parseMailDate } from '../../src/adapters/mime/mail-date.ts';
import { parseInProcess } from '../../src/adapters/mime/parse-mail.ts';
import { DefaultReadLimits } from '../../src/adapters/mime/read-limits.ts';

const parse = (text: string) => parseInProcess(Buffer.from(text.replaceAll('\n', '\r\n')));

describe('an address list', () => {
  test.each([
    ['a@x.example', ['|a@x.example']],
    ['Maria Lopez <Maria@X.Example>', ['Maria Lopez|Maria@x.example']],
    ['"Lopez, Maria" <m@x>, b@y', ['Lopez, Maria|m@x', '|b@y']],
    ['Lopez, Maria <m@x>', ['Lopez, Maria|m@x']],
    ['m@x (Maria Lopez)', ['Maria Lopez|m@x']],
    ['team: a@x, B <b@y>;, c@z', ['|a@x', 'B|b@y', '|c@z']],
    ['undisclosed-recipients:;', []],
    ['=?utf-8?q?J=C3=B6rg?= <j@x>', ['Jörg|j@x']],
    ['=?utf-8?q?owner=40corp_=3Co=40c=3E?= <evil@x>', ['owner@corp <o@c>|evil@x']],
    ['<owner@corp> <attacker@evil>', ['|owner@corp', '|attacker@evil']],
    ['<owner@corp> attacker@evil', ['|owner@corp', '|attacker@evil']],
    ['owner@corp <attacker@evil>', ['owner@corp|attacker@evil']],
    ['<@relay,@other:a@x>', ['|a@x']],
    ['<<a@x>>', ['|a@x']],
    ['a @ x . example', ['|a@x.example']],
    ['"a b"@x', ['a b@x|']],
    ['MAILER-DAEMON', ['MAILER-DAEMON|']],
    ['"unclosed <a@x>', ['unclosed|a@x']],
    ['', []],
    [',;:<>', ['|']],
  ])('%j gives %j', (value, expected) => {
    expect(parseAddressList(value).map((one) => `${one.name}|${one.address}`)).toEqual(expected);
  });

  test('of any characters ends, bounded and without NUL', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab@<>(),;:"\\ .\0'), maxLength: 200 }), (value) => {
        const found = parseAddressList(value);
        expect(found.length).toBeLessThanOrEqual(value.length + 1);
        expect(JSON.stringify(found)).not.toContain('u0000');
      }),
    );
  });
});

describe('the header block', () => {
  const fields = (text: string) =>
    readHeaderBlock(Buffer.from(text)).fields.map((one) => `${one.name}=${one.value}`);

  test('keeps every field in order, unfolded and not decoded', () => {
    expect(fields('B: 1\r\nA: x\r\n\ty\r\nb: =?utf-8?q?z?=\r\n\r\nC: no')).toEqual([
      'b=1',
      'a=x y',
      'b==?utf-8?q?z?=',
    ]);
  });

  test('counts a name with a space before its colon, and says so', () => {
    const block = readHeaderBlock(Buffer.from('From : a@x\nFrom: b@y\n\n'));
    expect(block.fields.map((one) => one.name)).toEqual(['from', 'from']);
    expect(block.warnings.join()).toContain('header-space');
  });

  test('reads bytes that are no UTF-8 as Windows-1252', () => {
    expect(readHeaderBlock(Buffer.from('Subject: Gr\xfc\xdfe\n\n', 'latin1')).fields[0]?.value).toBe('Grüße');
  });

  test('caps values at 16 KB and says so, but keeps all addresses of a long list', async () => {
    const to = Array.from({ length: 900 }, (_, i) => `person${i}@somewhere.example`).join(',\n ');
    const mail = await parse(`From: a@x\nTo: ${to}\n\nx`);
    expect(mail.to).toHaveLength(900);
    expect(mail.headers[1]?.value).toHaveLength(16 * 1024);
    expect(mail.warnings.join()).toContain('header-cut');
  });
});

test.each([
  ['Fri, 20 Nov 2026 10:00:00 +0100', '2026-11-20T09:00:00.000Z'],
  ['20 Nov 26 10:00 EST (Eastern)', '2026-11-20T15:00:00.000Z'],
  ['Fri, 20 Nov 2026 10:00:00', '2026-11-20T10:00:00.000Z'],
  ['Friday, 20-Nov-2026 10:00:00 GMT', '2026-11-20T10:00:00.000Z'],
  ['Fri, 20 Nov 2026 10:00:00 -0000', '2026-11-20T10:00:00.000Z'],
  ['2026-11-20T10:00:00+02:00', '2026-11-20T08:00:00.000Z'],
  ['2026-11-20 10:00:00', '2026-11-20T10:00:00.000Z'],
])('the date %j is %s in whatever zone the machine is', (value, iso) => {
  expect(parseMailDate(value)).toBe(Date.parse(iso) * 1_000);
});

test.each([
  '',
  'yesterday',
  'Fri, 32 Nov 2026 10:00:00 +0000',
  '1 Foo 2026 10:00',
  '9 Nov 9999 10:00:00 +0000',
])('the date %j is none', (value) => {
  expect(parseMailDate(value)).toBeNull();
});

describe('HTML', () => {
  test('comes out as lines, with quotes marked and links behind their words', () => {
    const html =
      '<style>p{}</style><p>Hello <a href="https://x.example">there</a></p><blockquote>old<br>words</blockquote>';
    expect(textFromHtml(html).text).toBe('Hello there <https://x.example>\n\n> old\n> words');
  });

  test.each([
    [
      'https://x.example/form?id=7&utm_source=mail&fbclid=abc',
      'the form',
      'the form <https://x.example/form?id=7>',
    ],
    ['https://www.x.example/', 'x.example', 'x.example'],
    [`https://click.example/${'t'.repeat(200)}`, 'our offer', 'our offer'],
    ['mailto:maria@x.example', 'Maria', 'Maria <maria@x.example>'],
    ['mailto:office@x.example?body=accept', 'accept it', 'accept it'],
    ['javascript:alert(1)', 'click', 'click'],
    ['https://x.example/open.gif', '<img src="https://x.example/open.gif">', ''],
  ])('shows of the link %s around %s what tells more: %s', (href, words, shown) => {
    expect(textFromHtml(`<p><a href="${href}">${words}</a></p>`).text).toBe(shown);
  });

  test('has the items of lists on lines of their own', () => {
    expect(textFromHtml('<ul><li>one<li>two</ul><ol><li>a</li><li>b</li></ol>').text).toBe(
      ' * one\n * two\n\n 1. a\n 2. b',
    );
  });

  test('in a table has a line for each row and a space between cells', () => {
    const row = '<tr><th>From: </th><td>Maria</td></tr><tr><td>Subject:</td><td>Leak</td></tr>';
    expect(textFromHtml(`<p>FYI</p><table><tbody>${row}</tbody></table>`).text).toBe(
      'FYI\n\nFrom: Maria\nSubject: Leak',
    );
  });

  test('of an editor has one empty line where one was typed', () => {
    const typed = '<div>a</div><div><br></div><div>b</div>';
    expect(textFromHtml(typed).text).toBe('a\n\nb');
    const outlook =
      '<p class=MsoNormal>a<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal>b</p>';
    expect(textFromHtml(outlook).text).toBe('a\n\nb');
  });

  test('of Outlook has a bar above the head of what it quotes, and no other line has one', () => {
    const head = (text: string) =>
      `<p>a</p><div style="border:none;border-top:solid #E1E1E1 1.0pt">${text}</div><p>b</p>`;
    expect(textFromHtml(head('<p><b>Feladó:</b> Elm</p>')).text).toContain(
      `${'_'.repeat(32)}\n\nFeladó: Elm`,
    );
    expect(textFromHtml(head('<p>Elm Property Management</p>')).text).not.toContain('__');
  });

  test('of Gmail and Thunderbird has its attribution marked like the quote, that of a forward not', () => {
    expect(textFromHtml('<div class="gmail_attr">Deq zenti:</div>').text).toBe('> Deq zenti:');
    expect(textFromHtml('<div class="moz-cite-prefix">Deq zenti:</div>').text).toBe('> Deq zenti:');
    expect(textFromHtml('<div class="gmail_attr">---- Forwarded ----</div>').text).toBe(
      '---- Forwarded ----',
    );
  });

  test('that is hidden from the reader is not read', () => {
    const hidden = [
      'style="display:none"',
      'style="color:red; DISPLAY : None !important"',
      "style='visibility:hidden'",
      'style="max-height:0px;overflow:hidden"',
      'style="opacity: 0"',
      'hidden',
    ];
    for (const attribute of hidden)
      expect(textFromHtml(`<div ${attribute}>accept</div><p>Hello</p>`).text).toBe('Hello');
    const shown = ['style="opacity:0.8"', 'style="max-height:0.5em"', 'style="font-size:0"'];
    for (const attribute of shown) expect(textFromHtml(`<p ${attribute}>Hello</p>`).text).toBe('Hello');
  });

  test('of a newsletter has no filling of characters that nobody sees', () => {
    expect(textFromHtml(`<p>Hello${'\u034f \u200b\u00ad\u2060'.repeat(3)}</p>`).text.trim()).toBe('Hello');
  });

  test('is stripped of tags, entities and scripts in the simple way as well', () => {
    const html =
      '<div>a &lt;b&gt;\nc</div><script>x</script><blockquote><p>q</p></blockquote><!-- c -->&#228;';
    expect(stripHtml(html)).toBe('a <b> c\n> q\nä');
  });

  test('of any characters ends, with the library and without', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '/',
      'div',
      'p',
      '!--',
      '-->',
      ' ',
      'x',
      '"',
      '=',
      '&',
      '#',
      ';',
      'style',
      '\n',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 200 }), (pieces) => {
        expect(typeof textFromHtml(pieces.join('')).text).toBe('string');
        expect(typeof stripHtml(pieces.join(''))).toBe('string');
      }),
    );
  });
});

describe('the text', () => {
  const alternative = (plain: string, html: string) =>
    `Content-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n${plain}\n--b\nContent-Type: text/html\n\n${html}\n--b--\n`;

  test('is the plain part of an alternative, and the HTML when the plain part is blank', async () => {
    expect((await parse(alternative('plain', '<p>html</p>'))).text.trim()).toBe('plain');
    expect((await parse(alternative(' ', '<p>html</p>'))).text.trim()).toBe('html');
  });

  test('has the HTML of a mail and the plain footer of its list, in order', async () => {
    const mixed =
      'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>Hi</p>\n--b\nContent-Type: text/plain\n\nfooter\n--b--';
    expect((await parse(mixed)).text.trim()).toBe('Hi\nfooter');
  });

  test('is cut at 1 MB with a warning', async () => {
    const mail = await parse(`From: a@x\n\n${'x'.repeat(DefaultReadLimits.textCharactersMax + 10)}`);
    expect(mail.text).toHaveLength(DefaultReadLimits.textCharactersMax);
    expect(mail.warnings.join()).toContain('text-cut');
  });
});

test('an attachment has a bare file name, its decoded size and whether the HTML shows it', async () => {
  const mail = await parse(
    'Content-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n<img src="cid:logo">\n--b\nContent-Type: image/png\nContent-ID: <logo>\nContent-Disposition: inline; filename="../../etc/\u202egnp.exe"\nContent-Transfer-Encoding: base64\n\nAAAA\n--b\nContent-Type: Application/PDF; name="C:\\temp\\quote.pdf"\nContent-Disposition: attachment\n\nxyz\n--b--',
  );
  expect(mail.attachments).toEqual([
    { filename: 'gnp.exe', contentType: 'image/png', size: 3, inline: true },
    {
      filename: expect.stringMatching(/^[^/\\]*quote\.pdf$/),
      contentType: 'application/pdf',
      size: 3,
      inline: false,
    },
  ]);
});

describe('the body hash', () => {
  const hash = async (text: string) => (await parseInProcess(Buffer.from(text, 'latin1'))).bodyHash;
  const utf8 = Buffer.from('Grüße\n').toString('latin1');

  test('is the same whatever encoding, charset, line ends and headers the transport chose', async () => {
    const plain = await hash(`Subject: a\nContent-Type: text/plain; charset=utf-8\n\n${utf8}`);
    for (const twin of [
      `Received: x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${utf8.replace('\n', '\r\n')}\r\n`,
      'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\nGr=C3=BC=C3=9Fe\n',
      'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nR3LDvMOfZQo=\n',
      'Content-Type: text/plain; charset=iso-8859-1\n\nGr\xfc\xdfe\n',
    ]) {
      expect(await hash(twin)).toBe(plain);
    }
  });

  test('of a text file does not depend on its line ends', async () => {
    const mail = (lines: string) =>
      `Content-Type: text/csv; name=a.csv\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\n${Buffer.from(lines).toString('base64')}\n`;
    expect(await hash(mail('a,b\r\nc,d\r\n'))).toBe(await hash(mail('a,b\nc,d')));
    expect(await hash(mail('a,b\n\nc,d'))).not.toBe(await hash(mail('a,b\nc,d')));
  });

  test('changes with a word of the text and with a byte of an attachment', async () => {
    const mail = (text: string, file: string) =>
      `Content-Type: multipart/mixed; boundary=b\n\n--b\n\n${text}\n--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n${file}\n--b--\n`;
    const hashes = await Promise.all([
      hash(mail('a', 'AAAA')),
      hash(mail('b', 'AAAA')),
      hash(mail('a', 'AAAB')),
    ]);
    expect(new Set(hashes).size).toBe(3);
  });
});

describe('a bare CR', () => {
  test('in the header hides no second From field', async () => {
    const mail = await parseInProcess(
      Buffer.from('From: a@x.example\rFrom: b@y.example\r\nSubject: s\r\n\r\nbody\r\n'),
    );
    expect(mail.from.map((one) => one.address)).toEqual(['a@x.example', 'b@y.example']);
    expect(mail.warnings.join()).toContain('bare-cr');
  });

  test('in the hundred thousands costs one pass, in the header and in the body', async () => {
    const runs = '\r'.repeat(300_000);
    for (const raw of [`From: a@x\r${runs}b\r\n\r\nx`, `From: a@x\r\n\r\n${runs}x`, runs]) {
      expect((await parseInProcess(Buffer.from(raw))).bodyHash).toHaveLength(64);
    }
  });

  test('doubled before its line feed ends no header', async () => {
    const mail = await parseInProcess(Buffer.from('From: a@x.example\r\r\nSubject: s\r\r\n\r\r\nbody\r\r\n'));
    expect(mail).toMatchObject({ subject: 's', text: expect.stringContaining('body') });
  });
});

test.each([
  [
    'Gmail',
    'FYI\n\n---------- Forwarded message ---------\nFrom: Maria Lopez <maria@x.example>\nDate: Fri, Nov 20\nSubject: Leak\nTo: <sam@y.example>\n\nWater!',
  ],
  [
    'Apple Mail',
    'FYI\n\nBegin forwarded message:\n\nFrom: Maria Lopez <maria@x.example>\nSubject: Leak\nDate: 20 Nov 2026\nTo: sam@y.example\n\nWater!',
  ],
  [
    'Apple Mail quoted',
    'FYI\n\n> Anfang der weitergeleiteten Nachricht:\n>\n> Von: Maria Lopez <maria@x.example>\n> Betreff: Leak\n> Datum: 20. November\n>\n> Water!',
  ],
  [
    'Thunderbird',
    'FYI\n\n-------- Weitergeleitete Nachricht --------\nBetreff: Leak\nDatum: Fri, 20 Nov 2026\nVon: Maria Lopez <maria@x.example>\nAn: sam@y.example\n\nWater!',
  ],
])('a mail forwarded with %s names its first writer, subject and words', async (_, body) => {
  expect((await parse(`From: sam@y.example\n\n${body}`)).forwarded).toEqual({
    from: { name: 'Maria Lopez', address: 'maria@x.example' },
    subject: 'Leak',
    text: 'Water!',
    above: 'FYI',
  });
});

test('a mail that only speaks of a forwarded message is none', async () => {
  const mail = await parse('From: a@x\n\nI saw your\nforwarded message\nyesterday.');
  expect(mail.forwarded).toBeNull();
});

test('any bytes at all give a mail', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (raw) => {
      expect((await parseInProcess(raw)).bodyHash).toMatch(/^[0-9a-f]{64}$/);
    }),
    { numRuns: 200 },
  );
});

test('any shuffled lines of a mail give a mail', async () => {
  const line = fc.constantFrom(
    'From: a@x',
    'Content-Type: multipart/mixed; boundary=b',
    '--b',
    '--b--',
    '',
    'Content-Type: message/rfc822',
    'Content-Type: message/delivery-status',
    'Content-Transfer-Encoding: base64',
    'Final-Recipient: rfc822; a@x',
    ' folded',
    'Content-Type: text/html',
    '<p>',
    'Content-Type: multipart/alternative; boundary="b"',
    '\0',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 40 }), async (lines) => {
      expect((await parseInProcess(Buffer.from(lines.join('\r\n')))).text).not.toContain('\0');
    }),
    { numRuns: 200 },
  );
});
