/** `baton status`: who has what, what waits, and whether mail is read. */
import type { Command } from 'commander';
import { postgresOverview } from '../adapters/db/overview.ts';
import { createPool } from '../adapters/db/pool.ts';
import { imapMailboxReader } from '../adapters/imap/mailbox-reader.ts';
import { readStatus, type Status, type StatusOptions } from '../app/status.ts';
import type { Config } from '../config/schema.ts';
import { borrowDatabase } from '../runtime/database.ts';
import { configOption, loadOrEnd } from './config-option.ts';

/** Somebody waits at a terminal: a mail server that is slower than this counts as not there. */
const SERVER_WAIT_MS = 10_000;
const TIMINGS = { connectMs: 5_000, commandMs: 5_000 };

export function addStatus(program: Command): void {
  program
    .command('status')
    .description('tell who has what, what waits, and whether mail is read')
    .addOption(configOption())
    .option('--json', 'answer as JSON')
    .addHelpText('after', '\nExample:\n  npx baton status --config baton.yaml')
    .action(run);
}

async function run(options: { readonly config: string; readonly json?: boolean }): Promise<void> {
  const { config } = loadOrEnd(options.config);
  const database = await borrowDatabase(config);
  const pool = createPool(database.url, { max: 1, applicationName: 'baton-status' });
  try {
    const { status, remarks } = await readStatus({
      overview: postgresOverview({ pool, time: 'database' }),
      inboxes: inboxesOf(config),
      members: Object.keys(config.members),
      signal: AbortSignal.timeout(SERVER_WAIT_MS),
    });
    process.stdout.write(options.json ? `${JSON.stringify(status)}\n` : inWords(status));
    for (const remark of remarks) process.stderr.write(`${remark}\n`);
  } finally {
    await pool.end();
    await database.stop();
  }
}

const inboxesOf = (config: Config): StatusOptions['inboxes'] =>
  Object.entries(config.inboxes).map(([id, { address, folders, imap }]) => ({
    id,
    address,
    folder: folders.inbox,
    others: folders.sent,
    reader: imapMailboxReader({ ...imap, timings: TIMINGS }),
  }));

/** Two calm tables and a line. */
export function inWords({ inboxes, members, outbox, parked }: Status): string {
  return [
    ...table(
      ['Inbox', 'Mail', 'Waiting', 'Open', 'Unaccepted', 'Overdue'],
      inboxes.map(({ address, mailbox: { connected, behind }, open, unaccepted, overdue }) => [
        address,
        connected ? 'is read' : 'is NOT read',
        behind ?? '?',
        open,
        unaccepted,
        overdue,
      ]),
    ),
    '',
    ...table(
      ['Teammate', 'Owns', 'Asked'],
      members.map(({ id, owns, offered }) => [id, owns, offered]),
    ),
    '',
    `Mail going out: ${outbox.pending} waiting, ${outbox.failed} failed${heldBack(outbox)}. Set aside for a look: ${parked}.`,
    '',
  ].join('\n');
}

/** Rare enough to be told only when there is something to tell. */
const heldBack = ({ capped }: Status['outbox']): string =>
  capped === 0 ? '' : `, ${capped} automatic ones of the last day held back by the caps`;

/** Words to the left, figures to the right. */
function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string[] {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => String(line[column]).length)));
  return lines.map((line, index) =>
    line
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        const isFigure = typeof (index === 0 ? rows[0]?.[column] : cell) === 'number' || cell === '?';
        return isFigure ? String(cell).padStart(width) : String(cell).padEnd(width);
      })
      .join('  ')
      .trimEnd(),
  );
}
