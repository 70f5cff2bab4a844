/** What members write, read as commands (domain/command). */
import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { type Command, type Order, Verbs } from '../../../../src/domain/command/command.ts';
import { QUOTE_MARKS, tidy } from '../../../../src/domain/command/fold.ts';
import { type ParseOptions, parseCommands, wouldAct } from '../../../../src/domain/command/parse.ts';
import type { When } from '../../../../src/domain/command/when.ts';
import { makeText } from '../mails.ts';
import type { Target } from '../target.ts';
import { Breaking, CommandWords, QuoteWords } from '../words.ts';

/** Every rule that a caller may bring switched on: whoever is asked, with names, categories and colleagues. */
const Everything: ParseOptions = {
  offered: true,
  mayName: (typed) => /^(?:priya|leah|sam)$/i.test(typed),
  mayChoose: (typed) => /^billing$/i.test(typed),
  instead: (typed) => /^billing$/i.test(typed),
  colleague: (typed) => /^(?:priya|leah)$/i.test(typed),
};
const Ways: readonly ParseOptions[] = [{}, { offered: false }, Everything];

export const grammar: Target = {
  name: 'grammar',
  promise: 'only values of the closed list come out, none of a quoted line, and what is printed reads back',
  lengthMax: 64 * 1024,
  cost: { baseMs: 60, perKilobyteMs: 6 },
  words: [...CommandWords, ...Breaking, ...QuoteWords],
  seeds: () => Seeds.map((text) => Buffer.from(text)),
  make: (chance) => Buffer.from(makeText(chance)),
  check(input) {
    const text = input.toString('utf8');
    for (const options of Ways) {
      const { commands, rest, firstLineUnderstood, suggestion } = parseCommands(text, options);
      for (const command of commands) checkOrder(command);
      assert(firstLineUnderstood || commands.length === 0, 'an order stands under a line that is none');
      assert(suggestion === null || Verbs.includes(suggestion), 'what is proposed is no verb');
      assert(rest.length <= text.length, 'what is kept as a note is longer than what was written');
      checkPrinted(commands, options);
    }
    assert.equal(wouldAct(text), parseCommands(text).firstLineUnderstood, 'the short way answers otherwise');
    checkQuoted(text);
  },
};

const Seeds: readonly string[] = [
  ...[
    'accept',
    'Yes, thanks!\n\nSam',
    'handoff to Priya: she knows',
    '#1042 done, called them\n1043 snooze until Friday',
  ],
  ...[
    'reply:\nDear Maria,\nit is done.',
    'note to self',
    'away from Monday until Friday, cover Luis',
    'ask joe@x.example: when?',
  ],
  ...[
    'merge #1043',
    'for maria@x.example',
    'decline wrong team: billing',
    'category: billing',
    'Priya',
    'new: a call',
    'send',
  ],
  ...[
    'help from Luis the key',
    'due tomorrow 3pm',
    'Priya away until 2026-12-24',
    'nehme ich',
    'je prends',
    'lo tomo',
    'no',
  ],
];

/** A quoted line is no order, whatever stands in it: behind a mark of quoting, or in quotation marks. */
function checkQuoted(text: string): void {
  const lines = text.split(/\r\n|\n|\r/).slice(0, 50);
  const marked = lines.map((line) => `> ${line}`).join('\n');
  assert(!wouldAct(marked), 'an order was read out of lines with marks of quoting');
  for (const line of lines.slice(0, 3))
    for (const mark of QUOTE_MARKS)
      assert(!wouldAct(`${mark}${line}`), 'an order was read out of a line in quotation marks');
}

function checkOrder({ about, ...command }: Order): void {
  if (about !== undefined) {
    assert(about.length > 0, 'an order is about no request');
    for (const id of about) assert(Number.isSafeInteger(id) && id > 0, 'an order is about what is no number');
  }
  const fields = shapes[command.verb];
  assert(fields !== undefined, 'the verb is not on the list');
  for (const [name, value] of Object.entries(command)) {
    if (name === 'verb') continue;
    const holds = fields[name];
    assert(holds !== undefined, `${command.verb} has a field ${name}`);
    assert(holds(value), `${command.verb} has no such ${name}`);
  }
}

type Holds = (value: unknown) => boolean;
const isText: Holds = (value) => typeof value === 'string' && value.length <= 64 * 1024;
const isLine: Holds = (value) => isText(value) && value !== '' && !/[\r\n]/.test(value as string);
const isLineOrNone: Holds = (value) => value === null || isLine(value);
const isFlag: Holds = (value) => typeof value === 'boolean';
const isNumber: Holds = (value) => Number.isSafeInteger(value) && (value as number) > 0;
const isWhen: Holds = (value) => whenHolds(value as When);

function whenHolds(when: When): boolean {
  if (when.type === 'after') return isNumber(when.minutes);
  if (when.type === 'working-days') return isNumber(when.days);
  const { day, time } = when;
  if (time !== null && !(time.hour >= 0 && time.hour < 24 && time.minute >= 0 && time.minute < 60))
    return false;
  if (day.type === 'in-days') return Number.isSafeInteger(day.days) && day.days >= 0;
  if (day.type === 'weekday') return day.weekday >= 1 && day.weekday <= 7;
  if (day.type === 'end-of') return ['day', 'week', 'month'].includes(day.unit);
  return day.month >= 1 && day.month <= 12 && day.day >= 1 && day.day <= 31;
}

const none = {};
const shapes: Readonly<Record<Command['verb'], Readonly<Record<string, Holds>>>> = {
  accept: none,
  take: none,
  reopen: none,
  send: none,
  remind: none,
  release: none,
  split: none,
  spam: none,
  dismiss: none,
  retry: none,
  request: none,
  status: none,
  mine: none,
  'take-over': none,
  ready: none,
  help: none,
  decline: { reason: isLineOrNone },
  category: { name: isLine, note: isLineOrNone },
  handoff: { name: isLine, note: isLineOrNone, bare: isFlag },
  'help-from': { name: isLine, what: isLineOrNone },
  ask: { address: isLine, text: isText },
  reply: { text: isText },
  note: { text: isText },
  new: { text: isText },
  done: { outcome: isLineOrNone },
  snooze: { until: isWhen, reason: isLineOrNone },
  due: { by: isWhen },
  add: { address: isLine },
  for: { address: isLine },
  merge: { into: isNumber },
  away: {
    who: isLineOrNone,
    from: isWhen,
    until: isWhen,
    through: (value) => value === true,
    cover: isLineOrNone,
  },
  back: { who: isLineOrNone },
};

/** What can be printed is read as the same again. */
function checkPrinted(commands: readonly Order[], options: ParseOptions): void {
  for (const { about, ...command } of commands.slice(0, 5)) {
    const line = printed(command as Command);
    if (line === null) continue;
    const [again] = parseCommands(
      `${about === undefined ? '' : `#${about.join(', #')} `}${line}`,
      options,
    ).commands;
    assert.deepEqual(
      again && plainly(again),
      plainly(about === undefined ? command : { ...command, about }),
      'an order reads back as another',
    );
  }
}

/** The first line of words that follow a verb is read without what nobody sees. */
const plainly = (order: Order): unknown =>
  'text' in order ? { ...order, text: order.text.split('\n').map(tidy).join('\n').trim() } : order;

function printed(command: Command): string | null {
  switch (command.verb) {
    case 'merge':
      return `merge #${command.into}`;
    case 'add':
    case 'for':
      return `${command.verb} ${command.address}`;
    case 'reply':
    case 'note':
    case 'new':
      return command.text === '' || /^\W/.test(command.text) || command.text.length > 1_000
        ? null
        : `${command.verb}: ${command.text}`;
    case 'take-over':
      return 'take over';
    default:
      return Object.keys(command).length === 1 && command.verb !== 'mine' ? command.verb : null;
  }
}
