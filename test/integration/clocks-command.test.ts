/** `baton clocks`, as an operator calls it, against a real database. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { addClocks } from '../../src/cli/clocks.ts';
import { Finding } from '../../src/cli/exit.ts';
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
  for (const name of ['BATON_SECRET', 'MAINTENANCE_PASSWORD', 'OFFICE_PASSWORD'])
    vi.stubEnv(name, 'k'.repeat(32));
  const example = readFileSync(EXAMPLE, 'utf8').replace(/^data: .*$/m, `database: { url: "${url}" }`);
  writeFileSync(join(folder, 'baton.yaml'), example);
  office = await openStoreOffice(url, { clock: settableClock(fromMs(Date.now())) });
  office.customerWrites('Leak under the sink');
  await office.settle();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await office.close();
  rmSync(folder, { recursive: true });
  await databases.end();
});

type Said = { readonly stdout: string; readonly code: number; readonly error: string };

async function baton(...args: string[]): Promise<Said> {
  let stdout = '';
  const said = (chunk: unknown): boolean => {
    stdout += String(chunk);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(said),
    vi.spyOn(process.stderr, 'write').mockImplementation(() => true),
  ];
  const program = new Command('baton').exitOverride();
  addClocks(program);
  try {
    await program.parseAsync(['clocks', ...args, '--config', join(folder, 'baton.yaml')], { from: 'user' });
    return { stdout, code: 0, error: '' };
  } catch (error) {
    if (error instanceof Finding) return { stdout, code: error.exitCode, error: error.message };
    if (error instanceof CommanderError) return { stdout, code: 64, error: error.message };
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
      error: expect.stringMatching(/The team: /),
    });
    expect(await baton('--limit', '0')).toMatchObject({
      code: 64,
      error: expect.stringMatching(/from 1 to 1000/),
    });
  });
});
