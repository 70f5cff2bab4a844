/** The machine under test: servers in throw-away folders, and Baton's workers as an operator starts them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { joinEmbeddedPostgres } from '../../src/runtime/embedded-postgres.ts';
import { baton, type Running, startBaton } from '../support/processes.ts';
import type { Daemon } from '../support/stack/daemon.ts';
import { type Dovecot, startDovecot } from '../support/stack/dovecot.ts';
import { DURABLE, startPostgres } from '../support/stack/postgres.ts';
import { startRedis } from '../support/stack/redis.ts';
import { type SmtpSink, startSmtpSink } from '../support/stack/smtp-sink.ts';
import { configuration } from './configuration.ts';
import type { Bench } from './context.ts';
import type { Shape } from './options.ts';
import { type Usage, usageOf } from './usage.ts';

const KINDS = ['classifier', 'router', 'replies', 'mailer', 'clock', 'poller'] as const;

/** Two dozen processes that start at once on two cores take turns. */
const START_MS = 300_000;

/** The flag that bootstrap.mjs, the image and the units start a worker with: it decides how much memory one holds. */
const AS_STARTED = { NODE_OPTIONS: '--max-semi-space-size=4' };

/** In milliseconds or megabytes, by the name of a worker or a server. */
export type ByName = Readonly<Record<string, number>>;

export type Stand = {
  readonly shape: Shape;
  readonly dovecot: Dovecot;
  readonly sink: SmtpSink;
  /** Whose mailbox the inboxes read, the office's first. */
  readonly users: readonly string[];
  /** All of them, each so often; resolves when all are up. */
  startWorkers(copies?: number): Promise<void>;
  /** SIGKILL: as when the machine goes down. */
  stopWorkers(signal?: NodeJS.Signals): Promise<void>;
  /** Processor time so far: of Baton's processes by kind, and of each server. */
  cpuMs(): { readonly baton: ByName; readonly servers: ByName };
  /** Resident memory of the largest process of each kind. */
  rssMb(): ByName;
  /** Redis of the production shape. */
  readonly redisUrl: string | null;
  /** The processes of each server. */
  serverPids(): Readonly<Record<string, readonly number[]>>;
  /** What workers have written in their logs, those of this kind or all: warnings and worse. */
  said(kind?: string): string;
  /** Asks Baton's database beside it; the workers have been started once. */
  ask<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  status(): Promise<Status>;
  close(): Promise<void>;
};

export type Status = { open: number; pending: number; failed: number; parked: number };

type Told = {
  inboxes: { open: number }[];
  outbox: { pending: number; failed: number; returned: number };
  parked: number;
};

/** A server of the embedded shape is a child of Baton's and no part of it. */
const isBaton = ({ name }: Usage): boolean => /main\.(ts|js)|parser-child|training-child/.test(name);

const sumOf = (usages: readonly Usage[]): number => usages.reduce((sum, { cpuMs }) => sum + cpuMs, 0);

export async function openStand(bench: Pick<Bench, 'endings'>, shape: Shape, inboxes = 1): Promise<Stand> {
  const closers: (() => Promise<void>)[] = [];
  const ends = (ending: () => unknown) => void closers.push(bench.endings.add(ending));
  const close = async () => {
    for (const one of closers.splice(0).reverse()) await one();
  };
  const begin = async <Server extends { end(): Promise<void> }>(start: () => Promise<Server>) => {
    const server = await start();
    ends(() => server.end());
    return server;
  };
  const folder = mkdtempSync(join(tmpdir(), 'baton-bench-'));
  ends(() => rmSync(folder, { recursive: true, force: true }));
  const dovecot = await begin(startDovecot);
  const sink = await begin(startSmtpSink);
  const daemons: Record<string, Daemon> = { dovecot: dovecot.daemon, smtpSink: sink.daemon };
  const data = join(folder, 'data');
  let services = `data: ${data}`;
  let url: string | null = null;
  let redisUrl: string | null = null;
  if (shape === 'production') {
    const postgres = await begin(() => startPostgres(DURABLE));
    const redis = await begin(() => startRedis());
    Object.assign(daemons, { postgres: postgres.daemon, redis: redis.daemon });
    url = await postgres.freshDatabase();
    services = `data: ${data}\ndatabase: { url: "${url}" }\nredis: { url: "${redis.url}" }`;
    redisUrl = redis.url;
  }
  const users = Array.from({ length: inboxes }, () => dovecot.newUser());
  const path = join(folder, 'baton.yaml');
  const ports = { imapPort: dovecot.port, smtpPort: sink.port };
  writeFileSync(path, configuration({ ...ports, users, services }));
  const config = ['--config', path];
  if (shape === 'production') {
    const migrated = await baton(['migrate', ...config], {});
    if (migrated.code !== 0) throw new Error(`baton migrate said: ${migrated.stderr}`);
  }
  const workers = workersOf(shape, config);
  ends(() => workers.end());
  const database = databaseAt(() => url ?? embeddedUrl(data));
  ends(() => database.end());
  return {
    ...{ shape, dovecot, sink, users, redisUrl, close },
    startWorkers: workers.start,
    async stopWorkers(signal = 'SIGTERM') {
      // The embedded database goes with them, and a connection to it that was cut would be an error.
      if (shape === 'embedded') await database.end();
      await workers.stop(signal);
    },
    cpuMs() {
      const { baton: own, postgres } = workers.cpuMs();
      const servers = Object.entries(daemons).map(([name, daemon]) => [
        name,
        sumOf(usageOf(daemon.pids().slice(0, 1))),
      ]);
      return {
        baton: own,
        servers: { ...Object.fromEntries(servers), ...(shape === 'embedded' && { postgres }) },
      };
    },
    rssMb: workers.rssMb,
    said: workers.said,
    serverPids: () =>
      Object.fromEntries(Object.entries(daemons).map(([name, daemon]) => [name, daemon.pids()])),
    ask: database.ask,
    status: () => statusOf(config),
  };
}

async function statusOf(config: readonly string[]): Promise<Status> {
  const { code, stdout, stderr } = await baton(['status', '--json', ...config], {});
  if (code !== 0) throw new Error(`baton status said: ${stderr}`);
  const { inboxes, outbox, parked } = JSON.parse(stdout) as Told;
  const { pending, failed } = outbox;
  return { open: inboxes.reduce((sum, one) => sum + one.open, 0), pending, failed, parked };
}

function workersOf(shape: Shape, config: readonly string[]) {
  const running: { readonly kind: string; readonly process: Running }[] = [];
  // Ctrl-C while they start: those that are on their way are waited for, and ended.
  let starting: Promise<unknown> = Promise.resolve();
  let isOver = false;
  const stop = async (signal: NodeJS.Signals) => {
    await starting;
    await Promise.all(running.splice(0).map(({ process }) => process.stop(signal)));
  };
  const used = () =>
    running.flatMap(({ kind, process }) =>
      usageOf([process.pid]).map((usage) => ({
        usage,
        kind: usage.name.includes('parser-child') ? 'parser' : kind,
      })),
    );
  return {
    start(copies = 1): Promise<void> {
      if (isOver) return Promise.reject(new Error('everything has been thrown away'));
      const kinds = shape === 'embedded' ? ['all'] : KINDS;
      const wanted = kinds.flatMap((kind) => Array.from({ length: copies }, () => kind));
      const all = wanted.map(async (kind) => {
        running.push({
          kind,
          process: await startBaton([kind, ...config, '--log-level', 'warn'], AS_STARTED, {
            deadlineMs: START_MS,
          }),
        });
      });
      starting = Promise.allSettled(all);
      return Promise.all(all).then(() => {});
    },
    stop,
    /** For good: what is still under way when everything ends starts none that nobody would end. */
    async end() {
      isOver = true;
      await stop('SIGTERM');
    },
    said: (kind?: string) =>
      running
        .filter((one) => kind === undefined || one.kind === kind)
        .map(({ process }) => process.output())
        .join(''),
    cpuMs() {
      const baton: Record<string, number> = {};
      const all = used();
      for (const { kind, usage } of all) if (isBaton(usage)) baton[kind] = (baton[kind] ?? 0) + usage.cpuMs;
      return { baton, postgres: sumOf(all.map(({ usage }) => usage).filter((usage) => !isBaton(usage))) };
    },
    rssMb() {
      const found: Record<string, number> = {};
      for (const { kind, usage } of used())
        if (isBaton(usage)) found[kind] = Math.max(found[kind] ?? 0, usage.rssMb);
      return found;
    },
  };
}

async function embeddedUrl(dataDir: string): Promise<string> {
  const running = await joinEmbeddedPostgres({ dataDir });
  if (running === null) throw new Error(`no embedded database runs on ${dataDir}`);
  return running.url;
}

function databaseAt(urlOf: () => string | Promise<string>) {
  let pool: pg.Pool | null = null;
  return {
    async ask<Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
      if (pool === null) {
        pool = new pg.Pool({ connectionString: await urlOf(), max: 1 });
        pool.on('error', () => {});
      }
      return (await pool.query<Row>(sql, [...values])).rows;
    },
    async end() {
      const open = pool;
      pool = null;
      await open?.end();
    },
  };
}
