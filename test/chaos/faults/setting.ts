/**
 * What Baton runs on while things go wrong: Dovecot, PostgreSQL on a disk of its own, Redis and smtp-sink, each behind a
 * proxy of ours, and the configuration that leads to them. A second configuration goes past the proxies, for `verify`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { createPool } from '../../../src/adapters/db/pool.ts';
import { baton } from '../../support/processes.ts';
import { type Dovecot, PASSWORD, startDovecot } from '../../support/stack/dovecot.ts';
import { type PostgresServer, startPostgres } from '../../support/stack/postgres.ts';
import { type RedisServer, startRedis } from '../../support/stack/redis.ts';
import { canMount, openSmallDisk, type SmallDisk } from '../../support/stack/small-disk.ts';
import { type SmtpSink, startSmtpSink } from '../../support/stack/smtp-sink.ts';
import { startTcpProxy, type TcpProxy } from '../../support/tcp-proxy.ts';

export const ADDRESS = 'office@elm.example';
/** So long a secret is found wherever it should not be. */
const SECRET = 'the-secret-of-chaos-which-no-log-may-tell';
const UNCAPPED = 1_000_000;
/** As for tests. */
const COMPILED = join(import.meta.dirname, '../../../node_modules/.cache/baton-tests');
const DISK_MEGABYTES = 1_536;

/** Who answers; the last two are the front desk and the final manager. */
export const MEMBERS = ['priya', 'sam', 'luis', 'omar', 'leah', 'dana'] as const;
export type MemberName = (typeof MEMBERS)[number];
export const addressOfMember = (name: MemberName): string => `${name}@team.example`;

export type Setting = {
  readonly dovecot: Dovecot;
  readonly postgres: PostgresServer;
  readonly redis: RedisServer;
  readonly sink: SmtpSink;
  /** null: nobody may mount one here. */
  readonly disk: SmallDisk | null;
  readonly proxies: Readonly<Record<'imap' | 'smtp' | 'postgres' | 'redis', TcpProxy>>;
  readonly user: string;
  readonly password: string;
  /** Past the proxy, for whoever judges. */
  readonly pool: pg.Pool;
  /** What workers are started with, and what `verify` is. */
  readonly workerConfig: Config;
  readonly directConfig: Config;
  /** What no log and no queue may hold. */
  readonly secrets: readonly string[];
  end(options?: { keepLog?: boolean }): Promise<void>;
};

export type Config = { readonly path: string; readonly env: Readonly<Record<string, string>> };

export async function openSetting(): Promise<Setting> {
  const disk = canMount() ? await openSmallDisk(DISK_MEGABYTES) : null;
  const settings = { min_wal_size: '32MB', max_wal_size: '64MB' };
  const [dovecot, postgres, redis, sink] = await Promise.all([
    startDovecot(),
    startPostgres(disk === null ? { settings } : { settings, data: disk.folder }),
    startRedis(),
    startSmtpSink(),
  ]);
  const databaseUrl = await postgres.freshDatabase();
  const [imap, smtp, database, queue] = await Promise.all(
    [dovecot.port, sink.port, postgres.port, redis.port].map(startTcpProxy),
  );
  if (imap === undefined || smtp === undefined || database === undefined || queue === undefined)
    throw new Error('bug: a proxy for each');
  const proxies = { imap, smtp, postgres: database, redis: queue };
  const folder = mkdtempSync(join(tmpdir(), 'baton-chaos-'));
  const user = dovecot.newUser();
  const config = (name: string, imapPort: number, smtpPort: number, env: Config['env']): Config => {
    const path = join(folder, `${name}.yaml`);
    writeFileSync(path, yaml(user, imapPort, smtpPort));
    // Half of each start is Node reading the same sources.
    return { path, env: { ...env, BATON_SECRET: SECRET, NODE_COMPILE_CACHE: COMPILED } };
  };
  const directConfig = config('direct', dovecot.port, sink.port, {
    DATABASE_URL: databaseUrl,
    REDIS_URL: redis.url,
  });
  const migrated = await baton(['migrate', '--config', directConfig.path], directConfig.env);
  if (migrated.code !== 0) throw new Error(migrated.stderr);
  const pool = createPool(databaseUrl, {
    applicationName: 'chaos',
    statementTimeoutMs: 60_000,
    // Between two statements of a planted loss all that was seen is judged.
    idleInTransactionTimeoutMs: 600_000,
  });
  return {
    ...{ dovecot, postgres, redis, sink, disk, proxies, user, pool, directConfig },
    password: PASSWORD,
    workerConfig: config('workers', imap.port, smtp.port, {
      DATABASE_URL: databaseUrl.replace(`:${postgres.port}/`, `:${database.port}/`),
      REDIS_URL: `redis://127.0.0.1:${queue.port}`,
    }),
    secrets: [SECRET],
    async end(options) {
      await pool.end().catch(() => {});
      await Promise.all(Object.values(proxies).map((proxy) => proxy.close()));
      await Promise.all([dovecot, postgres, redis, sink].map((server) => server.end(options)));
      await disk?.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Clocks are short, so that questions lapse and climb within a run; everybody works day and night. */
const yaml = (user: string, imapPort: number, smtpPort: number): string => `
secret: \${BATON_SECRET}
defaults: { timeZone: UTC, hours: { mon-sun: 00:00-24:00 } }
inboxes:
  office:
    address: ${ADDRESS}
    name: Elm
    imap: { host: 127.0.0.1, port: ${imapPort}, tls: none, user: ${user}, password: ${PASSWORD} }
    smtp: { host: 127.0.0.1, port: ${smtpPort}, tls: none }
    authentication: { mode: token-and-sender-only }
    triageLead: leah
    finalManager: dana
members:
${MEMBERS.map((name) => `  ${name}: { name: ${name[0]?.toUpperCase()}${name.slice(1)}, addresses: [${addressOfMember(name)}] }`).join('\n')}
teams: { repairs: { members: [priya, sam, luis, omar], choose: round-robin } }
rules:
  - { id: taps, when: { subject: [tap, "Dripping"] }, category: repair, assign: { team: repairs } }
clocks: { accept: { normal: 5m }, handoff: { normal: 5m }, progress: { normal: 5m }, lastPersonReminder: 10m }
limits: { parse: { cpuSeconds: 2 } }
database: { url: "\${DATABASE_URL}" }
redis: { url: "\${REDIS_URL}" }
caps:
  unproved: { hour: ${UNCAPPED}, day: ${UNCAPPED} }
  overall: { hour: ${UNCAPPED}, day: ${UNCAPPED} }
  member: { hour: ${UNCAPPED} }
`;
