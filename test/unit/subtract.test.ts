/** Whatever a program does to a notice that it quotes, none of its words passes for the member's own. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { renderNotice } from '../../src/domain/notices/render.ts';
import { extractReply } from '../../src/domain/reply-text/extract-reply.ts';
import { everyView } from '../support/notice-samples.ts';
import { wrapped } from '../support/quoting-shells.ts';

const notices = [...everyView().values()].map((view) => renderNotice(view).text);
const NOTICE =
  '#1042 Leak under kitchen sink, Maria Lopez\n\nCan you take this? Reply "accept" or "decline" by 10:40. Until you accept, Leah answers for it.\n\n│ Water is dripping into the cabinet since last night.\n│ I put a bucket under it.\n\nSomeone else’s? Reply "handoff to" and a name. Later: reply "due in 2 working days".\n';

type Style = (text: string) => string;
const each =
  (change: (line: string) => string): Style =>
  (text) =>
    text
      .split('\n')
      .map((line) => change(line))
      .join('\n');

/** What programs do to the words that they quote. */
const Encodings: readonly (readonly [string, Style])[] = [
  ['as it was', (text) => text],
  ['with curly quotation marks', (text) => text.replace(/"([^"\n]*)"/g, '“$1”').replaceAll("'", '’')],
  ['with straight ones', (text) => text.replace(/[“”„]/g, '"').replace(/[‘’]/g, "'")],
  ['with no-break spaces made plain', (text) => text.replaceAll('\u00a0', ' ')],
  ['with other bullets and bars', (text) => text.replace(/^- ?/gm, '* ').replace(/│\s?/g, '| ')],
  ['with dashes made longer', (text) => text.replaceAll(' - ', ' — ')],
  ['with letters composed otherwise', (text) => text.normalize('NFD')],
  ['with addresses made links', (text) => text.replace(/\S+@\S+/g, (one) => `${one}<mailto:${one}>`)],
];
/** How they set them. */
const Settings: readonly (readonly [string, Style])[] = [
  ['nothing in front', (text) => text],
  ['marked', each((line) => `> ${line}`)],
  ['marked twice', each((line) => `>> ${line}`)],
  ['with bars', each((line) => `| ${line}`)],
  ['indented', each((line) => `    ${line}`)],
  ['wrapped narrow', (text) => wrapped(text, 30)],
  ['wrapped as usual', (text) => wrapped(text, 72)],
  ['wrapped and marked', (text) => each((line) => `> ${line}`)(wrapped(text, 60))],
  ['wrapped again behind its marks', (text) => wrapped(each((line) => `> ${line}`)(wrapped(text, 76)), 66)],
];

/** Words that no notice of ours holds. */
const ownWord = fc.stringMatching(/^[xzq][aeiou][vwxz][aeiou]{1,3}$/);
const ownLine = fc.array(ownWord, { minLength: 1, maxLength: 7 }).map((words) => words.join(' '));
const ownText = fc.array(ownLine, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n'));
const style = fc.tuple(fc.constantFrom(...Encodings), fc.constantFrom(...Settings)).map(
  ([[, encode], [, set]]): Style =>
    (text) =>
      set(encode(text)),
);
const anyNotice = fc.constantFrom(...notices);

describe('a notice of ours that is quoted', () => {
  test('leaves just the own text above it, whatever the program did to it', () => {
    fc.assert(
      fc.property(ownText, anyNotice, style, (own, notice, quote) => {
        expect(extractReply(`${own}\n\n${quote(notice)}`, { sent: [notice] }).text).toBe(own);
      }),
      { numRuns: 700 },
    );
  });

  test('leaves just the own text below it', () => {
    fc.assert(
      fc.property(ownText, anyNotice, style, (own, notice, quote) => {
        expect(extractReply(`${quote(notice)}\n\n${own}`, { sent: [notice] }).text).toBe(own);
      }),
      { numRuns: 700 },
    );
  });

  test('leaves the answers that stand between its paragraphs, each of them', () => {
    fc.assert(
      fc.property(ownLine, ownLine, anyNotice, style, fc.nat(), (first, second, notice, quote, at) => {
        const parts = quote(notice).split(/\n(?=[>|\s]*\n)/);
        const place = 1 + (at % Math.max(1, parts.length - 1));
        const body = [...parts.slice(0, place), `\n${first}\n`, ...parts.slice(place), `\n${second}`].join(
          '\n',
        );
        const words = extractReply(body, { sent: [notice] })
          .text.split(/\s+/)
          .join(' ');
        expect(words).toBe(`${first} ${second}`);
      }),
      { numRuns: 700 },
    );
  });

  test('leaves no marks on a line of their own where a program broke the line before them', () => {
    const notice = 'Check the address. To ask again: "ask joe@plumber.example: can you …?".\n';
    const body = 'not his\n\n> Check the address. To ask again: "ask joe@plumber.example: can you\n> …?".\n';
    expect(extractReply(body, { sent: [notice] }).text).toBe('not his');
  });

  test('leaves just the own text when it was trimmed to any of its longer parts', () => {
    fc.assert(
      fc.property(ownText, anyNotice, style, fc.nat(), fc.nat(), (own, notice, quote, a, b) => {
        const lines = notice.split('\n');
        const from = a % lines.length;
        const part = lines.slice(from, from + 1 + (b % lines.length)).join('\n');
        fc.pre(part.split(/\s+/).filter((word) => /\p{L}{2}/u.test(word)).length >= 20);
        expect(extractReply(`${own}\n\n${quote(part)}`, { sent: [notice] }).text).toBe(own);
      }),
      { numRuns: 700 },
    );
  });

  test('is found among all the others that were sent', () => {
    fc.assert(
      fc.property(ownText, anyNotice, style, (own, notice, quote) => {
        expect(extractReply(`${own}\n\n${quote(notice)}`, { sent: notices }).text).toBe(own);
      }),
    );
  });
});

describe('what a member types stays theirs although our notice holds the same words', () => {
  test.each(['accept', 'decline', 'due in 2 working days', 'handoff to', 'accept or decline', 'Leah'])(
    '%s',
    (own) => {
      expect(extractReply(own, { sent: [NOTICE] }).text).toBe(own);
      expect(extractReply(`${own}\n\n${NOTICE}`, { sent: [NOTICE] }).text).toBe(own);
    },
  );

  test.each([
    'You say "Water is dripping into the cabinet since last night", but I saw nothing.',
    'Water is dripping into the cabinet? Nobody told me.',
  ])('in a sentence of their own: %s', (own) => {
    expect(extractReply(`${own}\n\n${NOTICE}`, { sent: [NOTICE] }).text).toBe(own);
  });

  test('a single word between our lines is an answer', () => {
    const [head = '', ...rest] = NOTICE.split('\n\n');
    const body = [head, 'accept', ...rest].join('\n\n');
    expect(extractReply(body, { sent: [NOTICE] }).text).toBe('accept');
  });
});

test('a short line of ours between two answers is known by what stands around it', () => {
  const long = [
    'The first of our paragraphs has quite a lot of words in it.',
    'The last one of them is just as long as the first was.',
  ];
  const notice = `${long[0]}\n\nTwo photos\n\nFiles\n\n${long[1]}\n`;
  const body = `${long[0]}\n\nYes.\n\nTwo photos\n\nFiles\n\nThree.\n\n${long[1]}\n`;
  expect(extractReply(body, { sent: [notice] }).text.split(/\s+/)).toEqual(['Yes.', 'Three.']);
});

test.each([
  ['below the quote', (quote: string, signature: string) => `accept\n\n${quote}\n\n${signature}`],
  ['above it', (quote: string, signature: string) => `accept\n\n${signature}\n\n${quote}`],
])('a signature %s is none of the words, whatever it says', (_, mail) => {
  const signature = '-- \nPriya Nair\nElm Property Management\nOak Street 4';
  const reply = extractReply(mail(wrapped(NOTICE, 70).replace(/^/gm, '> '), signature), { sent: [NOTICE] });
  expect(reply).toMatchObject({ text: 'accept', signature: signature.replace('-- ', '--') });
});

test('an attribution in a language that nobody listed is known by our words below it', () => {
  const body = `On it.\n\n2026 Kartiko 20 10:00, Elm <office@elm.example> zapsidlo:\n\n${NOTICE}`;
  expect(extractReply(body, { sent: [NOTICE] }).text).toBe('On it.');
});

test('a header block in a language that nobody listed is known by our words below it', () => {
  const body = `On it.\n\nDeq: Elm <office@elm.example>\nZenti: 20.11.2026 10:00\nTuq: Sam\nTemaq: Leak\n\n${NOTICE}`;
  expect(extractReply(body, { sent: [NOTICE] }).text).toBe('On it.');
});

test('a banner that a gateway set between the attribution and our words is no answer', () => {
  const body = `On it.\n\nOn 20/11/2026 10:00, Elm <office@elm.example> wrote:\n\nMind the gap: this came from afar.\n\n${NOTICE}`;
  expect(extractReply(body, { sent: [NOTICE] }).text).toBe('On it.');
});

test.each([
  ['one word a hundred thousand times', 'leak '.repeat(100_000)],
  ['our own text over and over', NOTICE.repeat(400)],
  ['letters without any space', 'x'.repeat(1_000_000)],
  ['brackets that look like links', '<http:'.repeat(100_000)],
  ['quotation marks', '"a'.repeat(200_000)],
])('a hostile text costs less than a second: %s', (_, text) => {
  const before = process.cpuUsage();
  extractReply(text, { sent: [NOTICE, text, ...notices] });
  expect(process.cpuUsage(before).user / 1_000).toBeLessThan(1_000);
});
