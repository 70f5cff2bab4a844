/** What fires next, as `baton clocks` tells it: for programs as JSON, for people as a calm table. */
import type { Foretold, Upcoming } from '../app/foretell.ts';
import type { Consequence } from '../domain/consequences.ts';
import type { MemberId } from '../domain/ids.ts';
import { DAY, type Duration, HOUR, type Instant, MINUTE, toIso } from '../domain/instant.ts';
import { timeWords } from '../domain/notices/times.ts';
import { safeLine } from './safe-text.ts';
import { type Column, fittedTable } from './table.ts';
import { PLAIN, type Terminal } from './terminal.ts';

const SUBJECT_MAX = 32;

export const clockWords: Readonly<Record<Upcoming['clock'], string>> = {
  accept: 'to take it',
  handoff: 'to take it over',
  'ask-again': 'to take it, asked again',
  'last-person': 'to decide who takes it',
  progress: 'a word of its owner',
  'answer-warning': 'answer nearly due',
  answer: 'answer due',
  snooze: 'snooze ends',
  due: 'date that was set',
  help: 'to help',
  parked: 'to look at an unread mail',
  digest: 'daily digest',
  'morning-list': 'morning list',
  'weekly-report': 'weekly report',
};

export const toJson = ({ now, at, fired, running, isWhole, requests, retries }: Foretold) => ({
  now: toIso(now),
  at: toIso(at),
  fired: fired.map(oneToJson),
  complete: isWhole,
  running: running.map(oneToJson),
  requests,
  retries: retries && { ...retries, next: toIso(retries.next) },
});

const oneToJson = ({ about, id, inboxId, subject, clock, waitsFor, at, isLate, follows }: Upcoming) => ({
  at: toIso(at),
  late: isLate,
  ...(about === 'hour' ? {} : { [about]: id }),
  inbox: inboxId,
  subject,
  clock,
  waitsFor: waitsForToJson(waitsFor),
  follows,
});

export function waitsForToJson(waitsFor: Upcoming['waitsFor']): MemberId | 'outside' | null {
  if (waitsFor === null || typeof waitsFor === 'string') return waitsFor;
  return waitsFor.type === 'member' ? waitsFor.member : 'outside';
}

export function whomWords(
  waitsFor: NonNullable<Upcoming['waitsFor']>,
  nameOf: (id: MemberId) => string,
): string {
  if (typeof waitsFor === 'string') return nameOf(waitsFor);
  return waitsFor.type === 'member' ? nameOf(waitsFor.member) : 'somebody outside';
}

export type Reader = {
  readonly timeZone: string;
  readonly nameOf: (id: MemberId) => string;
  /** How many clocks were asked for. */
  readonly limit: number;
  /** Whose were asked for; null: everybody's. */
  readonly of: MemberId | null;
  readonly terminal?: Terminal;
};

export function inWords(told: Foretold, reader: Reader): string {
  const { now, at, fired, running, isWhole, requests, retries } = told;
  const isLater = at > now;
  const time = (when: Instant): string => timeWords(when, now, reader.timeZone);
  const lines = [`It is ${time(now)} (${reader.timeZone}).`, ''];
  if (isLater) {
    lines.push(`Until ${time(at)}, if nobody does anything:`);
    lines.push(...(fired.length === 0 ? ['  nothing fires'] : rowsOf(fired, now, reader)));
    if (!isWhole) lines.push('  and more: so much fires until then that not all of it was followed.');
    lines.push('', 'Then:');
  }
  lines.push(...(running.length === 0 ? [noneRuns(reader)] : rowsOf(running, at, reader)), '');
  const isCut = running.length >= reader.limit;
  if (!isLater && isCut) lines.push(`Clocks run for ${requests} requests; --limit shows more.`);
  if (retries !== null)
    lines.push(
      `Mail that goes out later: ${retries.count}, the next ${time(retries.next)} (${wait(retries.next - now)}).`,
    );
  if (lines.at(-1) !== '') lines.push('');
  return lines.join('\n');
}

const noneRuns = ({ of, nameOf }: Reader): string =>
  of === null ? 'No clock runs.' : `No clock waits for ${nameOf(of)} or asks them next.`;

const COLUMNS: readonly Column[] = [
  { head: 'When' },
  { head: 'In', unimportance: 6, isOptional: true },
  { head: 'About' },
  { head: 'Subject', gives: 'ellipsis', unimportance: 5, least: 12, isOptional: true },
  { head: 'Clock', gives: 'wrap', unimportance: 2, least: 16 },
  { head: 'Waits for', gives: 'ellipsis', unimportance: 3, least: 10 },
  { head: 'If nothing happens', gives: 'wrap', unimportance: 1, least: 20 },
];

function rowsOf(list: readonly Upcoming[], now: Instant, { timeZone, nameOf, terminal }: Reader): string[] {
  const rows = list.map(({ at, isLate, about, id, subject, clock, waitsFor, follows }) => [
    timeWords(at, now, timeZone),
    isLate && now - at >= MINUTE ? `LATE by ${span(now - at)}` : wait(at - now),
    about === 'request' ? `#${id}` : about === 'mail' ? `mail ${id}` : '',
    cut(subject),
    clockWords[clock],
    waitsFor === null ? '' : whomWords(waitsFor, nameOf),
    follows.length === 0
      ? 'an earlier clock comes first'
      : follows.map((one) => inWordsOf(one, nameOf)).join(', '),
  ]);
  return fittedTable(COLUMNS, rows, terminal?.columns ?? null, (terminal?.paint ?? PLAIN).soft);
}

function inWordsOf(one: Consequence, nameOf: Reader['nameOf']): string {
  switch (one.what) {
    case 'asked':
      return one.last
        ? `${nameOf(one.member)} is asked and reminded until somebody decides`
        : `${nameOf(one.member)} is asked`;
    case 'accountable':
      return `${nameOf(one.member)} answers for it`;
    case 'reminded':
      return `${nameOf(one.member)} is reminded`;
    case 'asked-no-more':
      return `${nameOf(one.member)} is no longer asked`;
    case 'told':
      return `${nameOf(one.member)} is told`;
    case 'customer-told':
      return 'the customer is told';
    case 'outsider-told':
      return 'somebody outside is reminded';
    default:
      return one satisfies never;
  }
}

const wait = (left: Duration): string => (left < MINUTE ? 'now' : `in ${span(left)}`);

/** `12 min`, `2 h 10 min`, `3 days 4 h`; never more than there is. */
export function span(length: Duration): string {
  const parts = (whole: number, unit: string, rest: number, small: string): string =>
    rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${small}`;
  if (length < HOUR) return `${Math.floor(length / MINUTE)} min`;
  if (length < DAY) return parts(Math.floor(length / HOUR), 'h', Math.floor((length % HOUR) / MINUTE), 'min');
  const days = Math.floor(length / DAY);
  return parts(days, days === 1 ? 'day' : 'days', Math.floor((length % DAY) / HOUR), 'h');
}

/** Safe before it is cut, so that no escape is cut in two. */
function cut(text: string): string {
  const line = safeLine(text.slice(0, SUBJECT_MAX * 4));
  return line.length <= SUBJECT_MAX ? line : `${line.slice(0, SUBJECT_MAX - 1)}…`;
}
