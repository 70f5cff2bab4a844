/** `baton lookback --send`: the final manager of each inbox is mailed what was found there, by whichever Baton runs next. */
import { randomUUID } from 'node:crypto';
import { databaseClock } from '../adapters/db/database-clock.ts';
import { postgresLookBacks } from '../adapters/db/look-backs.ts';
import { createPool, type Pool } from '../adapters/db/pool.ts';
import { whetherItRuns } from '../adapters/db/running.ts';
import type { TimeSource } from '../adapters/db/sql.ts';
import { postgresStore } from '../adapters/db/store.ts';
import { pinoLog } from '../adapters/log/pino-log.ts';
import { openParserPool } from '../adapters/mime/parser-pool.ts';
import { adoptPolicy } from '../app/adopt-policy.ts';
import { DEFAULT_LIMITS } from '../app/deps.ts';
import { NoModel } from '../app/look-into.ts';
import type { Clock } from '../app/ports/clock.ts';
import { NoBells } from '../app/ports/queue.ts';
import { type SendLookBackDeps, sendLookBack } from '../app/send-look-back.ts';
import { startFromOf, toPolicy } from '../config/policy.ts';
import type { Config } from '../config/schema.ts';
import type { InboxId, MemberId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { type Borrowed, borrowOrMakeDatabase } from '../runtime/database.ts';
import { mailLogin } from '../runtime/mail-login.ts';
import { inboxConfig, type MailboxesLookedAt } from './read-past-mailboxes.ts';

export type Sent = {
  readonly inbox: InboxId;
  readonly to: MemberId;
  /** How many requests "take over" would open. */
  readonly waiting: number;
  /** Whether a Baton runs that sends it now. */
  readonly runs: boolean;
};

export async function sendPast(looked: MailboxesLookedAt): Promise<readonly Sent[]> {
  const { config, past, read, days } = looked;
  const database = await borrowOrMakeDatabase(config);
  const pool = createPool(database.url, { max: 2, applicationName: 'baton-lookback' });
  const opened = await openDeps(config, database, pool);
  try {
    const { runs } = await whetherItRuns(pool, database.time);
    const login = mailLogin(pool, () => config);
    const sent: Sent[] = [];
    for (const found of past.inboxes) {
      const inbox = inboxConfig(config, found.inbox);
      const mailbox = await login.past(found.inbox);
      try {
        const taken = { folder: inbox.folders.inbox, from: startFromOf(config, inbox) };
        const { places } = read;
        const told = await sendLookBack(opened.deps, {
          found,
          days,
          until: past.until,
          places,
          mailbox,
          taken,
        });
        sent.push({ inbox: found.inbox, to: told.to, waiting: told.kept, runs });
      } finally {
        await mailbox.close();
      }
    }
    return sent;
  } finally {
    await opened.close();
    await database.stop();
  }
}

/** What is kept is read in children that may be killed, as at work; nobody is rung, since workers look by themselves. */
async function openDeps(
  config: Config,
  { time }: Borrowed,
  pool: Pool,
): Promise<{ deps: SendLookBackDeps; close(): Promise<void> }> {
  const store = postgresStore({ pool, time });
  const log = pinoLog('silent');
  const policy: Policy = await adoptPolicy({ store, log }, toPolicy(config));
  const parser = openParserPool();
  const asked = time === 'database' ? await databaseClock(pool) : null;
  const deps: SendLookBackDeps = {
    store,
    lookBacks: postgresLookBacks({ pool, time }),
    queue: NoBells,
    parser,
    senderCheck: {
      check: async () => {
        throw new Error('bug: nobody has to prove a mail from before the start');
      },
    },
    policy: () => policy,
    model: NoModel,
    secret: config.secret,
    limits: { ...DEFAULT_LIMITS, messageBytesMax: config.limits.messageMaxBytes },
    log,
    newTextId: randomUUID,
    clock: asked ?? settable(time),
  };
  return {
    deps,
    async close() {
      await parser.close();
      asked?.close();
      await store.close();
    },
  };
}

function settable(time: TimeSource): Clock {
  if (time === 'database') throw new Error('bug: the database was asked before');
  return time;
}
