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

test.each([
  ['German', 'Mit freundlichen Grüßen\n\nPriya Shah\nElm Hausverwaltung\nTel. 0555 0100'],
  ['English', 'Best regards,\nPriya Shah\nMaintenance'],
  ['French', 'Bien cordialement,\n\nPriya'],
  ['Spanish', 'Un saludo,\nPriya'],
  ['thanks with a name', 'Thanks,\nPriya'],
  ['a name behind a dash', '- Priya Shah'],
  ['a phone', 'Sent from my Galaxy'],
  ['a phone with a link', 'Gesendet von Outlook für Android<https://aka.ms/AAb9ysg>'],
  ['a phone in brackets', '[Sent from Yahoo Mail on Android]'],
  [
    'a legal notice',
    'This e-mail and any attachments are confidential and intended only for the person to whom they are addressed.',
  ],
  [
    'a legal notice in German',
    'Diese E-Mail enthält vertrauliche Informationen.\nSind Sie nicht der Empfänger, vernichten Sie sie.',
  ],
])('what closes a mail is signature and not text: %s', (_, closing) => {
  expect(extractReply(`accept\n\n${closing}`)).toEqual({ text: 'accept', quoted: '', signature: closing });
});

test.each([
  'Thanks',
  'Best, we wait until Monday.\nThe part comes on Tuesday.',
  'Thanks,\nthe tap still drips though.',
  'I sent from the office yesterday\nwhat you asked for.',
  'This message is for Priya.',
  'Regards to Maria from all of us here.',
])('what only sounds like a closing stays text: %j', (text) => {
  expect(extractReply(`Hello\n\n${text}`).text).toBe(`Hello\n\n${text}`);
});

test.each(['Sam', 'Sam Member', 'sam.', 'Sam Member\nElm Property Management\n+49 555 0100'])(
  'the sender’s own name below the text is signature: %j',
  (name) => {
    expect(extractReply(`accept\n\n${name}`, { author: 'Sam Member' })).toMatchObject({
      text: 'accept',
      signature: name,
    });
  },
);

test('the name of somebody else, or one’s own alone, is text', () => {
  expect(extractReply('accept\n\nPriya', { author: 'Sam Member' }).text).toBe('accept\n\nPriya');
  expect(extractReply('Sam', { author: 'Sam Member' }).text).toBe('Sam');
});

test('a mail that is nothing but a closing word keeps it as its text', () => {
  expect(extractReply('Thanks,\nPriya').text).toBe('Thanks,\nPriya');
  expect(extractReply('Cheers').text).toBe('Cheers');
});

test('a banner that a gateway set on top is no text of the sender', () => {
  const banner =
    'CAUTION: This email originated from outside of the organization. Do not click links or open attachments.';
  expect(extractReply(`${banner}\n\naccept`).text).toBe('accept');
});

test.each([
  [
    'Outlook',
    '👍 Sam Member reacted to your message:',
    '\n________________________________\nFrom: Elm <office@elm.example>\nSent: Friday, November 20, 2026 10:00\nTo: Sam\nSubject: #1042\n\nq',
  ],
  [
    'Gmail',
    '👍\n\nSam Member reacted via Gmail',
    '\n\nOn Fri, Nov 20, 2026 at 10:00 AM Elm <office@elm.example> wrote:\n\n> q',
  ],
])('a reaction that comes as a mail of %s keeps its words', (_, reaction, quote) => {
  expect(extractReply(`${reaction}\n${quote}`).text).toBe(reaction);
});

test.each([
  'Elm <office@elm.example> 于2026年11月20日周五 10:00写道：',
  '2026年11月20日(金) 10:00 Elm <office@elm.example>:',
  '2026년 11월 20일 (금) 오전 10:00, Elm <office@elm.example>님이 작성:',
  'пт, 20 нояб. 2026 г. в 10:00, Elm <office@elm.example>:',
  'пт, 20 лист. 2026 р. о 10:00 Elm <office@elm.example> пише:',
  'pt., 20 lis 2026 o 10:00 Elm <office@elm.example> napisał(a):',
  'pá 20. 11. 2026 v 10:00 odesílatel Elm <office@elm.example> napsal:',
  'Den fre 20 nov. 2026 kl 10:00 skrev Elm <office@elm.example>:',
  'fre. 20. nov. 2026 kl. 10.00 skrev Elm <office@elm.example>:',
  'pe 20. marrask. 2026 klo 10.00 Elm (office@elm.example) kirjoitti:',
  'Elm <office@elm.example>, 20 Kas 2026 Cum, 10:00 tarihinde şunu yazdı:',
  'Elm <office@elm.example> ezt írta (időpont: 2026. nov. 20., P, 10:00):',
  'Vào Th 6, 20 thg 11, 2026 vào lúc 10:00 Elm <office@elm.example> đã viết:',
  'Elm Management wrote on 20/11/2026 10:00:00:',
  '---- On Fri, 20 Nov 2026 10:00:00 +0100 Elm <office@elm.example> wrote ----',
  'Gredwa 20 nov 2026 10:00, Elm <office@elm.example> unbekwort:',
  'في الجمعة، 20 نوفمبر 2026 في 10:00 ص تمت كتابة ما يلي بواسطة Elm <office@elm.example>:',
  'في ٢٠ نوفمبر ٢٠٢٦، الساعة ١٠:٠٠ ص، كتب/كتبت Elm <office@elm.example>:',
  '\u202bבתאריך יום ו׳, 20 בנוב׳ 2026 ב-10:00 מאת \u202aElm\u202c\u200f <\u202aoffice@elm.example\u202c\u200f>:\u202c',
  'Στις Παρ 20 Νοε 2026 στις 10:00 π.μ., ο χρήστης Elm <office@elm.example> έγραψε:',
  'शुक्र, 20 नव॰ 2026 को 10:00 बजे को Elm <office@elm.example> ने लिखा:',
  'ในวันที่ ศ. 20 พ.ย. 2026 เวลา 10:00 Elm <office@elm.example> เขียนว่า:',
  'Wiadomość napisana przez Elm <office@elm.example> w dniu 20 lis 2026, o godz. 10:00:',
  '20. 11. 2026 v 10:00, Elm <office@elm.example>:',
  '2026-11-20 오전 10:00에 Elm 이(가) 쓴 글:',
  'Elm kirjoitti 20.11.2026 klo 10.00:',
  'Пятница, 20 ноября 2026, 10:00 +03:00 от Elm <office@elm.example>:',
  '-----"Elm" <office@elm.example> wrote: -----\nTo: Sam\nFrom: Elm <office@elm.example>\nDate: 20/11/2026 10:00\nSubject: Leak',
  '\u2010\u2010\u2010\u2010\u2010\u2010\u2010 Original Message \u2010\u2010\u2010\u2010\u2010\u2010\u2010',
  '------------------\u00a0Original\u00a0------------------\nFrom: "Elm"<office@elm.example>;\nDate: Fri, Nov 20, 2026 10:00 AM\nTo: "Sam"<sam@x.example>;\nSubject: Leak',
  'Gesendet: Freitag, 20. November 2026 um 10:00 Uhr\nVon: "Elm" <office@elm.example>\nAn: sam@x.example\nBetreff: Leak',
  'От: Elm <office@elm.example>\nИзпратено: 20 ноември 2026 10:00\nДо: Sam\nОтносно: Leak',
  '보낸 사람: Elm <office@elm.example>\n보낸 날짜: 2026년 11월 20일 10:00\n받는 사람: Sam\n제목: Leak',
  '*From:* Elm <office@elm.example>\n*Sent:* Friday, 20 November 2026 10:00\n*To:* Sam\n*Subject:* Leak',
  'From: Elm <office@elm.example>\n\nSent: Friday, 20 November 2026 10:00\n\nTo: Sam\n\nSubject: Leak',
  'From:\nElm <office@elm.example>\nSent:\nFriday, 20 November 2026 10:00\nTo:\nSam\nSubject:\nLeak',
  'On Fri, Nov 20, 2026 at 10:00 AM Elm Property Management via Baton <\noffice+abcdefghijklmnopqrstuvwxyz@elm.example> wrote:',
  'Am Fr., 20. Nov. 2026 um 10:00 Uhr schrieb Elm Property Management\n<office@elm.example>:',
  'Am Freitag, 20. November 2026 um\n10:00 schrieb Elm <office@elm.example>:',
  '-------- Původní zpráva --------',
  '-------- 原始邮件 --------',
  '>>> Elm <office@elm.example> 20.11.2026 10:00 >>>',
  '______________________________\nDeq: Elm <office@elm.example>\nZenti: 20.11.2026 10:00\nTemaq: Leak',
  'Od: Elm <office@elm.example>\nWysłano: piątek, 20 listopada 2026 10:00\nDo: Sam\nTemat: Leak',
  '差出人: Elm <office@elm.example>\n送信日時: 2026年11月20日 10:00\n宛先: Sam\n件名: Leak',
])('a quote below is told from the text whatever the language: %s', (head) => {
  expect(extractReply(`accept\n\n${head}\n\nCan you take this?\ndecline`).text).toBe('accept');
});

test.each([
  'From: Paris\nTo: London\nDate: 3 May',
  'Please call Joe <joe@plumb.example> before noon:\nthe trap is cracked.',
  'We met on 20.11.2026:\nall was dry then.',
  '--- Kitchen ---\nThe tap drips.',
  'Visit us:\n>>> http://elm.example <<<\nthere is more.',
])('what people write is not taken for the head of a quote: %j', (text) => {
  expect(extractReply(`Hello\n\n${text}`).text).toBe(`Hello\n\n${text}`);
});

test('Horde names no date above its quote', () => {
  expect(extractReply('accept\n\nZitat von Elm <office@elm.example>:\n\n> decline').text).toBe('accept');
});

test('an attribution on the line on which somebody wrote is cut off behind their words', () => {
  expect(
    extractReply('accept On Fri, Nov 20, 2026 at 10:00 AM, elm@elm.example wrote:\n> decline').text,
  ).toBe('accept');
});

test.each([
  'Regards,\n',
  'Thanks,\nSam\n',
  '> a(\nb\n',
  'To: a,\n',
  '_____________\n1:00: a@b 10:00\n',
  '<http:',
  '- - ',
  'On 1 jan 2026 10:00 <a@b.c\n',
])('a megabyte of %j costs less than a second', (unit) => {
  const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
  const before = process.cpuUsage();
  extractReply(text, { sent: [text] });
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000);
});
