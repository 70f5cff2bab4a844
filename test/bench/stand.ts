/** The machine under test: servers in throw-away folders, and Baton's workers as an operator starts them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baton, type Running, startBaton } from '../support/processes.ts';
import { type Dovecot, PASSWORD, startDovecot } from '../support/stack/dovecot.ts';
import { DURABLE, startPostgres } from '../support/stack/postgres.ts';
import { startRedis } from '../support/stack/redis.ts';
import { type SmtpSink, startSmtpSink } from '../support/stack/smtp-sink.ts';
import { cpuMsOf, type Usage, usageOf } from './usage.ts';

export const SHAPES = ['production', 'embedded'] as const;
export type Shape = (typeof SHAPES)[number];
export const ADDRESS = 'office@elm.example';
const KINDS = ['classifier', 'router', 'replies', 'mailer', 'clock', 'poller'] as const;

export type Stand = {
  readonly dovecot: Dovecot;
  readonly sink: SmtpSink;
  readonly user: string;
  /** Where they are, of the production shape. */
  readonly services: { readonly database: string; readonly redis: string } | null;
  /** Which worker runs as which process. */
  readonly workers: ReadonlyMap<string, Running>;
  startWorkers(): Promise<void>;
  /** Of all of Baton's processes so far, and of each server's. */
  cpuMs(): { readonly baton: number; readonly servers: Readonly<Record<string, number>> };
  rssMb(): Record<string, number>;
  status(): Promise<{ open: number; pending: number; failed: number; parked: number }>;
  close(): Promise<void>;
};

type Status = {
  inboxes: { open: number }[];
  outbox: { pending: number; failed: number; returned: number };
  parked: number;
};

/** A server of the embedded shape is a child of Baton's and no part of it. */
const isBaton = ({ name }: Usage): boolean => /main\.(ts|js)|parser-child/.test(name);

export async function openStand(shape: Shape): Promise<Stand> {
  const closers: (() => Promise<void> | void)[] = [];
  const close = async () => {
    for (const closeOne of closers.splice(0).reverse()) await closeOne();
  };
  try {
    return await open(shape, closers, close);
  } catch (error) {
    await close();
    throw error;
  }
}

async function open(
  shape: Shape,
  closers: (() => Promise<void> | void)[],
  close: () => Promise<void>,
): Promise<Stand> {
  const begin = async <Server extends { end(): Promise<void> }>(start: () => Promise<Server>) => {
    const server = await start();
    closers.push(() => server.end());
    return server;
  };
  const folder = mkdtempSync(join(tmpdir(), 'baton-bench-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  const dovecot = await begin(startDovecot);
  const sink = await begin(startSmtpSink);
  const daemons = { dovecot: dovecot.daemon, smtpSink: sink.daemon };
  let services = `data: ${join(folder, 'data')}`;
  let others = {};
  let urls: Stand['services'] = null;
  if (shape === 'production') {
    const postgres = await begin(() => startPostgres(DURABLE));
    const redis = await begin(() => startRedis());
    others = { postgres: postgres.daemon, redis: redis.daemon };
    urls = { database: await postgres.freshDatabase(), redis: redis.url };
    services = `database: { url: "${urls.database}" }\nredis: { url: "${urls.redis}" }`;
  }
  const servers: Record<string, { pids(): number[] }> = { ...daemons, ...others };
  const user = dovecot.newUser();
  const path = join(folder, 'baton.yaml');
  writeFileSync(path, configuration(dovecot.port, sink.port, user, services));
  const config = ['--config', path];
  if (shape === 'production') {
    const migrated = await baton(['migrate', ...config], {});
    if (migrated.code !== 0) throw new Error(migrated.stderr);
  }
  const workers = new Map<string, Running>();
  closers.push(async () => {
    await Promise.all([...workers.values()].map((one) => one.stop('SIGTERM')));
  });
  const roots = () => [...workers.values()].map(({ pid }) => pid);
  return {
    dovecot,
    sink,
    user,
    services: urls,
    workers,
    async startWorkers() {
      for (const kind of shape === 'embedded' ? ['all'] : KINDS) {
        workers.set(kind, await startBaton([kind, ...config, '--log-level', 'warn'], {}));
      }
    },
    cpuMs: () => ({
      baton: cpuMsOf(roots(), isBaton),
      servers: Object.fromEntries(
        Object.entries(servers).map(([name, { pids }]) => [name, cpuMsOf(pids().slice(0, 1))]),
      ),
    }),
    rssMb() {
      const found: Record<string, number> = {};
      for (const [kind, { pid }] of workers) {
        for (const { name, rssMb } of usageOf([pid]).filter(isBaton)) {
          found[name.includes('parser-child') ? 'parser' : kind] = rssMb;
        }
      }
      return found;
    },
    async status() {
      const { code, stdout, stderr } = await baton(['status', '--json', ...config], {});
      if (code !== 0) throw new Error(stderr);
      const { inboxes, outbox, parked } = JSON.parse(stdout) as Status;
      return { open: inboxes.reduce((sum, one) => sum + one.open, 0), ...outbox, parked };
    },
    close,
  };
}

const configuration = (imapPort: number, smtpPort: number, user: string, services: string): string => `
secret: a secret for the bench, of 32 characters or more
defaults: { timeZone: UTC, hours: { mon-sun: 00:00-24:00 } }
inboxes:
  office:
    address: ${ADDRESS}
    name: Elm
    imap: { host: 127.0.0.1, port: ${imapPort}, tls: none, user: ${user}, password: ${PASSWORD} }
    smtp: { host: 127.0.0.1, port: ${smtpPort}, tls: none }
    folders: { sent: [] }
    authentication: { mode: token-and-sender-only }
    triageLead: leah
    finalManager: dana
members:
  leah: { name: Leah Stein, addresses: [leah@team.example] }
  dana: { name: Dana Wolfe, addresses: [dana@team.example] }
  priya: { name: Priya Nair, addresses: [priya@team.example] }
  sam: { name: Sam Okafor, addresses: [sam@team.example] }
  luis: { name: Luis Romero, addresses: [luis@team.example] }
teams:
  repairs: { name: Repairs, members: [priya, sam, luis], choose: least-loaded }
rules:
  - { id: kitchen, when: { subject: [kitchen] }, category: repair, assign: { team: repairs } }
${services}
caps: { unproved: { hour: 1000000, day: 1000000 }, overall: { hour: 1000000, day: 1000000 }, member: { hour: 1000000 } }
`;
