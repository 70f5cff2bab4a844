/** `baton parked`: the mails that nothing could read, what is known of them, and what is to become of them. */
import { Argument, type Command, InvalidArgumentError } from 'commander';
import { postgresParkedList } from '../adapters/db/parked.ts';
import { createPool } from '../adapters/db/pool.ts';
import { postgresStore } from '../adapters/db/store.ts';
import { withFormerMembers } from '../app/adopt-policy.ts';
import { type OrderDeps, orderAtServer } from '../app/order-at-server.ts';
import type { ParkedDetail, ParkedList } from '../app/ports/parked.ts';
import { toPolicy } from '../config/policy.ts';
import type { MessageId } from '../domain/ids.ts';
import { timeWords } from '../domain/notices/times.ts';
import { headerText } from '../domain/parked/header-text.ts';
import type { Decision } from '../domain/parked/parked.ts';
import { borrowDatabase } from '../runtime/database.ts';
import { configOption, loadForReading } from './config-option.ts';
import { ExitCode, Finding } from './exit.ts';
import { memberNamed } from './member-option.ts';
import { nowBy } from './moment-option.ts';
import { detailInWords, detailToJson, listInWords, type Reader, toJson } from './parked-words.ts';
import { terminalOf } from './terminal.ts';

type Options = { readonly config: string; readonly json?: boolean };
type OrderOptions = Options & { readonly by: string; readonly all?: boolean };

const EXAMPLES = `
Examples:
  npx baton parked --config baton.yaml                      what waits for a look, and for whom
  npx baton parked show 17                                  what is known of one, and its header
  npx baton parked raw 17 > mail.eml                        its bytes, as far as they were taken in
  npx baton parked request 17 --by dana                     make it a request, in Dana's name
  npx baton parked dismiss 17 --by dana                     it needs nothing
  npx baton parked retry --all --by dana                    read all of them once more, after an update

What is decided here is what the same word does by mail, and everybody who was asked is told of it.`;

export function addParked(program: Command): void {
  const parked = program
    .command('parked')
    .description('tell of mails that could not be read, or decide what becomes of one')
    .addOption(configOption())
    .option('--json', 'answer as JSON')
    .addHelpText('after', EXAMPLES)
    .action(list);
  parked
    .command('show')
    .description('tell all that is known of one, with its header as safe text')
    .addArgument(mailArgument('<id>'))
    .addOption(configOption())
    .option('--json', 'answer as JSON')
    .action(show);
  parked
    .command('raw')
    .description('write its bytes to standard output')
    .addArgument(mailArgument('<id>'))
    .addOption(configOption())
    .action(raw);
  addOrder(parked, 'request', '<id>', 'make it a request with what could be read of it');
  addOrder(parked, 'dismiss', '<id>', 'it needs nothing');
  addOrder(parked, 'retry', '[id]', 'read it once more').option('--all', 'every one that waits');
}

function addOrder(parked: Command, how: Decision, id: '<id>' | '[id]', description: string): Command {
  return parked
    .command(how)
    .description(description)
    .addArgument(mailArgument(id))
    .requiredOption('--by <member>', 'the teammate in whose name this is decided')
    .addOption(configOption())
    .option('--json', 'answer as JSON')
    .action((mail: MessageId | undefined, _: unknown, command: Command) => decide(how, mail, command));
}

const mailArgument = (name: '<id>' | '[id]'): Argument =>
  new Argument(name, 'its number, as the list has it').argParser((typed) => {
    const id = Number(typed);
    if (!/^\d{1,15}$/.test(typed) || id === 0) throw new InvalidArgumentError('This is no number of a mail.');
    return id;
  });

async function list(_: unknown, command: Command): Promise<void> {
  await withDatabase(command, async ({ mails, json, reader }) => {
    const items = await mails.list();
    process.stdout.write(
      json
        ? `${JSON.stringify({ parked: items.map(toJson) })}\n`
        : listInWords(items, reader, terminalOf({})),
    );
  });
}

async function show(id: MessageId, _: unknown, command: Command): Promise<void> {
  await withDatabase(command, async ({ mails, json, reader }) => {
    const item = await readOrEnd(mails, id);
    const header = headerText((await mails.readRaw(id)) ?? new Uint8Array());
    const answer = json
      ? `${JSON.stringify(detailToJson(item, header))}\n`
      : detailInWords(item, header, reader);
    process.stdout.write(answer);
  });
}

async function raw(id: MessageId, _: unknown, command: Command): Promise<void> {
  if (process.stdout.isTTY)
    throw new Finding(
      `A mail may hold what steers a terminal. Send it to a file: npx baton parked raw ${id} > mail.eml`,
      ExitCode.usage,
    );
  await withDatabase(command, async ({ mails }) => {
    const item = await readOrEnd(mails, id);
    const bytes = await mails.readRaw(id);
    if (bytes === null) throw new Finding(`The words of mail ${id} were erased.`);
    process.stdout.write(bytes);
    if (!item.whole) process.stderr.write(`Only its header was taken in. ${whereIs(item)}\n`);
  });
}

async function decide(how: Decision, id: MessageId | undefined, command: Command): Promise<void> {
  const { all = false, by: typed } = command.optsWithGlobals<OrderOptions>();
  if (all === (id !== undefined))
    throw new Finding(`Give the number of a mail${how === 'retry' ? ', or --all' : ''}.`, ExitCode.usage);
  await withDatabase(
    command,
    async ({ mails, deps, json, reader }) => {
      const by = memberNamed((await deps()).policy(), typed).id;
      const ids = id === undefined ? await allToRead(mails) : [id];
      const done: { id: MessageId; request: number | null }[] = [];
      const refused: { id: MessageId; why: string }[] = [];
      for (const mail of ids) {
        const answer = await orderAtServer(await deps(), mail, { how, by });
        if ('code' in answer) refused.push({ id: mail, why: await whyNot(mails, mail, reader) });
        else done.push({ id: mail, request: answer.request });
      }
      if (json) process.stdout.write(`${JSON.stringify({ done, refused })}\n`);
      else for (const one of done) process.stdout.write(`${DONE[how](one)}\n`);
      if (!json && ids.length === 0) process.stdout.write('There is no mail to be read once more.\n');
      for (const { why } of refused) process.stderr.write(`${why}\n`);
      if (refused.length > 0) process.exitCode = ExitCode.finding;
    },
    ['database.url', 'secret'],
  );
}

/** Of what is too large only the header is here: to read that once more would only ask everybody once more. */
async function allToRead(mails: ParkedList): Promise<MessageId[]> {
  const waiting = await mails.list();
  const whole = waiting.filter((item) => item.whole);
  const left = waiting.length - whole.length;
  if (left > 0) process.stderr.write(`Left out, since only the header was taken in: ${left}.\n`);
  return whole.map(({ id }) => id);
}

const DONE: Readonly<Record<Decision, (done: { id: MessageId; request: number | null }) => string>> = {
  request: ({ id, request }) => `Mail ${id} is request #${request} now, and somebody is asked to take it.`,
  dismiss: ({ id }) => `Mail ${id} is put aside.`,
  retry: ({ id }) =>
    `Mail ${id} is read once more as soon as Baton runs; "npx baton parked" then lists it if that fails.`,
};

// ── What all of them need ──

type Tools = {
  readonly mails: ParkedList;
  readonly json: boolean;
  readonly reader: Reader;
  /** Opened when something is to be decided. */
  readonly deps: () => Promise<OrderDeps>;
};

/** The running database is joined; where none runs, it runs for as long as this does. */
async function withDatabase(
  command: Command,
  work: (tools: Tools) => Promise<void>,
  needed: Parameters<typeof loadForReading>[1] = ['database.url'],
): Promise<void> {
  const options = command.optsWithGlobals<Options>();
  const { config } = loadForReading(options.config, needed);
  const database = await borrowDatabase(config);
  const pool = createPool(database.url, { max: 2, applicationName: 'baton-parked' });
  const store = postgresStore({ pool, time: database.time });
  try {
    await work({
      mails: postgresParkedList({ pool }),
      json: options.json === true,
      reader: { now: nowBy(database.time), timeZone: config.defaults.timeZone },
      deps: async () => {
        const policy = await withFormerMembers(store, toPolicy(config));
        return { store, policy: () => policy, secret: config.secret };
      },
    });
  } finally {
    await store.close();
    await database.stop();
  }
}

async function readOrEnd(mails: ParkedList, id: MessageId): Promise<ParkedDetail> {
  const item = await mails.read(id);
  if (item === null) throw new Finding(noSuchMail(id));
  return item;
}

const noSuchMail = (id: MessageId): string =>
  `Mail ${id} was never set aside. "npx baton parked" lists those that wait for a look.`;

async function whyNot(mails: ParkedList, id: MessageId, { now, timeZone }: Reader): Promise<string> {
  const item = await mails.read(id);
  if (item === null) return noSuchMail(id);
  const { decided } = item.state;
  if (decided === null) return `Mail ${id} is being read. Try again in a moment.`;
  return `Nothing was done: ${decided.by} decided about mail ${id} at ${timeWords(decided.at, now, timeZone)} (${decided.how}).`;
}

const whereIs = ({ folder, uid }: ParkedDetail): string =>
  `The whole mail is in the mailbox, folder ${folder}, UID ${uid}.`;
