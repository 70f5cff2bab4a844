/**
 * What sends mails for one command, beside workers that may run: the database, and a sender for each inbox. It rings no
 * bells, since what it leaves behind is found without them.
 */

import { createPool } from '../adapters/db/pool.ts';
import { postgresStore } from '../adapters/db/store.ts';
import { pinoLog } from '../adapters/log/pino-log.ts';
import { adoptPolicy } from '../app/adopt-policy.ts';
import type { DeliverDeps } from '../app/deliver-outbox.ts';
import { DEFAULT_LIMITS } from '../app/deps.ts';
import type { MailParser } from '../app/ports/mail-parser.ts';
import { NoBells } from '../app/ports/queue.ts';
import { toPolicy } from '../config/policy.ts';
import type { Config } from '../config/schema.ts';
import { fromMs } from '../domain/instant.ts';
import { borrowOrMakeDatabase } from './database.ts';
import { type InboxTools, inboxTools } from './inbox-tools.ts';
import { mailLogin } from './mail-login.ts';

export async function openMailer(config: Config): Promise<{ deps: DeliverDeps; close(): Promise<void> }> {
  const database = await borrowOrMakeDatabase(config);
  const { time } = database;
  const pool = createPool(database.url, { max: 4, applicationName: 'baton-mail' });
  const store = postgresStore({ pool, time });
  const { tokens } = mailLogin(pool, () => config);
  const tools = new Map<string, InboxTools>();
  const close = async () => {
    await Promise.all([...tools.values()].map(({ sender }) => sender.close()));
    await store.close();
    await database.stop();
  };
  try {
    const log = pinoLog('error');
    const policy = await adoptPolicy({ store, log }, toPolicy(config));
    for (const [id, inbox] of Object.entries(config.inboxes))
      tools.set(
        id,
        inboxTools(inbox, config.secret, (refused) => tokens.of(id, refused)),
      );
    const senderOf: DeliverDeps['senderOf'] = (id) => {
      const found = tools.get(id);
      if (found === undefined) throw new Error(`inbox ${id} is not configured`);
      return found.sender;
    };
    const [first] = tools.values();
    if (first === undefined) throw new Error('a configuration has an inbox');
    const deps: DeliverDeps = {
      ...{ store, senderOf, log, secret: config.secret, composer: first.composer, limits: DEFAULT_LIMITS },
      policy: () => policy,
      clock: time === 'database' ? { now: () => fromMs(Date.now()) } : time,
      parser: NoFiles,
      queue: NoBells,
    };
    return { deps, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What it sends carries no file of anybody's mail. */
const NoFiles: MailParser = {
  parse: () => Promise.reject(new Error('no mail is read here')),
  extractReply: () => Promise.reject(new Error('no mail is read here')),
  readFiles: () => Promise.reject(new Error('no mail is read here')),
  close: async () => {},
};
