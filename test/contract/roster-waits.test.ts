/** Many workers start at once with the same roster: they neither wait for each other nor take a busy lock for the end. */
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { migrate } from '../../src/adapters/db/migrate.ts';
import { createPool } from '../../src/adapters/db/pool.ts';
import { postgresStore } from '../../src/adapters/db/store.ts';
import type { Roster, Store } from '../../src/app/ports/store.ts';
import { MIGRATIONS } from '../../src/runtime/database.ts';
import { startTestServer, type TestServer } from '../support/embedded-database.ts';

const ROSTER: Roster = {
  inboxes: [{ id: 'office', address: 'office@elm.example' }],
  members: [
    { id: 'leah', name: 'Leah' },
    { id: 'dana', name: 'Dana' },
  ],
};

let server: TestServer;
let store: Store;
let other: pg.Pool;
let holding: pg.PoolClient;

beforeAll(async () => {
  server = await startTestServer();
  const url = await server.freshDatabase();
  await migrate(url, { folder: MIGRATIONS });
  store = postgresStore({ pool: createPool(url, { lockTimeoutMs: 100 }), time: 'database' });
  other = createPool(url, { max: 1, idleInTransactionTimeoutMs: 600_000 });
  expect(await store.syncRoster(ROSTER)).toEqual({ left: [] });
  holding = await other.connect();
  await holding.query('BEGIN');
  await holding.query("SELECT pg_advisory_xact_lock(hashtextextended('baton:roster', 0))");
});
afterAll(async () => {
  holding.release();
  await other.end();
  await store.close();
  await server.end();
});

test('a roster that stands there already waits for nobody who is writing it', async () => {
  expect(await store.syncRoster(ROSTER)).toEqual({ left: [] });
});

test('one that is another waits for its turn, and a turn that is not given is a matter of time', async () => {
  const [leah] = ROSTER.members;
  const changed = [
    {
      ...ROSTER,
      members: [
        { id: 'leah', name: 'Leah Stein' },
        { id: 'dana', name: 'Dana' },
      ],
    },
  ];
  const without = { ...ROSTER, members: leah === undefined ? [] : [leah] };
  const moved = { ...ROSTER, inboxes: [{ id: 'office', address: 'hello@elm.example' }] };
  for (const roster of [...changed, without, moved]) {
    await expect(store.syncRoster(roster)).rejects.toMatchObject({ kind: 'temporary', code: 'db-55P03' });
  }
  await holding.query('ROLLBACK');
  expect(await store.syncRoster(without)).toEqual({ left: ['dana'] });
  expect(await store.formerMembers()).toEqual([{ id: 'dana', name: 'Dana' }]);
  expect(await store.syncRoster(ROSTER)).toEqual({ left: [] });
  expect(await store.formerMembers()).toEqual([]);
});

test('the first of many workers writes hundreds of inboxes by a few statements, so that the others wait briefly', async () => {
  const url = await server.freshDatabase();
  await migrate(url, { folder: MIGRATIONS });
  const pool = createPool(url, { max: 2 });
  const statements = statementsOf(pool);
  const fresh = postgresStore({ pool, time: 'database' });
  const named = (kind: string) => Array.from({ length: 300 }, (_, at) => `${kind}-${at}`);
  const roster = {
    inboxes: named('inbox').map((id) => ({ id, address: `${id}@elm.example` })),
    members: named('member').map((id) => ({ id, name: `The ${id}` })),
  };
  expect(await fresh.syncRoster(roster)).toEqual({ left: [] });
  expect(statements.length).toBeLessThan(15);
  const fewer = { ...roster, members: roster.members.slice(1) };
  expect(await fresh.syncRoster(fewer)).toEqual({ left: ['member-0'] });
  expect(await fresh.formerMembers()).toEqual([{ id: 'member-0', name: 'The member-0' }]);
  await fresh.syncRoster(roster);
  expect(await fresh.formerMembers()).toEqual([]);
  await fresh.close();
});

test('of workers that start at once with a new roster one writes it, and the client wakes in no other', async () => {
  const url = await server.freshDatabase();
  await migrate(url, { folder: MIGRATIONS });
  const workers = Array.from({ length: 6 }, () => {
    const pool = createPool(url, { max: 2 });
    return { store: postgresStore({ pool, time: 'database' }), statements: statementsOf(pool) };
  });
  await Promise.all(workers.map((one) => one.store.syncRoster(ROSTER)));
  const writers = workers.filter(({ statements }) => statements.some((sql) => sql.includes('INSERT INTO')));
  expect(writers).toHaveLength(1);
  await Promise.all(workers.map((one) => one.store.close()));
});

/** The text of every statement that goes over connections of this pool, from here on. */
function statementsOf(pool: pg.Pool): string[] {
  const statements: string[] = [];
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    client.query = ((...args: unknown[]) => {
      const [first] = args as [string | { text: string }];
      statements.push(typeof first === 'string' ? first : first.text);
      return query(...args);
    }) as typeof client.query;
  });
  return statements;
}
