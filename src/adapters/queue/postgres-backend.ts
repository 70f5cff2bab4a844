/** BullMQ on PostgreSQL: its tables in the schema `bullmq`, one pool for all bells, LISTEN and NOTIFY to wake up. */
import { createPostgresBackend, type PgPool, runMigrations, withBackend } from 'bullmq';
import { Bells } from '../../app/ports/queue.ts';
import { createPool } from '../db/pool.ts';
import { toFailure } from '../db/to-failure.ts';
import type { Backend, BellData } from './bull-queue.ts';
import { TICK } from './bull-ticks.ts';

const SCHEMA = 'bullmq';
/** Each bell listened to, and the ticks, keep one connection for LISTEN; the others share the queries. */
const CONNECTIONS_MAX = Bells.length + 1 + 6;

/** @throws Failure when the server cannot be reached or refuses the schema. */
export async function connectPostgres(url: string, onError: (error: Error) => void): Promise<Backend> {
  const pool = createPool(url, {
    max: CONNECTIONS_MAX,
    connectionTimeoutMs: 5_000,
    applicationName: 'baton-queue',
    searchPath: SCHEMA,
    onError,
  });
  // BullMQ adds its own listener to the pool for every queue and worker.
  pool.setMaxListeners(0);
  try {
    const client = await pool.connect();
    try {
      await runMigrations(client, SCHEMA);
    } finally {
      client.release();
    }
  } catch (error) {
    await pool.end();
    throw toFailure(error);
  }
  // BullMQ describes the part of pg it uses in stricter types than pg's own.
  const connection = pool as unknown as PgPool;
  const { Queue, Worker } = withBackend(createPostgresBackend);
  return {
    isApart: false,
    queue: (bell) => new Queue<BellData>(bell, { connection }),
    worker: (bell, process, settings) =>
      new Worker<BellData, void>(bell, process, { connection, ...settings }),
    tickQueue: () => new Queue(TICK, { connection }),
    tickWorker: (process, settings) => new Worker(TICK, process, { connection, ...settings }),
    close: () => pool.end(),
  };
}
