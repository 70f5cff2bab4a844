/** `baton status`: who has what, what waits, and whether mail is read. */
import type { Command } from 'commander';
import { postgresCanaries } from '../adapters/db/canaries.ts';
import { postgresOutages } from '../adapters/db/outages.ts';
import { postgresOverview } from '../adapters/db/overview.ts';
import { createPool } from '../adapters/db/pool.ts';
import { whetherItRuns } from '../adapters/db/running.ts';
import { postgresShadowTimes } from '../adapters/db/shadow-times.ts';
import { Failure } from '../app/failures.ts';
import { lookingOnSince } from '../app/look-on.ts';
import type { MailboxReader } from '../app/ports/mailbox-reader.ts';
import {
  type InboxStatus,
  type LearnedStatus,
  type OutageStatus,
  readStatus,
  type Status,
  type StatusOptions,
} from '../app/status.ts';
import type { Config } from '../config/schema.ts';
import { alarmWhat } from '../domain/alarm-words.ts';
import { heldBackWords } from '../domain/brakes.ts';
import { fromIso, type Instant, toIso } from '../domain/instant.ts';
import { timeWords } from '../domain/notices/times.ts';
import { reasonWithCode } from '../domain/trouble-codes.ts';
import { watchedOf } from '../runtime/alarm.ts';
import { borrowDatabase } from '../runtime/database.ts';
import { learningServices } from '../runtime/learning.ts';
import { type MailLogin, mailLogin } from '../runtime/mail-login.ts';
import { warnAtRest } from './at-rest.ts';
import { configOption, loadForReading, WITHHELD } from './config-option.ts';
import { nowBy } from './moment-option.ts';
import { type Cell, type Column, fittedTable } from './table.ts';
import { colourOption, PLAIN, type Terminal, terminalOf } from './terminal.ts';

/** Somebody waits at a terminal: a mail server that is slower than this counts as not there. */
const SERVER_WAIT_MS = 10_000;
const TIMINGS = { connectMs: 5_000, commandMs: 5_000 };
const SMTP_TIMINGS = { connectMs: 5_000, greetingMs: 5_000, silenceMs: 5_000, totalMs: SERVER_WAIT_MS };

const HELP = `
It tells, and ends with 0 whatever it has to tell: "baton health" is what ends with 1 when something does not move.

Waiting: mails on the server that were not taken in yet. Unaccepted: open requests of which nobody has said yet that
they are theirs. Overdue: open requests that somebody who was asked let lie beyond their time, and that nobody has taken
since, and those with a clock that has run out and waits to be seen to; an answer that is late is told by
"baton requests --show stuck".

Examples:
  npx baton status
  npx baton status --json | jq '.inboxes[] | {address, open, overdue}'`;

export function addStatus(program: Command): void {
  program
    .command('status')
    .description('tell who has what, what waits, and whether mail is read')
    .addOption(configOption())
    .option('--json', 'answer as JSON')
    .addOption(colourOption())
    .addHelpText('after', HELP)
    .action(run);
}

type Options = { readonly config: string; readonly json?: boolean; readonly color?: boolean };

async function run(options: Options): Promise<void> {
  const { config } = loadForReading(options.config);
  const database = await borrowDatabase(config);
  const pool = createPool(database.url, { max: 1, applicationName: 'baton-status' });
  try {
    const { time } = database;
    const running = await whetherItRuns(pool, time);
    const { status, remarks } = await readStatus({
      overview: postgresOverview({ pool, time }),
      outages: postgresOutages({ pool, time }),
      watched: watchedOf(config),
      canaries: postgresCanaries({ pool, time }),
      ...learningServices(pool, time),
      inboxes: inboxesOf(
        config,
        mailLogin(pool, () => config),
      ),
      members: Object.keys(config.members),
      signal: AbortSignal.timeout(SERVER_WAIT_MS),
    });
    const reader = { now: nowBy(time), timeZone: config.defaults.timeZone, terminal: terminalOf(options) };
    warnAtRest(running, reader.now, reader.timeZone);
    const { runs } = running;
    const shadow = await lookingOnSince(postgresShadowTimes({ pool, time }));
    if (shadow !== null)
      process.stderr.write(
        `BATON ONLY LOOKS ON since ${timeWords(shadow, reader.now, reader.timeZone)}: nobody but managers is mailed.\n`,
      );
    process.stdout.write(
      options.json
        ? `${JSON.stringify({ ...status, runs, shadowSince: shadow === null ? null : toIso(shadow) })}\n`
        : inWords(status, reader),
    );
    for (const remark of remarks) process.stderr.write(`${remark}\n`);
  } finally {
    await pool.end();
    await database.stop();
  }
}

const inboxesOf = (config: Config, login: MailLogin): StatusOptions['inboxes'] =>
  Object.entries(config.inboxes).map(([id, { address, folders, imap, smtp }]) => ({
    id,
    address,
    folder: folders.inbox,
    others: folders.sent,
    reader: readerOf(config, id, login),
    trySending: () => trySending(config, id, login),
    servers: { imap: placeOf(imap), smtp: placeOf(smtp) },
    ...((imap.oauth ?? smtp.oauth) === undefined
      ? {}
      : { signIn: async () => (await login.deps.rows.read(id)).row }),
  }));

/** Where its login is not set in this environment, the server is not asked. */
async function trySending(config: Config, id: string, login: MailLogin): Promise<{ code: string } | null> {
  const { host, user = '', password = '', oauth } = config.inboxes[id]?.smtp ?? { host: '' };
  if (!isSet(config, [host, user, password], oauth)) return null;
  const sender = login.sender(id, SMTP_TIMINGS);
  try {
    return await sender.check();
  } finally {
    await sender.close();
  }
}

function isSet(config: Config, values: readonly string[], oauth: string | undefined): boolean {
  const client = oauth === undefined ? [] : [config.secret, ...Object.values(config.oauth[oauth] ?? {})];
  return ![...values, ...client].some((value) => value?.includes(WITHHELD));
}

const placeOf = ({ host, port }: { readonly host: string; readonly port: number }): string | null =>
  host.includes(WITHHELD) ? null : `${host}:${port}`;

/** Whoever asks how things are need not know the password; how much waits on the server is then not told. */
function readerOf(config: Config, id: string, login: MailLogin): MailboxReader {
  const { host, user, password = '', oauth } = config.inboxes[id]?.imap ?? { host: '', user: '' };
  if (isSet(config, [host, user, password], oauth)) return login.reader(id, TIMINGS);
  const why = 'Its login is not set in this environment, so its server was not asked.';
  return { open: () => Promise.reject(new Failure('permanent', 'no-login', why)) };
}

/** When and where it is read. */
type Reader = { readonly now: Instant; readonly timeZone: string; readonly terminal?: Terminal };

const INBOX_COLUMNS: readonly Column[] = [
  { head: 'Inbox', gives: 'ellipsis', least: 16 },
  ...['Mail', 'Waiting', 'Open', 'Unaccepted', 'Overdue'].map((head) => ({ head })),
];

/** What is wrong, if anything is; then two calm tables and a few lines. */
export function inWords(
  { inboxes, members, outbox, pages, parked, parkedSince, outages, learned }: Status,
  reader: Reader,
): string {
  const { paint, columns } = reader.terminal ?? { paint: PLAIN, columns: null };
  const wrong = outages.map((outage) => paint.bad(`NOT WELL: ${outageWords(outage, reader)}`));
  return [
    ...wrong,
    ...(wrong.length > 0 ? [''] : []),
    ...fittedTable(
      INBOX_COLUMNS,
      inboxes.map(({ address, mailbox: { connected, behind }, open, unaccepted, overdue }): Cell[] => [
        address,
        connected ? 'is read' : { text: 'is NOT read', style: paint.bad },
        behind ?? '?',
        open,
        unaccepted,
        overdue === 0 ? 0 : { text: overdue, style: paint.bad },
      ]),
      columns,
      paint.soft,
    ),
    '',
    ...fittedTable(
      ['Teammate', 'Owns', 'Asked', 'Mail'].map((head) => ({ head })),
      members.map(({ id, owns, offered, unreached }): Cell[] => [
        id,
        owns,
        offered,
        unreached ? { text: 'comes back', style: paint.bad } : '',
      ]),
      columns,
      paint.soft,
    ),
    '',
    ...inboxes.flatMap((inbox) => counted(inbox, reader)),
    `Mail going out: ${outbox.pending} waiting, ${outbox.failed} failed, ${outbox.returned} came back${heldBack(outbox)}.${paged(pages)} Set aside for a look: ${parked}${oldest(parkedSince, reader)}.`,
    ...ofLearned(learned, reader),
    '',
  ].join('\n');
}

function outageWords({ kind, inbox, since, code, server, waiting }: OutageStatus, reader: Reader): string {
  const why = code === null ? '' : `: ${reasonWithCode(code, server)}`;
  const waits =
    kind !== 'sending' || waiting === 0 ? '' : waiting === 1 ? ' 1 mail waits.' : ` ${waiting} mails wait.`;
  const what =
    since === null
      ? `mail of ${inbox} cannot be sent`
      : `${alarmWhat(kind, inbox)} since ${timeOf(since, reader)}`;
  return `${what}${why}.${waits}`;
}

/** As long as it learns and chooses as it should there is nothing to tell. */
function ofLearned(learned: Status['learned'], reader: Reader): string[] {
  if (learned === null) return [];
  const { failedAt } = learned;
  return [
    ...(failedAt === null
      ? []
      : [`Nothing could be learned anew, last tried ${timeOf(failedAt, reader)}: the log says why.`]),
    ...chosenLess(learned, reader),
  ];
}

function chosenLess(learned: LearnedStatus, reader: Reader): string[] {
  if (learned.lowered === null) return [];
  const { since, categories, counts } = learned.lowered;
  const what = categories === null ? 'chooses nobody' : `chooses nobody for ${categories.join(', ')}`;
  return [
    `What was learned ${what} since ${timeOf(since, reader)}: ${counts.wrong} of ${counts.right + counts.wrong} of its choices were wrong. ` +
      'It begins again by itself with a better model, or with "baton model use".',
  ];
}

/** How long somebody has waited while nobody decided. */
const oldest = (since: string | null, reader: Reader): string =>
  since === null ? '' : `, the oldest since ${timeOf(since, reader)}`;

/** Rare enough to be told only when there is something to tell. */
const heldBack = (outbox: Status['outbox']): string =>
  heldBackWords(outbox)
    .map((words, at) => `${at === 0 ? '. Of automatic ones of the last day, ' : '; '}${words}`)
    .join('');

/** Likewise; the mail that each goes along with is counted above. */
const paged = ({ waiting, failed }: Status['pages']): string =>
  waiting + failed === 0
    ? ''
    : ` Pages: ${waiting} waiting, ${failed} given up in the last day (their mails were sent).`;

const timeOf = (iso: string, { now, timeZone }: Reader): string => timeWords(fromIso(iso), now, timeZone);

/** How a mailbox compares with its server, and what else is known of its way there and back. */
function counted(
  { address, mailbox: { reconciled, junk }, canary, signIn }: InboxStatus,
  reader: Reader,
): string[] {
  const said: string[] = [];
  if (signIn !== undefined && signIn.endsAt !== null)
    said.push(`its sign-in ends ${timeOf(signIn.endsAt, reader)}; run "npx baton connect" before.`);
  if (signIn !== undefined && signIn.code !== null)
    said.push(
      `no token to log in with: ${reasonWithCode(signIn.code)}; last renewed ${signIn.renewedAt === null ? 'never' : timeOf(signIn.renewedAt, reader)}.`,
    );
  if (reconciled !== null) {
    const { missing, repaired, gone, at } = reconciled;
    const found = missing === 0 ? 'nothing is missing' : `${missing} on the server were NOT taken in`;
    const late = repaired === 0 ? '' : `, ${repaired} in all were found that way`;
    const removed = gone === 0 ? '' : `, ${gone} have been removed there since`;
    said.push(`compared with the server at ${timeOf(at, reader)}, ${found}${late}${removed}.`);
  }
  if (junk !== null && junk.count > 0)
    said.push(`${junk.count} in the spam folder "${junk.folder}": look whether a customer's is among them.`);
  if (canary !== null)
    said.push(
      `a mail to itself at ${timeOf(canary.sentAt, reader)} took ${seconds(canary.tookMs)} s to come back.`,
    );
  return said.map((line) => `${address}: ${line}`);
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(ms < 10_000 ? 1 : 0);
