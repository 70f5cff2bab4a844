import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Verb, Verbs } from '../../src/domain/command/command.ts';
import { fold } from '../../src/domain/command/fold.ts';
import { isOpening, mayBeginCommand, parseCommands, wouldAct } from '../../src/domain/command/parse.ts';
import { behindReference, isBetweenReferences } from '../../src/domain/command/references.ts';
import { English } from '../../src/domain/command/spellings/english.ts';
import { allSpellings } from '../../src/domain/command/spellings/spellings.ts';

const verbs = (text: string) =>
  parseCommands(text)
    .commands.map((command) => command.verb)
    .join(' ') || 'none';

/** What a member may write as the first line, and the verb that it is. */
const phrasings: readonly (readonly [string, string])[] = [
  ['accept', 'accept'],
  ['Accept', 'accept'],
  ['ACCEPT.', 'accept'],
  ['accept!!', 'accept'],
  ['  accept  ', 'accept'],
  ['Accepted, thanks!', 'accept'],
  ['Hi, accept please.', 'accept'],
  ['Hi Leah, accept', 'accept'],
  ['Hello Leah Brown, accepted.', 'accept'],
  ['Please accept', 'accept'],
  ['ok, accept', 'accept'],
  ['I accept', 'accept'],
  ['yes', 'accept'],
  ['Yes!', 'accept'],
  ['Yes please', 'accept'],
  ['yes, thank you', 'accept'],
  ['Yes 👍', 'accept'],
  ['mine', 'accept'],
  ['Mine.', 'accept'],
  ["It's mine", 'accept'],
  ['It’s mine, thanks', 'accept'],
  ['got it', 'accept'],
  ['Got it – thanks', 'accept'],
  ['on it', 'accept'],
  ['On it.', 'accept'],
  ["I'm on it", 'accept'],
  ['take it', 'accept'],
  ["I'll take it", 'accept'],
  ['*accept*', 'accept'],
  ['\u200baccept', 'accept'],
  ['yes, accept', 'accept'],
  ['take', 'take'],
  ['Take!', 'take'],
  ['take, please', 'take'],
  ['decline', 'decline'],
  ['Declined.', 'decline'],
  ['decline, sorry', 'decline'],
  ['Sorry, decline', 'decline'],
  ['decline: at Oak St', 'decline'],
  ['decline - busy', 'decline'],
  ['decline – busy', 'decline'],
  ['decline (busy)', 'decline'],
  ['handoff to Priya', 'handoff'],
  ['Handoff to Priya, she knows the contract', 'handoff'],
  ['hand off to priya please', 'handoff'],
  ['Hand-off to Priya.', 'handoff'],
  ['handover to Priya', 'handoff'],
  ['hand over to Anne-Marie O’Neill', 'handoff'],
  ['hand this over to Sam', 'handoff'],
  ['please hand off to Sam', 'handoff'],
  ['done', 'done'],
  ['Done!', 'done'],
  ['All done, thanks', 'done'],
  ['done. replaced the trap', 'done'],
  ['done: replaced the trap', 'done'],
  ['reopen', 'reopen'],
  ['Re-open please', 'reopen'],
  ['note', 'note'],
  ['Note: plumber at 3', 'note'],
  ['note：plumber at 3', 'note'],
  ['reply', 'reply'],
  ['Reply:', 'reply'],
  ['REPLY: we are on our way', 'reply'],
  ['help', 'help'],
  ['Help!', 'help'],
  ["I can't accept this", 'none'],
  ['should we hand off to Sam?', 'none'],
  ['handoff to Sam?', 'none'],
  ['accept?', 'none'],
  ['done?', 'none'],
  ['reply sent this morning', 'none'],
  ['Please reply', 'none'],
  ['note to self', 'none'],
  ['noted', 'none'],
  ['replying now', 'none'],
  ['yes, but only tomorrow', 'none'],
  ['yes and no', 'none'],
  ['Not mine', 'none'],
  ['mine is the other one', 'none'],
  ['I have got it all wrong', 'none'],
  ['on it goes', 'none'],
  ['take care', 'none'],
  ['take your time', 'none'],
  ['accept my apologies', 'none'],
  ['Please accept my apologies', 'none'],
  ['acceptable', 'none'],
  ['decline in sales', 'none'],
  ['done-ish', 'none'],
  ['done.example is down', 'none'],
  ['done deal', 'none'],
  ['I am not done', 'none'],
  ['reopen the office at 9', 'none'],
  ['help me', 'none'],
  ['handoff', 'none'],
  ['handoff to', 'none'],
  ['handoff to ...', 'none'],
  ['"accept"', 'none'],
  ['“accept” or yes', 'none'],
  ["'decline'", 'none'],
  ['„accept“', 'none'],
  ['«accept»', 'none'],
  ['> accept', 'none'],
  ['Re: accept', 'none'],
  // Our mails name yes and decline, and whoever is asked a yes-or-no question says no: refused, that no was answered
  // with a question whose yes accepted.
  ['no', 'decline'],
  ['ok', 'none'],
  ['thanks', 'none'],
  ['👍', 'none'],
  ['', 'none'],
  ['Reply "accept" (or yes) or "decline" by 10:40.', 'none'],
];

test.each(phrasings)('the first line %j is read as %s', (line, verb) => {
  expect(verbs(line)).toBe(verb);
});

describe('what stands behind a verb', () => {
  test.each([
    ['decline: at Oak St', { verb: 'decline', reason: 'at Oak St' }],
    ['decline - Busy until 5?', { verb: 'decline', reason: 'Busy until 5?' }],
    ['decline', { verb: 'decline', reason: null }],
    ['done... Replaced the trap.', { verb: 'done', outcome: 'Replaced the trap.' }],
    [
      'Handoff to Priya, she knows the contract',
      { verb: 'handoff', name: 'Priya', note: 'she knows the contract', bare: false },
    ],
    [
      'handoff to J. Osei. He has the key',
      { verb: 'handoff', name: 'J. Osei', note: 'He has the key', bare: false },
    ],
    [
      'handoff to Anne-Marie - has the key',
      { verb: 'handoff', name: 'Anne-Marie', note: 'has the key', bare: false },
    ],
    [
      'handoff to sam@elm.example. Thanks',
      { verb: 'handoff', name: 'sam@elm.example', note: null, bare: false },
    ],
    ['hand off to PRIYA please!', { verb: 'handoff', name: 'PRIYA', note: null, bare: false }],
    ['Reply: Hi Maria', { verb: 'reply', text: 'Hi Maria' }],
  ])('of %j is kept as written', (line, command) => {
    expect(parseCommands(line).commands).toEqual([command]);
  });

  test('reply and note take everything that follows, commands included', () => {
    expect(parseCommands('accept\nreply\n\nHi Maria,\n\ndone\n> x\nSam').commands).toEqual([
      { verb: 'accept' },
      { verb: 'reply', text: 'Hi Maria,\n\ndone\n> x\nSam' },
    ]);
  });
});

describe('several lines', () => {
  test('may each be a command, and the others are kept as a note', () => {
    const parsed = parseCommands('accept\nPlumber at 3.\n\nhandoff to Sam');
    expect(parsed.commands.map((one) => one.verb)).toEqual(['accept', 'handoff']);
    expect(parsed.rest).toBe('Plumber at 3.');
  });

  test('of which the first is prose carry out nothing', () => {
    expect(parseCommands('Plumber comes at 3.\naccept\n\ndone')).toEqual({
      commands: [],
      rest: 'Plumber comes at 3.\naccept\n\ndone',
      firstLineUnderstood: false,
      suggestion: null,
    });
  });

  test('that are one wrapped sentence do not act with its last word', () => {
    expect(verbs('accept\nI told her that it is\ndone.')).toBe('accept');
    expect(verbs('decline: I am at Oak Street until five, and then the other job must be\ndone')).toBe(
      'decline',
    );
  });

  test('may begin with a greeting and end with thanks and a name, which are no note', () => {
    expect(parseCommands('Hi Leah,\n\naccept\n\nThanks,\nSam')).toMatchObject({
      commands: [{ verb: 'accept' }],
      rest: '',
      firstLineUnderstood: true,
    });
  });
});

test.each([
  ['acept', 'accept'],
  ['deciline', 'decline'],
  ['handof to Priya', 'handoff'],
  ['dnoe', 'done'],
  ['decline busy', 'decline'],
  ['reply sent this morning', 'reply'],
  ['handoff to Sam?', 'handoff'],
  ['Plumber comes at 3 and brings the spare trap', null],
  ['"acept"', null],
] as const)('%j is not carried out but may have meant %s', (line, suggestion) => {
  expect(parseCommands(line)).toMatchObject({ commands: [], suggestion });
});

test.each(['hr@elm.example', 'x@elm.example', '<it@elm.example>'])('an address may be short: %s', (typed) => {
  const address = typed.replace(/[<>]/g, '');
  expect(parseCommands(`for ${typed}`).commands).toEqual([{ verb: 'for', address }]);
  expect(parseCommands(`add ${typed}`).commands).toEqual([{ verb: 'add', address }]);
  expect(parseCommands(`ask ${typed}: can you come?`).commands).toMatchObject([{ verb: 'ask', address }]);
});

/** These say nothing without a name, an address, a number or a time. */
const Unfinished: readonly Verb[] = [
  ...(['category', 'handoff', 'help-from', 'ask', 'snooze', 'due', 'add', 'merge', 'for', 'away'] as const),
];
const phrase = fc.constantFrom(
  ...Verbs.filter((verb) => !Unfinished.includes(verb)).flatMap((verb) => English.verbs[verb]),
);

test('case, punctuation and white space around a command change nothing', () => {
  const noise = fc.tuple(
    fc.constantFrom('', ' ', '\n', '\t', '*', '  \n\n'),
    fc.constantFrom('', '.', '!', '!!', ' .', '…', ' 👍', '\r\n', '*', ' '),
    fc.boolean(),
  );
  fc.assert(
    fc.property(phrase, noise, (words, [before, after, upper]) => {
      const written = `${before}${upper ? words.toUpperCase() : words}${after}`;
      expect(parseCommands(written).commands).toEqual(parseCommands(words).commands);
      expect(parseCommands(words).commands).toHaveLength(1);
    }),
  );
});

test('a text whose first line begins with no listed word never acts', () => {
  const { verbs: known, polite, greetings } = allSpellings;
  const listed = [...Object.values(known).flat(), ...polite, ...greetings].map(fold);
  const stranger = fc
    .stringMatching(/^[a-z]{2,12}$/)
    .filter(
      (word) =>
        !listed.some(
          (one) => one === word || (/^[^a-z]/.test(one.slice(word.length)) && one.startsWith(word)),
        ),
    );
  fc.assert(
    fc.property(stranger, fc.string(), fc.array(phrase), (word, tail, later) => {
      const line = `${word} ${tail.replace(/[\r\n]/g, ' ')}`;
      expect(parseCommands([line, ...later].join('\n')).commands).toEqual([]);
    }),
  );
});

describe('words for others stand as they were written', () => {
  test.each([
    ['reply: می‌خواهم', 'می‌خواهم'],
    ['note: 👩‍👩‍👧 and 🏴‍☠️ ❤️', '👩‍👩‍👧 and 🏴‍☠️ ❤️'],
    ['Reply:\tRoom\t12\nBed\t2', 'Room\t12\nBed\t2'],
    ['\u200breply\u00a0: it’s  two', 'it’s  two'],
    ['#1042: reply: at 9:30', 'at 9:30'],
    ['Hi Leah: ask: post@else.example<mailto:post@else.example>: 9:30?\u00a0:)', '9:30?\u00a0:)'],
    ['Please ask post@else.example: who has\tthe key? 👍', 'who has\tthe key? 👍'],
    ['reply: :: 👍 :::', ':: 👍 :::'],
    ['reply:\u200d\nOn our way', 'On our way'],
  ])('behind the verb in %j', (written, text) => {
    expect(parseCommands(written).commands).toMatchObject([{ text }]);
  });

  test('whatever they are and whatever stands in front of the colon', () => {
    const front = fc.constantFrom(
      ...['reply:', '\u200bRe\u00adply :', 'Note：', '👍 new:', '1042, 1017 reply:', '#1042: note:'],
      ...['ask <post@else.example>:', 'Hi Leah: ask: post@else.example:', 'Thanks! please ask a@b.example:'],
    );
    const seen = fc.constantFrom('x', 'می‌خواهم', '👩‍👩‍👧', '９', '?');
    const unit = fc.constantFrom(
      ...'aé:： \t\u00a0\u200c\u200d\u0301\ufe0f’".*-?5\0👩👍',
      '\ud83d',
      '\u202e',
    );
    const words = fc
      .tuple(fc.string({ unit, maxLength: 20 }), seen, fc.constantFrom('', ':', ' \u200d', '：👍 .'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(front, words, (before, written) => {
        expect(parseCommands(`${before} ${written}`).commands).toMatchObject([{ text: written.trim() }]);
      }),
      { numRuns: 500 },
    );
  });
});

test('a line that begins with a quotation mark never acts', () => {
  fc.assert(
    fc.property(fc.constantFrom(...'"\'“”„«»‘’`'), phrase, fc.string(), (mark, words, tail) => {
      expect(parseCommands(`${mark}${words}${tail}`).commands).toEqual([]);
    }),
  );
});

test('any text at all is read without an error, and nothing of an unread one is lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const parsed = parseCommands(text);
      if (!parsed.firstLineUnderstood) expect(parsed).toMatchObject({ commands: [], rest: text.trim() });
    }),
  );
});

test('whether a text would act is told as by reading it, and only by words that may begin a command', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...Object.values(allSpellings.verbs).flat(),
      ...allSpellings.polite,
      ...allSpellings.greetings,
    ),
    fc.constantFrom(
      'Sam',
      '#1042',
      'a@b.example',
      'Friday',
      ':',
      '?',
      ',',
      '"',
      '👍',
      '\u200b',
      '\n',
      '\n\n',
      'word',
    ),
    fc.string({ unit: 'grapheme', maxLength: 6 }),
  );
  const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(' '));
  fc.assert(
    fc.property(text, (written) => {
      const acts = parseCommands(written).commands.length > 0;
      expect(wouldAct(written)).toBe(acts);
      const words = written
        .split(/[ \t]+/)
        .filter((word) => word !== '')
        .map((word) => behindReference(word) ?? word);
      const [first = ''] = words.filter((word) => /[\p{L}\p{N}\n]/u.test(word) && !isBetweenReferences(word));
      if (!acts) return;
      const upToFirst = words.slice(0, words.indexOf(first) + 1);
      expect(upToFirst.some((word, at) => isOpening(word) && mayBeginCommand(word, words[at + 1]))).toBe(
        true,
      );
    }),
    { numRuns: 2_000 },
  );
});

test('other languages come in as data', () => {
  const german = {
    ...English,
    verbs: { ...English.verbs, accept: ['übernehme ich', 'ja', '"ok"'], handoff: ['weiter an'] },
    polite: ['bitte', 'danke'],
  };
  expect(parseCommands('Übernehme ich, danke!', { spellings: german }).commands).toEqual([
    { verb: 'accept' },
  ]);
  expect(parseCommands('weiter an Priya, sie kennt den Vertrag', { spellings: german }).commands).toEqual([
    { verb: 'handoff', name: 'Priya', note: 'sie kennt den Vertrag', bare: false },
  ]);
  expect(parseCommands('accept', { spellings: german }).commands).toEqual([]);
  expect(parseCommands('"ok"', { spellings: german }).commands).toEqual([]);
});
