import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { extractReply, REPLY_INPUT_MAX } from '../../src/domain/reply-text/extract-reply.ts';

const QUOTE = 'Can you take this? Reply "accept".';

/** Shells that mail programs put around an answer; OWN stands for what the member wrote. */
const shells: readonly (readonly [string, string])[] = [
  [
    'Gmail',
    `OWN\n\nOn Fri, Nov 20, 2026 at 10:00 AM Elm <office@elm.example> wrote:\n\n> ${QUOTE}\n>\n> more`,
  ],
  [
    'Gmail wrapped',
    `OWN\n\nOn Fri, Nov 20, 2026 at 10:00 AM Elm Property Management\n<office@elm.example> wrote:\n> ${QUOTE}`,
  ],
  [
    'Gmail wrapped before its verb',
    `OWN\n\nOn Fri, Nov 20, 2026 at 10:00 AM <office@elm.example>\nwrote:\n> ${QUOTE}`,
  ],
  ['Apple Mail', `OWN\n\n> On 20 Nov 2026, at 10:00, Elm <office@elm.example> wrote:\n>\n> ${QUOTE}`],
  ['German', `OWN\n\nAm 20.11.2026 um 10:00 schrieb Elm <office@elm.example>:\n> ${QUOTE}`],
  ['French', `OWN\n\nLe ven. 20 nov. 2026 à 10:00, Elm <office@elm.example> a écrit :\n> ${QUOTE}`],
  ['Spanish', `OWN\n\nEl vie, 20 nov 2026 a las 10:00, Elm (<office@elm.example>) escribió:\n> ${QUOTE}`],
  ['attribution without marks below', `OWN\n\nOn 20/11/2026 10:00, Elm wrote:\n${QUOTE}\nmore`],
  [
    'Outlook',
    `OWN\n\nFrom: Elm <office@elm.example>\nSent: Friday, November 20, 2026 10:00\nTo: Sam\nSubject: #1042\n\n${QUOTE}`,
  ],
  ['Outlook bold', `OWN\n\n*From:* Elm\n*Sent:* Friday\n*To:* Sam\n*Subject:* #1042\n\n${QUOTE}`],
  [
    'Outlook German',
    `OWN\n\nVon: Elm <office@elm.example>\nGesendet: Freitag, 20. November 2026 10:00\nAn: Sam\nBetreff: #1042\n\n${QUOTE}`,
  ],
  [
    'Outlook French',
    `OWN\n\nDe : Elm\nEnvoyé : vendredi 20 novembre 2026 10:00\nÀ : Sam\nObjet : #1042\n\n${QUOTE}`,
  ],
  ['Outlook Spanish', `OWN\n\nDe: Elm\nEnviado: viernes\nPara: Sam\nAsunto: #1042\n\n${QUOTE}`],
  [
    'Outlook Web',
    `OWN\n________________________________\nFrom: Elm\nSent: Friday\nTo: Sam\nSubject: #1042\n\n${QUOTE}`,
  ],
  ['Original Message', `OWN\n\n-----Original Message-----\nFrom: Elm\nSubject: x\n\n${QUOTE}`],
  ['Ursprüngliche Nachricht', `OWN\n\n-------- Ursprüngliche Nachricht --------\n${QUOTE}`],
  ['signature and quote', `OWN\n\n-- \nSam Member\nElm\n\nOn 20/11/2026 10:00, Elm wrote:\n> ${QUOTE}`],
  [
    'phone',
    `OWN\n\nSent from my iPhone\n\n> On 20 Nov 2026, at 10:00, Elm <office@elm.example> wrote:\n> ${QUOTE}`,
  ],
  ['below the quote', `On 20/11/2026 10:00, Elm wrote:\n> ${QUOTE}\n\nOWN`],
];

describe.each(['accept', 'On it.', 'handoff to Priya, she knows', 'Two lines\nand\n\nmore'])('%j', (own) => {
  test.each(shells)(
    `is all that was newly written inside of the shell of %s (${own.slice(0, 12)})`,
    (_, shell) => {
      const reply = extractReply(shell.replace('OWN', own));
      expect(reply.text).toBe(own);
      expect(reply.quoted).toContain(QUOTE);
    },
  );
});

test('an own line that begins like the attribution right below it is kept', () => {
  const text = 'On it by 3 pm\nOn Fri, Nov 20, 2026 at 10:00 AM Elm <office@elm.example> wrote:\n> q';
  expect(extractReply(text).text).toBe('On it by 3 pm');
});

test('answers between quoted lines are all kept, in order', () => {
  const text = 'On 20/11/2026 10:00, Elm wrote:\n> Can you come?\n\nYes.\n\n> When?\n\nAt 3.';
  expect(extractReply(text)).toMatchObject({
    text: 'Yes.\n\n\nAt 3.',
    quoted: expect.stringContaining('> When?'),
  });
});

test('words that look like an attribution but hold no date, time or address are the own text', () => {
  const text = 'On Monday he wrote:\nThe tap drips.';
  expect(extractReply(text)).toEqual({ text, quoted: '', signature: '' });
});

test('a quoted block alone, with nothing that says whose it is, is the content', () => {
  expect(extractReply('> Water is dripping.\n> Please help.').text).toBe(
    '> Water is dripping.\n> Please help.',
  );
});

test('a quote with its attribution and nothing else is no text of one’s own', () => {
  expect(extractReply('On 20/11/2026 10:00, Elm wrote:\n> Water is dripping.').text).toBe('');
});

test('the rest of a quoted line that was wrapped without its mark is no text of one’s own', () => {
  const long = `> ${'word '.repeat(14)}reply`;
  expect(extractReply(`Thanks\n\n${long}\naccept or decline\n> by noon`).text).toBe('Thanks');
});

test('a signature goes apart, and dashes that divide a long text do not begin one', () => {
  expect(extractReply('Hello\n-- \nSam\n555')).toEqual({
    text: 'Hello',
    quoted: '',
    signature: '-- \nSam\n555'.replace('-- ', '--'),
  });
  const divided = `Above\n--\n${'line\n'.repeat(20)}`.trimEnd();
  expect(extractReply(divided).text).toBe(divided);
});

test('every written line of any text comes back in exactly one of the three parts', () => {
  const line = fc.oneof(
    fc.constantFrom(
      '> q',
      '',
      '-- ',
      'On 1.1.2026 10:00 A <a@b.example> wrote:',
      'From: a',
      'Sent: b',
      'To: c',
      '-----Original Message-----',
      'Sent from my iPhone',
      'Subject: x',
    ),
    fc.string({ maxLength: 80 }).map((text) => text.replace(/[\r\n]/g, '')),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 30 }), (lines) => {
      const words = (text: string) =>
        text
          .split('\n')
          .map((one) => one.trimEnd())
          .filter((one) => one !== '')
          .sort();
      const { text, quoted, signature } = extractReply(lines.join('\n'));
      expect(words([text, quoted, signature].join('\n'))).toEqual(words(lines.join('\n')));
    }),
  );
});

test('what exceeds 64 KB is not looked at, so a hostile text costs a bounded number of steps', () => {
  for (const unit of ['\t\n', 'On On On\n', '>', 'From: a\n', 'On 1.1.2026 a@b wrote', '_\n', '-']) {
    const { text, quoted, signature } = extractReply(unit.repeat(1_000_000));
    expect(text.length + quoted.length + signature.length).toBeLessThanOrEqual(REPLY_INPUT_MAX + 2);
  }
});
