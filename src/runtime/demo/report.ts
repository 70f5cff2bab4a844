/** The end of the day in tables of at most 100 columns, and one request's whole story. */
import { parseInProcess } from '../../adapters/mime/parse-mail.ts';
import {
  happenings,
  type Names,
  noticeWords,
  oneLine,
  passedOver,
  setAside,
  whoAnswers,
  whyHeldBack,
} from '../../app/board-words.ts';
import type { Board, BoardRequest, MailIn, MailOut } from '../../app/ports/board.ts';
import { type Instant, SECOND } from '../../domain/instant.ts';

export type ReportOptions = {
  readonly board: Board;
  readonly names: Names;
  readonly time: (at: Instant) => string;
  /** Words of the subject of the request whose story is told. */
  readonly sample: string;
};

export async function dayReport({ board, names, time, sample }: ReportOptions): Promise<string> {
  const requests = await board.requests();
  const mails = await board.mailsIn();
  const story = requests.find(({ subject }) => subject.includes(sample));
  return [
    title('Who answers for what'),
    ...table(
      [5, 26, 6, 5, 54],
      [['', 'request', 'who', 'since', 'why'], ...requests.map((one) => ownerRow(one, names, time))],
    ),
    '',
    title('What went to the next person'),
    ...requests.flatMap((one) => ladder(one, names)),
    '',
    title('What was set aside, and why'),
    ...table(
      [17, 24, 55],
      mails.flatMap((mail) => asideRow(mail)),
    ),
    ...(story === undefined
      ? []
      : [
          '',
          title(`One request from beginning to end: #${story.id}`),
          ...(await wholeStory(board, story, names, time)),
        ]),
    '',
  ].join('\n');
}

const title = (text: string): string => `${text}\n${'─'.repeat(text.length)}`;

function table(widths: readonly number[], rows: readonly (readonly string[])[]): string[] {
  return rows.map((row) =>
    row
      .map((cell, column) => oneLine(cell, widths[column] ?? 0).padEnd(widths[column] ?? 0))
      .join(' ')
      .trimEnd(),
  );
}

function ownerRow(request: BoardRequest, names: Names, time: (at: Instant) => string): string[] {
  const { who, since, why } = whoAnswers(request, names);
  return [`#${request.id}`, request.subject, who === null ? 'done' : names(who), time(since), why];
}

const PASSED = new Set(['declined', 'lapsed', 'unreachable']);

function ladder(request: BoardRequest, names: Names): string[] {
  const tried = passedOver(request.events, names);
  if (tried === '') return [];
  const first = request.events.findIndex(({ type }) => PASSED.has(type));
  const taken = request.events
    .slice(first)
    .find(({ type }) => type === 'accepted' || type === 'accountability-moved');
  const { offer } = request.state;
  const end = taken?.type === 'accepted' ? names(taken.by) : null;
  const moved = taken?.type === 'accountability-moved' ? `${names(taken.to)}, who must decide` : null;
  const asked = offer === null ? 'nobody yet' : `${names(offer.to)} is asked`;
  return wrapped(
    `#${request.id} ${oneLine(request.subject, 28)} · ${tried} → ${end ?? moved ?? asked}`,
    100,
    '      ',
  );
}

function asideRow(mail: MailIn): string[][] {
  const aside = setAside(mail);
  if (aside === null) return [];
  return [[aside.what, mail.from.name || mail.from.address || '(could not be read)', aside.why]];
}

async function wholeStory(
  board: Board,
  request: BoardRequest,
  names: Names,
  time: (at: Instant) => string,
): Promise<string[]> {
  const entries = [
    ...(await board.mailsIn(request.id)).map((mail) => ({ at: mail.at, rank: 0, text: mailIn(mail) })),
    ...happenings(request, names).map(({ at, text }) => ({ at, rank: 1, text: `     ${text}` })),
    ...(await Promise.all(
      (
        await board.mailsOut(request.id)
      ).map(async (mail) => ({ at: mail.at, rank: 2, text: await mailOut(mail, names) })),
    )),
    ...(await board.mailsHeldBack(request.id)).map(({ at, kind, recipient, brake }) => ({
      ...{ at, rank: 2 },
      text: `out  ${recipient}: ${noticeWords(kind)}. ${whyHeldBack(brake)}`,
    })),
  ].sort((a, b) => secondOf(a.at) - secondOf(b.at) || a.rank - b.rank);
  const rows = request.ledger.map(
    ({ from, until, member }) =>
      `${time(from)}–${until === null ? 'now' : time(until)} ${member === null ? 'done' : names(member)}`,
  );
  return [
    `${oneLine(request.subject, 60)}, ${request.customer.name}`,
    `Why: ${request.state.classified?.reason.sentence ?? ''}`,
    `Answered for it: ${rows.join(' · ')}`,
    '',
    ...entries.flatMap(({ at, text }) => wrapped(`${time(at)} ${text}`, 100, '           ')),
  ];
}

/** Within one second a mail comes in, something happens, and mails go out. */
const secondOf = (at: Instant): number => Math.floor(at / SECOND);

function mailIn({ from, text, files, disposition }: MailIn): string {
  const said = oneLine(text, 150);
  const with_ = files.length === 0 ? '' : ` [${files.map(({ name }) => name).join(', ')}]`;
  return `in   ${from.name || from.address}: ${said === '' ? `(${disposition})` : said}${with_}`;
}

async function mailOut({ raw, kind, member, recipient }: MailOut, names: Names): Promise<string> {
  const { text } = await parseInProcess(raw);
  const to = member === null ? recipient : names(member);
  return `out  to ${to}, ${noticeWords(kind)}: ${oneLine(text, 110)}`;
}

function wrapped(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && `${line} ${word}`.length > width) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = line === '' && lines.length === 0 ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
