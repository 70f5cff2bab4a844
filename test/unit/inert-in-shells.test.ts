/**
 * What must never act, through the whole way from raw bytes to commands: our own mails when they are quoted with
 * nothing, or no word, above them; and whatever people write whose first line is no command.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseInProcess } from '../../src/adapters/mime/parse-mail.ts';
import { fold } from '../../src/domain/command/fold.ts';
import { parseCommands } from '../../src/domain/command/parse.ts';
import { allSpellings } from '../../src/domain/command/spellings/spellings.ts';
import type { NoticeKind } from '../../src/domain/notices/notice.ts';
import { renderNotice } from '../../src/domain/notices/render.ts';
import { extractReply } from '../../src/domain/reply-text/extract-reply.ts';
import { everyView } from '../support/notice-samples.ts';
import { type Shell, Shells } from '../support/quoting-shells.ts';

const LONG = { timeout: 120_000 };
/** Written by a member to somebody outside, whose answers are never read for commands. */
const AsWritten: ReadonlySet<NoticeKind> = new Set<NoticeKind>(['customer-reply', 'outside-help']);
const phrases = Object.values(allSpellings.verbs).flat();
const shell = fc.constantFrom(...Shells);

/** Answers without a word. */
const wordless = fc.constantFrom(
  '',
  '\n\n',
  ' ',
  '.',
  '…',
  '!!',
  '-',
  '--',
  '> ',
  '\u00a0',
  '\u200b',
  '🙏',
  '❤️',
);

/** What customers and members write and are called: commands, and what makes lines of them. */
const hostile = fc
  .array(
    fc.constantFrom(...phrases, 'handoff to Sam', 'reply: hello', '\n', '\n> ', ' ', '"', ', ', '- ', 'x'),
    {
      maxLength: 12,
    },
  )
  .map((parts) => parts.join(' '));
const spoken: fc.Arbitrary<Parameters<typeof everyView>[0]> = fc.record({
  subject: hostile,
  customerName: hostile,
  customerAddress: fc.constantFrom('maria.lopez@mail.example', 'done@accept.example'),
  first: hostile,
  second: hostile,
  note: hostile,
  memberName: hostile,
  leaverName: hostile,
  fileName: hostile,
  reason: hostile,
});
const names = [...everyView()].flatMap(([name, { notice }]) =>
  AsWritten.has(notice.body.kind) ? [] : [name],
);

/** The commands of one answer: told by the shape of its quote, and by what we know to have sent. */
async function acts(mail: Uint8Array, sent: string): Promise<string[]> {
  const { text, reply } = await parseInProcess(mail);
  const known = extractReply(text, { sent: [sent], author: 'Sam Member' });
  return [reply.text, known.text].flatMap((own) =>
    parseCommands(own).commands.map(({ verb }) => `${verb}: ${own}`),
  );
}

describe('a notice of ours that is quoted', () => {
  test('acts in no mail program when nothing, or no word, is written with it', LONG, async () => {
    const acting: unknown[] = [];
    const notices = [...everyView().values()].filter(({ notice }) => !AsWritten.has(notice.body.kind));
    const nothings = ['', '\n', '…', '🙏', '--'];
    // Each notice meets other programs, and each program a dozen notices.
    const met = Shells.flatMap((one, at) =>
      Array.from({ length: 12 }, (_, nth) => ({ one, nth: at * 12 + nth })),
    );
    for (const { one, nth } of met) {
      const notice = renderNotice(notices[nth % notices.length] as (typeof notices)[number]);
      const done = await acts(one.mail(nothings[nth % nothings.length] ?? '', notice), notice.text);
      if (done.length > 0) acting.push({ shell: described(one), notice: notice.text.slice(0, 80), done });
    }
    expect(acting).toEqual([]);
  });

  test('acts in no mail program either when all that it tells was written to act', LONG, async () => {
    await fc.assert(
      fc.asyncProperty(
        shell,
        wordless,
        spoken,
        fc.constantFrom(...names),
        async (one, nothing, said, name) => {
          const view = everyView(said).get(name);
          if (view === undefined) throw new Error(`bug: there is no view ${name}`);
          const notice = renderNotice(view);
          expect(await acts(one.mail(nothing, notice), notice.text), described(one)).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('an answer whose first line is no command', () => {
  const openings = new Set(
    [...phrases, ...Object.keys(allSpellings.answers), ...allSpellings.polite, ...allSpellings.greetings].map(
      (phrase) => fold(phrase).split(/[^\p{L}\p{N}]/u)[0] ?? '',
    ),
  );
  const word = fc.stringMatching(/^[a-zäéñ]{2,12}$/).filter((one) => !openings.has(fold(one)));
  const plain = fc.oneof(
    word,
    fc.constantFrom(...phrases),
    fc.string({ maxLength: 20 }).map((text) => text.replace(/[\r\n]/g, ' ')),
  );
  const firstLine = fc
    .tuple(word, fc.array(plain, { maxLength: 8 }))
    .map(([first, rest]) => [first, ...rest].join(' '));
  const laterLine = fc.oneof(fc.constantFrom(...phrases, 'handoff to Sam', 'reply: hello', ''), firstLine);
  const written = fc
    .tuple(firstLine, fc.array(laterLine, { maxLength: 5 }))
    .map(([first, later]) => [first, ...later].join('\n'));
  const notice = renderNotice([...everyView().values()][0] as Parameters<typeof renderNotice>[0]);

  test('acts in no mail program, whatever stands below that line', LONG, async () => {
    await fc.assert(
      fc.asyncProperty(shell, written, async (one, text) => {
        expect(await acts(one.mail(text, notice), notice.text), described(one)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test.each(['7bit', 'quoted-printable', 'base64'] as const)(
    'acts in no mail that quotes nothing, sent as %s',
    LONG,
    async (encoding) => {
      await fc.assert(
        fc.asyncProperty(written, fc.boolean(), async (text, flowed) => {
          expect(await acts(bareMail(text, encoding, flowed), notice.text)).toEqual([]);
        }),
        { numRuns: 250 },
      );
    },
  );
});

test('the same ways carry a command, so that nothing above is quiet because nothing was read', async () => {
  const view = [...everyView().values()][0] as Parameters<typeof renderNotice>[0];
  const notice = renderNotice(view);
  for (const one of Shells)
    expect(await acts(one.mail('accept', notice), notice.text), described(one)).toHaveLength(2);
  const line = `zögere nicht, ${'es geht gleich los '.repeat(6)}`.trim();
  for (const encoding of ['7bit', 'quoted-printable', 'base64'] as const) {
    const mail = bareMail(`accept\n\n${line}`, encoding, false);
    expect((await parseInProcess(mail)).reply.text).toBe(`accept\n\n${line}`);
    expect(await acts(mail, notice.text)).toHaveLength(2);
  }
});

const described = ({ program, language, format, place }: Shell): string =>
  `${program}, ${language}, ${format}, ${place}`;

function bareMail(
  text: string,
  encoding: '7bit' | 'quoted-printable' | 'base64',
  flowed: boolean,
): Uint8Array {
  const bytes = Buffer.from(text.replaceAll('\n', '\r\n'));
  const body = {
    // Sent without a word of its encoding, as old programs do.
    '7bit': bytes.toString('latin1'),
    'quoted-printable': bytes
      .toString('latin1')
      .replace(
        /[^\r\n !-<>-~]|[ ](?=\r\n)/g,
        (one) => `=${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
      )
      .replace(/(.{1,70})(?<!=.?)(?=.)/g, '$1=\r\n'),
    base64: bytes.toString('base64').replace(/(.{76})/g, '$1\r\n'),
  }[encoding];
  const head = [
    'From: Sam Member <sam@members.example>',
    'To: maintenance@elm.example',
    'Subject: Re: something',
    'Message-ID: <bare@members.example>',
    'MIME-Version: 1.0',
    `Content-Type: text/plain; charset=utf-8${flowed ? '; format=flowed' : ''}`,
    `Content-Transfer-Encoding: ${encoding === '7bit' ? '8bit' : encoding}`,
  ];
  return Buffer.from(`${head.join('\r\n')}\r\n\r\n${body}\r\n`, 'latin1');
}
