/** What PostgreSQL keeps of sign-ins: one process at a time renews, and a sign-in that is no good is an outage at once. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { postgresTokenRows } from '../../src/adapters/db/oauth-tokens.ts';
import { postgresOutages } from '../../src/adapters/db/outages.ts';
import type { Pool } from '../../src/adapters/db/pool.ts';
import { postgresStore } from '../../src/adapters/db/store.ts';
import { sealWith } from '../../src/adapters/oauth/seal.ts';
import { tokenGrants } from '../../src/adapters/oauth/token-grants.ts';
import { accessTokens, keepSignIn, type TokenDeps } from '../../src/app/access-tokens.ts';
import { lookForOutages } from '../../src/app/alarm.ts';
import type { AccessTokens } from '../../src/app/ports/access-tokens.ts';
import type { Alarm } from '../../src/app/ports/alarm-channel.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/instant.ts';
import { type OauthServer, startOauthServer } from '../support/oauth-server.ts';
import { MONDAY, rosterOf, testPolicy } from '../support/policy.ts';
import { settableClock } from '../support/settable-clock.ts';
import {
  emptyDatabase,
  type MigratedDatabases,
  startMigratedDatabases,
  testPool,
} from '../support/store-database.ts';

const INBOX = 'maintenance';
const SECRET = 'a secret of the configuration, long enough';
let databases: MigratedDatabases;
let url: string;
let server: OauthServer;
const pools: Pool[] = [];

beforeAll(async () => {
  databases = await startMigratedDatabases();
  url = await databases.fresh();
});
afterAll(() => databases.end());
beforeEach(async () => {
  await emptyDatabase(url);
  server = await startOauthServer();
});
afterEach(async () => {
  await server.close();
  await Promise.all(pools.splice(0).map((pool) => pool.end()));
});

/** As a process of its own has it. */
function depsOf(secret = SECRET): TokenDeps & { readonly pool: Pool } {
  const pool = testPool(url);
  pools.push(pool);
  return {
    pool,
    rows: postgresTokenRows(pool),
    seal: () => sealWith(secret),
    grantsOf: () => tokenGrants(server.client(), 'office@elm.example'),
    random: () => 0,
  };
}

async function connect(lasts = HOUR, refreshLasts: number | null = null): Promise<void> {
  const { refresh, access } = await signedIn();
  await keepSignIn(depsOf(), INBOX, { access, lasts, refresh, refreshLasts });
  server.asked.length = 0;
}

/** As if a browser had been there. */
async function signedIn() {
  const body = new URLSearchParams({ grant_type: 'authorization_code', code: 'any' });
  const answer = await fetch(`${server.url}/token`, { method: 'POST', body });
  const { access_token: access, refresh_token: refresh } = (await answer.json()) as Record<string, string>;
  return { access: access ?? '', refresh: refresh ?? '' };
}

const column = async (name: string) => {
  const { rows } = await depsOf().pool.query(`SELECT ${name} AS value FROM oauth_token`);
  return rows[0]?.value;
};

describe('tokens in PostgreSQL', () => {
  test('are renewed by one of several processes that find them ended at once, and the others read its answer', async () => {
    await connect(0);
    const processes = Array.from({ length: 6 }, () => accessTokens(depsOf()));
    const got = await Promise.all(processes.map((tokens: AccessTokens) => tokens.of(INBOX)));
    expect(server.asked).toHaveLength(1);
    expect(new Set(got.map(({ value }) => value)).size).toBe(1);
    expect(server.isGood(got[0]?.value ?? '')).toBe(true);
  });

  test('rotate: each renewal uses the refresh token of the last, across processes', async () => {
    await connect();
    let token = (await accessTokens(depsOf()).of(INBOX)).value;
    for (let turn = 0; turn < 4; turn += 1) token = (await accessTokens(depsOf()).of(INBOX, token)).value;
    const used = server.asked.map(({ refresh_token }) => refresh_token);
    expect(new Set(used).size).toBe(4);
    expect(server.isGood(token)).toBe(true);
  });

  test('are kept sealed: no column holds one that could be read', async () => {
    const { access, refresh } = await signedIn();
    await keepSignIn(depsOf(), INBOX, { access, lasts: HOUR, refresh, refreshLasts: null });
    const { rows } = await depsOf().pool.query(
      `SELECT encode(coalesce(refresh, ''), 'escape') || encode(coalesce(access, ''), 'escape') AS sealed, t::text AS all FROM oauth_token t`,
    );
    const text = JSON.stringify(rows);
    expect(text).not.toContain(refresh);
    expect(text).not.toContain(access);
    expect(text).not.toContain(Buffer.from(refresh).toString('hex'));
  });

  test('that cannot be renewed leave the reason behind for every process, which then asks nobody', async () => {
    await connect();
    server.revoke();
    const { value } = await accessTokens(depsOf()).of(INBOX);
    for (let turn = 0; turn < 3; turn += 1)
      await expect(accessTokens(depsOf()).of(INBOX, value)).rejects.toMatchObject({ code: 'oauth-revoked' });
    expect(server.asked).toHaveLength(1);
    expect(await column('failed_code')).toBe('oauth-revoked');
  });

  test('stay as they were where renewing was cut off by a defect', async () => {
    await connect();
    const { value } = await accessTokens(depsOf()).of(INBOX);
    const whole = async () => (await depsOf().pool.query('SELECT t::text AS row FROM oauth_token t')).rows;
    const before = await whole();
    const grants = { ...depsOf().grantsOf(INBOX), renew: () => Promise.reject(new Error('a defect')) };
    const broken = accessTokens({ ...depsOf(), grantsOf: () => grants });
    await expect(broken.of(INBOX, value)).rejects.toThrow('a defect');
    expect(await whole()).toEqual(before);
  });
});

describe('a sign-in that was taken back', () => {
  async function scene() {
    const { pool } = depsOf();
    const clock = settableClock(MONDAY);
    await postgresStore({ pool, time: 'database' }).syncRoster(rosterOf(testPolicy()));
    const outages = postgresOutages({ pool, time: 'database' });
    const told: Alarm[] = [];
    const deps = {
      outages,
      channels: [{ name: 'test', tell: async (alarm: Alarm) => void told.push(alarm) }],
      watched: { folders: [{ inboxId: INBOX, folder: 'INBOX' }], logins: [INBOX], canaryWithin: null },
      rhythm: { after: 5 * MINUTE, remindEvery: HOUR },
      ...{ addressOf: () => 'office@elm.example', timeZone: 'UTC', clock },
      log: { info() {}, warn() {}, error() {} },
    };
    return { told, look: () => lookForOutages(deps), outages, pool };
  }

  test('is told to a person at the first look, with what to do, once, and again when somebody has signed in', async () => {
    const { told, look } = await scene();
    await connect();
    await look();
    expect(told).toEqual([]);
    server.revoke();
    const { value } = await accessTokens(depsOf()).of(INBOX);
    await accessTokens(depsOf())
      .of(INBOX, value)
      .catch(() => {});
    await look();
    await look();
    expect(told.map(({ kind, telling, code }) => [kind, telling, code])).toEqual([
      ['login', 'begun', 'oauth-revoked'],
    ]);
    expect(told[0]?.text).toContain('run "npx baton connect office@elm.example"');
    expect(told[0]?.text).not.toContain(value);
    await connect();
    await look();
    expect(told.map(({ telling }) => telling)).toEqual(['begun', 'over']);
  });

  test('is told once, and not as mail that is not read and mail that does not go out besides', async () => {
    const { outages, pool } = await scene();
    await connect();
    await pool.query(
      `INSERT INTO mailbox (inbox_id, folder, role, start_from, trouble_code, trouble_at)
       VALUES ($1, 'INBOX', 'inbox', now(), 'oauth-revoked', now() - interval '10 minutes')`,
      [INBOX],
    );
    server.revoke();
    const { value } = await accessTokens(depsOf()).of(INBOX);
    await accessTokens(depsOf())
      .of(INBOX, value)
      .catch(() => {});
    const watched = { folders: [{ inboxId: INBOX, folder: 'INBOX' }], logins: [INBOX], canaryWithin: null };
    expect((await outages.look(watched)).troubles.map(({ kind }) => kind)).toEqual(['login']);
    expect((await outages.look({ ...watched, logins: [] })).troubles.map(({ kind }) => kind)).toEqual([
      'intake',
    ]);
  });

  test('that ends within days is in the digest, and one that has no end is not', async () => {
    const { pool } = await scene();
    const store = postgresStore({ pool, time: 'database' });
    const at = (await postgresTokenRows(pool).read(INBOX)).now + MINUTE;
    const question = { inboxes: [INBOX], at, since: at - DAY, untakenBefore: new Map() };
    const ending = async () => (await store.readDigest(question)).mail.signInsEnding;
    await connect();
    expect(await ending()).toBeUndefined();
    await connect(HOUR, 7 * DAY);
    expect(await ending()).toBeUndefined();
    await connect(HOUR, 2 * DAY);
    expect(await ending()).toEqual([{ inboxId: INBOX, at: expect.any(Number) }]);
  });
});
