/** What the bench can be asked for. */
import { parseArgs } from 'node:util';

export const PARTS = ['throughput', 'latency', 'catch-up', 'mailboxes', 'workers', 'memory'] as const;
export type Part = (typeof PARTS)[number];
export const SHAPES = ['production', 'embedded'] as const;
export type Shape = (typeof SHAPES)[number];

export type Options = {
  readonly only: readonly Part[];
  readonly shapes: readonly Shape[];
  readonly mails: number;
  readonly warm: number;
  readonly repeats: number;
  readonly rates: readonly number[];
  readonly seconds: number;
  readonly outageMails: number;
  readonly mailboxes: number;
  readonly copies: readonly number[];
  readonly memoryMails: number;
  readonly json: string | null;
  readonly plot: string | null;
  readonly plotFrom: string | null;
  readonly against: string | null;
};

export const USAGE = `Usage: npm run bench -- [options]
Mail through Baton on real servers, from Dovecot to an SMTP sink, against the floor of the same run.

  --only PARTS         of ${PARTS.join(',')} (all but memory, which takes long)
  --quick              a short pass: whether all of it works, not what it gives
  --shape SHAPE        production, embedded or both (both); the other parts run on the first
  --mails N            mails at once for throughput, and of the floor (1000)
  --warm N             mails before those, not counted (100)
  --repeats N          throughput again so often, floor and shapes in turn (3)
  --rates LIST         latency at so many mails a second (1,10,50)
  --seconds N          each rate for so long (30)
  --outage-mails N     mails that wait at the end of an outage (500)
  --mailboxes N        inboxes under one poller (500)
  --copies LIST        so many of each worker (1,2,4)
  --memory-mails N     mails through the whole path while memory is watched (100000)
  --json FILE          figures to this file instead of standard output
  --plot FILE.svg      draws them
  --plot-from FILE     draws an earlier run's figures (to --plot or standard output), measures nothing
  --against FILE       ratios to an earlier run's figures
  --intake N           another measurement: an old mailbox taken in from empty
`;

const DEFAULTS = {
  mails: '1000',
  warm: '100',
  repeats: '3',
  rates: '1,10,50',
  seconds: '30',
  'outage-mails': '500',
  mailboxes: '500',
  copies: '1,2,4',
  'memory-mails': '100000',
};
const QUICK: typeof DEFAULTS = {
  mails: '150',
  warm: '50',
  repeats: '1',
  rates: '10,50',
  seconds: '4',
  'outage-mails': '60',
  mailboxes: '40',
  copies: '1,2',
  'memory-mails': '600',
};

/** @throws Error that says what is not usable; null where help was asked for. */
export function readOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({ args: [...args], options: FLAGS });
  if (values.help === true) return null;
  const given: Record<string, unknown> = { ...(values.quick === true ? QUICK : DEFAULTS), ...values };
  const number = (name: keyof typeof DEFAULTS): number => {
    const value = Number(given[name]);
    if (!Number.isSafeInteger(value) || value < 1)
      throw new Error(`--${name} wants a whole number, 1 or more`);
    return value;
  };
  const numbers = (name: keyof typeof DEFAULTS): number[] => {
    const list = String(given[name]).split(',').map(Number);
    if (!list.every((value) => Number.isFinite(value) && value > 0))
      throw new Error(`--${name} wants numbers above 0 with commas between them`);
    return list;
  };
  const copies = numbers('copies');
  if (!copies.every(Number.isInteger)) throw new Error('--copies wants whole numbers');
  return {
    only: oneOfEach('only', values.only ?? PARTS.filter((part) => part !== 'memory').join(','), PARTS),
    shapes:
      values.shape === undefined || values.shape === 'both'
        ? SHAPES
        : oneOfEach('shape', values.shape, SHAPES),
    mails: number('mails'),
    warm: number('warm'),
    repeats: number('repeats'),
    rates: numbers('rates'),
    seconds: number('seconds'),
    outageMails: number('outage-mails'),
    mailboxes: number('mailboxes'),
    copies,
    memoryMails: number('memory-mails'),
    json: values.json ?? null,
    plot: values.plot ?? null,
    plotFrom: values['plot-from'] ?? null,
    against: values.against ?? null,
  };
}

const text = { type: 'string' } as const;
const FLAGS = {
  ...{ only: text, shape: text, mails: text, warm: text, repeats: text, rates: text, seconds: text },
  ...{ 'outage-mails': text, mailboxes: text, copies: text, 'memory-mails': text },
  ...{ json: text, plot: text, 'plot-from': text, against: text },
  quick: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

function oneOfEach<Word extends string>(name: string, list: string, known: readonly Word[]): Word[] {
  return list.split(',').map((written) => {
    const word = known.find((one) => one === written);
    if (word === undefined) throw new Error(`--${name} knows ${known.join(', ')} and not "${written}"`);
    return word;
  });
}
