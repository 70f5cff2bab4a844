/** Probes and figures over a real database: honest when mail stands still, and without a word of anybody. */
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresGauges } from '../../src/adapters/db/gauges.ts';
import { migrate } from '../../src/adapters/db/migrate.ts';
import { postgresOutages } from '../../src/adapters/db/outages.ts';
import { createPool } from '../../src/adapters/db/pool.ts';
import { postgresStore } from '../../src/adapters/db/store.ts';
import { prometheus } from '../../src/adapters/metrics/prometheus.ts';
import { type Probes, serveProbes } from '../../src/adapters/web/probes.ts';
import { FlowKinds, standstills } from '../../src/app/health.ts';
import { MIGRATIONS } from '../../src/runtime/database.ts';
import { type ObserveOptions, probesOf } from '../../src/runtime/observe.ts';
import { Pulse } from '../../src/runtime/pulse.ts';
import { startTestServer, type TestServer } from '../support/embedded-database.ts';
import { testPool } from '../support/store-database.ts';

const TOKEN = 'a token of some length';
const FOLDER = { inboxId: 'office', folder: 'INBOX', role: 'inbox', startFrom: null } as const;

let server: TestServer;
let url: string;
let pool: pg.Pool;
const open: Probes[] = [];
const logged: unknown[] = [];

beforeAll(async () => {
  server = await startTestServer();
  url = await server.freshDatabase();
  await migrate(url, { folder: MIGRATIONS });
  pool = testPool(url);
  const store = postgresStore({ pool, time: 'database' });
  await store.syncRoster({
    inboxes: [{ id: 'office', address: 'office@elm.example' }],
    members: [{ id: 'leah', name: 'Leah' }],
  });
});
afterAll(async () => {
  for (const probes of open) await probes.close();
  await pool.end();
  await server.end();
});

/** As a worker of all kinds has it, over this database. */
async function listening(given: Partial<ObserveOptions> = {}, to: pg.Pool = pool, pulse = new Pulse()) {
  const settings = { config: { inboxes: { office: { folders: { inbox: 'INBOX' }, imap: {}, smtp: {} } } } };
  const store = postgresStore({ pool: to, time: 'database' });
  const services = {
    deps: { store, log: { warn: (...said: unknown[]) => void logged.push(said) } },
    ...{
      gauges: postgresGauges({ pool: to, time: 'database' }),
      outages: postgresOutages({ pool: to, time: 'database' }),
    },
    ...{ settings, pulse },
  } as unknown as ObserveOptions['services'];
  const probes = await serveProbes(
    probesOf({
      ...{ services, kinds: FlowKinds, prometheus: prometheus(), say: () => {}, answerMs: 60_000 },
      ...{ place: { host: '127.0.0.1', port: 0, token: null }, signal: new AbortController().signal },
      ...given,
    }),
  );
  open.push(probes);
  const get = async (path: string, headers: Record<string, string> = {}) => {
    const answer = await fetch(`http://127.0.0.1:${probes.port}${path}`, { headers });
    return { status: answer.status, text: await answer.text() };
  };
  return { get, json: async (path: string) => JSON.parse((await get(path)).text) };
}

/** What a poller notes when it holds the watch and has asked the server. */
async function watchMailbox(): Promise<void> {
  const store = postgresStore({ pool, time: 'database' });
  await store.leaseMailbox(FOLDER, 'a poller', 60_000_000);
  await pool.query("UPDATE mailbox SET polled_at = now(), lease_until = now() + interval '1 minute'");
}

const standing = () =>
  standstills(
    {
      store: postgresStore({ pool, time: 'database' }),
      gauges: postgresGauges({ pool, time: 'database' }),
      outages: postgresOutages({ pool, time: 'database' }),
      watched: { folders: [FOLDER], canaryWithin: null },
    },
    FlowKinds,
  );

describe('/readyz', () => {
  test('is red while nobody watches a mailbox, names the inbox by its id, and is green once somebody does', async () => {
    const { get, json } = await listening();
    expect((await get('/readyz')).status).toBe(503);
    expect(await json('/readyz')).toEqual({
      ok: false,
      reasons: [{ worker: 'poller', code: 'intake', inbox: 'office', detail: null }],
    });
    await watchMailbox();
    const later = await listening();
    expect(await later.get('/readyz')).toEqual({ status: 200, text: '{"ok":true,"reasons":[]}' });
  });

  test('is red while the outbox is stuck, and only for the mailer', async () => {
    await pool.query(
      `INSERT INTO outbox (dedupe_key, key, inbox_id, kind, recipient_id, body, answered, epoch, created_at, due_at)
       VALUES ('k', repeat('a', 26), 'office', 'digest', 'leah', '{}', 0, 0, now() - interval '1 hour', now() - interval '1 hour')`,
    );
    expect(await standing()).toEqual([
      { worker: 'mailer', code: 'work-waits', inbox: null, detail: null },
      { worker: 'mailer', code: 'sending', inbox: 'office', detail: null },
    ]);
    expect((await (await listening({ kinds: ['mailer'] })).get('/readyz')).status).toBe(503);
    expect((await (await listening({ kinds: ['router', 'poller'] })).get('/readyz')).status).toBe(200);
    await pool.query('DELETE FROM outbox');
    expect(await standing()).toEqual([]);
  });

  test('is red while the database is away, and says so in seconds', async () => {
    const away = createPool('postgresql://baton@127.0.0.1:1/baton', { connectionTimeoutMs: 500 });
    const { json, get } = await listening({}, away);
    expect(await json('/readyz')).toMatchObject({ ok: false, reasons: [{ code: 'database' }] });
    const { status, text } = await get('/metrics');
    expect(status).toBe(200);
    expect(text).toMatch(/^baton_database_up 0$/m);
    expect(text).toMatch(/^baton_ready\{worker="mailer"\} 0$/m);
    expect(text).not.toMatch(/^baton_parked /m);
    await away.end();
  });

  test('is red from the moment that the process is asked to stop', async () => {
    const stop = new AbortController();
    const { json } = await listening({ signal: stop.signal });
    stop.abort();
    expect(await json('/readyz')).toEqual({ ok: false, reasons: [{ code: 'stopping' }] });
  });
});

describe('/healthz', () => {
  test('is red when a loop did not come back in time, whatever the database says', async () => {
    let elapsed = 0;
    const pulse = new Pulse(() => elapsed);
    const { get, json } = await listening({}, pool, pulse);
    const over = new AbortController();
    const pausing = pulse.pause('patrol deliver', 60_000, over.signal, 1_000);
    expect((await get('/healthz')).status).toBe(200);
    elapsed = 61_001;
    expect(await json('/healthz')).toEqual({
      ok: false,
      reasons: [{ code: 'loop-hangs', loop: 'patrol deliver' }],
    });
    over.abort();
    await pausing;
    expect((await get('/healthz')).status).toBe(200);
  });
});

describe('/metrics', () => {
  test('tells how things stand by ids and codes, and no address', async () => {
    const { get } = await listening();
    const { text } = await get('/metrics');
    expect(logged).toEqual([]);
    expect(text).toMatch(/^baton_database_up 1$/m);
    expect(text).toMatch(/^baton_mailbox_connected\{inbox="office",folder="INBOX"\} 1$/m);
    expect(text).toMatch(/^baton_requests\{inbox="office",state="overdue"\} 0$/m);
    expect(text).toMatch(/^baton_work_waiting\{step="deliver"\} 0$/m);
    expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
    expect(text).not.toMatch(/@|leah/i);
  });

  test('leaves what all processes would tell alike to the clock', async () => {
    const { text } = await (await listening({ kinds: ['mailer'] })).get('/metrics');
    expect(text).not.toMatch(/^baton_requests\{/m);
    expect(text).toMatch(/^baton_ready\{worker="mailer"\} 1$/m);
  });

  test('and reasons are for who sends the token; anybody learns yes or no', async () => {
    const { get } = await listening({ place: { host: '127.0.0.1', port: 0, token: TOKEN } });
    expect((await get('/metrics')).status).toBe(401);
    expect((await get('/metrics', { authorization: 'Bearer wrong' })).status).toBe(401);
    expect((await get('/readyz')).text).toBe('{"ok":true}');
    const known = { authorization: `Bearer ${TOKEN}` };
    expect((await get('/metrics', known)).status).toBe(200);
    expect((await get('/readyz', known)).text).toBe('{"ok":true,"reasons":[]}');
    expect((await get('/', known)).status).toBe(404);
  });
});
