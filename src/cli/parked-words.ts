/** Mail that could not be read, as `baton parked` tells of it: for programs as JSON, for people as safe text. */
import type { ParkedDetail, ParkedItem } from '../app/ports/parked.ts';
import { type Instant, toIso } from '../domain/instant.ts';
import { sizeWords } from '../domain/notices/parked.ts';
import { timeWords } from '../domain/notices/times.ts';
import { parkedEventWords } from '../domain/parked/event-words.ts';
import { isOpen } from '../domain/parked/parked.ts';
import { safeLine, safeLines } from './safe-text.ts';
import { type Column, fittedTable } from './table.ts';
import { PLAIN, type Terminal } from './terminal.ts';

const FROM_MAX = 32;
const SUBJECT_MAX = 40;
const WHY_MAX = 60;
/** Of a header that fills screens the beginning is shown; `raw` gives all of it. */
const HEADER_LINES_MAX = 200;
const HEADER_LINE_MAX = 998;

export const toJson = (item: ParkedItem) => ({
  id: item.id,
  inbox: item.inboxId,
  since: toIso(item.state.since),
  from: item.from[0] ?? null,
  subject: item.subject,
  size: item.size,
  why: item.why,
  tried: item.state.times,
  answers: isOpen(item.state) ? item.state.accountable : null,
  next: item.state.due === null ? null : toIso(item.state.due),
  decided: item.state.decided && { ...item.state.decided, at: toIso(item.state.decided.at) },
  mailbox: { folder: item.folder, uid: item.uid, receivedAt: toIso(item.receivedAt), whole: item.whole },
});

export const detailToJson = (item: ParkedDetail, header: string) => ({
  ...toJson(item),
  events: item.events.map(({ at, ...event }) => ({
    ...event,
    ...('due' in event && { due: toIso(event.due) }),
    at: toIso(at),
  })),
  header,
});

/** When and where it is read. */
export type Reader = { readonly now: Instant; readonly timeZone: string };

const COLUMNS: readonly Column[] = [
  { head: 'Mail' },
  { head: 'Inbox', unimportance: 5, isOptional: true },
  { head: 'Since' },
  { head: 'From', gives: 'ellipsis', unimportance: 3, least: 12 },
  { head: 'Subject', gives: 'ellipsis', unimportance: 2, least: 12 },
  { head: 'Size', unimportance: 6, isOptional: true },
  { head: 'Answers' },
  { head: 'Until', unimportance: 4, isOptional: true },
  { head: 'Why', gives: 'wrap', unimportance: 1, least: 16 },
];

export function listInWords(
  items: readonly ParkedItem[],
  reader: Reader,
  { columns, paint }: Terminal = { columns: null, paint: PLAIN },
): string {
  if (items.length === 0) return 'No mail waits for a look.\n';
  const time = timesFor(reader);
  const rows = items.map((item) => [
    item.id,
    item.inboxId,
    time(item.state.since),
    cut(writerOf(item), FROM_MAX),
    cut(subjectOf(item), SUBJECT_MAX),
    sizeWords(item.size),
    isOpen(item.state) ? item.state.accountable : '',
    item.state.due === null ? '' : time(item.state.due),
    cut(item.why, WHY_MAX),
  ]);
  return `${fittedTable(COLUMNS, rows, columns, paint.soft).join('\n')}\n`;
}

export function detailInWords(item: ParkedDetail, header: string, reader: Reader): string {
  const { state } = item;
  const time = timesFor(reader);
  const facts: [string, string][] = [
    ['Mail', `${item.id}, in ${item.inboxId}`],
    ['From', writerOf(item)],
    ['Subject', subjectOf(item)],
    ['Size', sizeWords(item.size) + (item.whole ? '' : '; only its header was taken in')],
    ['Where', `folder ${item.folder}, UID ${item.uid}, received ${time(item.receivedAt)}`],
    ['Why', item.why + (state.times > 1 ? ` (tried ${state.times} times)` : '')],
    ['Answers', isOpen(state) ? `${state.accountable}, next ${time(state.due)}` : 'nobody any more'],
  ];
  const lines = safeLines(header);
  return [
    ...facts.map(([name, value]) => `${`${name}:`.padEnd(9)} ${safeLine(value)}`),
    '',
    `What has happened (${reader.timeZone}):`,
    ...item.events.map(
      (event) => `  ${time(event.at)}  ${safeLine(parkedEventWords(event, (member) => member))}`,
    ),
    '',
    'Its header:',
    ...lines.slice(0, HEADER_LINES_MAX).map((line) => `  ${cut(line, HEADER_LINE_MAX)}`),
    ...(lines.length > HEADER_LINES_MAX ? [`  … ${lines.length - HEADER_LINES_MAX} more lines`] : []),
    '',
  ].join('\n');
}

const writerOf = ({ from: [first] }: ParkedItem): string =>
  first === undefined ? '' : first.name === '' ? first.address : `${first.name} <${first.address}>`;

const subjectOf = ({ subject }: ParkedItem): string => subject ?? '(could not be read)';

const timesFor =
  ({ now, timeZone }: Reader) =>
  (at: Instant): string =>
    timeWords(at, now, timeZone);

/** Safe before it is cut, so that no escape is cut in two. */
function cut(text: string, max: number): string {
  const line = safeLine(text.slice(0, max * 4));
  return line.length <= max ? line : `${line.slice(0, max - 1)}…`;
}
