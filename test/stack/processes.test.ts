/**
 * The production shape: each kind of worker a process of its own, several of some, against one database and, where
 * it is installed, one Redis; stopped, continued and killed as machines do it.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseInProcess } from '../../src/adapters/mime/parse-mail.ts';
import { fromMs, MINUTE } from '../../src/domain/instant.ts';
import { type MailServer, startMailServer } from '../../src/runtime/mail-server/mail-server.ts';
import { startTestServer, type TestServer } from '../support/embedded-database.ts';
import { writeLetter } from '../support/letters.ts';
import { baton, type Running, startBaton } from '../support/processes.ts';
import { isInstalled } from '../support/stack/packages.ts';
import { type RedisServer, startRedis } from '../support/stack/redis.ts';
import { testPool } from '../support/store-database.ts';
import { waitUntil } from '../support/wait-until.ts';

const OFFICE = 'office@elm.example';
/** Never to be found in a log. */
const CANARIES = {
  subject: 'canary-subject',
  body: 'canary-body',
  customer: 'canary-customer',
  password: 'canary-password',
  secret: 'canary-secret-of-32-characters-or-more',
};
const SECOND_MS = 1_000;
const LONG = { timeout: 120 * SECOND_MS };

let folder: string;
let database: TestServer;
let redis: RedisServer | null = null;
let mails: MailServer;
let pool: pg.Pool;
let env: NodeJS.ProcessEnv;
let config: string[];
const received: { to: string; raw: Uint8Array }[] = [];
const running: Running[] = [];
let appended = 0;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'baton-processes-'));
  database = await startTestServer();
  redis = isInstalled('redis') ? await startRedis() : null;
  const account = { user: OFFICE, password: CANARIES.password, folders: ['INBOX', 'Sent'] };
  mails = await startMailServer({
    mailboxes: [account],
    onMail: ({ to }, raw) => void received.push(...to.map((one) => ({ to: one, raw }))),
  });
  const path = join(folder, 'baton.yaml');
  writeFileSync(path, yaml(mails));
  const url = await database.freshDatabase();
  env = { DATABASE_URL: url, BATON_SECRET: CANARIES.secret, OFFICE_PASSWORD: CANARIES.password };
  config = ['--config', path];
  pool = testPool(url);
});

afterAll(async () => {
  for (const one of running) await one.stop('SIGKILL');
  await pool.end();
  await mails.close();
  await redis?.end();
  await database.end();
  rmSync(folder, { recursive: true });
});

const yaml = ({ imapPort, smtpPort }: MailServer): string => `
secret: \${BATON_SECRET}
defaults: { timeZone: UTC, hours: { mon-sun: 00:00-24:00 } }
inboxes:
  office:
    address: ${OFFICE}
    name: Elm
    imap: { host: 127.0.0.1, port: ${imapPort}, tls: none, user: ${OFFICE}, password: "\${OFFICE_PASSWORD}" }
    smtp: { host: 127.0.0.1, port: ${smtpPort}, tls: none }
    authentication: { mode: token-and-sender-only }
    triageLead: leah
    finalManager: dana
members:
  leah: { name: Leah, addresses: [leah@team.example] }
  dana: { name: Dana, addresses: [dana@team.example] }
caps: { member: { hour: 100000 } }
database: { url: "\${DATABASE_URL}" }
${redis === null ? '' : `redis: { url: ${redis.url} }`}
`;

function deliver(count = 1, receivedAt = fromMs(Date.now())): void {
  for (let index = 0; index < count; index += 1) {
    appended += 1;
    const letter = writeLetter({
      from: `Carla <${CANARIES.customer}-${appended}@tenant.example>`,
      to: [OFFICE],
      subject: `${CANARIES.subject} ${appended}`,
      text: `${CANARIES.body} ${appended}`,
      date: fromMs(Date.now()),
      messageId: `${appended}@tenant.example`,
    });
    mails.append(OFFICE, 'INBOX', letter, receivedAt);
  }
}

async function start(...kinds: string[]): Promise<Running[]> {
  const begun = await Promise.all(kinds.map((kind) => startBaton([kind, ...config], env)));
  running.push(...begun);
  return begun;
}

const count = async (sql: string): Promise<number> =>
  (await pool.query<{ n: number }>(`SELECT count(*) AS n FROM ${sql}`)).rows[0]?.n ?? -1;
const acknowledged = () => received.filter(({ to }) => to.startsWith(CANARIES.customer)).map(({ to }) => to);
const readers = (pollers: readonly Running[]) =>
  pollers.filter(({ output }) => /\(INBOX\): [^\n]*\n?$/.test(lastAbout(output())) && isRead(output()));
const lastAbout = (output: string) => output.split('\n').findLast((line) => line.includes('(INBOX):')) ?? '';
const isRead = (output: string) => lastAbout(output).endsWith('mail is read.');

describe('workers in processes of their own', () => {
  test('are refused by a database that was not migrated, and told what to do', async () => {
    const refused = await baton(['start', 'poller', ...config], env);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/0001_foundation, 0002_protocol.* is missing.*npx baton migrate/s);
    expect((await baton(['status', ...config], env)).code).toBe(1);
    expect((await baton(['migrate', ...config], env)).code).toBe(0);
  });

  test('take mail in and answer it together, each mail once', LONG, async () => {
    deliver(30, fromMs(Date.now()) - MINUTE);
    await start(
      'poller',
      'poller',
      'classifier',
      'classifier',
      'router',
      'replies',
      'mailer',
      'mailer',
      'clock',
    );
    // Mail from before the first start is history, so what is answered comes after it.
    await waitUntil(
      'the history is taken in',
      async () => (await count("message WHERE stage = 'settled'")) === 30,
    );
    deliver(40);
    await waitUntil('all are acknowledged', () => acknowledged().length >= 40, 60 * SECOND_MS);
    expect(new Set(acknowledged()).size).toBe(40);
    expect(await count("message WHERE disposition = 'request'")).toBe(40);
  });

  test('tell by status and health how things stand', LONG, async () => {
    await waitUntil('the outbox is empty', async () => (await count("outbox WHERE state <> 'sent'")) === 0);
    const { code, stdout, stderr } = await baton(['status', '--json', ...config], env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      inboxes: [
        {
          address: OFFICE,
          mailbox: {
            ...{ connected: true, lastUid: 70, behind: 0, junk: null },
            reconciled: { at: expect.any(String), missing: 0, repaired: 0, gone: 0 },
          },
          canary: null,
          open: 40,
          unaccepted: 40,
          overdue: 0,
        },
      ],
      members: [
        { id: 'dana', owns: 0, offered: 0, unreached: false },
        { id: 'leah', owns: 0, offered: 40, unreached: false },
      ],
      outbox: { pending: 0, failed: 0, returned: 0, capped: 0, unconfirmed: 0, repeated: 0 },
      pages: { waiting: 0, failed: 0 },
      parked: 0,
      parkedSince: null,
      outages: [],
      runs: true,
      learned: null,
      shadowSince: null,
    });
    expect((await baton(['status', ...config], env)).stdout).toContain(`${OFFICE}  is read`);
    expect(await baton(['health', ...config], env)).toMatchObject({ code: 0, stderr: '' });
  });

  test(
    'a stopped poller is replaced within 30 seconds and writes nothing when it goes on (row 27)',
    LONG,
    async () => {
      const pollers = running.slice(0, 2);
      const [first] = readers(pollers);
      const second = pollers.find((one) => one !== first);
      expect(readers(pollers)).toHaveLength(1);
      first?.signal('SIGSTOP');
      const stoppedAt = Date.now();
      deliver();
      await waitUntil('the second has it', async () => (await count('message')) === 71, 40 * SECOND_MS);
      expect(Date.now() - stoppedAt).toBeLessThan(30 * SECOND_MS);
      const cursor = 'SELECT last_uid, fence FROM mailbox WHERE folder = $1';
      const before = (await pool.query(cursor, ['INBOX'])).rows;
      first?.signal('SIGCONT');
      await waitUntil('the first stands by', () => lastAbout(first?.output() ?? '').includes('stands by'));
      expect((await pool.query(cursor, ['INBOX'])).rows).toEqual(before);
      deliver();
      await waitUntil('the second goes on', async () => (await count('message')) === 72);
      expect(readers(pollers)).toEqual([second]);
    },
  );

  test('a killed poller is replaced within 30 seconds', LONG, async () => {
    const [first] = readers(running.slice(0, 2));
    await first?.stop('SIGKILL');
    const killedAt = Date.now();
    deliver();
    await waitUntil('the other has it', async () => (await count('message')) === 73, 40 * SECOND_MS);
    expect(Date.now() - killedAt).toBeLessThan(30 * SECOND_MS);
  });

  test(
    'go on taking mail in while Redis hangs, and answer all of it once although Redis loses every bell (rows 20, 22)',
    LONG,
    async () => {
      redis?.hang();
      deliver(10);
      await waitUntil('intake commits', async () => (await count('message')) === 83);
      deliver(10);
      await waitUntil('intake goes on', async () => (await count('message')) === 93);
      await redis?.crash();
      await redis?.daemon.start();
      await waitUntil('all are acknowledged', () => new Set(acknowledged()).size === 63, 90 * SECOND_MS);
      expect(acknowledged()).toHaveLength(63);
    },
  );

  test('end with 0 when they are asked to, and leave nothing in hand', LONG, async () => {
    deliver(40);
    await waitUntil('some are taken in', async () => (await count('message')) > 93);
    const codes = await Promise.all(running.map((one) => one.stop('SIGTERM')));
    expect(codes.filter((code) => code !== 0)).toEqual([null]);
    expect(await count('mailbox WHERE lease_holder IS NOT NULL')).toBe(0);
    expect(await count("outbox WHERE state = 'sending'")).toBe(0);
    const health = await baton(['health', 'poller', ...config], env);
    expect(health).toMatchObject({ code: 1 });
    expect(health.stderr).toContain(`the mail of ${OFFICE} is not being read`);
    await start('all');
    await waitUntil('all are acknowledged', () => new Set(acknowledged()).size === 103, 60 * SECOND_MS);
    expect(acknowledged()).toHaveLength(103);
  });

  test('log steps and rows, and no word, address, password or token of anybody', async () => {
    const logs = running.map(({ output }) => output()).join('\n');
    const notices = await Promise.all(received.map(({ raw }) => parseInProcess(raw)));
    const tokens = notices.flatMap(({ replyTo }) =>
      replyTo.map(({ address }) => address.split(/[+@]/)[1] ?? ''),
    );
    expect(tokens.filter((token) => token.length === 26).length).toBeGreaterThan(100);
    const found = [...Object.values(CANARIES), ...tokens.filter((token) => token.length === 26)].filter(
      (canary) => logs.includes(canary),
    );
    expect(found).toEqual([]);
    const lines = logs.split('\n').filter((line) => line.startsWith('{'));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({ step: expect.any(String), level: expect.any(Number) });
  });
});

describe.runIf(isInstalled('redis'))('a Redis that drops keys', () => {
  test('is refused at the start with the line to change (row 23)', async () => {
    await redis?.configSet('maxmemory-policy', 'allkeys-lru');
    const refused = await baton(['start', 'mailer', ...config], env);
    expect(refused.code).toBe(78);
    expect(refused.stderr).toContain('CONFIG SET maxmemory-policy noeviction');
    await redis?.configSet('maxmemory-policy', 'noeviction');
  });
});
