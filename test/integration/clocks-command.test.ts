/** `baton clocks`, `status` and `digest`, as an operator calls them, against a real database. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { addClocks } from '../../src/cli/clocks.ts';
import { addDigest } from '../../src/cli/digest.ts';
import { Finding } from '../../src/cli/exit.ts';
import { addStatus } from '../../src/cli/status.ts';
import { fromMs } from '../../src/domain/instant.ts';
import { settableClock } from '../support/settable-clock.ts';
import { type MigratedDatabases, startMigratedDatabases } from '../support/store-database.ts';
import { openStoreOffice, type StoreOffice } from '../support/store-office.ts';

const EXAMPLE = new URL('../../config/baton.example.yaml', import.meta.url);

let databases: MigratedDatabases;
let folder: string;
let office: StoreOffice;
beforeAll(async () => {
  databases = await startMigratedDatabases();
  const url = await databases.fresh();
  folder = mkdtempSync(join(tmpdir(), 'baton-clocks-'));
  const example = readFileSync(EXAMPLE, 'utf8').replace(/^data: .*$/m, `database: { url: "${url}" }`);
  writeFileSync(join(folder, 'baton.yaml'), example);
  office = await openStoreOffice(url, { clock: settableClock(fromMs(Date.now())) });
  office.customerWrites('Leak under the sink');
  await office.settle();
});
afterAll(async () => {
  await office.close();
  rmSync(folder, { recursive: true });
  await databases.end();
});

type Said = {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number;
  readonly error: string;
};

const baton = (...args: string[]): Promise<Said> => run('clocks', ...args);

async function run(...words: string[]): Promise<Said> {
  const said = { stdout: '', stderr: '' };
  const listen = (to: 'stdout' | 'stderr') => (chunk: unknown) => {
    said[to] += String(chunk);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(listen('stdout')),
    vi.spyOn(process.stderr, 'write').mockImplementation(listen('stderr')),
  ];
  const program = new Command('baton').exitOverride();
  for (const add of [addClocks, addStatus, addDigest]) add(program);
  const config = words.includes('--config') ? [] : ['--config', join(folder, 'baton.yaml')];
  try {
    await program.parseAsync([...words, ...config], { from: 'user' });
    return { ...said, code: 0, error: '' };
  } catch (error) {
    if (error instanceof Finding) return { ...said, code: error.exitCode, error: error.message };
    if (error instanceof CommanderError) return { ...said, code: 64, error: error.message };
    throw error;
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}

const DISTANT = '2099-01-01';

describe('baton clocks', () => {
  test('tells which clocks run for a request, whom they wait for and what follows', async () => {
    const { stdout, code } = await baton('--json');
    const told = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(told).toMatchObject({ fired: [], complete: true, requests: 1 });
    expect(told.running.filter((one: { request?: number }) => one.request === 1001)).toContainEqual(
      expect.objectContaining({ subject: 'Leak under the sink', waitsFor: expect.any(String), late: false }),
    );
    expect((await baton()).stdout).toMatch(
      /#1001 +Leak under the sink +to take it +Priya Nair +Luis Romero is asked/,
    );
  });

  test('is the same twice, and shows no more than was asked for', async () => {
    const [first, second] = [await baton('--json', '--limit', '1'), await baton('--json', '--limit', '1')];
    expect(JSON.parse(first.stdout).running).toEqual(JSON.parse(second.stdout).running);
    expect(JSON.parse(first.stdout).running).toHaveLength(1);
  });

  test('goes on to a later time without writing anything', async () => {
    const counted = async () => (await office.pool.query('SELECT count(*) AS n FROM event')).rows[0];
    const before = await counted();
    const { stdout } = await baton('--json', '--at', DISTANT, '--of', 'Dana');
    const told = JSON.parse(stdout);
    expect(told.fired.length).toBeGreaterThan(0);
    expect(told.complete).toBe(false);
    expect(await counted()).toEqual(before);
  });

  test('says what is wrong with a question, and how to ask', async () => {
    expect(await baton('--at', 'tomorrow')).toMatchObject({
      code: 64,
      error: expect.stringMatching(/no date or time/),
    });
    expect(await baton('--at', '2020-01-01')).toMatchObject({
      code: 64,
      error: expect.stringMatching(/is over/),
    });
    expect(await baton('--of', 'Nobody')).toMatchObject({
      code: 64,
      error: expect.stringMatching(/^Nobody in the team is called "Nobody"\. The team: /),
    });
    expect((await baton('--of', 'Prya')).error).toContain('Did you mean "Priya Nair"?');
    expect(await baton('--limit', '0')).toMatchObject({
      code: 64,
      error: expect.stringMatching(/from 1 to 1000/),
    });
  });
});

describe('commands that only look', () => {
  /** The same office, of which nothing runs. */
  async function atRest(): Promise<string> {
    const path = join(folder, 'at-rest.yaml');
    const url = await databases.fresh();
    writeFileSync(path, readFileSync(EXAMPLE, 'utf8').replace(/^data: .*$/m, `database: { url: "${url}" }`));
    return path;
  }

  test('say first that no Baton runs, and nothing of it while one is connected', async () => {
    const config = await atRest();
    for (const command of [['clocks'], ['status'], ['digest', '--to', 'dana']]) {
      const { stdout, stderr, error } = await run(...command, '--config', config);
      expect(error).toBe('');
      expect(stderr, command[0]).toMatch(/^NO BATON RUNS on this database: no mailbox was ever asked, /);
      expect(stdout).not.toBe('');
      if (command[0] === 'digest') expect(stdout).toMatch(/^Subject: \w+: mail is not flowing, /);
    }
    const running = await run('status', '--json');
    expect(running.stderr).not.toContain('NO BATON');
    expect(JSON.parse(running.stdout).runs).toBe(true);
  });

  test('need no password of a mailbox, and the address of the database where it is not set', async () => {
    const { code, stderr, stdout } = await run('status');
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('is NOT read        ?') });
    expect(stderr).toContain('Its login is not set in this environment, so its server was not asked.');
    const path = join(folder, 'unset.yaml');
    const unset = readFileSync(EXAMPLE, 'utf8').replace(
      /^data: .*$/m,
      `database: { url: "\${NOWHERE_SET}" }`,
    );
    writeFileSync(path, unset);
    const refused = await run('digest', '--to', 'dana', '--config', path);
    expect(refused.code).toBe(78);
    expect(refused.error).toMatch(/database\.url: the environment variable NOWHERE_SET is not set/);
    expect(refused.error.split('\n')).toHaveLength(1);
  });
});
