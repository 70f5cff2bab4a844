/** Lists of requests: for programs as JSON, for people as a table that fits their terminal. */
import type { RequestCounts, RequestLine, RequestList, RequestQuestion } from '../app/ports/requests.ts';
import { stuckWords } from '../app/stuck-words.ts';
import type { Instant } from '../domain/instant.ts';
import { shortLateness } from '../domain/notices/durations.ts';
import { timeWords } from '../domain/notices/times.ts';
import { isoOf, isoOrNull, type Reading } from './reading.ts';
import { safeLine } from './safe-text.ts';
import { type Cell, type Column, fittedTable } from './table.ts';

export const toJson = ({ requests, next }: RequestList, counts: RequestCounts, now: Instant) => ({
  now: isoOf(now),
  requests: requests.map(lineToJson),
  next,
  counts: { open: counts.open, unowned: counts.unowned, stuck: counts.stuck },
});

export const lineToJson = ({ inboxId, ...line }: RequestLine) => ({
  id: line.id,
  inbox: inboxId,
  subject: line.subject,
  customer: line.customer,
  phase: line.phase,
  accountable: line.accountable,
  since: isoOf(line.since),
  owner: line.owner,
  asked: line.asked,
  priority: line.priority,
  category: line.category,
  openedAt: isoOf(line.openedAt),
  lastEventAt: isoOf(line.lastEventAt),
  dueAt: isoOrNull(line.dueAt),
  stuck: line.stuck && { why: line.stuck.why, since: isoOf(line.stuck.since) },
});

type Told = {
  readonly list: RequestList;
  readonly counts: RequestCounts;
  readonly question: RequestQuestion;
};
type Reader = Pick<Reading, 'now' | 'timeZone' | 'nameOf' | 'terminal'>;

export function inWords({ list, counts, question }: Told, reader: Reader): string[] {
  const { requests, next } = list;
  const { strong } = reader.terminal.paint;
  const lines = requests.length === 0 ? [NONE[question.show]] : requestTable(requests, reader);
  const { open, unowned, stuck } = counts;
  const more = next === null ? '' : ` Shown: ${requests.length}; --limit shows more.`;
  return [
    ...lines,
    '',
    `${strong(String(open))} open in all, ${unowned} of them taken by nobody yet, ${stuck} stuck.${more}`,
  ];
}

const NONE: Readonly<Record<RequestQuestion['show'], string>> = {
  open: 'No such request is open.',
  unowned: 'Everything that is open has an owner.',
  stuck: 'Nothing is stuck.',
  done: 'No such request is done.',
  all: 'There is no such request.',
};

const COLUMNS: readonly Column[] = [
  { head: 'Request' },
  { head: 'Subject', gives: 'ellipsis', unimportance: 3, least: 16 },
  { head: 'Customer', gives: 'ellipsis', unimportance: 5, least: 12, isOptional: true },
  { head: 'Answers for it', gives: 'ellipsis', unimportance: 1, least: 14 },
  { head: 'Asked', gives: 'ellipsis', unimportance: 2, least: 10, isOptional: true },
  { head: 'Since' },
  { head: 'Last', unimportance: 6, isOptional: true },
  { head: 'Stuck', gives: 'wrap', unimportance: 4, least: 18 },
];

/** Stands behind whoever answers for what nobody has said is theirs. */
const NOT_TAKEN = ' *';

export function requestTable(requests: readonly RequestLine[], reader: Reader): string[] {
  const { now, timeZone, terminal } = reader;
  const { paint } = terminal;
  const time = (at: Instant): string => timeWords(at, now, timeZone);
  const rows = requests.map((line): Cell[] => [
    { text: `#${line.id}${line.priority === 'urgent' ? ' !' : ''}`, style: paint.strong },
    safeLine(line.subject) || '(no subject)',
    safeLine(line.customer.name || line.customer.address),
    whoOf(line, reader),
    line.asked === null ? '' : safeLine(reader.nameOf(line.asked)),
    { text: time(line.since), style: paint.soft },
    { text: time(line.lastEventAt), style: paint.soft },
    stuckOf(line, reader),
  ]);
  const isUnowned = requests.some(({ phase }) => phase === 'arrived' || phase === 'offered');
  const legend = isUnowned ? [paint.soft('* nobody has said yet that it is theirs')] : [];
  return [...fittedTable(COLUMNS, rows, terminal.columns, paint.soft), ...legend];
}

function whoOf({ accountable, owner, phase }: RequestLine, { nameOf, terminal }: Reader): Cell {
  const { good, warning } = terminal.paint;
  if (phase === 'done')
    return { text: owner === null ? 'done' : `done, ${safeLine(nameOf(owner))}`, style: good };
  const who = accountable === null ? '' : safeLine(nameOf(accountable));
  return phase === 'owned' ? who : { text: `${who}${NOT_TAKEN}`, style: warning };
}

function stuckOf({ stuck }: RequestLine, { now, terminal }: Reader): Cell {
  if (stuck === null) return '';
  return {
    text: `${stuckWords[stuck.why]}, ${shortLateness(now - stuck.since).replace(' ', '\u00a0')}`,
    style: terminal.paint.bad,
  };
}
