/** The embedded server: started, adopted, stopped by the last, and up again after every kind of sudden end. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import {
  joinEmbeddedPostgres,
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '../../src/runtime/embedded-postgres.ts';
import { waitUntil } from '../support/wait-until.ts';

describe('the embedded PostgreSQL', () => {
  let dataDir: string;
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'baton-pg-'));
  });
  afterEach(async () => {
    for (const child of children.splice(0)) {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    }
    await removeEmbeddedPostgres({ dataDir });
    await rm(dataDir, { recursive: true, force: true });
  });

  async function holder(): Promise<{ child: ChildProcess; url: string; adopted: boolean }> {
    const child = fork(new URL('../support/hold-database.ts', import.meta.url), [dataDir]);
    children.push(child);
    const [answer] = (await once(child, 'message')) as [{ url: string; adopted: boolean }];
    return { child, ...answer };
  }

  const kill = async (child: ChildProcess): Promise<void> => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };

  it('adopts the server that survived a kill -9 of its Baton, and stops it as the last user', async () => {
    const first = await holder();
    await query(first.url, 'CREATE TABLE kept AS SELECT 1 AS one');
    await kill(first.child);
    const second = await startEmbeddedPostgres({ dataDir });
    expect(second).toMatchObject({ adopted: true, url: first.url });
    expect(await query(second.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
    await second.stop();
    expect(await joinEmbeddedPostgres({ dataDir })).toBeNull();
  });

  it('starts once when two Batons start at once, and stops with the last of them', async () => {
    const [one, other] = await Promise.all([holder(), holder()]);
    expect([one.adopted, other.adopted].sort()).toEqual([false, true]);
    expect(one.url).toBe(other.url);
    one.child.send('stop');
    await once(one.child, 'exit');
    expect(await joinEmbeddedPostgres({ dataDir })).toEqual({ url: one.url });
    other.child.send('stop');
    await once(other.child, 'exit');
    expect(await joinEmbeddedPostgres({ dataDir })).toBeNull();
  });

  it('tells a second start of all workers of the first, before anything else, and of nobody who only looks or is gone', async () => {
    const said: string[] = [];
    const start = (isWhole: boolean) =>
      startEmbeddedPostgres({ dataDir, isWhole, log: (line) => void said.push(line) });
    const [looks, first] = [await start(false), await start(true)];
    expect(said.join()).not.toContain('already runs');
    said.length = 0;
    const second = await start(true);
    expect(said).toEqual([
      `Baton already runs on the data in ${dataDir} (process ${process.pid}). This one only helps; stop it with Ctrl-C if you did not want that.`,
      expect.stringContaining('database adopted'),
    ]);
    await Promise.all([first.stop(), second.stop()]);
    await writeFile(join(dataDir, 'users', '1-x-1-all'), '999999999:1');
    said.length = 0;
    const third = await start(true);
    expect(said.join()).not.toContain('already runs');
    await third.stop();
    await looks.stop();
  });

  it('does not count a killed Baton as a user when the other stops', async () => {
    const [killed, lasting] = await Promise.all([holder(), holder()]);
    await kill(killed.child);
    lasting.child.send('stop');
    await once(lasting.child, 'exit');
    expect(await joinEmbeddedPostgres({ dataDir })).toBeNull();
  });

  it('recovers every committed row after the server itself was killed with a client connected', async () => {
    const server = await startEmbeddedPostgres({ dataDir });
    await query(server.url, 'CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n');
    const client = await connected(server.url);
    process.kill(JSON.parse(await readFile(join(dataDir, 'state.json'), 'utf8')).pid, 'SIGKILL');
    const again = await startEmbeddedPostgres({ dataDir });
    expect(again.adopted).toBe(false);
    expect(await query(again.url, 'SELECT count(*)::int AS rows FROM kept')).toEqual([{ rows: 1000 }]);
    await client.end().catch(() => undefined);
    await server.stop();
    await again.stop();
  });

  it('throws away a cluster whose making was cut short', async () => {
    const server = await startEmbeddedPostgres({ dataDir });
    await server.stop();
    const folder = join(await clusterOf(dataDir), '..');
    await rm(await clusterOf(dataDir), { recursive: true });
    await writeFile(join(folder, 'draft-cut-short'), 'half');
    const again = await startEmbeddedPostgres({ dataDir });
    expect(await query(again.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await readdir(folder)).not.toContain('draft-cut-short');
    await again.stop();
  });

  it('survives a folder name with spaces and two hundred characters', async () => {
    const odd = join(dataDir, 'a folder', 'x'.repeat(200));
    const server = await startEmbeddedPostgres({ dataDir: odd });
    expect(await query(server.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
    await removeEmbeddedPostgres({ dataDir: odd });
  });

  it('names the folder when it may not write there', async () => {
    const file = join(dataDir, 'file');
    await writeFile(file, '');
    await chmod(file, 0o600);
    await expect(startEmbeddedPostgres({ dataDir: join(file, 'data') })).rejects.toMatchObject({
      code: 'postgres-folder',
      message: expect.stringContaining(file),
    });
  });

  it('joins nothing where nothing runs', async () => {
    expect(await joinEmbeddedPostgres({ dataDir })).toBeNull();
  });

  it('is gone at once and wholly when removed', async () => {
    const server = await startEmbeddedPostgres({ dataDir });
    const cluster = await clusterOf(dataDir);
    await removeEmbeddedPostgres({ dataDir });
    await waitUntil('the cluster is gone', async () => !(await stat(cluster).catch(() => null)));
    expect(await joinEmbeddedPostgres({ dataDir })).toBeNull();
    await server.stop();
  });
});

describe('an embedded PostgreSQL that was started before', () => {
  let dataDir: string;

  // Made once for all of these, since that is most of what a start costs; each leaves it as it found it.
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'baton-pg-'));
    await (await startEmbeddedPostgres({ dataDir })).stop();
  });
  afterAll(async () => {
    await removeEmbeddedPostgres({ dataDir });
    await rm(dataDir, { recursive: true, force: true });
  });

  /** Other content for one of its files until the test has ended. */
  async function changing(name: string, content: string): Promise<void> {
    const path = join(await clusterOf(dataDir), name);
    const before = await readFile(path);
    onTestFinished(() => writeFile(path, before));
    await writeFile(path, content);
  }

  it('keeps its data, port and password over a stop and a start', async () => {
    const before = await startEmbeddedPostgres({ dataDir });
    await query(before.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await before.stop();
    const after = await startEmbeddedPostgres({ dataDir });
    expect(await query(after.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
    expect(after.url).toBe(before.url);
    expect([before.adopted, after.adopted]).toEqual([false, false]);
    await after.stop();
  });

  it('never trades durability for speed', async () => {
    const server = await startEmbeddedPostgres({ dataDir });
    const rows = await query(
      server.url,
      "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes') ORDER BY 1",
    );
    expect(rows.map((row) => row.setting)).toEqual(['on', 'on', 'on']);
    await server.stop();
  });

  it('lets nobody in without the password, and keeps that from other users', async () => {
    const server = await startEmbeddedPostgres({ dataDir });
    const stranger = server.url.replace(/:[0-9a-f]+@/, ':guess@');
    await expect(query(stranger, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    for (const name of ['state.json', 'password']) {
      expect((await stat(join(dataDir, name))).mode & 0o777, name).toBe(0o600);
    }
    await server.stop();
  });

  it('clears a postmaster.pid whose number now belongs to a process of somebody else', async () => {
    const lines = [process.pid, await clusterOf(dataDir), 0, 5432, '', '127.0.0.1', '', 'ready'];
    await writeFile(join(await clusterOf(dataDir), 'postmaster.pid'), `${lines.join('\n')}\n`, {
      mode: 0o600,
    });
    const again = await startEmbeddedPostgres({ dataDir });
    expect(again.adopted).toBe(false);
    await again.stop();
  });

  it('takes another port when its own was taken meanwhile', async () => {
    const before = await startEmbeddedPostgres({ dataDir });
    await before.stop();
    const squatter = createServer().listen(Number(new URL(before.url).port), '127.0.0.1');
    await once(squatter, 'listening');
    const after = await startEmbeddedPostgres({ dataDir });
    expect(new URL(after.url).port).not.toBe(new URL(before.url).port);
    await after.stop();
    squatter.close();
  });

  it('refuses a cluster of another major version and says what to do', async () => {
    await changing('PG_VERSION', '12\n');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({
      name: 'Failure',
      code: 'postgres-version',
      message: expect.stringContaining('`database.url`'),
    });
  });

  it('shows the last words of a server that does not start', async () => {
    await changing('postgresql.conf', 'no_such_setting = 1\n');
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({
      code: 'postgres-start',
      message: expect.stringContaining('no_such_setting'),
    });
  });

  it('refuses to guess when the password is gone', async () => {
    const password = await readFile(join(dataDir, 'password'));
    await rm(join(dataDir, 'password'));
    await expect(startEmbeddedPostgres({ dataDir })).rejects.toMatchObject({
      code: 'postgres-password-lost',
    });
    await writeFile(join(dataDir, 'password'), password, { mode: 0o600 });
  });
});

const clusterOf = async (dataDir: string): Promise<string> =>
  join((await readFile(join(dataDir, 'cluster'), 'utf8')).trim(), 'data');

async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = await connected(url).catch((error: unknown) => {
    throw error;
  });
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
