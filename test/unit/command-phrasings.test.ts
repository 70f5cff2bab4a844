import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Command, type Verb, Verbs } from '../../src/domain/command/command.ts';
import { fold } from '../../src/domain/command/fold.ts';
import { parseCommands } from '../../src/domain/command/parse.ts';
import { English } from '../../src/domain/command/spellings/english.ts';
import { French } from '../../src/domain/command/spellings/french.ts';
import { German } from '../../src/domain/command/spellings/german.ts';
import { Spanish } from '../../src/domain/command/spellings/spanish.ts';
import { allSpellings } from '../../src/domain/command/spellings/spellings.ts';
import { Phrasings } from '../support/phrasings.ts';

const read = (line: string) => {
  const { commands, suggestion } = parseCommands(line);
  const verbs = commands.map(({ verb }) => verb);
  if (verbs.length > 0) return verbs.join(' ');
  return suggestion === null ? null : { ask: suggestion };
};

test.each(Phrasings)('the first line %j is %j', (line, meant) => {
  expect(read(line)).toEqual(meant);
});

test('the table has at least two hundred phrasings, no line twice, and every verb in it', () => {
  const lines = Phrasings.map(([line]) => line);
  expect(new Set(lines).size).toBe(lines.length);
  expect(lines.length).toBeGreaterThanOrEqual(200);
  const verbs = new Set(Phrasings.map(([, meant]) => meant));
  expect(Verbs.filter((verb) => !verbs.has(verb))).toEqual([]);
});

describe('what belongs to a command', () => {
  test.each<[string, Command]>([
    ['handoff to Sam: he has the key', { verb: 'handoff', name: 'Sam', note: 'he has the key', bare: false }],
    ['help from Sam: check the meter', { verb: 'help-from', name: 'Sam', what: 'check the meter' }],
    ['help from Sam please', { verb: 'help-from', name: 'Sam', what: null }],
    [
      'ask joe@plumbco.com: can you come?',
      { verb: 'ask', address: 'joe@plumbco.com', text: 'can you come?' },
    ],
    [
      'ask joe@plumbco.com\n\nCan you come?\ndone',
      { verb: 'ask', address: 'joe@plumbco.com', text: 'Can you come?\ndone' },
    ],
    ['new:\nMaria called\n555-0100', { verb: 'new', text: 'Maria called\n555-0100' }],
    ['merge into #1042', { verb: 'merge', into: 1042 }],
    ['for Maria Lopez <Maria@Home.example>', { verb: 'for', address: 'Maria@home.example' }],
    ['add ann@oak.example.', { verb: 'add', address: 'ann@oak.example' }],
    ['due in 2 working days', { verb: 'due', by: { type: 'working-days', days: 2 } }],
    [
      'snooze until tomorrow 3pm waiting for the part',
      {
        verb: 'snooze',
        until: { type: 'date', day: { type: 'in-days', days: 1 }, time: { hour: 15, minute: 0 } },
        reason: 'waiting for the part',
      },
    ],
    [
      'away until Friday, cover Sam Okafor',
      {
        verb: 'away',
        who: null,
        until: { type: 'date', day: { type: 'weekday', weekday: 5, next: false }, time: null },
        cover: 'Sam Okafor',
      },
    ],
  ])('is read from %j', (text, command) => {
    expect(parseCommands(text).commands).toEqual([command]);
  });

  test('words behind a yes are kept as a note', () => {
    expect(parseCommands('Accepted - will do today\n\nThanks\nSam')).toMatchObject({
      commands: [{ verb: 'accept' }],
      rest: 'will do today',
    });
  });

  test.each([
    'add victim@corp.example\u000d\u000aBcc:x@evil.example',
    'add "a b"@oak.example',
    'add ann@[10.0.0.1]',
    'add ann@oak.exаmple',
    'add ann@oak.example>',
    'add \u202eann@oak.exampl\u202ce x',
    'for <ann@oak.example> <bob@oak.example>',
    'ask @oak.example: hi',
  ])('no address is made of %j', (line) => {
    const addresses = parseCommands(line).commands.flatMap((one) => ('address' in one ? [one.address] : []));
    expect(
      addresses.filter((address) => !['victim@corp.example', 'ann@oak.example'].includes(address)),
    ).toEqual([]);
  });
});

describe('names', () => {
  const team = (typed: string) => ['sam', 'sam okafor', 'priya'].includes(fold(typed));

  test.each(['sam', 'Sam Okafor.', 'Sam please', '👍 sam', 'SAM, danke schön'])(
    'alone, as in %j, count where the answered mail listed them',
    (line) => {
      expect(parseCommands(line).commands).toEqual([]);
      const [command] = parseCommands(line, { mayName: team }).commands;
      expect(command).toMatchObject({ verb: 'handoff', note: null, bare: true });
    },
  );

  test.each([
    'Sam?',
    'Sam or Priya',
    'not Sam',
    'ask Sam',
    '"Sam"',
    'Sam, he is in',
    'Hi, Sam!',
    'Hello\nthere\n\nSam',
    'Hi Sam',
    'Thanks Sam',
    'Thanks, Sam!',
    'Sorry Sam',
    'OK Sam',
    'Dear Sam',
    'Great, Sam',
    'Danke Sam',
    'Merci Sam',
    'Hola Sam',
    'No, Sam',
  ])('do not count alone in %j', (line) => {
    expect(parseCommands(line, { mayName: team }).commands).toEqual([]);
  });

  test.each(['Yes, Sam', 'Ja, Sam', 'Sam\n\nThanks,\nPriya', 'Sam\nplease'])('count alone in %j', (text) => {
    const { commands } = parseCommands(text, { mayName: team });
    expect(commands).toEqual([{ verb: 'handoff', name: 'Sam', note: null, bare: true }]);
  });

  test.each(['Sam\n\nCan you look at the valve', 'Sam,\nhe has the key', 'Sam\nPriya', 'Sam\ndone'])(
    'above further words speak to somebody, so that %j is asked about',
    (text) => {
      expect(parseCommands(text, { mayName: team })).toMatchObject({ commands: [], suggestion: 'handoff' });
    },
  );

  test('under a command are a signature and nobody is asked', () => {
    expect(parseCommands('accept\n\nSam', { mayName: team }).commands).toEqual([{ verb: 'accept' }]);
  });

  test.each<[string, string]>([
    ['Priya away until Friday cover Sam', 'Priya away Sam'],
    ['Sam Okafor away until tomorrow', 'Sam Okafor away null'],
    ['Priya back', 'Priya back undefined'],
    ['Hi, Priya: back', 'Priya back undefined'],
    ['call back', 'none'],
    ['Priya back?', 'none'],
    ['Priya is back', 'none'],
  ])('may stand before away and back for those who may tell: %j', (line, expected) => {
    const [command] = parseCommands(line, { colleague: team }).commands;
    const told =
      command?.verb === 'away'
        ? `${command.who} away ${command.cover}`
        : command?.verb === 'back'
          ? `${command.who} back undefined`
          : 'none';
    expect(told).toBe(expected);
  });
});

test('mine is a yes where something was offered, and asks for the list elsewhere', () => {
  expect(parseCommands('Mine.').commands).toEqual([{ verb: 'accept' }]);
  expect(parseCommands('Mine.', { offered: false }).commands).toEqual([{ verb: 'mine' }]);
});

describe('send', () => {
  test.each(['send', 'Hi Leah,\n\nsend\n\nThanks\nSam', 'Send it, please\n\nThank you!'])(
    'goes out of %j',
    (text) => {
      expect(parseCommands(text).commands).toEqual([{ verb: 'send' }]);
    },
  );

  test.each([
    'Please send\nme the contract',
    'send\n\nthe contract to me',
    'send\n\nThanks\n\nNot the old one',
    'send\ndone',
  ])('sends nothing of %j, and is asked about', (text) => {
    expect(parseCommands(text)).toMatchObject({
      commands: [],
      suggestion: text.startsWith('P') ? null : 'send',
    });
  });

  test('sends nothing under another command', () => {
    expect(parseCommands('accept\nsend\nthe key to Maria').commands).toEqual([{ verb: 'accept' }]);
    expect(parseCommands('accept\nsend').commands).toEqual([{ verb: 'accept' }]);
  });
});

describe('a bare no', () => {
  const noes = [
    'no',
    'Nope',
    'No thanks',
    'No, sorry',
    'Nein',
    'Nein danke',
    'Non',
    'Non merci',
    'No gracias',
  ];

  test.each(noes)('as %j declines what was asked, and is a question back elsewhere', (line) => {
    expect(parseCommands(line).commands).toEqual([{ verb: 'decline', reason: null }]);
    expect(parseCommands(line, { offered: false })).toMatchObject({ commands: [], suggestion: 'decline' });
  });

  test('may have its reason behind it', () => {
    expect(parseCommands("No, sorry, I'm at Oak St").commands).toEqual([
      { verb: 'decline', reason: "sorry, I'm at Oak St" },
    ]);
  });

  test.each([
    'accept\nNo',
    'accept\n\nNope',
    'No\nactually yes',
    'No\nheating in 3B',
    'No\n\nBut I can tomorrow',
  ])('does nothing in %j', (text) => {
    expect(parseCommands(text).commands).toEqual([]);
  });

  test.each(['yep', 'Yeah', 'yup'])('has its yes in %j, for whoever was asked', (line) => {
    expect(parseCommands(line).commands).toEqual([{ verb: 'accept' }]);
    expect(parseCommands(line, { offered: false })).toMatchObject({ commands: [], suggestion: 'accept' });
  });
});

describe('what stands under a command', () => {
  test.each<[string, Verb]>([
    ['Accept\nActually no', 'accept'],
    ['Accept\n\nBut only if Sam is away', 'accept'],
    ['Accept\nif Sam is away', 'accept'],
    ['Accept\n\nThanks!\n\nUnless Sam wants it', 'accept'],
    ['Accept\n\nMaybe', 'accept'],
    ['Accept\nbaton passes to others', 'accept'],
    ['Annehmen\n\nAber nur wenn Sam weg ist', 'accept'],
    ['Accepter\n\nSauf si Sam est là', 'accept'],
    ['Acepto\n\nPero mañana', 'accept'],
    ['Take\nyour time', 'take'],
    ['Back\nMonday', 'back'],
    ['Back\n\nin an hour', 'back'],
    ['Remind\nme tomorrow', 'remind'],
    ['Split\nthe bill', 'split'],
    ['Spam\nfilter problem?', 'spam'],
    ['Done\nexcept the valve', 'done'],
    ['Done\n\nExcept the valve', 'done'],
    ['Done\nsoon', 'done'],
    ['Done\nnot yet', 'done'],
    ['Done\nthe valve still leaks', 'done'],
    ['Erledigt\n\nNoch nicht ganz', 'done'],
    ['handoff to Sam\nActually, wait', 'handoff'],
  ])('makes no command of %j, and %s is asked about', (text, suggestion) => {
    expect(parseCommands(text)).toMatchObject({ commands: [], suggestion });
  });

  test.each<[string, Verb]>([
    ['Accept\nPlumber at 3.', 'accept'],
    ['Accept.\nwill call her', 'accept'],
    ['Accept\n\nwill call her', 'accept'],
    ['accept\nthanks\nsam', 'accept'],
    ['Accept - will do\nand call her', 'accept'],
    ['Done\nreplaced the trap', 'done'],
    ['Done\n\nReplaced the trap, it will hold.', 'done'],
    ['decline\nbusy until 5', 'decline'],
    ['Spam\n\nThanks\nSam', 'spam'],
  ])('leaves %j what it is', (text, verb) => {
    expect(parseCommands(text).commands.map((one) => one.verb)).toEqual([verb]);
  });
});

describe('a thumbs-up that comes as mail', () => {
  test.each([
    '👍\n\nPriya Nair reacted via Gmail',
    'Priya reacted to your message:\n👍',
    'Priya hat auf deine Nachricht reagiert: 👍',
    'Priya a réagi à votre message 👍',
    'Liked "Can you take this?"',
  ])('as %j does nothing and gets the choices', (text) => {
    expect(parseCommands(text)).toMatchObject({ commands: [], suggestion: 'accept' });
  });
});

/** What makes a whole line of a verb's phrase. */
const Completions: { readonly [V in Verb]?: string } = {
  category: ' lease',
  handoff: ' Sam',
  'help-from': ' Sam',
  ask: ' joe@plumbco.com: come',
  snooze: ' 2 days',
  due: ' Friday',
  add: ' ann@oak.example',
  merge: ' 1042',
  for: ' ann@oak.example',
  away: ' Friday',
};

const languages = { English, German, French, Spanish };

describe.each(Object.entries(languages))('in %s', (_, language) => {
  const phrases = Verbs.flatMap((verb) => language.verbs[verb].map((phrase) => ({ verb, phrase })));
  const before = fc.constantFrom(
    '',
    ...language.polite.map((word) => `${word}, `),
    ...language.greetings.map((word) => `${word} Leah, `),
  );
  const after = fc.constantFrom('', '.', '!', ' 👍', ...language.polite.map((word) => `, ${word}!`));
  const casing = fc.constantFrom<(text: string) => string>(
    (text) => text,
    (text) => text.toUpperCase(),
    (text) => text.charAt(0).toUpperCase() + text.slice(1),
    (text) => text.normalize('NFD'),
    (text) => text.normalize('NFD').replace(/\p{M}/gu, ''),
    (text) => text.replaceAll("'", '’'),
  );

  test('every verb has a phrase', () => {
    for (const verb of Verbs) expect(language.verbs[verb], verb).not.toEqual([]);
  });

  test('every phrase is its verb in any case, with politeness around it', () => {
    const takesAll = new Set<Verb>(['reply', 'note', 'new', 'ask']);
    fc.assert(
      fc.property(
        fc.constantFrom(...phrases),
        before,
        after,
        casing,
        ({ verb, phrase }, lead, end, cased) => {
          const plain = takesAll.has(verb);
          const line = cased(`${plain ? '' : lead}${phrase}${Completions[verb] ?? ''}${plain ? '' : end}`);
          expect(
            parseCommands(line).commands.map((one) => one.verb),
            line,
          ).toEqual([verb]);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test('no phrase acts with a question mark behind it or "not" before it', () => {
    const no = { English: 'not', German: 'nicht', French: 'pas', Spanish: 'no' };
    fc.assert(
      fc.property(fc.constantFrom(...phrases), ({ verb, phrase }) => {
        const line = `${phrase}${Completions[verb] ?? ''}`;
        if (verb !== 'ask') expect(parseCommands(`${line}?`).commands, line).toEqual([]);
        for (const word of Object.values(no))
          expect(parseCommands(`${word} ${line}`).commands, line).toEqual([]);
      }),
    );
  });
});

test('no phrase means two verbs, in whatever language, accents left out', () => {
  const meanings = new Map<string, Set<Verb>>();
  for (const verb of Verbs) {
    for (const phrase of allSpellings.verbs[verb]) {
      const known = meanings.get(fold(phrase)) ?? new Set();
      meanings.set(fold(phrase), known.add(verb));
    }
  }
  expect([...meanings].filter(([, verbs]) => verbs.size > 1)).toEqual([]);
});

test('every phrase that may stand alone only is one of a verb', () => {
  const known = new Set(Object.values(allSpellings.verbs).flat());
  expect(allSpellings.bareOnly.filter((phrase) => !known.has(phrase))).toEqual([]);
});

test('no text without a line that begins like a command ever acts', () => {
  const openings = [
    ...Object.values(allSpellings.verbs).flat(),
    ...allSpellings.polite,
    ...allSpellings.greetings,
  ].map((phrase) => fold(phrase).split(/[^\p{L}\p{N}]/u)[0] ?? '');
  const known = new Set(openings);
  const word = fc.stringMatching(/^[a-z]{2,12}$/).filter((one) => !known.has(one));
  const phrase = fc.constantFrom(...Object.values(allSpellings.verbs).flat());
  fc.assert(
    fc.property(
      word,
      fc.array(fc.oneof(word, phrase, fc.string())),
      fc.array(phrase),
      (first, tail, later) => {
        const line = [first, ...tail].join(' ').replace(/[\r\n]/g, ' ');
        expect(parseCommands([line, ...later].join('\n')).commands).toEqual([]);
      },
    ),
    { numRuns: 500 },
  );
});

describe('a megabyte', () => {
  test.each([
    ['of accepts', 'accept '],
    ['of polite words', 'ok, yes, thanks '],
    ['of greetings', 'hi sam,\n'],
    ['of commands', 'accept\n'],
    ['of chained commands', 'accept, done, '],
    ['of whens', 'snooze until Friday '],
    ['of spaces', ' '],
    ['of emoji', '👍'],
    ['of quotes', '"accept" '],
    ['of accents', 'übernéhme '],
    ['of marks', '\u0301'],
    ['of addresses', 'ask a@b.example '],
    ['of digits', 'due 1'],
    ['of line ends', '\r\n'],
    ['of format characters', '\u200b'],
  ])('%s takes less than a second', (_, piece) => {
    const long = piece.repeat(1_000_000 / piece.length);
    const lines = long.replace(/.{1900}/gsu, '$&\n');
    for (const text of [long, `accept\n${long}`, lines, `accept\n\n${lines}`]) {
      const begun = performance.now();
      parseCommands(text, { mayName: () => false, colleague: () => false });
      expect(performance.now() - begun).toBeLessThan(1_000);
    }
  });
});
