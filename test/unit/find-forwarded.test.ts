/** A mail that somebody passed on is told from an answer, and says who wrote it first. */
import { expect, test } from 'vitest';
import { findForwarded } from '../../src/domain/reply-text/find-forwarded.ts';

const MARIA = { name: 'Maria Lopez', address: 'maria@tenant.example' };

test.each([
  [
    'Gmail',
    '---------- Forwarded message ---------\nFrom: Maria Lopez <maria@tenant.example>\nDate: Fri, Nov 20, 2026 at 10:00 AM\nSubject: Leak\nTo: <sam@y.example>\n\n\nWater!',
  ],
  [
    'Gmail in Estonian',
    '---------- Forwarded message ---------\nSaatja: Maria Lopez <maria@tenant.example>\nDate: R, 20. november 2026 kell 10:00\nSubject: Leak\nTo: <sam@y.example>\n\nWater!',
  ],
  [
    'Apple Mail in Turkish',
    '> İleti başlangıcı:\n>\n> Kimden: Maria Lopez <maria@tenant.example>\n> Konu: Leak\n> Tarih: 20 Kasım 2026\n>\n> Water!',
  ],
  [
    'Thunderbird in Finnish',
    '-------- Välitetty viesti --------\nAihe: \tLeak\nPäiväys: \tFri, 20 Nov 2026\nLähettäjä: \tMaria Lopez <maria@tenant.example>\nVastaanottaja: \tsam@y.example\n\n\n\nWater!',
  ],
  [
    'Yahoo on one line',
    '   ----- Forwarded Message ----- From: Maria Lopez <maria@tenant.example>To: "sam@y.example" <sam@y.example>Sent: Friday, November 20, 2026, 10:00:00 AM GMT+1Subject: Leak\n Water!',
  ],
  [
    'a language that nobody listed',
    '-------- Forwarded Message --------\nTemaq: Leak\nZenti: Fri, 20 Nov 2026 10:00\nDeq: Maria Lopez <maria@tenant.example>\n\nWater!',
  ],
])('%s', (name, text) => {
  const found = findForwarded(`FYI\n\n${text}`);
  expect(found).toMatchObject({ from: MARIA, text: 'Water!', above: 'FYI' });
  if (!name.includes('nobody')) expect(found?.subject).toBe('Leak');
});

const OUTLOOK =
  'From: Maria Lopez <maria@tenant.example>\nSent: Friday, November 20, 2026 10:00 AM\nTo: Sam <sam@y.example>\nSubject: Leak\n\nWater!';

test('Outlook prints the same block above an answer: it is a forward when nothing stands above', () => {
  expect(findForwarded(OUTLOOK)).toMatchObject({ from: MARIA, subject: 'Leak', text: 'Water!', above: '' });
  expect(findForwarded(`On it.\n\n${OUTLOOK}`, 'Re: Leak')).toBeNull();
});

test.each(['FW: Leak', 'WG: Leak', 'TR: Leak', 'RV: Leak', 'Fwd: Leak', '[ext] Fw: Leak'])(
  'Outlook prints the same block above an answer: it is a forward under the subject %s',
  (subject) => {
    expect(findForwarded(`For you.\n\n${OUTLOOK}`, subject)).toMatchObject({
      from: MARIA,
      above: 'For you.',
    });
  },
);

test('an attribution on top with an unmarked text below is how Outlook for Mac passes on', () => {
  const text = 'On 20/11/2026 10:00, "Maria Lopez" <maria@tenant.example> wrote:\n\n    Water!\n\n    Maria';
  expect(findForwarded(text, 'FW: Leak')).toEqual({
    from: MARIA,
    subject: 'Leak',
    text: 'Water!\n\nMaria',
    above: '',
  });
});

test('a quote with marks below its attribution is an answer', () => {
  expect(
    findForwarded('On 20/11/2026 10:00, Maria <maria@tenant.example> wrote:\n> Water!\n\nOn it.'),
  ).toBeNull();
});

test('the words of the mail that was passed on keep their characters', () => {
  const text = `---------- Forwarded message ---------\nFrom: Maria Lopez <maria@tenant.example>\nSubject: Leak\n\nIt’s\u00a0wet…`;
  expect(findForwarded(text)?.text).toBe('It’s\u00a0wet…');
});

test.each(['From: a\n', '---- a ', 'forwarded message\n', '____\nFrom: a\n'])(
  'a megabyte of %j costs less than a second',
  (unit) => {
    const before = process.cpuUsage();
    findForwarded(unit.repeat(1_000_000 / unit.length), 'Fwd: x');
    expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000);
  },
);
