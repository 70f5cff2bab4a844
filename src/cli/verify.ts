/** `baton verify`: checks every promise against database, mailboxes and, where given, what a sink received. */
import type { Command } from 'commander';
import { postgresAudit } from '../adapters/db/audit.ts';
import { createPool } from '../adapters/db/pool.ts';
import { type Report, verify } from '../app/verify.ts';
import { borrowDatabase } from '../runtime/database.ts';
import { mailLogin } from '../runtime/mail-login.ts';
import { readSink } from '../runtime/sink-folder.ts';
import { configOption, loadOrEnd } from './config-option.ts';
import { ExitCode } from './exit.ts';

type VerifyOptions = { readonly config: string; readonly sent?: string; readonly json?: boolean };

export function addVerify(program: Command): void {
  program
    .command('verify')
    .description('check every promise against database and mailboxes; exit 1 when one does not hold')
    .addOption(configOption())
    .option('--sent <folder>', 'also compare with the mails that a test server stored there, one file each')
    .option('--json', 'answer as JSON')
    .addHelpText(
      'after',
      '\nIt reads only. Baton may run or be stopped; mail that is just coming in or going out is reported too.' +
        '\n\nExample:\n  npx baton verify --config baton.yaml',
    )
    .action(run);
}

async function run(options: VerifyOptions): Promise<void> {
  const { config } = loadOrEnd(options.config);
  const database = await borrowDatabase(config);
  const pool = createPool(database.url, { applicationName: 'baton-verify' });
  const login = mailLogin(pool, () => config);
  try {
    const report = await verify({
      audit: postgresAudit({ pool, time: database.time }),
      readerOf: ({ inboxId }) => (config.inboxes[inboxId] === undefined ? null : login.reader(inboxId)),
      sink: options.sent === undefined ? null : readSink(options.sent),
      signal: new AbortController().signal,
    });
    process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : inWords(report));
    process.exitCode = report.ok ? ExitCode.ok : ExitCode.finding;
  } finally {
    await pool.end();
    await database.stop();
  }
}

/** For people: what was looked at, then each promise that does not hold. */
export function inWords({ ok, violations, counts }: Report): string {
  const { messages, conversations, dispositions, acknowledgements, outbox, accountableGaps } = counts;
  const list = (of: Readonly<Record<string, number>>) =>
    Object.entries(of)
      .map(([name, count]) => `${count} ${name}`)
      .join(', ') || 'none';
  return [
    `${messages} messages: ${list(dispositions)}`,
    `${conversations} requests, ${accountableGaps} gaps in who answered for them, ${acknowledgements} acknowledgements`,
    `Outbox: ${list(outbox)}`,
    '',
    ok ? 'Every promise holds.' : `${violations.length} of the checks found something:`,
    ...violations.map(({ invariant, what, ids }) => `  ${invariant}  ${what}: ${ids.join(', ')}`),
    '',
  ].join('\n');
}
