/** The door and the orders of the board on PostgreSQL: what must happen once happens once, and `verify` can prove it. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { postgresSessions } from '../../src/adapters/db/door.ts';
import type { Sessions } from '../../src/app/ports/door.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/instant.ts';
import { SESSION_IDLE, SESSION_LIFE } from '../../src/domain/sign-in.ts';
import { type BoardWorld, openBoard } from '../support/board-world.ts';
import { testPolicy } from '../support/policy.ts';
import { type MigratedDatabases, startMigratedDatabases } from '../support/store-database.ts';
import { openStoreOffice, type StoreOffice } from '../support/store-office.ts';

let databases: MigratedDatabases;
let office: StoreOffice;
let sessions: Sessions;
let board: BoardWorld;
beforeAll(async () => {
  databases = await startMigratedDatabases();
});
afterAll(() => databases?.end());
beforeEach(async () => {
  office = await openStoreOffice(await databases.fresh(), { policy: testPolicy({ rules: [] }) });
  sessions = postgresSessions({ pool: office.pool, time: office.clock });
  board = await openBoard({
    deps: () => office.deps,
    sessions,
    settle: () => office.settle(),
    lastSignIn: async () => (await office.mailTo('leah@elm.example')).text,
  });
});
afterEach(() => office.close());

const fieldsOf = async () => {
  const { rows } = await office.pool.query(
    `SELECT snapshot->>'lastCustomerMessage' AS shown, coalesce(snapshot#>>'{lastAnswer,seq}', '0') AS answered FROM conversation`,
  );
  return rows[0] as { shown: string; answered: string };
};

test('a link signs in once in the database, whoever presses its button at the same time', async () => {
  const browser = board.browser();
  await browser.ask('leah@elm.example');
  const link = await board.link();
  await browser.get(link);
  const answers = await Promise.all([1, 2, 3, 4].map(() => browser.post(link)));
  expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([303, 404, 404, 404]);
  expect((await office.pool.query('SELECT count(*)::int AS n FROM board_session')).rows).toEqual([{ n: 1 }]);
  expect(await browser.look()).toBe('leah');
  const other = board.browser();
  other.cookies = { ...browser.cookies };
  expect((await other.open(link)).statusCode).toBe(404);
  expect(office.errors).toEqual([]);
});

test('an order of the board is accounted for as one by mail, and acts once when its form comes thrice at once', async () => {
  office.customerWrites();
  await office.settle();
  const leah = await board.signIn('leah');
  const [id] = (await office.pool.query('SELECT id FROM conversation')).rows.map((row) => row.id as number);
  const url = `/requests/${id}/orders`;
  const accept = { verb: 'accept', form: 'the-first-form-of-all', ...(await fieldsOf()) };
  expect((await leah.post(url, accept)).statusCode).toBe(303);
  expect((await leah.get(`/requests/${id}`)).json()).toMatchObject({ carriedOut: true });
  expect((await leah.get(`/requests/${id}`)).json()).toMatchObject({ carriedOut: null });
  office.clock.set(office.clock.now() + MINUTE);
  const reply = { verb: 'reply', text: 'On our way', form: 'the-second-form-of-all', ...(await fieldsOf()) };
  const answers = await Promise.all([1, 2, 3].map(() => leah.post(url, reply)));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([303, 303, 303]);
  const away = { verb: 'away', until: 'Friday', form: 'the-third-form-of-all' };
  await Promise.all([1, 2].map(() => leah.post('/people/orders', away)));
  await office.settle();
  const { rows } = await office.pool.query(
    `SELECT (SELECT count(*)::int FROM event WHERE type = 'replied') AS replied,
       (SELECT count(*)::int FROM absence) AS absences, (SELECT count(*)::int FROM board_order) AS orders,
       (SELECT count(*)::int FROM outbox WHERE kind = 'receipt' AND state = 'sent') AS receipts`,
  );
  expect(rows).toEqual([{ replied: 1, absences: 1, orders: 3, receipts: 3 }]);
  expect(office.errors).toEqual([]);
  expect(await office.violations()).toEqual([]);
});

test('verify finds what was done in the name of a member who ordered nothing, or had left, or was not told', async () => {
  office.customerWrites();
  await office.settle();
  const leah = await board.signIn('leah');
  const [id] = (await office.pool.query('SELECT id FROM conversation')).rows.map((row) => row.id as number);
  await leah.post(`/requests/${id}/orders`, {
    verb: 'accept',
    form: 'the-first-form-of-all',
    ...(await fieldsOf()),
  });
  await office.settle();
  expect(await office.violations()).toEqual([]);
  const found = async (change: string, back: string) => {
    await office.pool.query(change);
    const violations = await office.violations();
    await office.pool.query(back);
    return violations;
  };
  expect(
    await found(`UPDATE board_order SET member_id = 'sam'`, `UPDATE board_order SET member_id = 'leah'`),
  ).toEqual(
    expect.arrayContaining([
      'I7 conversations changed in the name of a member who wrote nothing to them',
      'I7 orders on the board that were told to nobody, or to somebody else',
    ]),
  );
  expect(
    await found('UPDATE board_order SET carried_out = false', 'UPDATE board_order SET carried_out = true'),
  ).toContain('I7 conversations changed in the name of a member who wrote nothing to them');
  expect(
    await found(
      `UPDATE member SET left_at = (SELECT min(at) - interval '1 hour' FROM board_order) WHERE id = 'leah'`,
      `UPDATE member SET left_at = NULL WHERE id = 'leah'`,
    ),
  ).toContain('I7 orders on the board of members who had left before');
});

test('a session in the database ends by rest, by age and everywhere, and what is over is forgotten', async () => {
  const { clock } = office;
  const [idle, old, other] = ['a', 'b', 'c'].map((letter) => letter.repeat(64)) as [string, string, string];
  const begin = async (hash: string, at: number) => {
    await office.pool.query(
      `INSERT INTO board_session (hash, member_id, begun_at, seen_at) VALUES ($1, 'leah', to_timestamp($2 / 1e6), to_timestamp($2 / 1e6))`,
      [hash, at],
    );
  };
  const start = clock.now();
  await begin(idle, start);
  clock.set(start + SESSION_IDLE - MINUTE);
  expect((await sessions.find(idle))?.member).toBe('leah');
  clock.set(start + SESSION_IDLE + HOUR);
  expect(await sessions.find(idle)).not.toBeNull();
  clock.set(clock.now() + SESSION_IDLE + MINUTE);
  expect(await sessions.find(idle)).toBeNull();
  await begin(old, clock.now());
  const begun = clock.now();
  for (let at = begun; at < begun + SESSION_LIFE; at += 6 * HOUR) {
    clock.set(at);
    expect(await sessions.find(old)).not.toBeNull();
  }
  clock.set(begun + SESSION_LIFE);
  expect(await sessions.find(old)).toBeNull();
  await sessions.forget();
  expect((await office.pool.query('SELECT hash FROM board_session')).rows).toEqual([]);
  await begin(other, clock.now());
  await sessions.endAll('leah');
  expect(await sessions.find(other)).toBeNull();
  expect(DAY).toBe(24 * HOUR);
});

test('a member signs out everywhere, and a link that was on its way opens nothing', async () => {
  const leah = await board.signIn('leah');
  const waiting = board.browser();
  await waiting.ask('leah@elm.example');
  const link = await board.link();
  await leah.post('/sign-out', { everywhere: 'yes' });
  expect(await leah.look()).toBeNull();
  expect((await waiting.open(link)).statusCode).toBe(404);
});
