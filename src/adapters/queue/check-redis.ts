/** What must be true of a Redis before bells are entrusted to it. */
import { Redis } from 'ioredis';
import { Failure } from '../../app/failures.ts';

const CONNECT_WAIT_MS = 3_000;
const ANSWER_WAIT_MS = 2_000;

/**
 * Asks once. `away`: it cannot be reached or does not answer now, which Baton can live with.
 * @throws Failure `redis-evicts` when it drops keys once its memory is full, `redis-refused` when it does not let us in.
 */
export async function checkRedis(url: string): Promise<'ready' | 'away'> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_WAIT_MS,
    commandTimeout: ANSWER_WAIT_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    enableReadyCheck: false,
  });
  let refusal: string | null = null;
  redis.on('error', (error: Error) => {
    if (isRefusal(error)) refusal = error.message;
  });
  try {
    await redis.connect();
    // Not CONFIG GET, which hosted servers refuse.
    const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1];
    if (policy === undefined || policy === 'noeviction') return 'ready';
    throw new Failure('permanent', 'redis-evicts', evicts(policy));
  } catch (error) {
    if (error instanceof Failure) throw error;
    if (error instanceof Error && isRefusal(error)) refusal = error.message;
    if (refusal !== null) throw new Failure('permanent', 'redis-refused', refused(refusal), { cause: error });
    return 'away';
  } finally {
    redis.disconnect();
  }
}

const isRefusal = ({ message }: Error): boolean =>
  /^(NOAUTH|WRONGPASS|NOPERM|ERR AUTH|ERR invalid password)/.test(message);

const evicts = (policy: string): string =>
  `Redis drops keys when its memory is full (maxmemory-policy is ${policy}), and with them parts of the queue: ` +
  'work would stall without a word. Tell it to refuse new keys instead, now and in its redis.conf, then start Baton again:\n' +
  '  redis-cli CONFIG SET maxmemory-policy noeviction\n' +
  '  maxmemory-policy noeviction';

const refused = (why: string): string =>
  `Redis does not let Baton in (${why}). Check the user and password in redis.url: redis://user:password@host:6379/0`;
