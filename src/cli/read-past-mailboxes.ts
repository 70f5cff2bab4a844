/** The mailboxes of the configuration as `baton lookback` reads them: read-only, in children that may be killed. */
import { availableParallelism } from 'node:os';
import { createPool } from '../adapters/db/pool.ts';
import { openPastMailbox } from '../adapters/imap/past-mailbox.ts';
import { openParserPool } from '../adapters/mime/parser-pool.ts';
import { lookBackAt, type ReadMailboxes, readMailboxes } from '../app/look-back.ts';
import { toPolicy } from '../config/policy.ts';
import type { Config } from '../config/schema.ts';
import { DAY } from '../domain/instant.ts';
import type { Policy } from '../domain/policy.ts';
import { borrowDatabase, timeOf } from '../runtime/database.ts';
import { inboxesWithTokens, mailLogin } from '../runtime/mail-login.ts';
import { loadOrEnd } from './config-option.ts';
import type { LookedBack } from './look-back-words.ts';
import { nowBy } from './moment-option.ts';
import { onlyInboxes } from './read-past-archive.ts';
import { safeLine } from './safe-text.ts';
import { terminalLine } from './terminal-progress.ts';

type Options = { readonly config: string; readonly days?: number; readonly inbox?: readonly string[] };

export type MailboxesLookedAt = LookedBack & {
  readonly days: number;
  readonly config: Config;
  readonly policy: Policy;
  readonly read: ReadMailboxes;
};

const DAYS = 30;
const CHILDREN_MAX = 4;

export async function readPastMailboxes(options: Options): Promise<MailboxesLookedAt> {
  const { config } = loadOrEnd(options.config);
  const whole = toPolicy(config);
  const policy = onlyInboxes(whole, options.inbox);
  const until = nowBy(await timeOf(config));
  const days = options.days ?? DAYS;
  const from = until - days * DAY;
  const line = terminalLine();
  const login = await loginFor(config);
  const parser = openParserPool({ children: Math.min(CHILDREN_MAX, availableParallelism()) });
  try {
    const read = await readMailboxes(
      {
        parser,
        policy: whole,
        open: login.open,
        foldersOf: (id) => inboxConfig(config, id).folders,
        told: ({ inbox, folder, done, of }) =>
          line.say(`${inbox}, ${safeLine(folder)}: ${done} of ${of} mails`),
      },
      [...policy.inboxes.keys()],
      from,
    );
    const unreadable = Array.from({ length: read.unreadable }, () => ({
      file: 'a mail',
      error: 'nothing could read it',
    }));
    const past = lookBackAt(read, policy, { from, until });
    return {
      past,
      source: 'mailbox',
      days,
      policy,
      inboxGuessed: null,
      unreadable,
      folders: read.folders,
      config,
      read,
    };
  } finally {
    line.end();
    await parser.close();
    await login.close();
  }
}

/** Tokens lie in the database; whoever logs in by password needs none. */
async function loginFor(config: Config) {
  if (inboxesWithTokens(config).length === 0) {
    const open = (id: string) => openPastMailbox(inboxConfig(config, id).imap);
    return { open, close: async () => {} };
  }
  const database = await borrowDatabase(config);
  const pool = createPool(database.url, { max: 1, applicationName: 'baton-lookback' });
  const close = async () => {
    await pool.end();
    await database.stop();
  };
  return { open: mailLogin(pool, () => config).past, close };
}

export function inboxConfig({ inboxes }: Config, id: string): Config['inboxes'][string] {
  const inbox = inboxes[id];
  if (inbox === undefined) throw new Error(`bug: no inbox ${id} in the configuration`);
  return inbox;
}
