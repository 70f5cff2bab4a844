/** How members say what a request is: behind a verb, alone where it was listed, and as the reason of a no. */
import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { grammarOf } from '../../src/domain/command/grammar.ts';
import { type ParseOptions, parseCommands } from '../../src/domain/command/parse.ts';
import { allSpellings } from '../../src/domain/command/spellings/spellings.ts';
import { saysNone, withoutWrongTeam } from '../../src/domain/command/tails.ts';

const isOne = (typed: string): boolean => ['repair', 'contracts and keys'].includes(typed.toLowerCase());
const read = (line: string, options: ParseOptions = {}) => parseCommands(line, options).commands;
const category = (name: string, note: string | null = null) => ({ verb: 'category', name, note });
const decline = (reason: string) => ({ verb: 'decline', reason });

describe('what a request is', () => {
  it.each([
    ['category repair', category('repair')],
    ['Category: Contracts and keys, he moves out', category('Contracts and keys', 'he moves out')],
    ['please, kategorie Reparatur', category('Reparatur')],
    ['1042 category repair', { ...category('repair'), about: [1042] }],
  ])('is said by %j', (line, command) => expect(read(line)).toEqual([command]));

  it.each(['category', 'category?', 'category repair?', 'categories repair', 'the categories are wrong'])(
    'is not said by %j',
    (line) => expect(read(line)).toEqual([]),
  );

  it.each(['repair', 'Repair!', 'Contracts and Keys, please', 'yes, repair', 'Repair\n\nThanks,\nLeah'])(
    'is said by %j alone where the answered mail listed it, and nowhere else',
    (line) => {
      expect(read(line, { mayChoose: isOne })).toMatchObject([{ verb: 'category' }]);
      expect(read(line)).toEqual([]);
      expect(read(line, { mayName: () => true })).toMatchObject([{ verb: 'handoff' }]);
    },
  );

  it.each([
    'repair\nThe sink leaks again.',
    'repair?',
    '"repair"',
    'repairs are fine',
    '> repair',
    '│ repair',
  ])('is not said by %j', (line) => expect(read(line, { mayChoose: isOne })).toEqual([]));
});

describe('a no', () => {
  it.each([
    ['decline wrong team: repair', decline('wrong team: repair'), 'repair'],
    ['decline, wrong team: repair', decline('wrong team: repair'), 'repair'],
    ['ablehnen falsches Team: repair', decline('falsches Team: repair'), 'repair'],
    ['decline wrong team', decline('wrong team'), ''],
    ['decline wrong team, we have no ladder', decline('wrong team, we have no ladder'), 'we have no ladder'],
    ['decline: repair', decline('repair'), 'repair'],
    ['no, repair', decline('repair'), 'repair'],
  ])('%j gives a reason that may name what it is instead', (line, command, named) => {
    expect(read(line)).toEqual([command]);
    expect(withoutWrongTeam(command.reason, grammarOf(allSpellings))).toBe(named);
  });

  it.each(['decline repair', 'decline contracts and keys!', 'decline wrong team repair'])(
    '%j is one where that is a name of the configuration, and prose elsewhere',
    (line) => {
      expect(read(line, { instead: isOne })).toMatchObject([{ verb: 'decline' }]);
      expect(read(line)).toEqual([]);
    },
  );
});

it.each(['none', 'None of them', 'etwas anderes', 'aucune', 'otra'])('%j is none of them', (name) => {
  expect(saysNone(name, grammarOf(allSpellings))).toBe(true);
  expect(saysNone(`${name} x`, grammarOf(allSpellings))).toBe(false);
});

test('no line is a choice that was not listed, whatever stands around it', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      for (const command of read(`${before}\n${after}`, { mayChoose: () => false, instead: () => false }))
        expect(command.verb === 'category' && !/categor|kategor/iu.test(`${before}${after}`)).toBe(false);
    }),
  );
});
