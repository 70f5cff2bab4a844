/**
 * Debian's PostgreSQL on a free loopback port, its cluster in a throw-away folder.
 *
 * Nothing is forced onto the disk unless asked: no test pulls the plug, and what was written survives the death of
 * every process without it. Whoever measures asks for `DURABLE`.
 */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { TestServer } from '../embedded-database.ts';
import { type Daemon, freePort, LOOPBACK, openDaemon } from './daemon.ts';
import { postgresFolder } from './packages.ts';

export type PostgresServer = TestServer & {
  readonly port: number;
  /** Of the database `postgres`, as superuser. */
  readonly url: string;
  readonly daemon: Daemon;
  /** pg_ctl stop -m immediate: every connection is cut, nothing is written down in peace. */
  stopImmediately(): Promise<void>;
  /** kill -9 of the postmaster and all its processes. */
  crash(): Promise<void>;
  start(): Promise<void>;
  end(options?: { keepLog?: boolean }): Promise<void>;
};

export type PostgresOptions = {
  /** As in postgresql.conf, beside those that make it a server of a test. */
  readonly settings?: Readonly<Record<string, string>>;
  /** An empty folder of the servers' user for the cluster, such as one on a disk that a test fills. */
  readonly data?: string;
  /** What its processes find in their environment besides. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where it listens; elsewhere than on the loopback interface it believes whoever can reach it. */
  readonly address?: string;
};

/** As in production. */
export const DURABLE: PostgresOptions = { settings: { fsync: 'on' } };

export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const { settings = {}, environment = {}, address = LOOPBACK } = options;
  const port = await freePort();
  const programs = postgresFolder() ?? '';
  const url = `postgresql://baton@${address}:${port}/postgres`;
  const dataOf = (folder: string): string => options.data ?? join(folder, 'data');
  const daemon = await openDaemon({
    name: 'postgres',
    prepare: async ({ folder, run }) => {
      await run(join(programs, 'initdb'), [
        ...['--pgdata', dataOf(folder), '--username', 'baton', '--auth', 'trust', '--encoding', 'UTF8'],
        ...['--locale', 'C', '--no-sync'],
      ]);
      if (address !== LOOPBACK)
        appendFileSync(join(dataOf(folder), 'pg_hba.conf'), 'host all all all trust\n');
    },
    command: (folder) => ({
      command: '/usr/bin/env',
      args: [
        ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
        join(programs, 'postgres'),
        ...['-D', dataOf(folder), '-p', String(port), '-c', `listen_addresses=${address}`],
        ...['-c', `unix_socket_directories=${folder}`, '-c', 'max_connections=200'],
        ...Object.entries({ fsync: 'off', ...settings }).flatMap(([name, value]) => [
          '-c',
          `${name}=${value}`,
        ]),
      ],
    }),
    isReady: () => asking(url, () => Promise.resolve(true)),
    // Killed outright it would leave its shared memory behind.
    stopWith: 'SIGQUIT',
  });
  let count = 0;
  return {
    port,
    url,
    daemon,
    async freshDatabase() {
      const name = `fresh_${++count}`;
      await asking(url, (client) => client.query(`CREATE DATABASE ${name}`));
      return url.replace(/postgres$/, name);
    },
    stopImmediately: () => daemon.kill('SIGQUIT'),
    crash: () => daemon.kill('SIGKILL'),
    start: daemon.start,
    end: daemon.end,
  };
}

async function asking<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
