/** The servers of the stack tests do what those tests rely on. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Redis } from 'ioredis';
import pg from 'pg';
import { expect, test } from 'vitest';
import { smtpMailSender } from '../../src/adapters/smtp/mail-sender.ts';
import { startPostgres } from '../support/stack/postgres.ts';
import { type RedisServer, startRedis } from '../support/stack/redis.ts';
import { startSmtpSink } from '../support/stack/smtp-sink.ts';
import { describeOn, useServer } from '../support/stack/use-server.ts';
import { waitUntil } from '../support/wait-until.ts';

describeOn(['dovecot', 'redis', 'postgres', 'smtp-sink'], 'all servers', () => {
  test('when whoever started them is killed, they end too, a stopped one included, and leave no folder', async () => {
    const script = join(import.meta.dirname, '../support/stack/start-and-tell.ts');
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'pipe'] });
    const errors: string[] = [];
    child.stderr.setEncoding('utf8').on('data', (text: string) => void errors.push(text));
    const lines = createInterface({ input: child.stdout });
    const line = await Promise.race([once(lines, 'line'), once(lines, 'close')]);
    expect(line, errors.join('')).toHaveLength(1);
    const told = JSON.parse(String(line)) as { folder: string; pids: number[] }[];
    const pids = told.flatMap((server) => server.pids);
    // Killed before anything can fail: nobody else would end it.
    const running = pids.filter(isRunning);
    child.kill('SIGKILL');
    // Not all of them: Dovecot's helpers come and go.
    expect(running.length).toBeGreaterThan(4);
    await waitUntil('their end', () => !pids.some(isRunning));
    await waitUntil('empty space', () => !told.some(({ folder }) => existsSync(folder)));
  });
});

describeOn(['redis'], 'the Redis of the stack tests', () => {
  const plain = useServer(startRedis);
  const logging = useServer(() => startRedis({ appendOnly: true }));

  test('comes back empty from a crash, and with its log as it was', async () => {
    for (const [server, kept] of [
      [plain(), null],
      [logging(), 'one'],
    ] as const) {
      await ask(server, (client) => client.set('key', 'one'));
      await server.crash();
      await server.daemon.start();
      expect(await ask(server, (client) => client.get('key'))).toBe(kept);
    }
  });

  test('takes connections and says nothing while it hangs', async () => {
    plain().hang();
    const answer = ask(plain(), (client) => client.ping());
    const first = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 50, 'silence'))]);
    expect(first).toBe('silence');
    plain().goOn();
    expect(await answer).toBe('PONG');
  });

  test('is set, counted and emptied', async () => {
    await ask(plain(), (client) => client.set('a:1', 'x'));
    expect(await plain().count('a:*')).toBe(1);
    await plain().configSet('maxmemory-policy', 'allkeys-lru');
    expect(await ask(plain(), (client) => client.config('GET', 'maxmemory-policy'))).toContain('allkeys-lru');
    await plain().configSet('maxmemory-policy', 'noeviction');
    await plain().flushAll();
    expect(await plain().count('*')).toBe(0);
  });
});

describeOn(['postgres'], 'the PostgreSQL of the stack tests', () => {
  const postgres = useServer(startPostgres);

  test('keeps what was committed through an immediate stop and a crash', async () => {
    const { stopImmediately, crash, start } = postgres();
    const url = await postgres().freshDatabase();
    await query(url, 'CREATE TABLE kept (n integer)');
    for (const [n, fall] of [stopImmediately, crash].entries()) {
      await query(url, 'INSERT INTO kept VALUES ($1)', [n]);
      await fall();
      await expect(query(url, 'SELECT 1')).rejects.toThrow();
      await start();
    }
    expect(await query(url, 'SELECT n FROM kept ORDER BY n')).toEqual([{ n: 0 }, { n: 1 }]);
  });
});

describeOn(['smtp-sink'], "the Postfix' smtp-sink of the stack tests", () => {
  const sink = useServer(startSmtpSink);

  test('keeps a mail whose answer it withholds, and none that it refuses', async () => {
    const sender = smtpMailSender({ host: '127.0.0.1', port: sink().port, tls: 'none' });
    const send = (envelopeTo: string) =>
      sender.send({ envelopeFrom: '', envelopeTo, raw: Buffer.from('Subject: x\r\n\r\ny\r\n') });
    const stages = [
      [['-q', '.'], 'unknown', 1],
      [['-r', 'MAIL'], 'temporary', 0],
      [['-f', 'DATA'], 'permanent', 0],
      [['-Q', 'RCPT'], 'temporary', 0],
      [['-q', 'EHLO'], 'temporary', 0],
      [[], 'accepted', 1],
    ] as const;
    for (const [flags, outcome, kept] of stages) {
      sink().forget();
      await sink().restart(flags);
      expect(await send('a@b.example'), flags.join(' ')).toMatchObject({ type: outcome });
      expect(sink().mails(), flags.join(' ')).toHaveLength(kept);
    }
    await sender.close();
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function ask<T>(server: RedisServer, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis(server.url);
  try {
    return await work(client);
  } finally {
    client.disconnect();
  }
}

async function query(url: string, text: string, values: unknown[] = []): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}
