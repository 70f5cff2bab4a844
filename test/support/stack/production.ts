/**
 * Baton in its production shape: each worker a process of its own, on Debian's PostgreSQL, Redis, Dovecot and
 * smtp-sink, where each may be killed, stopped and started again.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ImapFlow } from 'imapflow';
import type pg from 'pg';
import type { Report } from '../../../src/app/verify.ts';
import { fromMs } from '../../../src/domain/instant.ts';
import { readSink } from '../../../src/runtime/sink-folder.ts';
import type { WorkerKind } from '../../../workers/all.ts';
import { writeLetter } from '../letters.ts';
import { baton, type Prefix, type Running, startBaton } from '../processes.ts';
import { testPool } from '../store-database.ts';
import { waitUntil } from '../wait-until.ts';
import { type Dovecot, PASSWORD, startDovecot } from './dovecot.ts';
import { type PostgresServer, startPostgres } from './postgres.ts';
import { type RedisServer, startRedis } from './redis.ts';
import { type SmtpSink, startSmtpSink } from './smtp-sink.ts';

const ADDRESS = 'office@elm.example';
const UNCAPPED = 100_000;

export type Servers = {
  readonly dovecot: Dovecot;
  readonly postgres: PostgresServer;
  readonly redis: RedisServer;
  readonly sink: SmtpSink;
};

export type Production = Awaited<ReturnType<typeof openProduction>>;

/** What became of the mails, told by the database and by what the sink received. */
export type Outcome = {
  /** Customers whose mail has not exactly one row, or not the disposition `request`. */
  readonly wrongRows: number;
  readonly notAcknowledged: number;
  /** Customers who got acknowledgements with different Message-IDs. */
  readonly acknowledgedTwice: number;
  /** Copies beyond the first of any notice, all with its Message-ID. */
  readonly copies: number;
  readonly received: number;
};

/** Where each of them listens. */
export type Addresses = Readonly<Partial<Record<'dovecot' | 'postgres' | 'redis' | 'sink', string>>>;

export async function startServers(
  addresses: Addresses = {},
): Promise<Servers & { end(options?: { keepLog?: boolean }): Promise<void> }> {
  const [dovecot, postgres, redis, sink] = await Promise.all([
    startDovecot(at(addresses.dovecot)),
    startPostgres(at(addresses.postgres)),
    startRedis(at(addresses.redis)),
    startSmtpSink(at(addresses.sink)),
  ]);
  return {
    ...{ dovecot, postgres, redis, sink },
    end: async (options) => {
      await Promise.all([dovecot, postgres, redis, sink].map((server) => server.end(options)));
    },
  };
}

const at = (address: string | undefined): { address?: string } => (address === undefined ? {} : { address });

/**
 * `unproved`: how many automatic mails may go to all of these customers, of whom nothing is proved; `more`: further
 * lines of the configuration.
 */
export async function openProduction(
  { dovecot, postgres, redis, sink }: Servers,
  unproved = UNCAPPED,
  more = '',
) {
  const folder = mkdtempSync(join(tmpdir(), 'baton-production-'));
  const user = dovecot.newUser();
  const databaseUrl = await postgres.freshDatabase();
  const path = join(folder, 'baton.yaml');
  writeFileSync(path, yaml({ user, dovecot, sink, unproved }) + more);
  const env = {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
    BATON_SECRET: 'a secret of 32 characters or more',
  };
  const config = ['--config', path];
  const pool = testPool(databaseUrl);
  const workers = new Set<Worker>();
  let delivered = 0;
  sink.forget();
  await redis.flushAll();
  const migrated = await baton(['migrate', ...config], env);
  if (migrated.code !== 0) throw new Error(migrated.stderr);

  /** A worker of this kind, which is up when this resolves. */
  async function start(
    kind: Worker['kind'],
    args: readonly string[] = [],
    program?: string,
    within?: Prefix,
  ): Promise<Worker> {
    const running = await startBaton([kind, ...config, ...args], env, { program, within });
    const worker: Worker = { kind, running };
    workers.add(worker);
    return worker;
  }

  const count = async (from: string): Promise<number> =>
    (await pool.query<{ n: number }>(`SELECT count(*) AS n FROM ${from}`)).rows[0]?.n ?? -1;

  /** Into the mailbox, over a connection of its own; answers its UID. */
  async function append(letter: Uint8Array): Promise<number> {
    const client = await connect(dovecot, user);
    try {
      const answer = await client.append('INBOX', Buffer.from(letter));
      if (answer === false || answer.uid === undefined) throw new Error('Dovecot refused a letter');
      return answer.uid;
    } finally {
      client.close();
    }
  }

  return {
    pool,
    user,
    workers,
    count,
    start,
    delivered: () => delivered,
    async kill(worker: Worker, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
      workers.delete(worker);
      await worker.running.stop(signal);
    },
    /** Resolves when the mailbox is watched: mail that comes from now on is no history. */
    untilWatched: () => waitUntil('the mailbox is watched', async () => (await count('mailbox')) > 0, 60_000),
    /** Puts letters of new customers into the mailbox, over one connection, at most so many a second. */
    async deliver(letters: number, perSecond = Number.POSITIVE_INFINITY): Promise<void> {
      const client = await connect(dovecot, user);
      const begunAt = performance.now();
      try {
        for (let at = 0; at < letters; at += 1) {
          const wait = begunAt + (at * 1_000) / perSecond - performance.now();
          if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
          delivered += 1;
          const answer = await client.append('INBOX', letterOf(delivered));
          if (answer === false) throw new Error('Dovecot refused a letter');
        }
      } finally {
        client.close();
      }
    },
    append,
    /** A letter of a new customer, over a connection of its own; answers its UID. */
    deliverOne(): Promise<number> {
      delivered += 1;
      return append(letterOf(delivered));
    },
    /** Every mail is settled and every notice handed over or given up. */
    isAtRest: async () =>
      (await count('message')) >= delivered &&
      (await count("message WHERE stage <> 'settled'")) === 0 &&
      (await count("conversation WHERE phase = 'arrived'")) === 0 &&
      (await count("outbox WHERE state IN ('pending', 'sending')")) === 0,
    /** `baton verify --sent`, as an operator calls it. */
    async verify(): Promise<{ code: number | null; report: Report }> {
      const { code, stdout, stderr } = await baton(
        ['verify', '--sent', sink.folder, '--json', ...config],
        env,
      );
      if (stdout === '') throw new Error(stderr);
      return { code, report: JSON.parse(stdout) as Report };
    },
    outcome: () => outcomeOf(pool, sink, delivered),
    /** Whoever watches the mailbox may be followed at once by another, and has to see that it still does itself. */
    async endWatch(): Promise<void> {
      await pool.query('UPDATE mailbox SET lease_until = now() WHERE lease_until IS NOT NULL');
    },
    /** The notices in the hands of mailers that were killed are free at once. */
    async endLeases(): Promise<void> {
      await pool.query("UPDATE outbox SET lease_until = now() - interval '1 second' WHERE state = 'sending'");
    },
    async close(): Promise<void> {
      await Promise.all([...workers].map(({ running }) => running.stop('SIGKILL')));
      workers.clear();
      await pool.end();
      rmSync(folder, { recursive: true });
    },
  };
}

/** `all`: every kind in one process. */
export type Worker = { readonly kind: WorkerKind | 'all'; readonly running: Running };

async function outcomeOf(pool: pg.Pool, sink: SmtpSink, delivered: number): Promise<Outcome> {
  const { rows } = await pool.query<{ sender: string; rows: number; right: boolean }>(
    `SELECT w.mail->'from'->0->>'address' AS sender, count(*) AS rows, bool_and(m.disposition = 'request') AS right
     FROM message m JOIN message_words w ON w.message_id = m.id GROUP BY 1`,
  );
  const right = new Set(rows.filter((row) => row.right && row.rows === 1).map(({ sender }) => sender));
  const customers = Array.from({ length: delivered }, (_, at) => customer(at + 1));
  const mails = readSink(sink.folder);
  const { rows: keys } = await pool.query<{ key: string }>(
    "SELECT key FROM outbox WHERE kind = 'acknowledgement'",
  );
  const acknowledging = new Set(keys.map(({ key }) => key));
  const idsOf = Map.groupBy(
    // A customer also hears whose the request is, and what is answered.
    mails.filter(({ messageId }) => acknowledging.has(messageId?.split('@')[0] ?? '')),
    ({ recipients }) => recipients.join(),
  );
  const different = (who: string) => new Set(idsOf.get(who)?.map(({ messageId }) => messageId)).size;
  return {
    wrongRows: customers.filter((who) => !right.has(who)).length + Math.max(rows.length - delivered, 0),
    notAcknowledged: customers.filter((who) => different(who) === 0).length,
    acknowledgedTwice: customers.filter((who) => different(who) > 1).length,
    copies: mails.length - new Set(mails.map(({ messageId }) => messageId)).size,
    received: mails.length,
  };
}

const customer = (number: number): string => `customer${number}@tenant.example`;

const letterOf = (number: number): Buffer =>
  Buffer.from(
    writeLetter({
      from: `Customer ${number} <${customer(number)}>`,
      to: [ADDRESS],
      subject: `Dripping tap ${number}`,
      text: `The tap number ${number} drips.`,
      date: fromMs(Date.now()),
      messageId: `letter-${number}@tenant.example`,
    }),
  );

async function connect({ address, port }: Dovecot, user: string): Promise<ImapFlow> {
  const client = new ImapFlow({
    ...{ host: address, port, secure: false, doSTARTTLS: false, logger: false, disableAutoIdle: true },
    auth: { user, pass: PASSWORD },
  });
  client.on('error', () => {});
  await client.connect();
  return client;
}

type Setting = Pick<Servers, 'dovecot' | 'sink'> & { readonly user: string; readonly unproved: number };

const yaml = ({ user, dovecot, sink, unproved }: Setting): string => `
secret: \${BATON_SECRET}
defaults: { timeZone: UTC, hours: { mon-sun: 00:00-24:00 } }
inboxes:
  office:
    address: ${ADDRESS}
    name: Elm
    imap: { host: ${dovecot.address}, port: ${dovecot.port}, tls: none, user: ${user}, password: ${PASSWORD} }
    smtp: { host: ${sink.address}, port: ${sink.port}, tls: none }
    authentication: { mode: token-and-sender-only }
    triageLead: leah
    finalManager: dana
members:
  leah: { name: Leah, addresses: [leah@team.example] }
  dana: { name: Dana, addresses: [dana@team.example] }
database: { url: "\${DATABASE_URL}" }
redis: { url: "\${REDIS_URL}" }
caps: { unproved: { hour: ${unproved}, day: ${unproved} }, overall: { hour: ${UNCAPPED}, day: ${UNCAPPED} }, member: { hour: ${UNCAPPED} } }
`;
