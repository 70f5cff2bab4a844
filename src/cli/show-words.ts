/** The story of one request: for programs as JSON, for people as paragraphs that fit their terminal. */
import { happenings, noticeWords, type Wrote, whoAnswers } from '../app/board-words.ts';
import type { BoardRequest } from '../app/ports/board.ts';
import { type Brake, brakeWords } from '../domain/brakes.ts';
import { type RunningClock, runningClocks } from '../domain/conversation/running-clocks.ts';
import { unreachedSince } from '../domain/conversation/state.ts';
import type { MemberId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import type { Address } from '../domain/message.ts';
import { timeWords } from '../domain/notices/times.ts';
import { mentionsIn } from '../domain/reason.ts';
import { clockWords, span, waitsForToJson, whomWords } from './clocks-words.ts';
import { isoOf, isoOrNull, type Reading } from './reading.ts';
import { safeLine, safeLines } from './safe-text.ts';
import { type Cell, type Column, fittedTable } from './table.ts';
import { brokenTo } from './text-width.ts';

export type StoryMail = {
  readonly id: number;
  readonly at: Instant;
  readonly direction: 'in' | 'out' | 'held-back';
  readonly address: Address;
  readonly member: MemberId | null;
  /** What it was to us: a disposition of what came, the kind of what went. */
  readonly about: string;
  readonly subject: string;
  readonly text: string;
  readonly files: readonly string[];
  readonly brake?: Brake;
  /** It looks like a teammate's word and is not proved to be: what is told of it, see doubted-words.ts. */
  readonly doubted?: string;
};

/** `came`: who is said to have written what came in. */
export type Story = {
  readonly request: BoardRequest;
  readonly mails: readonly StoryMail[];
  readonly came: readonly Wrote[];
};

type Reader = Pick<Reading, 'now' | 'timeZone' | 'nameOf' | 'terminal'>;

export function toJson({ request, mails, came }: Story, { nameOf }: Pick<Reader, 'nameOf'>) {
  const { state, ledger } = request;
  const { who, since, why } = whoAnswers(request, nameOf);
  return {
    id: request.id,
    inbox: request.inboxId,
    subject: request.subject,
    customer: request.customer,
    phase: state.phase,
    accountable: who,
    since: isoOf(since),
    why,
    owner: state.owner,
    asked: state.offer?.to ?? null,
    priority: state.priority,
    category: state.classified?.category ?? null,
    rule: state.classified?.ruleId ?? null,
    routedWhy: routedWhy(request, nameOf),
    openedAt: isoOf(state.openedAt),
    ledger: ledger.map(({ from, until, member }) => ({ member, from: isoOf(from), until: isoOrNull(until) })),
    timeline: happenings(request, nameOf, 0, came).map(({ at, text }) => ({ at: isoOf(at), text })),
    clocks: clocksInTurn(state).map(({ clock, at, waitsFor }) => ({
      ...{ clock, at: isoOf(at), waitsFor: waitsForToJson(waitsFor) },
    })),
    mails: mails.map(({ at, about, ...mail }) => ({ ...mail, at: isoOf(at), about })),
  };
}

/** Why it went to whom it went, as the rule, the model or a member had it. */
function routedWhy({ state }: BoardRequest, nameOf: Reader['nameOf']): string {
  const { reason, previousOwner } = state.classified ?? { reason: { sentence: '' } };
  return mentionsIn(reason.sentence, (id) => id === previousOwner)
    .map((part) => ('member' in part ? nameOf(part.member) : part.text))
    .join('');
}

export function inWords({ request, mails, came }: Story, reader: Reader, withText: boolean): string[] {
  const { paint, columns } = reader.terminal;
  const safeName = (id: MemberId): string => safeLine(reader.nameOf(id));
  const time = (at: Instant): string => timeWords(at, reader.now, reader.timeZone);
  const { who, since, why } = whoAnswers(request, safeName);
  const does =
    who === null
      ? `${paint.good('Done')} since ${time(since)}`
      : `${paint.strong(safeName(who))} answers for it since ${time(since)} (${span(reader.now - since)})`;
  const from = writerOf(request.customer);
  const stops =
    unreachedSince(request.state) === null ? '' : `; ${paint.bad('mail to this address comes back')}`;
  return [
    `${paint.strong(`#${request.id}`)} ${paint.strong(safeLine(request.subject) || '(no subject)')}`,
    ...paragraph(`From ${from}, in ${request.inboxId}, ${kindOf(request)}${stops}`, columns),
    '',
    ...paragraph(`${does}: ${safeLine(why)}.`, columns),
    ...paragraph(
      `Why it went there: ${safeLine(routedWhy(request, reader.nameOf)) || 'it was not routed yet'}.`,
      columns,
    ),
    ...clocksOf(request, reader),
    ...section('Who answered for it', ledgerTable(request, reader), paint.soft),
    ...section('What happened', timeline(request, came, reader), paint.soft),
    ...section('Mails', mailsInWords(mails, reader, withText), paint.soft),
    ...(withText || mails.length === 0 ? [] : ['', 'With --mails their texts are told too.']),
  ];
}

const kindOf = ({ state }: BoardRequest): string => {
  const category = state.classified?.category ?? null;
  const what = category === null ? 'of no category' : safeLine(category);
  return state.priority === 'urgent' ? `${what}, urgent` : what;
};

const writerOf = ({ name, address }: Address): string => {
  if (name === '' && address === '') return 'somebody who was erased';
  return safeLine(name === '' ? address : `${name} <${address}>`);
};

const section = (title: string, lines: readonly string[], style: (text: string) => string): string[] =>
  lines.length === 0 ? [] : ['', style(title), ...lines];

/** A name that stands out does not count for the width: its marks are few, and a line may be short. */
const paragraph = (text: string, columns: number | null): string[] =>
  columns === null ? [text] : brokenTo(text, columns);

/** The next one first. */
const clocksInTurn = (state: BoardRequest['state']): readonly RunningClock[] =>
  runningClocks(state).toSorted((a, b) => a.at - b.at);

function clocksOf({ state }: BoardRequest, { now, timeZone, nameOf, terminal }: Reader): string[] {
  const whom = ({ waitsFor }: RunningClock): string =>
    waitsFor === null ? '' : `, ${safeLine(whomWords(waitsFor, nameOf))}`;
  const lines = clocksInTurn(state).map((one) => {
    const left = one.at <= now ? 'now' : `in ${span(one.at - now)}`;
    return `${timeWords(one.at, now, timeZone)} (${left}): ${clockWords[one.clock]}${whom(one)}`;
  });
  return section('Clocks', lines, terminal.paint.soft);
}

function ledgerTable({ ledger }: BoardRequest, { now, timeZone, nameOf, terminal }: Reader): string[] {
  const time = (at: Instant): string => timeWords(at, now, timeZone);
  const rows = ledger.map(({ from, until, member }): Cell[] => [
    member === null ? { text: 'done', style: terminal.paint.good } : safeLine(nameOf(member)),
    `${time(from)} to ${until === null ? 'now' : time(until)}`,
    { text: span((until ?? now) - from), style: terminal.paint.soft },
  ]);
  const columns: Column[] = [{ head: '', gives: 'ellipsis' }, { head: '' }, { head: '' }];
  return fittedTable(columns, rows, terminal.columns).slice(1);
}

function timeline(
  request: BoardRequest,
  came: Story['came'],
  { now, timeZone, nameOf, terminal }: Reader,
): string[] {
  const rows = happenings(request, nameOf, 0, came).map(({ at, text }): Cell[] => [
    { text: timeWords(at, now, timeZone), style: terminal.paint.soft },
    safeLine(text),
  ]);
  return fittedTable(WORDS_IN_TIME, rows, terminal.columns).slice(1);
}

function mailsInWords(mails: readonly StoryMail[], reader: Reader, withText: boolean): string[] {
  const { now, timeZone, nameOf, terminal } = reader;
  const { paint, columns } = terminal;
  const times = Math.max(0, ...mails.map(({ at }) => timeWords(at, now, timeZone).length));
  return mails.flatMap((mail) => {
    const whom = mail.member === null ? writerOf(mail.address) : safeLine(nameOf(mail.member));
    const came = mail.doubted === undefined ? `${whom} writes` : safeLine(mail.doubted);
    const what = mail.direction === 'in' ? came : `to ${whom}: ${noticeWords(mail.about)}`;
    const brake = mail.brake === undefined ? '' : `: NOT SENT, ${brakeWords[mail.brake]}`;
    const files = mail.files.length === 0 ? '' : ` [${mail.files.map(safeLine).join(', ')}]`;
    const isNamed = mail.direction === 'in' && mail.about !== 'request' && mail.doubted === undefined;
    const as = isNamed ? ` (${mail.about})` : '';
    const time = { text: timeWords(mail.at, now, timeZone).padEnd(times), style: paint.soft };
    const lines = fittedTable(WORDS_IN_TIME, [[time, `${what}${as}${files}${brake}`]], columns).slice(1);
    const text = safeLines(mail.text.trim()).flatMap((one) =>
      (columns === null ? [one] : brokenTo(one, columns - INDENT.length)).map((part) =>
        (INDENT + part).trimEnd(),
      ),
    );
    return withText && mail.text.trim() !== '' ? [...lines, ...text, ''] : lines;
  });
}

/** Without a line of heads. */
const WORDS_IN_TIME: readonly Column[] = [{ head: '' }, { head: '', gives: 'wrap' }];
const INDENT = '    ';
