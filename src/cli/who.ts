/** `baton who`: who answers for what, now or at any time before, from the ledger. */
import type { Command } from 'commander';
import { postgresBoard } from '../adapters/db/board.ts';
import { postgresLedgerList } from '../adapters/db/ledger-list.ts';
import { postgresRequests } from '../adapters/db/requests.ts';
import { whoAnswers } from '../app/board-words.ts';
import type { ConversationId, MemberId } from '../domain/ids.ts';
import type { Instant } from '../domain/instant.ts';
import { timeWords } from '../domain/notices/times.ts';
import { finalManagerAt, triageLeadAt } from '../domain/roster.ts';
import { configOption } from './config-option.ts';
import { ExitCode, Finding } from './exit.ts';
import { instantOf } from './moment-option.ts';
import { memberOrNumber } from './named.ts';
import {
  answer,
  answerJson,
  isoOf,
  isoOrNull,
  type Reading,
  type ReadingOptions,
  reading,
} from './reading.ts';
import { requestOrEnd } from './request-argument.ts';
import { lineToJson, requestTable } from './requests-words.ts';
import { safeLine } from './safe-text.ts';
import { type Cell, fittedTable } from './table.ts';
import { colourOption } from './terminal.ts';

type Options = ReadingOptions & { readonly at?: string };

/** As many as one wants to read; `baton requests --of` has them all. */
const SHOWN_MAX = 50;

const HELP = `
Without anything else: who answers for how many, and whose turn it is at each front desk. The ledger has exactly one
person at every instant from the arrival of a request to its end, so "--at" always has an answer.

Examples:
  npx baton who
  npx baton who 1042                              who answers for it, since when and why
  npx baton who 1042 --at 2026-11-20T14:05        who did at that minute
  npx baton who priya                             what Priya answers for, and is asked to take
  npx baton who priya --at 2026-11-20T14:05       what she answered for then`;

export function addWho(program: Command): void {
  program
    .command('who')
    .description('tell who answers for a request, or for what somebody answers, now or at a time')
    .argument('[name-or-number]', 'a teammate, or the number of a request')
    .addOption(configOption())
    .option('--at <time>', 'as it was then, such as 2026-11-20T14:05 in the zone of the configuration')
    .option('--json', 'answer as JSON')
    .addOption(colourOption())
    .addHelpText('after', HELP)
    .action((typed: string | undefined, options: Options) =>
      reading('who', options, (here) => run(here, typed, options)),
    );
}

async function run(here: Reading, typed: string | undefined, options: Options): Promise<void> {
  const at =
    options.at === undefined ? null : instantOf(options.at, here.now, here.timeZone, 'the configuration');
  if (at !== null && at > here.now)
    throw new Finding(
      'The time given with --at is still to come: "baton clocks --at" tells what would be then.',
      ExitCode.usage,
    );
  const whom = typed === undefined ? null : memberOrNumber(here.policy, typed);
  const told =
    whom === null
      ? await everybody(here, at)
      : typeof whom === 'number'
        ? await ofRequest(here, whom, at)
        : await ofMember(here, whom, at);
  if (options.json) answerJson(told.json);
  else answer(told.lines);
}

type Told = { readonly json: object; readonly lines: readonly string[] };

const timeIn =
  ({ now, timeZone }: Reading) =>
  (at: Instant): string =>
    timeWords(at, now, timeZone);

async function ofRequest(here: Reading, id: ConversationId, at: Instant | null): Promise<Told> {
  const { pool, nameOf, terminal } = here;
  const ledger = postgresLedgerList({ pool });
  const time = timeIn(here);
  const request = await requestOrEnd(postgresBoard(pool), ledger, id);
  const row = await ledger.at(id, at ?? here.now);
  const json = {
    request: id,
    at: isoOf(at ?? here.now),
    accountable: row?.member ?? null,
    from: isoOrNull(row?.from ?? null),
    until: isoOrNull(row?.until ?? null),
  };
  const subject = safeLine(request.subject) || '(no subject)';
  const title = `${terminal.paint.strong(`#${id}`)} ${subject}`;
  if (row === null) return { json, lines: [title, 'It had not come in by then.'] };
  const who = row.member === null ? 'Nobody needed to' : terminal.paint.strong(safeLine(nameOf(row.member)));
  if (at !== null) {
    const until = row.until === null ? 'now' : time(row.until);
    const did = row.member === null ? `${who} answer for it: it was done` : `${who} answered for it`;
    return { json, lines: [title, `${did}, from ${time(row.from)} to ${until}.`] };
  }
  const { why } = whoAnswers(request, (member) => safeLine(nameOf(member)));
  const does = row.member === null ? 'It is done' : `${who} answers for it`;
  return { json: { ...json, why }, lines: [title, `${does} since ${time(row.from)}: ${safeLine(why)}.`] };
}

async function ofMember(here: Reading, member: MemberId, at: Instant | null): Promise<Told> {
  const { pool, time: source, policy, nameOf, terminal } = here;
  const { strong } = terminal.paint;
  const name = strong(safeLine(nameOf(member)));
  if (at !== null) {
    const time = timeIn(here);
    const held = await postgresLedgerList({ pool }).of(member, at, SHOWN_MAX + 1);
    const rows = held
      .slice(0, SHOWN_MAX)
      .map(({ id, subject, from, until }): Cell[] => [
        { text: `#${id}`, style: strong },
        safeLine(subject) || '(no subject)',
        time(from),
        until === null ? 'now' : time(until),
      ]);
    const columns = [
      { head: 'Request' },
      { head: 'Subject', gives: 'ellipsis' as const },
      { head: 'From' },
      { head: 'To' },
    ];
    return {
      json: {
        ...{ member, at: isoOf(at) },
        answeredFor: held.slice(0, SHOWN_MAX).map(({ from, until, ...one }) => ({
          ...one,
          from: isoOf(from),
          until: isoOrNull(until),
        })),
        more: held.length > SHOWN_MAX,
      },
      lines:
        rows.length === 0
          ? [`At ${time(at)} ${name} answered for nothing.`]
          : [
              `At ${time(at)} ${name} answered for:`,
              ...fittedTable(columns, rows, terminal.columns, terminal.paint.soft),
            ],
    };
  }
  const requests = postgresRequests({ pool, time: source, policy: () => policy });
  const all = { sight: null, show: 'open', order: 'stuck' } as const;
  const theirs = await requests.list({ ...all, of: [member], limit: SHOWN_MAX });
  const { byMember } = await requests.counts(null);
  const load = byMember.find((one) => one.member === member);
  const { answersFor = 0, owns = 0, asked = 0, stuck = 0 } = load ?? {};
  return {
    json: { ...{ member, answersFor, owns, asked, stuck }, requests: theirs.requests.map(lineToJson) },
    lines: [
      `${name} answers for ${answersFor}, owns ${owns} of them, and is asked to take ${asked}. Stuck: ${stuck}.`,
      ...(theirs.requests.length === 0 ? [] : ['', ...requestTable(theirs.requests, here)]),
      ...(theirs.next === null ? [] : ['', `"npx baton requests --of ${member}" has all of them.`]),
    ],
  };
}

async function everybody(here: Reading, at: Instant | null): Promise<Told> {
  const { pool, time: source, policy, now, nameOf, terminal } = here;
  const { strong, soft, bad } = terminal.paint;
  if (at !== null) {
    const counts = await postgresLedgerList({ pool }).counts(at);
    const rows = counts.map(({ member, n }): Cell[] => [
      { text: safeLine(nameOf(member)), style: strong },
      n,
    ]);
    return {
      json: { at: isoOf(at), members: counts.map(({ member, n }) => ({ id: member, answeredFor: n })) },
      lines:
        rows.length === 0
          ? [`At ${timeIn(here)(at)} nothing was open.`]
          : [
              `At ${timeIn(here)(at)}:`,
              ...fittedTable([{ head: 'Teammate' }, { head: 'Answered for' }], rows, terminal.columns, soft),
            ],
    };
  }
  const { byMember } = await postgresRequests({ pool, time: source, policy: () => policy }).counts(null);
  const members = byMember.toSorted((a, b) => b.answersFor - a.answersFor || (a.member < b.member ? -1 : 1));
  const desks = [...policy.inboxes.values()].map(({ id, address }) => ({
    inbox: id,
    address,
    frontDesk: triageLeadAt(policy, id, now),
    finalManager: finalManagerAt(policy, id, now),
  }));
  const rows = members.map(({ member, answersFor, owns, asked, stuck }): Cell[] => [
    { text: safeLine(nameOf(member)), style: strong },
    answersFor,
    owns,
    asked,
    stuck === 0 ? 0 : { text: stuck, style: bad },
  ]);
  const head = ['Teammate', 'Answers for', 'Owns', 'Asked', 'Stuck'].map((one) => ({ head: one }));
  const deskRows = desks.map(({ address, frontDesk, finalManager }): Cell[] => [
    address,
    safeLine(nameOf(frontDesk)),
    safeLine(nameOf(finalManager)),
  ]);
  const deskHead = [
    { head: 'Inbox', gives: 'ellipsis' as const },
    { head: 'Front desk now' },
    { head: 'Decides in the end' },
  ];
  return {
    json: { members: members.map(({ member, ...rest }) => ({ id: member, ...rest })), inboxes: desks },
    lines: [
      ...(rows.length === 0 ? ['Nothing is open.'] : fittedTable(head, rows, terminal.columns, soft)),
      '',
      ...fittedTable(deskHead, deskRows, terminal.columns, soft),
    ],
  };
}
