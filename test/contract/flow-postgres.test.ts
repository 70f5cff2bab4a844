/** What PostgreSQL knows of how mail flows: a mailbox against its server, outages and who is told, canaries. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { postgresCanaries } from '../../src/adapters/db/canaries.ts';
import { postgresMailboxNotes } from '../../src/adapters/db/mailbox-notes.ts';
import { postgresOutages } from '../../src/adapters/db/outages.ts';
import { postgresOverview } from '../../src/adapters/db/overview.ts';
import { postgresPages } from '../../src/adapters/db/pages.ts';
import type { Pool } from '../../src/adapters/db/pool.ts';
import { postgresStore } from '../../src/adapters/db/store.ts';
import type { Canaries } from '../../src/app/ports/canaries.ts';
import type { MailboxNotes } from '../../src/app/ports/mailbox-notes.ts';
import type { Outages } from '../../src/app/ports/outages.ts';
import type { NoticeOutcome } from '../../src/app/ports/outbox.ts';
import type { Overview } from '../../src/app/ports/overview.ts';
import type { Store } from '../../src/app/ports/store.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import type { Trouble } from '../../src/domain/outage.ts';
import { MONDAY } from '../support/policy.ts';
import { type SettableClock, settableClock } from '../support/settable-clock.ts';
import {
  emptyDatabase,
  type MigratedDatabases,
  startMigratedDatabases,
  testPool,
} from '../support/store-database.ts';
import { beginWorld, looseNotice, readingOf, settled, type World } from './store-world.ts';

let databases: MigratedDatabases;
let url: string;
let pool: Pool;
let clock: SettableClock;
let store: Store;
let world: World;
let notes: MailboxNotes;
let outages: Outages;
let canaries: Canaries;
let overview: Overview;

beforeAll(async () => {
  databases = await startMigratedDatabases();
  url = await databases.fresh();
});
afterAll(() => databases.end());
beforeEach(async () => {
  await emptyDatabase(url);
  clock = settableClock(MONDAY);
  pool = testPool(url);
  const on = { pool, time: clock };
  store = postgresStore(on);
  [notes, outages] = [postgresMailboxNotes(on), postgresOutages(on)];
  [canaries, overview] = [postgresCanaries(on), postgresOverview(on)];
  world = await beginWorld({ store, clock, close: async () => {} });
});
afterEach(() => store.close());

describe('a mailbox against its server', () => {
  test('its rows are told as ranges of UIDs, of one numbering and folder', async () => {
    const mailbox = await world.openFolder();
    await world.receive(await world.openFolder('maintenance', 'sent'), { uid: 3 });
    await world.receive(mailbox, { uid: 1 }, { uid: 2 }, { uid: 3 }, { uid: 7 }, { uid: 9 }, { uid: 10 });
    expect(await notes.knownUids(mailbox, '1')).toEqual([
      { first: 1, last: 3 },
      { first: 7, last: 7 },
      { first: 9, last: 10 },
    ]);
    expect(await notes.knownUids(mailbox, '2')).toEqual([]);
  });

  test('a comparison is kept under the fence alone, and repairs add up', async () => {
    const mailbox = await world.openFolder();
    await notes.noteCompared(mailbox, { missing: 2, repaired: 3, gone: 4 });
    clock.advance(MINUTE);
    await notes.noteCompared(mailbox, { missing: 0, repaired: 2, gone: 5 });
    await notes.noteJunk(mailbox, { folder: 'Spam', count: 9 });
    const late = { ...mailbox, fence: mailbox.fence - 1 };
    await expect(notes.noteCompared(late, { missing: 9, repaired: 9, gone: 9 })).rejects.toMatchObject({
      code: 'lease-lost',
    });
    const [row] = (await overview.read()).folders;
    expect(row).toMatchObject({
      reconciled: { at: clock.now(), missing: 0, repaired: 5, gone: 5 },
      junk: { folder: 'Spam', count: 9 },
    });
    await notes.noteJunk(mailbox, null);
    expect((await overview.read()).folders[0]?.junk).toBeNull();
  });

  test('one that met trouble is not connected, until the next poll that ends well', async () => {
    const mailbox = await world.openFolder();
    await world.receive(mailbox);
    const isConnected = async () => (await overview.read()).folders[0]?.connected;
    expect(await isConnected()).toBe(true);
    await notes.noteTrouble(mailbox, 'imap-login-refused');
    expect(await isConnected()).toBe(false);
    await world.receive(mailbox);
    expect(await isConnected()).toBe(true);
  });
});

describe('pages do not go out', () => {
  test('when one has failed three times or nobody tries, until one is taken, and what was given up is told for an hour', async () => {
    const pages = postgresPages({ pool, time: clock });
    await world.receive(await world.openFolder());
    const poll = async () => world.receive(await world.openFolder());
    const page = async (name: string) => {
      const { notices } = await world.write({ notices: [{ ...looseNotice(name), page: 'asked' }] });
      await store.claimNotices({ limit: 1, lease: MINUTE, ids: notices });
      await world.write({ outcomes: notices.map((id) => ended(id, 'sent')) });
      return notices[0] ?? 0;
    };
    const since = clock.now();
    const id = await page('a');
    expect(await look()).toEqual([]);
    for (let tries = 1; tries <= 3; tries += 1) {
      expect(await look()).toEqual([]);
      expect(await pages.claim(1, MINUTE)).toHaveLength(1);
      clock.advance(SECOND);
      await pages.settle(id, { state: { retryAt: clock.now() }, code: 'web-failed' });
    }
    expect(await look()).toEqual([{ kind: 'paging', inboxId: 'maintenance', since, code: 'web-failed' }]);
    expect((await overview.read()).pages).toEqual({ waiting: 1, failed: 0 });
    await pages.settle(id, { state: 'failed', code: 'web-failed' });
    expect(await kinds()).toEqual(['paging']);
    expect((await overview.read()).pages).toEqual({ waiting: 0, failed: 1 });
    clock.advance(HOUR);
    await poll();
    expect(await look()).toEqual([]);

    await page('b');
    clock.advance(MINUTE);
    await poll();
    expect(await kinds()).toEqual(['paging']);
    const last = await page('c');
    await pages.settle(last, { state: 'sent', code: 'taken' });
    expect(await look()).toEqual([]);
  });
});

const ended = (id: number, state: NoticeOutcome['state']): NoticeOutcome => ({
  ...{ id, claims: 1, attempt: null, result: null, state, code: '250' },
});

const WATCHED = { folders: [{ inboxId: 'maintenance', folder: 'INBOX' }], canaryWithin: 5 * MINUTE };
const look = async (): Promise<Trouble[]> => [...(await outages.look(WATCHED)).troubles];
const kinds = async () => (await look()).map(({ kind }) => kind);

describe('mail does not come in', () => {
  test('while nobody has read the mailbox yet, or its poller has gone, or met trouble', async () => {
    expect(await look()).toEqual([{ kind: 'intake', inboxId: 'maintenance', since: null, code: null }]);
    const mailbox = await world.openFolder();
    await world.receive(mailbox);
    expect(await look()).toEqual([]);
    const polledAt = clock.now();
    clock.advance(MINUTE);
    await notes.noteTrouble(mailbox, 'imap-unreachable');
    expect(await look()).toEqual([
      { kind: 'intake', inboxId: 'maintenance', since: polledAt, code: 'imap-unreachable' },
    ]);
    await world.receive(mailbox);
    await store.releaseMailbox(mailbox);
    expect(await kinds()).toEqual(['intake']);
  });

  test('while its poller holds the mailbox and says nothing for two and a half minutes', async () => {
    await world.receive(await world.openFolder());
    clock.advance(149 * SECOND);
    expect(await look()).toEqual([]);
    clock.advance(2 * SECOND);
    expect(await kinds()).toEqual(['intake']);
  });

  test('while new mail waits to be looked at, and not for old mail that waits', async () => {
    const mailbox = await world.openFolder();
    const storedAt = clock.now();
    const [id = 0] = await world.receive(mailbox, {});
    await world.receive(mailbox, { receivedAt: MONDAY - DAY });
    clock.advance(MINUTE);
    expect(await look()).toEqual([{ kind: 'reading', inboxId: 'maintenance', since: storedAt, code: null }]);
    await world.write({ messages: [settled(id)] });
    expect(await look()).toEqual([]);
  });
});

describe('mail does not go out', () => {
  let made = 0;
  /** A notice that is tried once, with this outcome. */
  async function tried(outcome: 'accepted' | 'temporary' | 'permanent', code: string): Promise<number> {
    const { notices } = await world.write({ notices: [looseNotice(`notice ${++made}`)] });
    const [id = 0] = notices;
    await store.claimNotices({ limit: 1, lease: MINUTE, ids: [id] });
    await store.beginAttempt({
      id,
      claims: 1,
      number: 1,
      lease: MINUTE,
      recipient: 'dana@elm.example',
      raw: Buffer.from('x'),
      counted: null,
    });
    const state: NoticeOutcome['state'] =
      outcome === 'accepted' ? 'sent' : outcome === 'permanent' ? 'failed' : { retryAt: clock.now() + HOUR };
    await world.write({ outcomes: [{ id, claims: 1, attempt: 1, result: { outcome, code }, state, code }] });
    return id;
  }
  beforeEach(async () => void (await world.receive(await world.openFolder())));
  const sending = async () => (await look()).filter(({ kind }) => kind === 'sending');

  test('when the server fails, from the first failure on, until something is sent', async () => {
    await tried('accepted', '250');
    clock.advance(SECOND);
    const since = clock.now();
    await tried('temporary', 'smtp-unreachable');
    clock.advance(10 * SECOND);
    await tried('temporary', 'smtp-login-refused');
    expect(await sending()).toEqual([
      { kind: 'sending', inboxId: 'maintenance', since, code: 'smtp-login-refused' },
    ]);
    clock.advance(SECOND);
    await tried('accepted', '250');
    expect(await sending()).toEqual([]);
  });

  test('when three in a row are refused, and not for one or two', async () => {
    await tried('temporary', 'smtp-450');
    clock.advance(SECOND);
    await tried('permanent', 'smtp-550');
    expect(await sending()).toEqual([]);
    await tried('permanent', 'smtp-554');
    expect((await sending()).map(({ code }) => code)).toHaveLength(1);
  });

  test('when what is due is taken by nobody, and not while it waits for its time', async () => {
    await tried('temporary', 'smtp-450');
    expect(await sending()).toEqual([]);
    await world.write({ notices: [looseNotice('due')] });
    const since = clock.now();
    clock.advance(MINUTE);
    expect(await sending()).toEqual([{ kind: 'sending', inboxId: 'maintenance', since, code: null }]);
  });
});

describe('who is told', () => {
  const RHYTHM = { after: 5 * MINUTE, remindEvery: HOUR };
  const down: Trouble = { kind: 'intake', inboxId: 'maintenance', since: MONDAY, code: null };
  const claim = async () => (await outages.claim(RHYTHM, 5 * MINUTE)).map(({ telling }) => telling);

  test('each thing is given to one of several clocks, in time, and to another when its teller died', async () => {
    await outages.note([down]);
    expect(await claim()).toEqual([]);
    clock.advance(5 * MINUTE);
    const both = await Promise.all([claim(), claim(), outages.note([down])]);
    expect(both.flat().filter((one) => one === 'begun')).toHaveLength(1);
    clock.advance(5 * MINUTE);
    expect(await claim()).toEqual(['begun']);
  });

  test('reminders follow every hour, the end is told once, and what was never told ends without a word', async () => {
    await outages.note([down]);
    clock.advance(5 * MINUTE);
    const [begun] = await outages.claim(RHYTHM, MINUTE);
    if (begun === undefined) throw new Error('nothing was due');
    await outages.notTold(begun, MINUTE);
    expect(await claim()).toEqual([]);
    clock.advance(MINUTE);
    await outages.told(begun);
    clock.advance(HOUR);
    const [still] = await outages.claim(RHYTHM, MINUTE);
    expect(still).toMatchObject({ telling: 'still', since: MONDAY, id: begun.id });
    if (still !== undefined) await outages.told(still);
    expect(await outages.open()).toHaveLength(1);
    await outages.note([{ ...down, kind: 'sending' }]);
    const [over] = await outages.claim(RHYTHM, MINUTE);
    expect(over).toMatchObject({ telling: 'over', kind: 'intake' });
    if (over !== undefined) await outages.told(over);
    await outages.note([]);
    clock.advance(2 * HOUR);
    expect(await claim()).toEqual([]);
    expect(await outages.open()).toEqual([]);
  });

  test('a mailbox that was never read is an outage once that has lasted a minute, and at the first start it is none', async () => {
    await outages.note([{ ...down, since: null }]);
    expect(await outages.open()).toEqual([]);
    clock.advance(MINUTE);
    expect(await outages.open()).toMatchObject([{ kind: 'intake' }]);
  });

  test('what began while no clock ran is watched for a minute first', async () => {
    clock.advance(8 * HOUR);
    await outages.note([down]);
    expect(await claim()).toEqual([]);
    clock.advance(MINUTE);
    expect(await claim()).toEqual(['begun']);
  });
});

describe('a mail that an inbox sends to itself', () => {
  beforeEach(async () => void (await world.receive(await world.openFolder())));

  test('is sent by one of several clocks for each turn', async () => {
    const begun = await Promise.all([1, 2, 3].map(() => canaries.begin('maintenance', 7, 'key-7')));
    expect(begun.filter(Boolean)).toHaveLength(1);
    expect(await canaries.begin('maintenance', 8, 'key-8')).toBe(true);
  });

  test('is missed after its time, and not any more once a later one is back', async () => {
    const sentAt = clock.now();
    await canaries.begin('maintenance', 1, 'key-1');
    await canaries.handedOver('maintenance', 1, 'smtp-unreachable');
    clock.advance(4 * MINUTE);
    await world.receive(await world.openFolder());
    expect(await look()).toEqual([]);
    clock.advance(MINUTE);
    await world.receive(await world.openFolder());
    expect(await look()).toEqual([
      { kind: 'canary', inboxId: 'maintenance', since: sentAt, code: 'smtp-unreachable' },
    ]);
    await canaries.begin('maintenance', 2, 'key-2');
    clock.advance(2 * SECOND);
    const id = await world.receiveOne();
    const reading = { ...readingOf(id), threadKeys: [{ key: 'key-2', own: true }] };
    await world.write({ messages: [settled(id, { disposition: 'own', reading })] });
    await canaries.noteArrivals();
    expect(await look()).toEqual([]);
    expect(await canaries.last()).toEqual([
      { inboxId: 'maintenance', sentAt: sentAt + 5 * MINUTE, took: 2 * SECOND },
    ]);
  });

  test('is not taken for arrived when somebody else makes a request under its key', async () => {
    await canaries.begin('maintenance', 1, 'key-1');
    const id = await world.receiveOne();
    const reading = { ...readingOf(id), threadKeys: [{ key: 'key-1', own: true }] };
    await world.write({ messages: [settled(id, { disposition: 'bulk', reading })] });
    await canaries.noteArrivals();
    expect(await canaries.last()).toEqual([]);
  });
});
