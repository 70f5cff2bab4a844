/** Rows 24 to 29 and 34 to 36 of the hazards: what Redis, PostgreSQL, SMTP and our own processes do to work in hand. */
import { spawn } from 'node:child_process';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { createPool } from '../../src/adapters/db/pool.ts';
import { bullQueue } from '../../src/adapters/queue/bull-queue.ts';
import { smtpMailSender } from '../../src/adapters/smtp/mail-sender.ts';
import { escalateOverdue } from '../../src/app/escalate-overdue.ts';
import { Failure } from '../../src/app/failures.ts';
import type { MailSender } from '../../src/app/ports/mail-sender.ts';
import type { Queue } from '../../src/app/ports/queue.ts';
import type { Store } from '../../src/app/ports/store.ts';
import { sweepStale } from '../../src/app/sweep-stale.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import { readSink } from '../../src/runtime/sink-folder.ts';
import { MONDAY, testPolicy, Uncapped } from '../support/policy.ts';
import { settableClock } from '../support/settable-clock.ts';
import { startPostgres } from '../support/stack/postgres.ts';
import { startRedis } from '../support/stack/redis.ts';
import { startSmtpSink } from '../support/stack/smtp-sink.ts';
import { describeOn, useServer } from '../support/stack/use-server.ts';
import { type MigratedDatabases, startMigratedDatabases } from '../support/store-database.ts';
import { openStoreOffice, type StoreOffice, type StoreOfficeOptions } from '../support/store-office.ts';
import { waitUntil } from '../support/wait-until.ts';

const RECONNECTED_WITHIN_MS = 30_000;
const LONG = { timeout: 90_000 };

describeOn(['redis'], 'bells over Redis', () => {
  const redis = useServer(startRedis);
  const other = useServer(startRedis);
  const queues: Queue[] = [];
  afterEach(async () => {
    for (const queue of queues.splice(0)) await queue.close();
  });
  const openQueue = async (url: string): Promise<Queue> => {
    const queue = await bullQueue({ backend: { type: 'redis', url }, retryAfterMs: 5 });
    queues.push(queue);
    return queue;
  };

  test('hazards 24: bells are heard again after a failover, though the demoted server keeps its connections', async () => {
    const service = await startService(redis().port);
    const old = new Redis(redis().url);
    onTestFinished(async () => {
      await old.replicaof('NO', 'ONE');
      old.disconnect();
      await service.close();
    });
    const queue = await openQueue(`redis://127.0.0.1:${service.port}`);
    const seen = new Set<number>();
    await queue.listen('route', async (ids) => {
      for (const id of ids) seen.add(id);
    });
    const heard = (id: number) =>
      waitUntil(`bell ${id}`, async () => {
        await queue.ring('route', [id]);
        return seen.has(id);
      });
    await heard(1);
    await old.replicaof('127.0.0.1', other().port);
    service.leadTo(other().port);
    await heard(2);
  });

  test(
    'hazards 25: a bell whose worker is killed twice while it answers is still answered',
    LONG,
    async () => {
      const queue = await openQueue(redis().url);
      await queue.ring('classify', [7]);
      const dies = join(import.meta.dirname, '../support/stack/dies-at-its-bell.ts');
      const inside = new Redis(redis().url);
      onTestFinished(() => inside.disconnect());
      /** What a minute does: the lock of the dead has ended, and the first look for such bells has marked this one. */
      const letTimePass = async () => {
        const held = await inside.lrange('baton:classify:active', 0, -1);
        await inside.del(...held.map((id) => `baton:classify:${id}:lock`), 'baton:classify:stalled-check');
        await inside.sadd('baton:classify:stalled', ...held);
      };
      for (let death = 1; death <= 2; death += 1) {
        const child = spawn(process.execPath, [dies, redis().url], { stdio: 'ignore' });
        try {
          await waitUntil('its death', () => child.signalCode !== null);
        } finally {
          child.kill('SIGKILL');
        }
        await letTimePass();
      }
      const seen: number[] = [];
      const last = await openQueue(redis().url);
      await last.listen('classify', async (ids) => void seen.push(...ids));
      await waitUntil('the answer', () => seen.length > 0);
      expect(seen).toEqual([7]);
    },
  );
});

describeOn(['postgres'], 'work on PostgreSQL', () => {
  const postgres = useServer(startPostgres);
  let databases: MigratedDatabases;
  const offices: StoreOffice[] = [];
  beforeAll(async () => {
    databases = await startMigratedDatabases(async () => ({ ...postgres(), end: async () => {} }));
  });
  afterAll(() => databases?.end().catch(() => {}));
  afterEach(async () => {
    for (const office of offices.splice(0)) await office.close();
  });
  async function openOffice(url: string, options: StoreOfficeOptions = {}): Promise<StoreOffice> {
    const policy = testPolicy({ caps: Uncapped });
    const office = await openStoreOffice(url, { policy, ...options });
    offices.push(office);
    return office;
  }

  const acknowledged = ({ memory }: StoreOffice) =>
    memory.delivered
      .filter(({ envelopeTo }) => envelopeTo.endsWith('@tenant.example'))
      .map(({ envelopeTo }) => envelopeTo);

  /** A store whose first call of this kind waits for `goOn`, as in a process whose event loop is blocked. */
  function blockedAt(call: keyof Store) {
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    let isFirst = true;
    const sabotage = (store: Store): Store => ({
      ...store,
      [call]: async (...args: unknown[]) => {
        if (isFirst) {
          isFirst = false;
          reached.resolve();
          await gate.promise;
        }
        return Reflect.apply(store[call], store, args);
      },
    });
    return { sabotage, reached: reached.promise, goOn: gate.resolve };
  }

  test.each([
    ['classify', 'transact', 'message'],
    ['route', 'transact', 'conversation'],
    ['deliver', 'readRequest', 'outbox'],
    ['deliver', 'beginAttempt', 'outbox'],
  ] as const)(
    'hazards 26: a worker that is blocked in %s before it can %s while another does its work changes nothing when it goes on',
    async (bell, call, table) => {
      const url = await databases.fresh();
      const clock = settableClock(MONDAY);
      const healthy = await openOffice(url, { clock });
      healthy.customerWrites();
      await healthy.ingest();
      if (bell !== 'classify') await healthy.looks.classify(await idsOf(healthy, 'message'));
      if (bell === 'deliver') await healthy.looks.route(await idsOf(healthy, 'conversation'));
      const ids = await idsOf(healthy, table);
      const { sabotage, reached, goOn } = blockedAt(call);
      const blocked = await openOffice(url, { clock, sabotage });
      const work = blocked.looks[bell](ids).catch((error: unknown) => error);
      await reached;
      // Longer than any lease.
      clock.advance(3 * MINUTE);
      await healthy.settle();
      expect(acknowledged(healthy)).toHaveLength(1);
      goOn();
      const error = await work;
      if (error !== undefined)
        expect(error).toMatchObject({ kind: 'temporary', code: 'attempt-out-of-turn' });
      await healthy.settle();
      const sent = [...healthy.memory.delivered, ...blocked.memory.delivered];
      expect(new Set(sent.map(({ envelopeFrom }) => envelopeFrom)).size).toBe(sent.length);
      expect(sent).toHaveLength(2);
      expect(await healthy.violations()).toEqual([]);
    },
  );

  test('hazards 27: three clocks and three mailers at once let each deadline pass once and send each notice once', async () => {
    const url = await databases.fresh();
    const clock = settableClock(MONDAY);
    const [first, ...others] = [
      await openOffice(url, { clock }),
      await openOffice(url, { clock }),
      await openOffice(url, { clock }),
    ];
    if (first === undefined) throw new Error('bug: no office');
    for (let count = 0; count < 12; count += 1) first.customerWrites();
    await first.settle();
    clock.advance(16 * MINUTE);
    const all = [first, ...others];
    for (let round = 0; round < 4; round += 1) {
      await Promise.all(
        all.map(async (office) => {
          while ((await escalateOverdue(office.deps)) > 0);
          await sweepStale(office.deps);
          await office.looks.deliver(await idsOf(office, 'outbox'));
        }),
      );
      clock.advance(20 * SECOND);
    }
    const lapsed = await first.pool.query("SELECT count(*) AS n FROM event WHERE type = 'lapsed'");
    expect(lapsed.rows[0].n).toBe(12);
    const keys = all.flatMap(({ memory }) => memory.delivered.map(({ envelopeFrom }) => envelopeFrom));
    expect(new Set(keys).size).toBe(keys.length);
    expect(all.flatMap(acknowledged)).toHaveLength(12);
    for (const office of all) expect(office.errors).toEqual([]);
    expect(await first.violations()).toEqual([]);
  });

  test.each(['stopImmediately', 'crash'] as const)(
    'hazards 28: nothing is lost or sent twice when PostgreSQL goes down under load by %s, and work goes on within 30 seconds',
    { timeout: 2 * LONG.timeout },
    async (fall) => {
      const url = await databases.fresh();
      const pool = createPool(url, { max: 10, connectionTimeoutMs: 1_000 });
      const office = await openOffice(url, { pool });
      await office.settle();
      let isOver = false;
      let isFallen = false;
      const failures = new Set<string>();
      const worker = (async () => {
        while (!isOver) {
          // While it is down nothing is taken in, and letters piled up at the speed of this loop would be a storm.
          for (let count = 0; count < 5 && !isFallen; count += 1) office.customerWrites();
          isFallen = await office.settle().then(
            () => false,
            (error: unknown) => {
              if (!(error instanceof Failure) || error.kind !== 'temporary') throw error;
              failures.add(error.code);
              return true;
            },
          );
          if (isFallen) await pause(20);
        }
      })();
      // However the test ends, or a failure here would be a loop that no timeout ends.
      onTestFinished(() => {
        isOver = true;
      });
      for (let round = 1; round <= 2; round += 1) {
        const before = office.memory.delivered.length;
        await waitUntil('some work', () => office.memory.delivered.length > before + 10);
        await postgres()[fall]();
        await postgres().start();
        const upAt = Date.now();
        const sent = office.memory.delivered.length;
        await waitUntil('work goes on', () => office.memory.delivered.length > sent, RECONNECTED_WITHIN_MS);
        expect(Date.now() - upAt).toBeLessThan(RECONNECTED_WITHIN_MS);
      }
      isOver = true;
      await worker;
      await office.passTime(office.clock.now() + 4 * MINUTE, 20 * SECOND);
      expect(failures.size + office.errors.length).toBeGreaterThan(0);
      for (const error of office.errors) expect(error).toMatchObject({ kind: 'temporary' });
      expect(await office.violations()).toEqual([]);
      const copies = Map.groupBy(acknowledged(office), (address) => address);
      const { rows } = await office.pool.query<{ n: number }>(
        "SELECT count(*) AS n FROM message WHERE disposition = 'request'",
      );
      expect(copies.size).toBe(rows[0]?.n);
      expect(new Set(office.memory.delivered.map(({ envelopeFrom }) => envelopeFrom)).size).toBe(
        await count(office, 'outbox'),
      );
    },
  );

  test(
    'hazards 29: while PostgreSQL hangs every step ends with a temporary failure and nothing is sent',
    LONG,
    async () => {
      const url = await databases.fresh();
      // Our own patience is the server's and five seconds.
      const pool = createPool(url, { max: 10, connectionTimeoutMs: 500, statementTimeoutMs: 200 });
      const office = await openOffice(url, { pool });
      office.customerWrites();
      await office.ingest();
      await office.looks.classify(await idsOf(office, 'message'));
      await office.looks.route(await idsOf(office, 'conversation'));
      const notices = await idsOf(office, 'outbox');
      const pids = postgres().daemon.pids();
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      try {
        office.customerWrites();
        const work = [
          office.ingest(),
          office.looks.classify([1]),
          office.looks.route([1001]),
          office.looks.deliver(notices),
        ];
        const begunAt = performance.now();
        const results = await Promise.allSettled(work);
        expect(performance.now() - begunAt).toBeLessThan(15_000);
        for (const result of results) {
          expect(result).toMatchObject({ status: 'rejected', reason: { kind: 'temporary' } });
        }
        expect(office.memory.attempts).toEqual([]);
      } finally {
        for (const pid of pids) process.kill(pid, 'SIGCONT');
      }
      await office.passTime(office.clock.now() + 4 * MINUTE, 20 * SECOND);
      expect(acknowledged(office)).toHaveLength(2);
      expect(await office.violations()).toEqual([]);
    },
  );

  test.each([
    ['outbox', 'route'],
    ['event', 'route'],
    ['attempt', 'deliver'],
    ['outbox_words', 'deliver'],
  ] as const)(
    'hazards 29: with a lock held on %s, %s gives up, nothing is sent for what was rolled back, and all is sent once afterwards',
    async (table, bell) => {
      const url = await databases.fresh();
      const pool = createPool(url, { max: 10, lockTimeoutMs: 200 });
      const office = await openOffice(url, { pool });
      office.customerWrites();
      await office.ingest();
      await office.looks.classify(await idsOf(office, 'message'));
      if (bell === 'deliver') await office.looks.route(await idsOf(office, 'conversation'));
      const events = await count(office, 'event');
      const holder = new pg.Client({ connectionString: url });
      await holder.connect();
      await holder.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
      const ids = bell === 'route' ? [1001] : [1, 2];
      await expect(office.looks[bell](ids)).rejects.toMatchObject({ kind: 'temporary', code: 'db-55P03' });
      expect(office.memory.attempts).toEqual([]);
      await holder.query('ROLLBACK');
      await holder.end();
      expect(await count(office, 'event')).toBe(events);
      await office.passTime(office.clock.now() + 4 * MINUTE, 20 * SECOND);
      expect(acknowledged(office)).toHaveLength(1);
      expect(await office.violations()).toEqual([]);
    },
  );
});

describeOn(['postgres', 'smtp-sink'], "notices through Postfix' smtp-sink", () => {
  const postgres = useServer(startPostgres);
  const sink = useServer(startSmtpSink);
  let databases: MigratedDatabases;
  let office: StoreOffice;
  let sender: MailSender;
  beforeAll(async () => {
    databases = await startMigratedDatabases(async () => ({ ...postgres(), end: async () => {} }));
  });
  afterAll(() => databases?.end());
  afterEach(async () => {
    await office.close();
    await sender.close();
  });

  async function openOffice(flags: readonly string[]): Promise<void> {
    await sink().restart(flags);
    sink().forget();
    const timings = { connectMs: 500, greetingMs: 500, silenceMs: 500, totalMs: 2_000 };
    sender = smtpMailSender({ host: '127.0.0.1', port: sink().port, tls: 'none', timings });
    office = await openStoreOffice(await databases.fresh(), { sender });
  }

  const mailsTo = (address: string) =>
    readSink(sink().folder).filter(({ recipients }) => recipients[0] === address);
  const outcomes = async () => {
    const { rows } = await office.pool.query<{ outcome: string }>(
      `SELECT a.outcome FROM attempt a JOIN outbox o ON o.id = a.outbox_id WHERE o.kind = 'acknowledgement' ORDER BY a.number`,
    );
    return rows.map(({ outcome }) => outcome);
  };

  test('hazards 34: a mail whose 250 is lost is sent again with its own Message-ID and bytes, and is told by verify as one', async () => {
    await openOffice(['-q', '.']);
    const customer = office.customerWrites();
    await office.settle();
    expect(await outcomes()).toEqual(['unknown']);
    await sink().restart();
    await office.passTime(office.clock.now() + MINUTE, 20 * SECOND);
    expect(await outcomes()).toEqual(['unknown', 'accepted']);
    const copies = mailsTo(customer);
    expect(copies).toHaveLength(2);
    expect(new Set(copies.map(({ messageId }) => messageId)).size).toBe(1);
    expect(new Set(copies.map(({ hash }) => hash)).size).toBe(1);
    expect(await office.violations(readSink(sink().folder))).toEqual([]);
  });

  test.each([
    ['a 421 at once', ['-Q', 'CONNECT'], 'temporary'],
    ['a 421 after EHLO', ['-Q', 'EHLO,HELO'], 'temporary'],
    ['a 421 after MAIL', ['-Q', 'MAIL'], 'temporary'],
    ['a 421 after RCPT', ['-Q', 'RCPT'], 'temporary'],
    ['a 421 after DATA', ['-Q', 'DATA'], 'temporary'],
    ['a 421 after the content', ['-Q', '.'], 'temporary'],
    ['a 450 to MAIL', ['-r', 'MAIL'], 'temporary'],
    ['a 450 to RCPT', ['-r', 'RCPT'], 'temporary'],
    ['a 450 to DATA', ['-r', 'DATA'], 'temporary'],
    ['a 450 to the content', ['-r', '.'], 'temporary'],
    ['a 500 to EHLO', ['-f', 'EHLO,HELO'], 'temporary'],
    ['an end at once', ['-q', 'CONNECT'], 'temporary'],
    ['an end after EHLO', ['-q', 'EHLO,HELO'], 'temporary'],
    ['an end after MAIL', ['-q', 'MAIL'], 'temporary'],
    ['an end after RCPT', ['-q', 'RCPT'], 'temporary'],
    ['an end after DATA', ['-q', 'DATA'], 'temporary'],
    ['silence at once', ['-W', 'CONNECT:30'], 'temporary'],
    ['silence after RCPT', ['-W', 'RCPT:30'], 'temporary'],
    ['silence after the content', ['-W', '.:30'], 'unknown'],
  ] as const)(
    'hazards 35: %s delays the acknowledgement, which is then sent under one Message-ID',
    async (_, flags, outcome) => {
      await openOffice(flags);
      const customer = office.customerWrites();
      await office.settle();
      expect(await outcomes()).toEqual([outcome]);
      // A sink that refuses a mail keeps it all the same.
      if (outcome === 'temporary') sink().forget();
      await sink().restart();
      await office.passTime(office.clock.now() + MINUTE, 20 * SECOND);
      expect(await outcomes()).toEqual([outcome, 'accepted']);
      expect(new Set(mailsTo(customer).map(({ messageId }) => messageId)).size).toBe(1);
      expect(await office.violations(readSink(sink().folder))).toEqual([]);
    },
  );

  test('hazards 35: a refusal within the content that ends the connection is final where it was heard, and else the mail is sent again', async () => {
    await openOffice(['-A', '0']);
    const customer = office.customerWrites();
    await office.settle();
    const [outcome, ...more] = await outcomes();
    // The end of the connection may take the server's words along, since content was on its way.
    expect(['unknown', 'permanent']).toContain(outcome);
    expect(more).toEqual([]);
    await sink().restart();
    await office.passTime(office.clock.now() + MINUTE, 20 * SECOND);
    expect(await outcomes()).toEqual(outcome === 'unknown' ? ['unknown', 'accepted'] : ['permanent']);
    expect(mailsTo(customer)).toHaveLength(outcome === 'unknown' ? 1 : 0);
  });

  test.each(['MAIL', 'RCPT', 'DATA', '.'])(
    'hazards 35: a 5xx to %s is final, and whoever answers for the request is told of it once mail flows again',
    async (stage) => {
      await openOffice(['-f', stage]);
      const customer = office.customerWrites('Hello');
      await office.settle();
      expect(await outcomes()).toEqual(['permanent']);
      sink().forget();
      await sink().restart();
      await office.passTime(office.clock.now() + 3 * HOUR, 20 * MINUTE);
      expect(mailsTo(customer)).toEqual([]);
      const { rows } = await office.pool.query(`SELECT state FROM outbox WHERE kind = 'acknowledgement'`);
      expect(rows).toEqual([{ state: 'failed' }]);
      const told = await office.pool.query(
        `SELECT body->'recipient'->>'type' AS lost FROM outbox WHERE kind = 'undeliverable'`,
      );
      expect(told.rows).toContainEqual({ lost: 'customer' });
      expect(await office.violations(readSink(sink().folder))).toEqual([]);
    },
  );

  test(
    'hazards 36: what waited six hours for a server that was down is sent within the hour, once, and without questions that are no longer open',
    LONG,
    async () => {
      await openOffice([]);
      await office.settle();
      await sink().daemon.kill('SIGKILL');
      const customers: string[] = [];
      for (const begunAt = office.clock.now(); office.clock.now() < begunAt + 6 * HOUR; ) {
        customers.push(office.customerWrites());
        await office.passTime(office.clock.now() + 15 * MINUTE, 5 * MINUTE);
      }
      expect(readSink(sink().folder)).toEqual([]);
      await sink().restart();
      await office.passTime(office.clock.now() + HOUR + MINUTE, 5 * MINUTE);
      const mails = readSink(sink().folder);
      for (const customer of customers) expect(mailsTo(customer)).toHaveLength(1);
      expect(new Set(mails.map(({ messageId }) => messageId)).size).toBe(mails.length);
      const { rows } = await office.pool.query(
        `SELECT count(*) AS n FROM outbox o JOIN offer f ON f.conversation_id = o.conversation_id AND f.seq = o.seq
       WHERE o.kind = 'offer' AND o.state = 'sent' AND f.closed_at < o.settled_at`,
      );
      expect(rows).toEqual([{ n: 0 }]);
      expect(
        await count(office, "outbox WHERE state = 'dropped' AND outcome_code = 'overtaken'"),
      ).toBeGreaterThan(20);
      expect(await office.violations(mails)).toEqual([]);
    },
  );
});

const count = async ({ pool }: StoreOffice, from: string): Promise<number> =>
  (await pool.query<{ n: number }>(`SELECT count(*) AS n FROM ${from}`)).rows[0]?.n ?? -1;

const idsOf = async (
  { pool }: StoreOffice,
  table: 'message' | 'conversation' | 'outbox',
): Promise<number[]> =>
  (await pool.query<{ id: number }>(`SELECT id FROM ${table} ORDER BY id`)).rows.map(({ id }) => id);

/** One address that leads to whichever server is the primary now; whoever is connected stays where they are. */
async function startService(port: number) {
  let target = port;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target, '127.0.0.1');
    for (const [socket, end] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => end.destroy());
      socket.on('close', () => end.destroy());
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    leadTo: (next: number) => {
      target = next;
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
