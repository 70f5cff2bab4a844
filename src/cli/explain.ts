/**
 * `baton explain`: what would happen to a mail and why, by the functions that do it in earnest. Nothing is written, sent
 * or started; a running database is asked what is known, without one the mail stands alone, and the trace says so.
 */
import { type Command, Option } from 'commander';
import { glance } from '../adapters/db/glance.ts';
import { postgresModels } from '../adapters/db/models.ts';
import { createPool } from '../adapters/db/pool.ts';
import { heldModel } from '../app/current-model.ts';
import { NothingKnown } from '../app/dry-run.ts';
import { type Explanation, explainMessage, type TraceStep } from '../app/explain-message.ts';
import { Failure } from '../app/failures.ts';
import { NoModel } from '../app/look-into.ts';
import { toPolicy } from '../config/policy.ts';
import { didYouMean, list } from '../config/problems.ts';
import type { Config } from '../config/schema.ts';
import { splitPlus } from '../domain/address.ts';
import type { InboxId } from '../domain/ids.ts';
import { toDate } from '../domain/instant.ts';
import type { Mail } from '../domain/message.ts';
import type { Policy } from '../domain/policy.ts';
import { borrowDatabase, timeOf } from '../runtime/database.ts';
import { configOption, loadForReading, WITHHELD } from './config-option.ts';
import { ExitCode, Finding } from './exit.ts';
import { inWords } from './explain-words.ts';
import { instantOf, nowBy } from './moment-option.ts';
import { readMails } from './read-mails.ts';

type ExplainOptions = {
  readonly config: string;
  readonly inbox?: string;
  readonly at?: string;
  readonly json?: boolean;
};

export function addExplain(program: Command): void {
  program
    .command('explain')
    .description('tell what would happen to a mail, who would be asked, and why')
    .argument('<file...>', '.eml files; - for one mail on standard input')
    .addOption(configOption())
    .option('--inbox <id>', 'the inbox that it came to; default: by its recipients')
    .addOption(new Option('--at <time>', 'when it came, such as 2026-03-03T09:41; default: now'))
    .option('--json', 'answer as JSON, one line per mail')
    .addHelpText(
      'after',
      '\nNothing is written, sent or started. When the database of the configuration runs, it is asked which request' +
        '\na mail belongs to and how much everybody has; otherwise the mail stands alone. Passwords may be missing.' +
        '\n\nExamples:\n  npx baton explain mail.eml --config baton.yaml' +
        '\n  npx baton explain mail.eml --config baton.yaml --at 2026-12-24T22:00' +
        '\n  npx baton explain --json --inbox office *.eml | jq -r .offerTo',
    )
    .action(run);
}

async function run(files: readonly string[], options: ExplainOptions): Promise<void> {
  const { config } = loadForReading(options.config, []);
  const policy = toPolicy(config);
  const now = nowBy(await timeOf(config));
  const wanted = inboxGiven(policy, options.inbox);
  const past = await openPast(config);
  let unreadable = 0;
  try {
    for await (const read of readMails(files)) {
      if ('error' in read) {
        unreadable += 1;
        process.stdout.write(options.json ? `${JSON.stringify(read)}\n` : `${read.file}: ${read.error}\n\n`);
        continue;
      }
      const inboxId = wanted ?? inboxOf(read.mail, policy, read.file);
      const at = instantOf(options.at, now, policy.inboxes.get(inboxId)?.timeZone ?? 'UTC', 'the inbox');
      const explained = await past.explain(policy, { mail: read.mail, inboxId, at });
      const shown = { ...explained, trace: [...explained.trace, past.remark] };
      const { file } = read;
      process.stdout.write(
        options.json ? `${JSON.stringify(asJson(file, shown))}\n` : inWords(file, shown, policy, inboxId, at),
      );
    }
  } finally {
    await past.close();
  }
  process.exitCode = unreadable === 0 ? ExitCode.ok : ExitCode.finding;
}

const asJson = (file: string, { acceptBy, ...explained }: Explanation): object => ({
  file,
  ...explained,
  acceptBy: acceptBy === null ? null : toDate(acceptBy).toISOString(),
});

// ── Which inbox, and when ──

function inboxGiven(policy: Policy, id: string | undefined): InboxId | null {
  if (id === undefined) {
    const [only, ...others] = policy.inboxes.keys();
    return only !== undefined && others.length === 0 ? only : null;
  }
  if (policy.inboxes.has(id)) return id;
  const ids = [...policy.inboxes.keys()];
  throw new Finding(
    `No inbox is called "${id}". ${didYouMean(id, ids)}Known inboxes: ${list(ids)}.`,
    ExitCode.usage,
  );
}

/** The first that it names: where it was delivered, then To, then Cc. */
function inboxOf(mail: Mail, policy: Policy, file: string): InboxId {
  const addresses = [...mail.deliveredTo, ...[...mail.to, ...mail.cc].map(({ address }) => address)];
  for (const address of addresses) {
    const { base } = splitPlus(address);
    const inbox = [...policy.inboxes.values()].find((one) => one.address === base.toLowerCase());
    if (inbox !== undefined) return inbox.id;
  }
  const ids = [...policy.inboxes.keys()];
  throw new Finding(
    `${file} is addressed to none of the inboxes: say with --inbox to which it came. Known inboxes: ${list(ids)}.`,
    ExitCode.usage,
  );
}

// ── What is known ──

type Past = {
  explain(policy: Policy, question: Parameters<typeof explainMessage>[2]): Promise<Explanation>;
  /** Whether it could be asked. */
  readonly remark: TraceStep;
  close(): Promise<void>;
};

/** Of a model that cannot be read the trace tells nothing, so it is told beside it. */
const log = {
  info: () => {},
  warn: () => {},
  error: (_: object, message: string) => void process.stderr.write(`${message}\n`),
};

const Asks = { model: NoModel, secret: WITHHELD, newTextId: () => 'none' };

async function openPast(config: Config): Promise<Past> {
  try {
    if (config.database.url?.includes(WITHHELD))
      throw new Failure('permanent', 'no-address', 'Its address is not set in the environment.');
    // What was learned lies there too, also before the first start and while Baton rests.
    const database = await borrowDatabase(config);
    const { time } = database;
    const pool = createPool(database.url, { max: 1, applicationName: 'baton-explain' });
    return {
      explain: async (policy, question) => {
        const model = heldModel({
          models: postgresModels({ pool, time }),
          policy: () => policy,
          log,
        });
        await model.refresh();
        return glance(pool, { now: () => question.at }, (tx) =>
          explainMessage({ ...Asks, model, policy: () => policy }, tx, question),
        );
      },
      remark: {
        step: 'database',
        code: 'asked',
        text: 'earlier mail and open requests were looked up in the database',
      },
      async close() {
        await pool.end();
        await database.stop();
      },
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return {
      explain: (policy, question) =>
        explainMessage({ ...Asks, policy: () => policy }, NothingKnown, question),
      remark: {
        step: 'database',
        code: error.code,
        text: `the database was not asked, so nothing counts that came before: ${error.message}`,
      },
      close: async () => {},
    };
  }
}
