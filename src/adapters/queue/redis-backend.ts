/**
 * BullMQ on Redis or Valkey. Redis may vanish at any moment and come back empty.
 *
 * ioredis by default keeps commands in memory while Redis is away and waits for ever; the ringing side fails at
 * once instead. The listening side waits, as blocking reads must.
 */
import { Queue, type RedisOptions, Worker } from 'bullmq';
import type { Backend, BellData } from './bull-queue.ts';
import { TICK } from './bull-ticks.ts';

const PREFIX = 'baton';
const RETRY_MAX_MS = 2_000;

export function connectRedis(url: string, onError: (error: Error) => void): Backend {
  let isClosed = false;
  // Reconnecting would otherwise go on after close, and keep the process alive, while Redis is away.
  const retryStrategy = (attempt: number): number | null =>
    isClosed ? null : Math.min(attempt * 100, RETRY_MAX_MS);
  // After a failover the demoted server keeps its connections; only a new one leads to the server that is in charge.
  const reconnectOnError = ({ message }: Error): boolean => message.startsWith('READONLY');
  const ringing: RedisOptions & { url: string } = {
    url,
    retryStrategy,
    reconnectOnError,
    enableOfflineQueue: false,
    commandTimeout: 1_000,
    maxRetriesPerRequest: 1,
  };
  const listening: RedisOptions & { url: string } = {
    url,
    retryStrategy,
    reconnectOnError,
    maxRetriesPerRequest: null,
  };
  return {
    isApart: true,
    queue: (bell) => {
      const queue = renewed(
        () => new Queue<BellData>(bell, { connection: ringing, prefix: PREFIX }),
        onError,
      );
      return {
        ...queue,
        addBulk: (jobs) => queue.usable().addBulk(jobs),
        isPaused: () => queue.usable().isPaused(),
      };
    },
    tickQueue: () => {
      const queue = renewed(() => new Queue(TICK, { connection: ringing, prefix: PREFIX }), onError);
      return {
        ...queue,
        getJobScheduler: (id) => queue.usable().getJobScheduler(id),
        removeJobScheduler: (id) => queue.usable().removeJobScheduler(id),
        upsertJobScheduler: (...given) => queue.usable().upsertJobScheduler(...given),
      };
    },
    tickWorker: (process, settings) =>
      new Worker(TICK, process, { connection: listening, prefix: PREFIX, ...settings }),
    worker: (bell, process, settings) =>
      new Worker<BellData, void>(bell, process, { connection: listening, prefix: PREFIX, ...settings }),
    close: async () => {
      isClosed = true;
    },
  };
}

/**
 * BullMQ asks Redis some questions when it connects, and one that hangs just then has failed it for good: every later
 * bell would fail at once. Such a queue is put away, and the next bell is rung on a fresh one.
 */
function renewed<Data>(open: () => Queue<Data>, onError: (error: Error) => void) {
  let hasFailed = false;
  const listeners: ((error: Error) => void)[] = [];
  const begin = (): Queue<Data> => {
    hasFailed = false;
    const queue = open();
    for (const listener of listeners) queue.on('error', listener);
    queue.waitUntilReady().catch((error: Error) => {
      onError(error);
      hasFailed ||= queue === current;
    });
    return queue;
  };
  let current = begin();
  return {
    on: (event: 'error', listener: (error: Error) => void) => {
      listeners.push(listener);
      current.on(event, listener);
    },
    usable: (): Queue<Data> => {
      if (hasFailed) {
        current.close().catch(onError);
        current = begin();
      }
      return current;
    },
    close: () => current.close(),
  };
}
