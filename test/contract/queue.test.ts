/** The queue's promises on the memory double and on BullMQ over PostgreSQL, and what only one of them promises. */
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPool } from '../../src/adapters/db/pool.ts';
import { bullQueue } from '../../src/adapters/queue/bull-queue.ts';
import { startTestServer, type TestServer } from '../support/embedded-database.ts';
import { MemoryQueue } from '../support/memory-queue.ts';
import { waitUntil } from '../support/wait-until.ts';
import { describeQueue } from './queue.ts';
import { describeTicks } from './ticks.ts';

describeQueue('memory', async () => {
  const queue = new MemoryQueue();
  return {
    queue,
    until: async (isDone) => {
      void queue.drain();
      await waitUntil('the bells', isDone);
    },
    quiet: () => queue.drain(),
    end: async () => undefined,
  };
});

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.end());

describeQueue('BullMQ on PostgreSQL', async () => {
  const url = await server.freshDatabase();
  const queue = await bullQueue({ backend: { type: 'postgres', url }, retryAfterMs: 10 });
  const pool = createPool(url);
  return {
    queue,
    until: (isDone) => waitUntil('the bells', isDone),
    quiet: (bell) =>
      waitUntil(`no ${bell} left`, async () => {
        const { rows } = await pool.query('SELECT count(*) FROM bullmq.job WHERE queue = $1', [bell]);
        return rows[0].count === 0;
      }),
    end: () => pool.end(),
  };
});

describeTicks('BullMQ on PostgreSQL', async () => {
  const url = await server.freshDatabase();
  const pool = createPool(url);
  return {
    open: () => bullQueue({ backend: { type: 'postgres', url } }),
    lose: async () => {
      await pool.query('TRUNCATE bullmq.job, bullmq.scheduler CASCADE');
    },
    left: async () =>
      (await pool.query(`SELECT count(*) FROM bullmq.job WHERE queue = 'tick'`)).rows[0].count,
    end: () => pool.end(),
  };
});

describe('BullMQ on PostgreSQL', () => {
  it('hands a bell that was rung in one process to a listener in another', async () => {
    const url = await server.freshDatabase();
    const [ringing, listening] = await Promise.all([
      bullQueue({ backend: { type: 'postgres', url } }),
      bullQueue({ backend: { type: 'postgres', url } }),
    ]);
    const seen: number[] = [];
    await listening.listen('route', async (ids) => void seen.push(...ids));
    await ringing.ring('route', [11]);
    await waitUntil('the bell', () => seen.length > 0);
    await Promise.all([ringing.close(), listening.close()]);
    expect(seen).toEqual([11]);
  });

  it('answers together what came while looks were busy', async () => {
    const url = await server.freshDatabase();
    const queue = await bullQueue({ backend: { type: 'postgres', url } });
    const pool = createPool(url);
    const looks: (readonly number[])[] = [];
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await queue.listen('deliver', async (ids) => {
      looks.push(ids);
      await released;
    });
    for (let id = 1; id <= 16; id += 1) await queue.ring('deliver', [id]);
    await waitUntil('all bells in hand', async () => {
      const { rows } = await pool.query(`SELECT count(*) FROM bullmq.job WHERE state = 'active'`);
      return rows[0].count === 16;
    });
    expect(looks).toHaveLength(4);
    release();
    await queue.close();
    await pool.end();
    expect(looks).toHaveLength(5);
    expect(looks.flat().sort((a, b) => a - b)).toEqual(Array.from({ length: 16 }, (_, at) => at + 1));
  });

  it('rings in vain without a throw when the database is gone, and warns once', async () => {
    const url = await server.freshDatabase();
    const warnings: string[] = [];
    const queue = await bullQueue({
      backend: { type: 'postgres', url },
      log: (level, message) => void (level === 'warn' && warnings.push(message)),
    });
    await dropDatabase(url);
    await queue.ring('route', [1]);
    await queue.ring('route', [2]);
    await queue.close();
    expect(warnings).toEqual(['bell not rung; the sweep will ring it']);
  });

  it('gives up ringing when the database has stopped answering', async () => {
    const relay = await startRelay(await server.freshDatabase());
    const queue = await bullQueue({ backend: { type: 'postgres', url: relay.url } });
    await queue.ring('route', [1]);
    relay.freeze();
    // Without the bound it would hang for longer than a test may take.
    await queue.ring('route', [2]);
    relay.end();
    await queue.close();
  });

  it('goes on listening after its connections were cut', async () => {
    const url = await server.freshDatabase();
    const queue = await bullQueue({ backend: { type: 'postgres', url } });
    const seen = new Set<number>();
    await queue.listen('route', async (ids) => void seen.add(ids[0] ?? 0));
    await queue.ring('route', [1]);
    await waitUntil('the first bell', () => seen.has(1));
    await cutConnections(url);
    // The sweep's part: a bell may be lost in the cut, so it rings until somebody answers.
    await waitUntil('a bell after the cut', async () => {
      await queue.ring('route', [2]);
      return seen.has(2);
    });
    await queue.close();
  });

  it('refuses a server that is not there with a temporary failure', async () => {
    const attempt = bullQueue({ backend: { type: 'postgres', url: 'postgresql://u:p@127.0.0.1:1/x' } });
    await expect(attempt).rejects.toMatchObject({
      name: 'Failure',
      kind: 'temporary',
      code: 'db-connection',
    });
  });

  it('keeps nothing but ids in the database', async () => {
    const url = await server.freshDatabase();
    const queue = await bullQueue({ backend: { type: 'postgres', url } });
    await queue.ring('deliver', [5, 6]);
    const pool = createPool(url);
    const { rows } = await pool.query('SELECT data FROM bullmq.job');
    await pool.end();
    await queue.close();
    expect(rows).toEqual([{ data: { ids: [5, 6] } }]);
  });
});

describe('the memory queue', () => {
  it('loses, doubles and mixes up bells on demand, and remembers what was rung', async () => {
    const queue = new MemoryQueue();
    const seen: number[] = [];
    await queue.listen('route', async (ids) => void seen.push(...ids));
    await queue.ring('route', [1]);
    queue.lose();
    queue.silence(true);
    await queue.ring('route', [2]);
    queue.silence(false);
    await queue.ring('route', [3]);
    await queue.ring('route', [4]);
    queue.duplicate();
    queue.reorder(() => 0);
    await queue.drain();
    expect(seen).toHaveLength(4);
    expect([...seen].sort()).toEqual([3, 3, 4, 4]);
    expect(seen).not.toEqual([3, 3, 4, 4]);
    expect(queue.rung.map((rung) => rung.ids[0])).toEqual([1, 2, 3, 4]);
  });

  it('gives a bell up after its last attempt and says why', async () => {
    const queue = new MemoryQueue();
    await queue.listen('route', () => Promise.reject(new Error('never')));
    await queue.ring('route', [1]);
    await queue.drain();
    expect(queue.givenUp).toMatchObject([{ bell: 'route', ids: [1], error: { message: 'never' } }]);
    expect(queue.waiting).toEqual([]);
  });

  it('answers bells that a handler rings within the same drain', async () => {
    const queue = new MemoryQueue();
    const seen: string[] = [];
    await queue.listen('route', async () => void seen.push('route'));
    await queue.listen('classify', async () => queue.ring('route', [1]));
    await queue.ring('classify', [1]);
    await queue.drain();
    expect(seen).toEqual(['route']);
  });
});

/** Passes bytes on to the server until frozen; then it takes everything and says nothing. */
async function startRelay(target: string): Promise<{ url: string; freeze(): void; end(): void }> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let isFrozen = false;
  const relay = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('error', () => undefined);
      from.on('close', () => to.destroy());
      from.on('data', (bytes) => isFrozen || to.write(bytes));
    }
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  const url = new URL(target);
  url.port = String((relay.address() as AddressInfo).port);
  return {
    url: url.href,
    freeze: () => {
      isFrozen = true;
    },
    end: () => {
      relay.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

async function asAdmin(
  url: string,
  work: (client: pg.Client, database: string) => Promise<unknown>,
): Promise<void> {
  const address = new URL(url);
  const database = address.pathname.slice(1);
  address.pathname = '/postgres';
  const client = new pg.Client({ connectionString: address.href });
  await client.connect();
  try {
    await work(client, database);
  } finally {
    await client.end();
  }
}

const dropDatabase = (url: string): Promise<void> =>
  asAdmin(url, (client, database) => client.query(`DROP DATABASE ${database} WITH (FORCE)`));

const cutConnections = (url: string): Promise<void> =>
  asAdmin(url, (client, database) =>
    client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [database]),
  );
