/** The mails of the demo, read by the real parser: they must say what the story means them to say. */
import { expect, test } from 'vitest';
import { parseInProcess } from '../../src/adapters/mime/parse-mail.ts';
import { agenda } from '../../src/runtime/demo/agenda.ts';
import { START } from '../../src/runtime/demo/day.ts';
import { pdf } from '../../src/runtime/demo/files.ts';
import { letterBytes } from '../../src/runtime/demo/letter.ts';
import { bounceOf, outOfOffice } from '../../src/runtime/demo/machines.ts';

const letter = {
  key: 'k1',
  from: 'Jürgen Hoffmann <j@gmx.example>',
  to: 'Büro <office@elm.example>',
  subject: 'Nebenkosten – Rückfrage',
  text: 'Grüße\nJürgen',
  files: [pdf('a.pdf')],
};

test('a letter keeps its umlauts, its file and what it answers', async () => {
  const answers = { messageId: 'b@x', references: ['a@x'] };
  const mail = await parseInProcess(letterBytes({ ...letter, answers }, START));
  expect(mail).toMatchObject({
    messageId: 'k1@gmx.example',
    from: [{ name: 'Jürgen Hoffmann', address: 'j@gmx.example' }],
    subject: 'Nebenkosten – Rückfrage',
    inReplyTo: ['b@x'],
    references: ['a@x', 'b@x'],
    date: START,
    warnings: [],
  });
  expect(mail.text.trim()).toBe('Grüße\nJürgen');
  expect(mail.attachments).toMatchObject([{ filename: 'a.pdf', contentType: 'application/pdf' }]);
});

test('a bounce names whom it could not reach and which mail it returns', async () => {
  const { from, raw } = bounceOf(letterBytes(letter, START), 'gone@x.example', 'office+k@elm.example', START);
  expect(from).toBe('');
  expect((await parseInProcess(raw)).report).toEqual({
    recipients: [
      {
        ...{ address: 'gone@x.example', status: '5.1.1', action: 'failed', permanent: true },
        ...{ reason: 'user-unknown', diagnostic: '550 5.1.1 User unknown' },
      },
    ],
    originalMessageId: 'k1@gmx.example',
  });
});

test('an out-of-office answers the mail and says that a machine wrote it', async () => {
  const mail = await parseInProcess(letterBytes(letter, START));
  const { raw } = outOfOffice('Luis <luis@elm.example>', mail, 'office@elm.example', 'Away.', START);
  const answer = await parseInProcess(raw);
  expect(answer.inReplyTo).toEqual(['k1@gmx.example']);
  expect(answer.headers).toContainEqual({ name: 'auto-submitted', value: 'auto-replied' });
});

test('an agenda gives out what is due in order of time, and of one instant in the order it was noted', async () => {
  const noted = agenda();
  const run = (list: string[], word: string) => async () => void list.push(word);
  const said: string[] = [];
  noted.add(20, run(said, 'later'));
  noted.add(10, run(said, 'first'));
  noted.add(10, run(said, 'second'));
  expect(noted.nextAt()).toBe(10);
  for (const one of noted.takeDue(10)) await one();
  expect(said).toEqual(['first', 'second']);
  expect(noted.nextAt()).toBe(20);
});
