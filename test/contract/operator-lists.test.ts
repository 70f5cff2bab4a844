/** What operators read besides requests, on PostgreSQL: people, outgoing mail, the flow of mail, the ledger, status. */
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { postgresLedgerList } from '../../src/adapters/db/ledger-list.ts';
import { postgresMailFlows } from '../../src/adapters/db/mail-flow.ts';
import { postgresOutboxList } from '../../src/adapters/db/outbox-list.ts';
import { postgresOverview } from '../../src/adapters/db/overview.ts';
import { postgresPeopleList } from '../../src/adapters/db/people-list.ts';
import { postgresRequests } from '../../src/adapters/db/requests.ts';
import { postgresStore } from '../../src/adapters/db/store.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/instant.ts';
import { MONDAY } from '../support/policy.ts';
import { settableClock } from '../support/settable-clock.ts';
import {
  emptyDatabase,
  type MigratedDatabases,
  startMigratedDatabases,
  testPool,
} from '../support/store-database.ts';
import { beginWorld, looseNotice, settled, type World } from './store-world.ts';

const clock = settableClock(MONDAY);
let databases: MigratedDatabases;
let url: string;
let pool: pg.Pool;
let world: World;

beforeAll(async () => {
  databases = await startMigratedDatabases();
  url = await databases.fresh();
  pool = testPool(url);
});
afterAll(async () => {
  await pool.end();
  await databases.end();
});
beforeEach(async () => {
  await emptyDatabase(url);
  clock.set(MONDAY);
  world = await beginWorld({ store: postgresStore({ pool, time: clock }), clock, close: async () => {} });
});

const here = () => ({ pool, time: clock });
const requests = () => postgresRequests({ ...here(), policy: () => world.policy });

describe('what operators read', () => {
  it('of people is what they have, whether an order of theirs has come, and whom no mail reaches', async () => {
    const { openOwned, openRequest, route, write } = world;
    await openOwned();
    await route((await openRequest()).id, 'sam');
    const receipt = { kind: 'receipt' } as never;
    await write({
      notices: [looseNotice('r', { recipient: { type: 'member', member: 'priya' }, body: receipt })],
    });
    const { notices } = await write({
      notices: [looseNotice('lost', { recipient: { type: 'member', member: 'sam' } })],
    });
    // On the board, which proves no mailbox.
    clock.advance(MINUTE);
    const onBoard = { dedupeKey: 'order:x/receipt/member:sam', body: receipt };
    await write({
      notices: [looseNotice('x', { recipient: { type: 'member', member: 'sam' }, ...onBoard })],
    });
    await pool.query(
      `UPDATE outbox SET returned_as = 'failed', returned_permanent = true, returned_reason = 'user-unknown', returned_at = $2, state = 'sent',
         settled_at = $2 WHERE id = ANY ($1)`,
      [notices, new Date(MONDAY / 1_000)],
    );
    const list = postgresPeopleList({ ...here(), requests: requests() });
    const of = new Map((await list.members()).map((row) => [row.id, row]));
    expect(of.get('priya')).toMatchObject({
      owns: 1,
      answersFor: 1,
      asked: 0,
      lastOrderAt: MONDAY,
      unreachedSince: null,
    });
    expect(of.get('sam')).toMatchObject({ owns: 0, asked: 1, lastOrderAt: null, unreachedSince: MONDAY });
    expect(await list.absences()).toEqual([]);
  });

  it('of outgoing mail is each part in its order, with what was met', async () => {
    const { write, store } = world;
    const { notices } = await write({ notices: ['a', 'b', 'c', 'd', 'e'].map((name) => looseNotice(name)) });
    const [retried = 0, failed = 0, capped = 0, unconfirmed = 0] = notices;
    await store.claimNotices({ limit: 10, lease: MINUTE });
    const raw = Buffer.from('x');
    const first = { claims: 1, number: 1, lease: MINUTE } as const;
    await store.beginAttempt({ id: retried, ...first, recipient: 'dana@elm.example', raw, counted: null });
    const later = { retryAt: clock.now() + HOUR };
    const outcome = (
      id: number,
      attempt: number | null,
      state: 'failed' | 'dropped' | typeof later,
      code: string,
    ) => ({
      ...{ id, claims: 1, attempt, state, code },
      result: attempt === null ? null : ({ outcome: 'temporary', code } as const),
    });
    await write({
      outcomes: [
        outcome(retried, 1, later, 'smtp-451'),
        outcome(failed, null, 'failed', 'cannot-be-made'),
        outcome(capped, null, 'dropped', 'overall-cap'),
        outcome(unconfirmed, null, 'dropped', 'not-confirmed'),
      ],
    });
    const outbox = postgresOutboxList(here());
    expect(await outbox.counts()).toEqual({
      ...{
        pending: 2,
        failed: 1,
        returned: 0,
        capped: 1,
        unconfirmed: 1,
        repeated: 0,
        retrying: 1,
        nextTryAt: clock.now() + HOUR,
      },
    });
    expect(await outbox.counts(['billing'])).toEqual({
      ...{
        pending: 0,
        failed: 0,
        returned: 0,
        capped: 0,
        unconfirmed: 0,
        repeated: 0,
        retrying: 0,
        nextTryAt: null,
      },
    });
    const pending = await outbox.list({ part: 'pending', limit: 10 });
    expect(pending.map(({ nextTryAt }) => nextTryAt)).toEqual([null, clock.now() + HOUR]);
    expect(pending[1]).toMatchObject({
      tries: 1,
      code: 'smtp-451',
      member: 'dana',
      recipient: 'dana@elm.example',
    });
    expect(await outbox.list({ part: 'failed', limit: 10 })).toMatchObject([
      { code: 'cannot-be-made', endedAt: MONDAY },
    ]);
    expect(await outbox.list({ part: 'capped', limit: 10 })).toMatchObject([{ brake: 'overall-cap' }]);
    expect(await outbox.list({ part: 'unconfirmed', limit: 10 })).toMatchObject([{ brake: 'not-confirmed' }]);
    expect(await outbox.list({ part: 'repeated', limit: 10 })).toEqual([]);
    const { outbox: counted } = await postgresOverview(here()).read();
    expect(counted).toMatchObject({ failed: 1, capped: 1, unconfirmed: 1, repeated: 0 });
    expect(await outbox.list({ part: 'pending', limit: 10, inboxes: ['billing'] })).toEqual([]);
  });

  it('of the flow of mail is what came within each of the last hours, and for how long the oldest waits', async () => {
    const { receiveOne, write } = world;
    await write({ messages: [settled(await receiveOne())] });
    clock.advance(2 * HOUR + MINUTE);
    await receiveOne();
    clock.advance(MINUTE);
    const flow = (await postgresMailFlows(here()).read()).find(({ inboxId }) => inboxId === 'maintenance');
    expect(flow).toMatchObject({ lag: MINUTE, lastMailAt: clock.now() - MINUTE, lastSentAt: null });
    expect(flow?.hours.map((hour) => hour.in)).toEqual([...Array(21).fill(0), 1, 0, 1]);
    expect(flow?.hours.at(-1)?.from).toBe(clock.now() - HOUR);
  });

  it('of the ledger is who answered at any time, and none before it came', async () => {
    const { id } = await world.openRequest();
    clock.advance(HOUR);
    await world.route(id, 'priya');
    await world.command(id, 'priya', { verb: 'accept' });
    const ledger = postgresLedgerList(here());
    expect(await ledger.at(id, MONDAY - MINUTE)).toBeNull();
    const first = await ledger.at(id, MONDAY + MINUTE);
    expect(first?.member).toBe((await ledger.counts(MONDAY + MINUTE))[0]?.member);
    expect(await ledger.at(id, clock.now() + MINUTE)).toMatchObject({ member: 'priya', until: null });
    expect(await ledger.of('priya', MONDAY + MINUTE, 5)).toEqual([]);
    expect(await ledger.of('priya', clock.now() + MINUTE, 5)).toMatchObject([
      { id, subject: 'Dripping tap' },
    ]);
    expect(await ledger.nearest(id + 5)).toEqual([id]);
  });

  it('of status counts as overdue what lapsed and nobody has taken since, also when it was opened again', async () => {
    const { openRequest, route, command, happen, stateOf } = world;
    const { id } = await openRequest();
    await route(id, 'priya', 'luis');
    const overdue = async () => (await postgresOverview(here()).read()).inboxes.get('maintenance')?.overdue;
    expect(await overdue()).toBe(0);
    clock.set((await stateOf(id)).offer?.acceptBy ?? 0);
    expect(await overdue()).toBe(1);
    await happen(id, { type: 'tick' });
    clock.advance(MINUTE);
    expect(await overdue()).toBe(1);
    await command(id, 'luis', { verb: 'accept' });
    expect(await overdue()).toBe(0);
    clock.advance(DAY);
  });
});
