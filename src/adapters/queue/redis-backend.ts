/**
 * BullMQ on Redis or Valkey. Redis may vanish at any moment and come back empty.
 *
 * ioredis by default keeps commands in memory while Redis is away and waits for ever; the ringing side fails at
 * once instead. The listening side waits, as blocking reads must.
 */
import { Queue, type RedisOptions, Worker } from 'bullmq';
import type { Backend, BellData } from './bull-queue.ts';

const PREFIX = 'baton';
const RETRY_MAX_MS = 2_000;

export function connectRedis(url: string, onError: (error: Error) => void): Backend {
  let isClosed = false;
  // Reconnecting would otherwise go on after close, and keep the process alive, while Redis is away.
  const retryStrategy = (attempt: number): number | null =>
    isClosed ? null : Math.min(attempt * 100, RETRY_MAX_MS);
  const ringing: RedisOptions & { url: string } = {
    url,
    retryStrategy,
    enableOfflineQueue: false,
    commandTimeout: 1_000,
    maxRetriesPerRequest: 1,
  };
  const listening: RedisOptions & { url: string } = { url, retryStrategy, maxRetriesPerRequest: null };
  return {
    queue: (bell) => {
      const queue = new Queue<BellData>(bell, { connection: ringing, prefix: PREFIX });
      queue.waitUntilReady().catch(onError);
      return queue;
    },
    worker: (bell, process, settings) =>
      new Worker<BellData, void>(bell, process, { connection: listening, prefix: PREFIX, ...settings }),
    close: async () => {
      isClosed = true;
    },
  };
}
