/** A form of the board and a line of a mail come to the same command. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Verbs } from '../../src/domain/command/command.ts';
import { commandsFromForm, FORM_TEXT_MAX } from '../../src/domain/command/from-form.ts';
import { parseCommands } from '../../src/domain/command/parse.ts';
import { testPolicy } from '../support/policy.ts';

const POLICY = testPolicy();

const SAME: readonly (readonly [string, Record<string, string>])[] = [
  ['accept', { verb: 'accept' }],
  ['take', { verb: 'take' }],
  ['reopen', { verb: 'reopen' }],
  ['send', { verb: 'send' }],
  ['remind', { verb: 'remind' }],
  ['release', { verb: 'release' }],
  ['split', { verb: 'split' }],
  ['spam', { verb: 'spam' }],
  ['retry', { verb: 'retry' }],
  ['dismiss', { verb: 'dismiss' }],
  ['decline', { verb: 'decline', note: '' }],
  ['decline, I am full today', { verb: 'decline', note: ' I am full today ' }],
  ['done', { verb: 'done' }],
  ['done: the valve is new', { verb: 'done', note: 'the valve is new' }],
  ['reply: We are on our way.', { verb: 'reply', text: 'We are on our way.\n' }],
  ['note: call first', { verb: 'note', text: 'call first' }],
  ['snooze until Friday', { verb: 'snooze', when: 'Friday' }],
  ['snooze until tomorrow 9:00', { verb: 'snooze', when: ' tomorrow  9:00 ' }],
  ['due 2026-03-06 12:00', { verb: 'due', when: '2026-03-06T12:00' }],
  ['add ben@house.example', { verb: 'add', address: ' ben@house.example ' }],
  ['for ben@house.example', { verb: 'for', address: 'ben@house.example' }],
  ['merge into #1042', { verb: 'merge', into: '#1042' }],
  ['away until Friday', { verb: 'away', until: 'Friday' }],
  ['back', { verb: 'back' }],
];

test('a form of the board stands for the command that its line in a mail would be', () => {
  for (const [line, fields] of SAME) {
    const { commands } = parseCommands(line, { spellings: POLICY.spellings });
    expect(commandsFromForm(fields, POLICY), line).toEqual(commands);
  }
});

test('a person who was chosen from a list is named by their address, which is nobody else', () => {
  expect(commandsFromForm({ verb: 'handoff', to: 'sam', note: 'yours' }, POLICY)).toEqual([
    { verb: 'handoff', name: 'sam@elm.example', note: 'yours', bare: false },
  ]);
  expect(commandsFromForm({ verb: 'help-from', to: 'Sam', text: 'a key' }, POLICY)).toEqual([
    { verb: 'help-from', name: 'Sam', what: 'a key' },
  ]);
  expect(
    commandsFromForm({ verb: 'away', who: 'sam', from: 'Monday', until: 'Friday', cover: 'luis' }, POLICY),
  ).toMatchObject([{ verb: 'away', who: 'sam@elm.example', cover: 'luis@elm.example' }]);
});

test('words that are meant for a person are never read for orders', () => {
  expect(commandsFromForm({ verb: 'reply', text: 'done\nspam' }, POLICY)).toEqual([
    { verb: 'reply', text: 'done\nspam' },
  ]);
});

test('whatever stands in a form, it is one of the verbs or a fault, in bounds and without harm', () => {
  const field = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.constantFrom(...Verbs, '__proto__', 'Friday', '#7', 'x'.repeat(60_000)),
  );
  fc.assert(
    fc.property(
      fc.record(
        {
          verb: field,
          text: field,
          note: field,
          when: field,
          to: field,
          address: field,
          category: field,
          into: field,
          until: field,
          from: field,
        },
        { requiredKeys: [] },
      ),
      (fields) => {
        const found = commandsFromForm(fields as Record<string, string>, POLICY);
        if (typeof found === 'string') return;
        for (const command of found) {
          expect(Verbs).toContain(command.verb);
          if ('text' in command) expect(command.text.length).toBeLessThanOrEqual(FORM_TEXT_MAX);
        }
      },
    ),
    { numRuns: 300 },
  );
});
