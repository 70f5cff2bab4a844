/** `baton status`: who has what, what waits, and whether mail is read. */
import type { Command } from 'commander';
import { postgresOverview } from '../adapters/db/overview.ts';
import { createPool } from '../adapters/db/pool.ts';
import { imapMailboxReader } from '../adapters/imap/mailbox-reader.ts';
import { readStatus, type Status, type StatusOptions } from '../app/status.ts';
import type { Config } from '../config/schema.ts';
import { borrowDatabase } from '../runtime/database.ts';
import { configOption, loadOrEnd } from './config-option.ts';
import { table } from './table.ts';

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
export function inWords({ inboxes, members, outbox, parked, parkedSince }: Status): string {
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
      ['Teammate', 'Owns', 'Asked', 'Mail'],
      members.map(({ id, owns, offered, unreached }) => [id, owns, offered, unreached ? 'comes back' : '']),
    ),
    '',
    `Mail going out: ${outbox.pending} waiting, ${outbox.failed} failed, ${outbox.returned} came back${heldBack(outbox)}. Set aside for a look: ${parked}${since(parkedSince)}.`,
    '',
  ].join('\n');
}

/** `, the oldest since 2026-03-03 08:41 UTC`: how long somebody has waited while nobody decided. */
const since = (at: string | null): string =>
  at === null ? '' : `, the oldest since ${at.slice(0, 16).replace('T', ' ')} UTC`;

/** Rare enough to be told only when there is something to tell. */
const heldBack = ({ capped }: Status['outbox']): string =>
  capped === 0 ? '' : `, ${capped} automatic ones of the last day held back by the caps`;
