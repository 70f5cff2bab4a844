/** Redis, which may lose everything at any time. */
import { Redis } from 'ioredis';
import type { Fault, Ground } from './fault.ts';
import { nothingToMend } from './fault.ts';
import { network } from './network.ts';

const RESET_AFTER = [20, 200, 2_000] as const;
/** Where no server listens. */
const NOBODY = '1';

async function told({ setting }: Ground, ...command: readonly [string, ...string[]]): Promise<void> {
  const client = new Redis(setting.redis.url, { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.call(...command);
  } finally {
    client.disconnect();
  }
}

export const redisFaults = {
  'redis-flushed': async ({ setting }) => {
    await setting.redis.flushAll();
    return nothingToMend;
  },
  'redis-killed': async ({ setting }) => {
    await setting.redis.crash();
    return () => setting.redis.daemon.start();
  },
  'redis-hangs': ({ setting }) => {
    setting.redis.hang();
    return () => setting.redis.goOn();
  },
  'redis-full': async ({ setting }) => {
    await setting.redis.configSet('maxmemory', '1000000');
    return () => setting.redis.configSet('maxmemory', '0');
  },
  'redis-readonly': async (ground) => {
    await told(ground, 'REPLICAOF', '127.0.0.1', NOBODY);
    return () => told(ground, 'REPLICAOF', 'NO', 'ONE');
  },
  ...network('redis', { slowMs: 100, resetAfter: RESET_AFTER }),
} satisfies Record<string, Fault>;
