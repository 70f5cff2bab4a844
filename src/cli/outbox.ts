/** `baton outbox`: mail that waits to go out, and mail that did not arrive, with the reason in words. */
import { type Command, Option } from 'commander';
import { postgresOutboxList } from '../adapters/db/outbox-list.ts';
import { noticeWords } from '../app/board-words.ts';
import {
  type OutboxCounts,
  type OutboxLine,
  type OutboxPart,
  OutboxParts,
} from '../app/ports/outbox-list.ts';
import { heldBackWords } from '../domain/brakes.ts';
import { timeWords } from '../domain/notices/times.ts';
import { fateWords } from '../domain/sending-words.ts';
import { configOption } from './config-option.ts';
import { limitOption } from './limit-option.ts';
import { inboxNamed } from './named.ts';
import {
  answer,
  answerJson,
  isoOf,
  isoOrNull,
  type Reading,
  type ReadingOptions,
  reading,
} from './reading.ts';
import { safeLine } from './safe-text.ts';
import { type Cell, type Column, fittedTable } from './table.ts';
import { colourOption } from './terminal.ts';

type Options = ReadingOptions & {
  readonly show?: OutboxPart;
  readonly failed?: boolean;
  readonly inbox?: string;
  readonly limit: number;
};

const HELP = `
pending      waits for its turn or for its next try
failed       was given up; whoever answers for the request was told, and what it asked was asked of the next person
returned     was taken by a server and came back
capped       automatic mail that the caps held back
unconfirmed  automatic mail that was not sent, because its customer never got a confirmation
repeated     automatic mail that was not sent, because the same was confirmed within a week before

Nothing is sent again by hand: what matters goes on by itself, and who is not reached is told of in the digest.

Examples:
  npx baton outbox
  npx baton outbox --failed
  npx baton outbox --show capped --json | jq '.mails[].reason'`;

export function addOutbox(program: Command): void {
  program
    .command('outbox')
    .description('tell of mail that waits to go out, and of mail that did not arrive')
    .addOption(configOption())
    .addOption(new Option('--show <which>', 'only these; default: whatever there is').choices(OutboxParts))
    .addOption(new Option('--failed', 'the same as --show failed').conflicts('show'))
    .option('--inbox <inbox>', 'only of this inbox, by its id or address')
    .addOption(limitOption('how many of each', 20))
    .option('--json', 'answer as JSON')
    .addOption(colourOption())
    .addHelpText('after', HELP)
    .action((options: Options) => reading('outbox', options, (here) => run(here, options)));
}

async function run(here: Reading, options: Options): Promise<void> {
  const { pool, time, policy } = here;
  const outbox = postgresOutboxList({ pool, time });
  const show = options.failed === true ? 'failed' : options.show;
  const inboxes = options.inbox === undefined ? undefined : [inboxNamed(policy, options.inbox)];
  const counts = await outbox.counts(inboxes);
  const lines: OutboxLine[] = [];
  for (const part of show === undefined ? OutboxParts : [show])
    lines.push(...(await outbox.list({ part, limit: options.limit, ...(inboxes && { inboxes }) })));
  if (options.json) answerJson(toJson(lines, counts));
  else answer(inWords(lines, counts, here));
}

export const toJson = (lines: readonly OutboxLine[], { nextTryAt, ...counts }: OutboxCounts) => ({
  counts: { ...counts, nextTryAt: isoOrNull(nextTryAt) },
  mails: lines.map((line) => ({
    id: line.id,
    part: line.part,
    kind: line.kind,
    inbox: line.inboxId,
    request: line.conversationId,
    member: line.member,
    recipient: line.recipient,
    createdAt: isoOf(line.createdAt),
    tries: line.tries,
    nextTryAt: isoOrNull(line.nextTryAt),
    endedAt: isoOrNull(line.endedAt),
    code: line.code,
    reason: fateWords(line),
  })),
});

const COLUMNS: readonly Column[] = [
  { head: 'Mail' },
  { head: 'State' },
  { head: 'To', gives: 'ellipsis', unimportance: 2, least: 16 },
  { head: 'About', gives: 'ellipsis', unimportance: 3, least: 16 },
  { head: 'Tries', unimportance: 4, isOptional: true },
  { head: 'When' },
  { head: 'Why', gives: 'wrap', unimportance: 1, least: 18 },
];

type Reader = Pick<Reading, 'now' | 'timeZone' | 'nameOf' | 'terminal'>;

export function inWords(lines: readonly OutboxLine[], counts: OutboxCounts, reader: Reader): string[] {
  const { paint, columns } = reader.terminal;
  const rows = lines.map((line): Cell[] => [
    line.id,
    stateCell(line, reader),
    safeLine(line.member === null ? line.recipient || 'somebody outside' : reader.nameOf(line.member)),
    `${line.conversationId === null ? '' : `#${line.conversationId} `}${noticeWords(line.kind)}`,
    line.tries,
    whenWords(line, reader),
    fateWords(line) ?? '',
  ]);
  const none = ['No mail waits to go out, and none was lost.'];
  const { pending, retrying, failed, returned } = counts;
  const held = heldBackWords(counts);
  const tried = retrying === 0 ? '' : ` (${retrying} tried in vain so far)`;
  return [
    ...(rows.length === 0 ? none : fittedTable(COLUMNS, rows, columns, paint.soft)),
    '',
    `${pending} pending${tried}, ${failed} failed, ${returned} came back.`,
    ...(held.length === 0 ? [] : [`Of automatic mail within a week: ${held.join('; ')}.`]),
  ];
}

function stateCell({ part, tries }: OutboxLine, { terminal }: Reader): Cell {
  const { bad, warning } = terminal.paint;
  if (part === 'pending') return tries === 0 ? 'pending' : { text: 'retrying', style: warning };
  const isLost = part === 'failed' || part === 'returned';
  return { text: part, style: isLost ? bad : warning };
}

/** When it is tried next, or ended. */
function whenWords({ part, nextTryAt, endedAt }: OutboxLine, { now, timeZone }: Reader): string {
  const at = nextTryAt ?? endedAt;
  if (at === null) return 'now';
  return part === 'pending' && at <= now ? 'now' : timeWords(at, now, timeZone);
}
