/** What a look back says in a sentence, the same on the terminal, on the page and in the mail. */
import { lateness, longWords } from '../notices/durations.ts';
import type { InboxLookBack, Times, Within } from './look-back.ts';

/** The figures that the first sentences are made of. */
export type LookBackFigures = {
  readonly requests: number;
  /** Different people. */
  readonly neverAnswered: number;
  /** Requests that wait: never answered, or asked again. */
  readonly waiting: number;
  /** Those of them that came just now. */
  readonly fresh: number;
  readonly twice: number;
  readonly overTwoDays: number;
};

export const figuresOf = (inbox: InboxLookBack): LookBackFigures => ({
  requests: inbox.requests.length,
  neverAnswered: inbox.neverAnswered,
  waiting: inbox.waiting.length,
  fresh: inbox.fresh,
  twice: inbox.twice.length,
  overTwoDays: inbox.overTwoDays,
});

/** The sentence that hits: `9 people never got an answer`. */
export function hit({ neverAnswered, waiting, fresh, requests }: LookBackFigures): string {
  if (requests === 0) return 'no request was found';
  if (neverAnswered === 1) return '1 person never got an answer';
  if (neverAnswered > 1) return `${neverAnswered} people never got an answer`;
  const old = waiting - fresh;
  if (old === 0) return 'everybody got an answer';
  return `${old} ${old === 1 ? 'person wrote' : 'people wrote'} again and ${old === 1 ? 'waits' : 'wait'}`;
}

/** `412 requests. 31 answered twice. 17 waited over two days.` */
export function figuresInWords({ requests, twice, overTwoDays, fresh }: LookBackFigures): readonly string[] {
  return [
    `${requestsInWords(requests)}.`,
    `${twice === 0 ? 'None' : amount(twice)} answered twice.`,
    ...(overTwoDays === 0 ? [] : [`${amount(overTwoDays)} waited over two days.`]),
    ...(fresh === 0
      ? []
      : [`${amount(fresh)} came within the last day and ${fresh === 1 ? 'waits' : 'wait'}.`]),
  ];
}

/** `13 of them still wait, and count with their wait`; empty where none does. */
export function stillWaiting(count: number): string {
  if (count === 0) return '';
  return count === 1
    ? '1 of them still waits, and counts with its wait'
    : `${amount(count)} of them still wait, and count with their wait`;
}

export const people = (count: number): string => (count === 1 ? '1 person' : `${amount(count)} people`);

export const requestsInWords = (count: number): string => counted(count, 'request');

/** `1,042`. */
export const amount = (count: number): string => count.toLocaleString('en-US');

const counted = (count: number, what: string): string => `${amount(count)} ${what}${count === 1 ? '' : 's'}`;

/** What half of them and nine of ten had within, by the clock or in working time, which is never told in days. */
export function timesInWords(
  { half, most }: Times,
  by: 'clock' | 'work',
): { readonly half: string; readonly most: string } {
  const told = (within: Within | null, notYet: string): string => {
    if (within === null) return '-';
    if (within === 'not-yet') return notYet;
    return by === 'clock' ? lateness(within) : longWords(within);
  };
  return {
    half: told(half, 'fewer than half have had an answer yet'),
    most: told(most, 'fewer than nine of ten have had one'),
  };
}

/** `maintenance@`, or the whole address where another inbox begins alike. */
export function shortAddress(address: string, all: readonly string[]): string {
  const local = address.slice(0, address.lastIndexOf('@') + 1);
  return all.some((other) => other !== address && other.startsWith(local)) ? address : local;
}

/** Who or what a rule could not give to anybody, in a word for the reader. */
export const NoRuleWhy: Readonly<Record<string, string>> = {
  'no-rule': 'no rule matches',
  'rules-tied': 'rules that name different people match equally well',
  'rule-names-nobody': 'the rule that matches names nobody',
};
