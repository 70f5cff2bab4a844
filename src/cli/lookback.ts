/**
 * `baton lookback`: what became of the mail of the past, before anything is switched on. It reads the mailboxes of the
 * configuration, or an archive, and writes nowhere; only `--send` has the managers told.
 */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type LookBackPage, lookBackPage } from '../adapters/web/look-back-page.ts';
import { configOption } from './config-option.ts';
import { ExitCode, Finding } from './exit.ts';
import { lookBackAsJson } from './look-back-json.ts';
import { type LookedBack, lookBackInWords, remarksOf, spanOf, whoOf } from './look-back-words.ts';
import { readPastArchive } from './read-past-archive.ts';
import { readPastMailboxes } from './read-past-mailboxes.ts';
import { type Sent, sendPast } from './send-past.ts';
import { writeForOwner } from './write-page.ts';

export type Options = {
  readonly config: string;
  readonly days?: number;
  readonly inbox?: readonly string[];
  readonly json?: boolean;
  readonly html?: string;
  readonly send?: boolean;
};

const HELP = `
Without a path the mailboxes of the configuration are looked at: the inbox with the folders below it, sent mail, and
archives. They are opened read-only, and nothing is marked as read. With paths it is an archive, which needs no
configuration: the inbox is then the address that most mails went to, or --inbox.

A request is a conversation that a person outside began. It is answered when one of you wrote back to them; plain thanks
wait for nothing. Nobody is mailed. --send has Baton mail the final manager of each inbox who still waits: answered with
"take over", these become requests with owners.

Examples:
  npx baton lookback --config baton.yaml
  npx baton lookback --days 90 --html lookback.html
  npx baton lookback Takeout/Mail/*.mbox --inbox support@example.com
  npx baton lookback archive/ --config baton.yaml --json | jq '.inboxes[].neverAnswered'
  npx baton lookback --send`;

export function addLookBack(program: Command): void {
  program
    .command('lookback')
    .description('tell who never got an answer in the last 30 days, and whose it would have been')
    .argument(
      '[path...]',
      'an archive: .eml files, folders of them, Maildirs, mbox files, also packed with gzip',
    )
    .addOption(configOption())
    .option('--days <number>', 'how far to look back; default: 30, of an archive everything', days)
    .option(
      '--inbox <address>',
      'the inbox: its address, or its id in the configuration; may be given several times',
      collected,
    )
    .option('--html <file>', 'also write it as a page for a browser')
    .addOption(
      new Option('--send', 'have the final manager of each inbox told by mail, who may take them over'),
    )
    .option('--json', 'answer as JSON')
    .addHelpText('after', HELP)
    .action(run);
}

const DAYS_MAX = 3_660;

function days(typed: string): number {
  const number = Number(typed);
  if (!/^\d{1,4}$/.test(typed) || number < 1 || number > DAYS_MAX)
    throw new InvalidArgumentError(`Give a number of days from 1 to ${DAYS_MAX}.`);
  return number;
}

const collected = (typed: string, before: readonly string[] = []): readonly string[] => [...before, typed];

async function run(paths: readonly string[], options: Options, command: Command): Promise<void> {
  if (options.send === true && paths.length > 0)
    throw new Finding(
      '--send goes with the mailboxes of the configuration, not with an archive.',
      ExitCode.usage,
    );
  const hasConfig = command.getOptionValueSource('config') !== 'default';
  if (paths.length > 0) return print(await readPastArchive(paths, options, hasConfig), null, options);
  const told = await readPastMailboxes(options);
  print(told, options.send === true ? await sendPast(told) : null, options);
}

function print(told: LookedBack, sent: readonly Sent[] | null, { json, html }: Options): void {
  if (html !== undefined) {
    writeForOwner(html, lookBackPage(pageOf(told, sent)));
    process.stderr.write(`The page is in ${html}; only you may read it, since it names people.\n`);
  }
  process.stdout.write(
    json ? `${JSON.stringify(lookBackAsJson(told, sent), null, 2)}\n` : lookBackInWords(told, sent),
  );
  const isFound = told.past.inboxes.some(({ requests }) => requests.length > 0);
  process.exitCode = isFound || told.source === 'mailbox' ? ExitCode.ok : ExitCode.finding;
}

const pageOf = (told: LookedBack, sent: readonly Sent[] | null): LookBackPage => ({
  past: told.past,
  span: spanOf(told),
  nameOf: (id) => told.policy?.members.get(id)?.name ?? id,
  authorOf: (author) => whoOf(told, author),
  remarks: remarksOf(told, sent),
});
