/**
 * A poller in a process of its own, which dies at the point that its orders name: killed with SIGKILL, as by the
 * kernel. It reads its orders as JSON from its first argument.
 */
import pg from 'pg';
import { postgresStore } from '../../../src/adapters/db/store.ts';
import { imapMailboxReader } from '../../../src/adapters/imap/mailbox-reader.ts';
import { DEFAULT_LIMITS } from '../../../src/app/deps.ts';
import { ingestMailbox } from '../../../src/app/ingest-mailbox.ts';
import type { MailboxSession } from '../../../src/app/ports/mailbox-reader.ts';
import { NoBells } from '../../../src/app/ports/queue.ts';
import type { WatchedFolder } from '../../../src/app/ports/store.ts';
import { WATCH_LEASE } from '../../../src/app/watch-mailbox.ts';
import { settableClock } from '../settable-clock.ts';
import { testPool } from '../store-database.ts';

/** After the mails were fetched; before their commit, all rows written; after the commit; before the bell is rung. */
export type DeathPoint = 'fetched' | 'written' | 'committed' | 'ringing';

export type Orders = {
  readonly dieAt: DeathPoint;
  /** At the how manieth time, counted from 1. */
  readonly turn: number;
  readonly databaseUrl: string;
  readonly now: number;
  readonly imap: { readonly port: number; readonly user: string; readonly password: string };
  readonly folder: WatchedFolder;
  readonly batchMessagesMax: number;
};

if (process.argv[1] === import.meta.filename) await obey(JSON.parse(process.argv[2] ?? '') as Orders);

async function obey(orders: Orders): Promise<void> {
  let turns = 0;
  const at = (point: DeathPoint): void => {
    if (point !== orders.dieAt) return;
    turns += 1;
    if (turns === orders.turn) process.kill(process.pid, 'SIGKILL');
  };
  dieAroundCommits(at);
  const store = postgresStore({ pool: testPool(orders.databaseUrl), time: settableClock(orders.now) });
  const reader = imapMailboxReader({ host: '127.0.0.1', tls: 'none', ...orders.imap });
  const lease = await store.leaseMailbox(orders.folder, 'the one that dies', WATCH_LEASE);
  if (lease.type === 'taken') throw new Error('somebody else has the watch');
  const { signal } = new AbortController();
  const session = await reader.open(orders.folder.folder, signal);
  const deps = {
    store,
    queue: { ...NoBells, ring: async () => at('ringing') },
    limits: { ...DEFAULT_LIMITS, batchMessagesMax: orders.batchMessagesMax },
    log: { info: () => {}, warn: () => {}, error: () => {} },
  };
  await ingestMailbox(deps, lease.mailbox, dyingAfterFetch(session, at), signal);
}

function dyingAfterFetch(session: MailboxSession, at: (point: DeathPoint) => void): MailboxSession {
  return {
    uidValidity: session.uidValidity,
    get uidNext() {
      return session.uidNext;
    },
    listAfter: (uid, limit) => session.listAfter(uid, limit),
    listUids: () => session.listUids(),
    describe: (uids) => session.describe(uids),
    countJunk: (folder, since) => session.countJunk(folder, since),
    fetchHeaders: (uid) => session.fetchHeaders(uid),
    waitForNews: (timeoutMs, signal) => session.waitForNews(timeoutMs, signal),
    close: () => session.close(),
    async fetch(uids) {
      const mails = await session.fetch(uids);
      at('fetched');
      return mails;
    },
  };
}

function dieAroundCommits(at: (point: DeathPoint) => void): void {
  const { query } = pg.Client.prototype;
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const isCommit = args[0] === 'COMMIT';
    if (isCommit) at('written');
    const answer: unknown = Reflect.apply(query, this, args);
    return isCommit && answer instanceof Promise
      ? answer.then((result: unknown) => {
          at('committed');
          return result;
        })
      : answer;
  } as typeof query;
}
