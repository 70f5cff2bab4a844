/** What members write comes out exactly, whichever program they write it in, whatever notice it quotes. */
import { describe, expect, test } from 'vitest';
import { parseInProcess, replyInProcess } from '../../src/adapters/mime/parse-mail.ts';
import { composeMail } from '../../src/adapters/smtp/compose.ts';
import { fromIso } from '../../src/domain/instant.ts';
import { renderNotice } from '../../src/domain/notices/render.ts';
import type { RenderedNotice } from '../../src/domain/notices/view.ts';
import { everyView } from '../support/notice-samples.ts';
import { type Shell, Shells } from '../support/quoting-shells.ts';

const notices: readonly RenderedNotice[] = [...everyView().values()].map((view) => renderNotice(view));
const Answers = [
  'accept',
  'Yes, on it.',
  'handoff to Priya, she knows the contract',
  'decline\n\nI am at Oak Street until four.',
  'reply:\nHello Maria,\n\na plumber comes at 2 pm.\nPlease leave the door open - thank you!',
  'snooze until next Tuesday 3pm',
  '👍',
];
const programs = [...new Set(Shells.map(({ program }) => program))];

test('the shells are those of ten programs in seven languages', () => {
  expect(programs).toHaveLength(10);
  expect(Shells.length).toBeGreaterThan(150);
});

describe.each(programs)('%s', (program) => {
  const shells = Shells.filter((shell) => shell.program === program);

  test(`what is written in ${program} is told from what it quotes by the shape of the quote alone`, async () => {
    const wrong: unknown[] = [];
    for (const [i, shell] of shells.entries()) {
      for (const [j, answer] of Answers.entries()) {
        const mail = shell.mail(answer, noticeFor(i * Answers.length + j));
        const { reply } = await parseInProcess(mail);
        if (reply.text !== answer)
          wrong.push({ shell: described(shell), answer, got: reply.text.slice(0, 300) });
      }
    }
    expect(wrong).toEqual([]);
  });

  test(`what is written in ${program} is all that is left when the words we sent are taken out`, async () => {
    const wrong: unknown[] = [];
    for (const [i, shell] of shells.entries()) {
      for (const [j, answer] of Answers.entries()) {
        const notice = noticeFor(i + j * shells.length);
        const { text } = await replyInProcess(shell.mail(answer, notice), [await sent(notice)]);
        if (text !== answer) wrong.push({ shell: described(shell), answer, got: text.slice(0, 300) });
      }
    }
    expect(wrong).toEqual([]);
  });
});

/** Each shell meets other notices, and all shells together meet all. */
const noticeFor = (n: number): RenderedNotice => notices[n % notices.length] as RenderedNotice;

const described = ({ program, language, format, place }: Shell) =>
  `${program}, ${language}, ${format}, ${place}`;

const sent = ({ subject, text, html }: RenderedNotice): Promise<Uint8Array> =>
  composeMail({
    from: { name: 'Elm', address: 'maintenance@elm.example' },
    to: { name: 'Sam', address: 'sam@members.example' },
    replyTo: null,
    subject,
    messageId: 'notice@elm.example',
    inReplyTo: null,
    references: [],
    date: fromIso('2026-11-20T09:00:00Z'),
    headers: {},
    text,
    html,
  });
