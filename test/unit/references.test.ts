/** The numbers of requests in front of commands: what they change, and that nothing of ours can be one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseCommands, wouldAct } from '../../src/domain/command/parse.ts';
import { behindReference, isBetweenReferences } from '../../src/domain/command/references.ts';
import { allSpellings } from '../../src/domain/command/spellings/spellings.ts';
import { htmlAsText } from '../../src/domain/notices/check.ts';
import { renderNotice } from '../../src/domain/notices/render.ts';
import { viewOf } from '../../src/domain/notices/samples/request.ts';
import type { DeskItem } from '../../src/domain/notices/view.ts';

const reference = fc.integer({ min: 1, max: 999_999_999 });
const references = fc.uniqueArray(reference, { minLength: 1, maxLength: 5 });
const between = fc.constantFrom(', ', ',', ' ', ' and ', ', und ', ' & ', ' + ', '; ', ' et ', ' y #', ', #');
const behind = fc.constantFrom(' ', ': ', ':', ' - ', ' – ', ' : ');

/** One of everything that can be said about a request, with all its spellings where nothing follows it. */
const Whole = [
  ...(['accept', 'take', 'reopen', 'spam', 'split', 'remind', 'release', 'send', 'status'] as const).flatMap(
    (verb) => allSpellings.verbs[verb],
  ),
  ...['decline', 'no', 'Decline: at Oak St', 'handoff to Priya', 'weiter an Priya, sie kennt das Haus'],
  ...['help from Sam: how much?', 'ask joe@plumber.example: when?', 'reply: On my way', 'note: Sam has it'],
  ...['done', 'Done. Paid with the last run', 'snooze until Friday: waits for the part', 'due Friday 3pm'],
  ...['add joe@plumber.example', 'for maria@example.com', 'merge #17', 'please remind', '👍 done, thanks!'],
];

describe('a number in front of a command', () => {
  it('says which request it is about, and changes nothing else of it', () => {
    fc.assert(
      fc.property(references, between, behind, fc.boolean(), fc.constantFrom(...Whole), (...given) => {
        const [about, comma, colon, hash, words] = given;
        const [plain, ...more] = parseCommands(words).commands;
        expect(more).toEqual([]);
        const line = `${hash ? '#' : ''}${about.join(comma)}${colon}${words}`;
        expect(parseCommands(line).commands, line).toEqual([{ ...plain, about }]);
      }),
      { numRuns: 400 },
    );
  });

  it('counts on every line of an answer, whatever order was given above it', () => {
    const order = fc.tuple(reference, fc.constantFrom(...Whole));
    fc.assert(
      fc.property(fc.array(order, { minLength: 1, maxLength: 8 }), (orders) => {
        const text = orders.map(([id, words]) => `${id} ${words}`).join('\n');
        const { commands } = parseCommands(text);
        expect(commands.map(({ about }) => about)).toEqual(orders.map(([id]) => [id]));
      }),
    );
  });

  it('counts under a line so long that it may have been wrapped', () => {
    const text = `1042 handoff to Priya, ${'she knows the house '.repeat(5)}\n1017 remind`;
    expect(parseCommands(text).commands).toHaveLength(2);
  });

  it.each([
    ['1. done'],
    ['1) done'],
    ['10:40 done'],
    ['10 Aug done'],
    ['0042 done'],
    ['1042'],
    ['1042 '],
    ['1042 "done"'],
    ['"1042 done"'],
    ['1042 done, except the valve'],
    ['1042 and 1017'],
    ['1042 away until Friday'],
    ['1042 my requests'],
    ['1042 Priya back'],
    ['1 request'],
    ['1234567890 done'],
    ['1042 done\nexcept the valve'],
    ['1042 send\n\nthe contract to me'],
    ['Accept, 1042 remind'],
    ['done, 1042 handoff to Sam'],
    [`${'7 '.repeat(41)}done`],
  ])('is no order in %j', (text) => {
    const known = { colleague: (name: string) => name === 'Priya' };
    expect(parseCommands(text).commands).toEqual([]);
    expect(parseCommands(text, known).commands).toEqual([]);
  });

  it('ends the words of an order above it, so that no customer reads the next one', () => {
    const { commands } = parseCommands(
      '1042 reply: Hello,\n\nwe come at 3.\n1017 remind\n1055 note\nSam knows',
    );
    expect(commands).toEqual([
      { verb: 'reply', text: 'Hello,\n\nwe come at 3.', about: [1042] },
      { verb: 'remind', about: [1017] },
      { verb: 'note', text: 'Sam knows', about: [1055] },
    ]);
    // Without a number above it, it may be what a customer is to read.
    const plain = parseCommands('reply: Please write\n1017 remind\nto the other office').commands;
    expect(plain).toEqual([{ verb: 'reply', text: 'Please write\n1017 remind\nto the other office' }]);
  });

  it('is known by the cheaper look at single words as well', () => {
    expect(behindReference('#1042,')).toBe('');
    expect(behindReference('1042:done')).toBe('done');
    expect(behindReference('done')).toBeNull();
    expect(['and', 'Und', 'or'].map(isBetweenReferences)).toEqual([true, true, false]);
  });

  it('is read in time that grows with the text alone', () => {
    const time = (text: string): number => {
      const before = performance.now();
      parseCommands(text);
      wouldAct(text);
      return performance.now() - before;
    };
    const hostile = ['1042 ', '1042, ', '#1 and ', '1 - ', '7:', '1042 done\n', '1 reply\n', '1, 2 x\n'];
    for (const piece of hostile) {
      time(piece.repeat(100));
      // A quadratic reader takes minutes.
      expect(time(piece.repeat(Math.ceil(65_536 / piece.length))), piece).toBeLessThan(3_000);
    }
  });
});

describe('a list of requests', () => {
  const verbs = Object.values(allSpellings.verbs).flat();
  const subject = fc
    .array(
      fc.oneof(fc.constantFrom(...verbs, '1042', '#7', ',', ':', 'und', 'leak', 'Sam', '"', '-'), reference),
      {
        maxLength: 8,
      },
    )
    .map((words) => words.join(' '));

  it('cannot be turned into orders, whatever its requests are called and however it is wrapped', () => {
    const [known] = viewOf({ kind: 'morning-list', listed: [] }, { how: 'waiting' }).mine ?? [];
    if (known === undefined) throw new Error('the sample has a desk');
    const item = fc.tuple(subject, subject, fc.integer({ min: 1, max: 5_000 }));
    fc.assert(
      fc.property(fc.array(item, { minLength: 1, maxLength: 6 }), (items) => {
        const mine = items.map(
          ([title, name, id]): DeskItem => ({
            id,
            subject: title,
            customer: { name, address: 'maria@example.com' },
            state: { ...known.state, id },
          }),
        );
        const view = viewOf({ kind: 'morning-list', listed: [] }, { how: 'waiting', change: { mine } });
        const { text, html } = renderNotice(view);
        for (const body of [text, htmlAsText(html ?? '')]) {
          const tokens = body.split(/[ \n]/);
          for (let from = 0; from < tokens.length; from += 1) {
            for (let to = from + 1; to <= Math.min(tokens.length, from + 8); to += 1) {
              const line = tokens.slice(from, to).join(' ');
              expect(wouldAct(line), line).toBe(false);
              expect(wouldAct(`> ${line}`), line).toBe(false);
            }
          }
        }
      }),
      { numRuns: 15 },
    );
  });
});
