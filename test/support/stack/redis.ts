/** Redis on a free loopback port, nothing kept on disk unless asked, and never throwing anything away by itself. */
import { Redis } from 'ioredis';
import { type Daemon, freePort, LOOPBACK, openDaemon } from './daemon.ts';
import { program } from './packages.ts';

export type RedisServer = {
  readonly port: number;
  readonly url: string;
  readonly daemon: Daemon;
  flushAll(): Promise<void>;
  configSet(name: string, value: string): Promise<void>;
  /** How many keys match. */
  count(pattern: string): Promise<number>;
  /** It dies as in a power cut; `start` of the daemon brings it back, empty unless it writes a log. */
  crash(): Promise<void>;
  /** It takes connections and answers nothing, until `goOn`. */
  hang(): void;
  goOn(): void;
  end(options?: { keepLog?: boolean }): Promise<void>;
};

export async function startRedis(
  options: { appendOnly?: boolean; address?: string } = {},
): Promise<RedisServer> {
  const { address = LOOPBACK } = options;
  const port = await freePort();
  const daemon = await openDaemon({
    name: 'redis',
    command: (folder) => ({
      command: program('redis-server') ?? 'redis-server',
      args: [
        ...[
          '--bind',
          address,
          '--protected-mode',
          'no',
          '--port',
          String(port),
          '--dir',
          folder,
          '--save',
          '',
        ],
        ...['--maxmemory-policy', 'noeviction', '--appendonly', options.appendOnly ? 'yes' : 'no'],
      ],
    }),
    isReady: () => asking(address, port, async (client) => (await client.ping()) === 'PONG'),
  });
  const ask = <T>(work: (client: Redis) => Promise<T>): Promise<T> => asking(address, port, work);
  return {
    port,
    url: `redis://${address}:${port}`,
    daemon,
    flushAll: () => ask(async (client) => void (await client.flushall())),
    configSet: (name, value) => ask(async (client) => void (await client.config('SET', name, value))),
    count: (pattern) => ask(async (client) => (await client.keys(pattern)).length),
    crash: () => daemon.kill('SIGKILL'),
    hang: () => daemon.signal('SIGSTOP'),
    goOn: () => daemon.signal('SIGCONT'),
    end: daemon.end,
  };
}

/** A connection for one question, which gives up rather than wait. */
async function asking<T>(host: string, port: number, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis({
    port,
    host,
    lazyConnect: true,
    retryStrategy: () => null,
    commandTimeout: 5_000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return await work(client);
  } finally {
    client.disconnect();
  }
}
