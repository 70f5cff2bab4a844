import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayBeginCommand, wouldAct } from '../../src/domain/command/parse.ts';
import { allSpellings, withMore } from '../../src/domain/command/spellings/spellings.ts';
import {
  assertInert,
  type CommandTest,
  findCommand,
  htmlAsText,
  type IsCommand,
} from '../../src/domain/notices/check.ts';
import type { NoticeKind } from '../../src/domain/notices/notice.ts';
import { renderNotice } from '../../src/domain/notices/render.ts';
import { Calm, type Spoken } from '../../src/domain/notices/samples/request.ts';
import { everyView, viewNamed } from '../support/notice-samples.ts';

/** That it says the same as reading the commands does is a test of the parser's. */
const acts = (text: string): boolean => wouldAct(text);
/** Asks about every line. */
const thorough = (isCommand: IsCommand): CommandTest => ({ isCommand, mayBegin: () => true });
const quick: CommandTest = { isCommand: acts, mayBegin: mayBeginCommand };

const commands = [
  ...Object.values(allSpellings.verbs).flat(),
  'handoff to Sam',
  'done: all fine',
  'reply:',
  'note: x',
];
const nasty = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...commands, ...allSpellings.polite, ...allSpellings.greetings) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...[
        '\n',
        '\r\n',
        '\r',
        '\u2028',
        '\u0085',
        '\v',
        ' ',
        '  ',
        '\t',
        '\u00a0',
        '\u3000',
        '> ',
        '* ',
        '— ',
        '"',
        '…',
        ', ',
      ],
      ...[
        '\u202e',
        '\u200f',
        '\u2066',
        '\u200b',
        '\u200d',
        '\ufeff',
        '\u00ad',
        '\ufe0f',
        '\u0000',
        '\u001b[2J',
        '\u{e0041}',
      ],
      ...[
        '<script>alert(1)</script>',
        '</blockquote></div>',
        '<a href="http://x.example">',
        '&lt;b&gt;',
        '&#60;img',
        '</p><p>',
      ],
      ...[
        'https://x.example/done',
        'ac\u200dcept',
        'do\ufe0fne',
        'ａｃｃｅｐｔ',
        'DONE.',
        '\ud83d',
        '📎',
        '- ',
        '1042 ',
        '😀 done',
        '│ ',
      ],
    ),
  },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.constantFrom('x'.repeat(5_000), 'accept '.repeat(800), 'word '.repeat(1_000)) },
);
const hostile = fc.array(nasty, { maxLength: 25 }).map((parts) => parts.join(''));
const spaced = fc.array(nasty, { maxLength: 40 }).map((parts) => parts.join(' '));
const words = fc.oneof(hostile, spaced);

const spoken: fc.Arbitrary<Spoken> = fc.record({
  subject: words,
  customerName: words,
  customerAddress: fc.constantFrom('maria.lopez@mail.example', 'done@accept.example'),
  first: words,
  second: words,
  note: words,
  memberName: words,
  leaverName: words,
  fileName: words,
  reason: words,
});
const names = [...everyView().keys()];
/** Written by a member to somebody outside, whose answers are never read for commands. */
const AsWritten: ReadonlySet<NoticeKind> = new Set<NoticeKind>(['customer-reply', 'outside-help']);
const Tags = new Set(
  '!doctype html head meta style body div p h2 b br blockquote ul li span bdi table tr td'.split(' '),
);
const Controls =
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200e\u200f\u2028\u2029]/;

/** Every line that any program can make of a text by breaking it at spaces: from each break on, up to ten words. */
function* possibleLines(text: string): Generator<string> {
  const tokens = text.split(/[ \n]/);
  for (let from = 0; from < tokens.length; from += 1) {
    let line = '';
    for (const token of tokens.slice(from, from + 10)) {
      line = line === '' ? token : `${line} ${token}`;
      yield line;
      if (line.length > 120) break;
    }
  }
}

describe('whatever customers and members write and are called', () => {
  it('no line that a mail program can make of a notice acts as a command', () => {
    const asked = new Set<string>();
    fc.assert(
      fc.property(spoken, fc.constantFrom(...names), (said, name) => {
        const view = viewNamed(name, said);
        if (AsWritten.has(view.notice.body.kind)) return;
        const { text, html } = renderNotice(view);
        for (const body of [text, htmlAsText(html ?? '')]) {
          for (const line of possibleLines(body)) {
            // Most lines are ours, and the same in every mail; text and HTML say the same.
            if (asked.has(line)) continue;
            asked.add(line);
            if (acts(line)) throw new Error(`${name}: ${JSON.stringify(line)}`);
          }
        }
        // The words are shown: leaving them out is for commands in other languages, not for these.
        expect(text).not.toContain('left out');
      }),
      { numRuns: 250 },
    );
  });

  it('a notice has a subject of one line, no control character, and no tag but ours', () => {
    fc.assert(
      fc.property(spoken, fc.constantFrom(...names), (said, name) => {
        const view = viewNamed(name, said);
        const { subject, text, html } = renderNotice(view);
        expect(subject).not.toMatch(/\n/);
        expect(subject).not.toMatch(Controls);
        expect([...subject].length).toBeLessThanOrEqual(120);
        expect(subject.isWellFormed() && text.isWellFormed() && (html ?? '').isWellFormed()).toBe(true);
        if (html === null) return;
        expect(text).not.toMatch(Controls);
        expect(html).not.toMatch(Controls);
        const withoutAnswers = html.replace(/<a class="to" [^<>]*>([^<>]*)<\/a>/g, '$1');
        for (const tag of withoutAnswers.matchAll(/<\/?([^\s<>/]*)([^<>]*)>?/g)) {
          expect(Tags, tag[0]).toContain(tag[1]);
          expect(tag[2], tag[0]).not.toMatch(/href|src=|\son\w+=|url\(/);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe("the renderer's check", () => {
  it.each([
    ['a line as it is', 'Can you take this?\naccept\n'],
    ['a quoted line', 'Can you take this?\n> > done\n'],
    ['a line that is alone at one width only', `${'word '.repeat(8)}accept ${'y'.repeat(60)}`],
    [
      'a line that appears when a paragraph is refilled',
      `one two three four five six seven\neight accept\n${'y'.repeat(60)} z`,
    ],
  ])('finds %s that acts', (_, text) => {
    expect(findCommand(text, null, quick)).not.toBeNull();
    expect(() => assertInert(text, null, quick)).toThrow(/would act/);
  });

  it('passes over no line that acts when it asks only about those that begin like a command', () => {
    const lines = fc.array(fc.oneof(words, spaced), { maxLength: 4 }).map((parts) => parts.join('\n'));
    fc.assert(
      fc.property(lines, (text) => {
        expect(findCommand(text, null, quick)).toBe(findCommand(text, null, thorough(acts)));
      }),
      { numRuns: 500 },
    );
  });

  it('finds in HTML alone what acts there', () => {
    expect(findCommand('fine', '<body><p>accept</p></body>', quick)).toBe('accept');
  });

  it('lets a mail go out without the words of others when they would act, here in a language it does not know', () => {
    const view = everyView({ ...Calm, first: 'erledigt' }).get('offer');
    if (view === undefined) throw new Error('no offer');
    const german = (text: string): boolean => text.includes('erledigt');
    const { text } = renderNotice(view, thorough(german));
    expect(text).toMatch(/^Can you\stake this\?/);
    expect(text).not.toContain('erledigt');
  });

  it('lets a mail go out without the words of others when they would act in words that the configuration adds', () => {
    const view = everyView({ ...Calm, first: `${'word '.repeat(8)}fatto ${'y'.repeat(60)}` }).get('offer');
    if (view === undefined) throw new Error('no offer');
    const spellings = withMore(allSpellings, { done: ['fatto'] });
    expect(renderNotice(view).text).toContain('fatto');
    expect(renderNotice({ ...view, policy: { ...view.policy, spellings } }).text).not.toContain('fatto');
  });

  it('lets a mail go out although the configuration made a command of our own words', () => {
    const view = [...everyView().values()].find((one) =>
      renderNotice(one).text.startsWith('It is open again.'),
    );
    if (view === undefined) throw new Error('no receipt for reopen');
    const spellings = withMore(allSpellings, { done: ['it is open again'] });
    expect(wouldAct('It is open again. It is yours.', spellings)).toBe(true);
    expect(renderNotice({ ...view, policy: { ...view.policy, spellings } }).text).toMatch(
      /^It is open again/,
    );
  });

  it('refuses a mail whose own words act', () => {
    const view = everyView().get('offer');
    if (view === undefined) throw new Error('no offer');
    expect(() =>
      renderNotice(
        view,
        thorough((text) => text.startsWith('Can you')),
      ),
    ).toThrow(/would act/);
  });
});
