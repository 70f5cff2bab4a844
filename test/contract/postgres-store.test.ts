/** What the PostgreSQL store promises beyond the contract: its rows, its locks, its clock, and lost connections. */
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { postgresStore } from '../../src/adapters/db/store.ts';
import { Failure } from '../../src/app/failures.ts';
import type { NoticeReturn } from '../../src/app/ports/returned.ts';
import type { Store } from '../../src/app/ports/store.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import { MONDAY } from '../support/policy.ts';
import { type SettableClock, settableClock } from '../support/settable-clock.ts';
import {
  emptyDatabase,
  type MigratedDatabases,
  startMigratedDatabases,
  testPool,
} from '../support/store-database.ts';
import { waitUntil } from '../support/wait-until.ts';
import { beginWorld, looseNotice, readingOf, settled, type World } from './store-world.ts';

let databases: MigratedDatabases;
let url: string;
let pool: pg.Pool;
let store: Store;
let clock: SettableClock;
let world: World;

beforeAll(async () => {
  databases = await startMigratedDatabases();
  url = await databases.fresh();
});
afterAll(() => databases.end());
beforeEach(async () => {
  await emptyDatabase(url);
  clock = settableClock(MONDAY);
  pool = testPool(url);
  store = postgresStore({ pool, time: clock });
  world = await beginWorld({ store, clock, close: () => store.close() });
});
afterEach(() => store.close());

async function column<T>(text: string): Promise<T[]> {
  const { rows } = await pool.query({ text, rowMode: 'array' });
  return rows.map(([value]: unknown[]) => value as T);
}

describe('rows of the PostgreSQL store', () => {
  it('tile the ledger through a whole life, to the microsecond', async () => {
    const { id, state } = await world.openRequest();
    clock.advance(7);
    await world.route(id, 'priya', 'luis');
    clock.advance(MINUTE + 1);
    await world.command(id, 'priya', { verb: 'accept' });
    await world.command(id, 'priya', { verb: 'handoff', to: 'sam', note: null });
    clock.advance(HOUR);
    await world.command(id, 'sam', { verb: 'accept' });
    await world.command(id, 'sam', { verb: 'done', note: null });
    await world.happen(id, {
      type: 'customer-wrote',
      messageId: state.lastCustomerMessage,
      onlyThanks: false,
    });
    const { rows } = await pool.query(
      `SELECT member_id, ended, (extract(epoch from from_at) * 1000000)::bigint AS from_at,
         (extract(epoch from until_at) * 1000000)::bigint AS until_at FROM ledger ORDER BY from_at`,
    );
    const { events } = await store.readRequest(id);
    const moves = events.filter(({ type }) => ['arrived', 'accepted', 'done', 'reopened'].includes(type));
    expect(rows.map(({ member_id }) => member_id)).toEqual(['leah', 'priya', 'sam', null, 'sam']);
    expect(rows.map(({ from_at }) => from_at)).toEqual(moves.map(({ at }) => at));
    expect(rows.map(({ until_at }) => until_at)).toEqual([...moves.slice(1).map(({ at }) => at), null]);
    expect(await column('SELECT outcome FROM offer ORDER BY seq')).toEqual(['accepted', 'accepted']);
  });

  it('keep text that PostgreSQL would refuse', async () => {
    const subject = 'NUL \u0000, half a pair \ud83d, and C:\\u0000';
    const { id } = await world.openRequest({
      subject,
      mail: { subject, text: '\u0000', warnings: ['\udc00'] },
    });
    const request = await store.readRequest(id);
    expect(request.subject).toBe('NUL \ufffd, half a pair \ufffd, and C:\\u0000');
    expect(request.messages[0]?.subject).toBe(request.subject);
  });

  it('keep a customer whose address is longer than an index takes', async () => {
    const customer = { name: '', address: `${'x'.repeat(20_000)}@tenant.example` };
    const first = await world.openRequest({ customer });
    const second = await world.openRequest({ customer });
    expect((await store.readRequest(second.id)).earlier).toEqual({ total: 1, done: 0 });
    expect((await store.readRequest(first.id)).earlier).toEqual({ total: 0, done: 0 });
  });

  it('keep of what reports say the weightiest, and the first of those', async () => {
    const { notices } = await world.write({ notices: [looseNotice('a'), looseNotice('b')] });
    const [id = 0, other = 0] = notices;
    const say = (as: NoticeReturn['as'], status: string | null = null) => {
      const failure = as === 'failed' ? { reason: 'blocked' as const, status, permanent: false } : null;
      return world.write({ returns: [{ id, as, failure }] });
    };
    const known = () =>
      column(`SELECT concat_ws(' ', returned_as, returned_status, returned_reason) FROM outbox ORDER BY id`);
    await say('delayed');
    expect(await known()).toEqual(['delayed', '']);
    await say('delivered');
    await say('delayed');
    expect(await known()).toEqual(['delivered', '']);
    await say('failed', '4.7.1');
    await say('failed', '5.7.1');
    await say('delivered');
    expect(await known()).toEqual(['failed 4.7.1 blocked', '']);
    await expect(world.write({ returns: [{ id: other, as: 'failed', failure: null }] })).rejects.toThrow(
      Failure,
    );
  });

  it('keep the bytes of a copy once', async () => {
    const mailbox = await world.openFolder();
    const { uid: _, ...mail } = world.newMessage();
    await world.receive(mailbox, mail, mail);
    expect(await column('SELECT disposition FROM message ORDER BY id')).toEqual([null, 'duplicate']);
    expect(await column('SELECT count(*) FROM message_words')).toEqual([1]);
  });

  it('answer many requests that are rendered together each with its own', async () => {
    const opened = [];
    for (const subject of ['one', 'two', 'three']) opened.push(await world.openRequest({ subject }));
    const requests = await Promise.all(opened.map(({ id }) => store.readRequest(id)));
    expect(requests.map(({ subject }) => subject)).toEqual(['one', 'two', 'three']);
    expect(requests.map(({ messages }) => messages.map(({ id }) => id))).toEqual(
      opened.map(({ messageId }) => [messageId]),
    );
    expect(requests.map(({ earlier }) => earlier.total)).toEqual([0, 1, 2]);
    const missing = await Promise.allSettled([store.readRequest(opened[0]?.id ?? 0), store.readRequest(4)]);
    expect(missing.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });
});

describe('mail that the server numbers anew', () => {
  const cursor = async () => {
    const { uidValidity, lastUid } = await world.openFolder();
    return { uidValidity, lastUid };
  };

  it('is known again when an old UIDVALIDITY comes back, and nothing is stored twice', async () => {
    const mailbox = await world.openFolder();
    const [first, second] = [world.newMessage({ uid: 1 }), world.newMessage({ uid: 2, rawHash: null })];
    const batch = async (uidValidity: string, messages = [first, second]) =>
      store.saveBatch({
        mailboxId: mailbox.id,
        fence: mailbox.fence,
        uidValidity,
        before: await cursor(),
        lastUid: 2,
        messages,
      });
    expect(await batch('1')).toHaveLength(2);
    expect(await batch('2', [first])).toEqual([]);
    expect(await batch('1')).toEqual([]);
    expect(await column('SELECT count(*) FROM message')).toEqual([3]);
  });

  it('is never lost when a UID comes back with another mail', async () => {
    const mailbox = await world.openFolder();
    const batch = async (uidValidity: string, uid: number) =>
      store.saveBatch({
        mailboxId: mailbox.id,
        fence: mailbox.fence,
        uidValidity,
        before: await cursor(),
        lastUid: uid,
        messages: [world.newMessage({ uid })],
      });
    await batch('1', 1);
    await batch('2', 1);
    expect(await batch('1', 1)).toHaveLength(1);
    expect(await cursor()).toEqual({ uidValidity: '1', lastUid: 1 });
    expect(await column('SELECT uid FROM message ORDER BY id')).toEqual([-1, 1, 1]);
    expect(await column('SELECT count(*) FROM message_words')).toEqual([3]);
  });

  it('is taken once when two folders of an inbox bring the same mail at the same time', async () => {
    const first = await world.openFolder();
    const second = await world.watch({ ...first, folder: 'Archive' });
    const { uid: _, ...mail } = world.newMessage();
    // The other poller, stopped between its insert and its commit.
    const other = await pool.connect();
    await other.query(
      `BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('baton:intake:maintenance/inbox', 0))`,
    );
    await other.query(
      `INSERT INTO message (mailbox_id, uid_validity, uid, stored_at, received_at, size, raw_hash, history, stage)
       VALUES ($1, 1, 1, now(), now(), 1, $2, false, 'stored')`,
      [first.id, mail.rawHash],
    );
    let isSaved = false;
    const saving = world.receive(second, mail).finally(() => {
      isSaved = true;
    });
    const waiting = `SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`;
    await waitUntil('the second poller waits', async () => isSaved || (await column(waiting))[0] === 1);
    await other.query('COMMIT');
    other.release();
    expect(await saving).toEqual([]);
  });
});

describe('a sender that is slower than its lease', () => {
  const attempt = (id: number, number: number, claims = number) =>
    store.beginAttempt({
      id,
      claims,
      number,
      lease: MINUTE,
      recipient: 'leah@elm.example',
      raw: Buffer.from(`try ${number}`),
      counted: null,
    });
  const claim = () => store.claimNotices({ limit: 1, lease: MINUTE });
  const report = (id: number, number: number, state: 'sent' | { retryAt: number }) =>
    world.write({
      outcomes: [
        { id, claims: number, attempt: number, result: { outcome: 'unknown', code: 'c' }, state, code: 'c' },
      ],
    });

  it('may not begin an attempt that another has begun', async () => {
    const { notices } = await world.write({ notices: [looseNotice('a')] });
    const [id = 0] = notices;
    await claim();
    clock.advance(HOUR);
    expect(await claim()).toHaveLength(1);
    await attempt(id, 1, 2);
    await expect(attempt(id, 1, 2)).rejects.toMatchObject({ kind: 'temporary', code: 'attempt-out-of-turn' });
    expect(await column('SELECT attempts FROM outbox')).toEqual([1]);
  });

  it('begins many attempts at once, each with its own bytes, and refuses only those that may not', async () => {
    const names = ['a', 'b', 'c'];
    const { notices } = await world.write({ notices: names.map((name) => looseNotice(name)) });
    const [a = 0, b = 0, c = 0] = notices;
    await store.claimNotices({ ids: [a, b], limit: 2, lease: MINUTE });
    const tries = await Promise.allSettled([attempt(b, 1), attempt(c, 1), attempt(a, 1), attempt(a, 1)]);
    expect(tries.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected']);
    expect(await column('SELECT attempts FROM outbox ORDER BY id')).toEqual([1, 1, 0]);
    expect(await column('SELECT outbox_id FROM attempt ORDER BY 1')).toEqual([a, b]);
    expect(await column('SELECT outbox_id FROM outbox_words ORDER BY 1')).toEqual([a, b]);
  });

  it('does not take the turn from the next by asking for a retry, but is believed that it has sent', async () => {
    const { notices } = await world.write({ notices: [looseNotice('a')] });
    const [id = 0] = notices;
    await claim();
    await attempt(id, 1);
    clock.advance(HOUR);
    await claim();
    await attempt(id, 2);
    await report(id, 1, { retryAt: clock.now() });
    expect(await claim()).toEqual([]);
    expect(await column('SELECT state FROM outbox')).toEqual(['sending']);
    await report(id, 1, 'sent');
    await report(id, 2, { retryAt: clock.now() });
    expect(await column('SELECT state FROM outbox')).toEqual(['sent']);
    expect(await column('SELECT outcome FROM attempt ORDER BY number')).toEqual(['unknown', 'unknown']);
  });
});

describe('transactions of the PostgreSQL store', () => {
  it('take turns at an inbox, whatever the order in which they name it, and not at another', async () => {
    const order: string[] = [];
    const held = Promise.withResolvers<void>();
    const inside = Promise.withResolvers<void>();
    const first = store.transact(['maintenance', 'billing'], async () => {
      inside.resolve();
      await held.promise;
      order.push('first');
    });
    await inside.promise;
    const second = store.transact(['billing', 'maintenance'], async () => void order.push('second'));
    await store.transact(['reception'], async () => void order.push('elsewhere'));
    await store.transact([], async () => void order.push('without a lock'));
    held.resolve();
    await Promise.all([first, second]);
    expect(order).toEqual(['elsewhere', 'without a lock', 'first', 'second']);
  });

  it('do not believe that they committed when a statement had failed', async () => {
    const broken = world.transact(async (tx) => {
      await tx.write({ notices: [looseNotice('b', { inboxId: 'nowhere' })] }).catch(() => undefined);
    });
    await expect(broken).rejects.toMatchObject({ code: 'db-rolled-back' });
  });

  it('fail for now when a lock is held for too long', async () => {
    const { id } = await world.openRequest();
    const impatient = postgresStore({ pool: testPool(url, 100), time: clock });
    const held = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const holder = world.transact(async (tx) => {
      await tx.lockConversations([id]);
      locked.resolve();
      await held.promise;
    });
    await locked.promise;
    await expect(impatient.transact([], (tx) => tx.lockConversations([id]))).rejects.toMatchObject({
      kind: 'temporary',
      code: 'db-55P03',
    });
    held.resolve();
    await holder;
    await impatient.close();
  });

  it('fail for now when the server ends their connection, and the next one works', async () => {
    const messageId = await world.receiveOne();
    const work = world.transact(async (tx) => {
      await tx.write({ messages: [settled(messageId, { reading: readingOf(messageId) })] });
      await column(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE state = 'idle in transaction' AND datname = current_database()`);
      await tx.now();
      await tx.now();
    });
    const failure = await work.then(
      () => null,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(Failure);
    expect(failure).toMatchObject({ kind: 'temporary' });
    expect(await store.beginClassify([messageId])).toHaveLength(1);
  });

  it('wait for a connection no longer than the pool allows, and say that it is for now', async () => {
    await store.close();
    await expect(store.nextDueAt()).rejects.toMatchObject({ kind: 'temporary', code: 'db-connection' });
    await expect(store.transact([], async () => 1)).rejects.toMatchObject({ kind: 'temporary' });
    await expect(store.formerMembers()).rejects.toMatchObject({ kind: 'temporary' });
  });
});

describe("the database's clock", () => {
  it('is asked after the lock, so that time moves forward with the turns', async () => {
    const own = postgresStore({ pool: testPool(url), time: 'database' });
    const { id } = await world.openRequest();
    const held = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const first = own.transact([], async (tx) => {
      await tx.lockConversations([id]);
      locked.resolve();
      await held.promise;
      return column<number>('SELECT (extract(epoch from clock_timestamp()) * 1000000)::bigint');
    });
    await locked.promise;
    const second = own.transact([], async (tx) => {
      await tx.lockConversations([id]);
      return tx.now();
    });
    const waiting = 'SELECT count(*) FROM pg_locks WHERE NOT granted';
    await waitUntil('the second transaction waits', async () => (await column(waiting))[0] === 1);
    held.resolve();
    const [release = 0] = await first;
    expect(await second).toBeGreaterThan(release);
    await own.close();
  });

  it('dates what is stored, claimed and due', async () => {
    const own = postgresStore({ pool: testPool(url), time: 'database' });
    const real = await beginWorld({ store: own, clock, close: () => own.close() });
    const now = await own.transact([], (tx) => tx.now());
    expect(Math.abs(now / 1_000 - Date.now())).toBeLessThan(60_000);
    const mailbox = await real.openFolder('billing');
    expect(mailbox.startFrom).toBeGreaterThan(now - SECOND);
    const ids = await real.receive(mailbox, { receivedAt: now + HOUR });
    const [message] = await own.beginClassify(ids);
    expect(message?.storedAt).toBeGreaterThanOrEqual(mailbox.startFrom);
    expect(Number.isSafeInteger(message?.storedAt)).toBe(true);
    await real.write({ notices: [looseNotice('a')] });
    expect(await own.claimNotices({ limit: 1, lease: MINUTE })).toHaveLength(1);
    expect(await own.claimNotices({ limit: 1, lease: MINUTE })).toEqual([]);
    expect(await own.nextDueAt()).toBeGreaterThan(now + MINUTE - 1);
    await own.close();
  });
});
