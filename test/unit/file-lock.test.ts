import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isTokenAlive, processToken, withFileLock } from '../../src/runtime/file-lock.mjs';

describe('the lock between processes', () => {
  let folder: string;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'baton-lock-')), 'lock');
  });
  let holder: ChildProcess | null = null;
  afterEach(async () => {
    holder?.kill('SIGKILL');
    await rm(join(folder, '..'), { recursive: true, force: true });
  });

  it('lets one work at a time, however many ask at once', async () => {
    let inside = 0;
    let most = 0;
    let done = 0;
    await Promise.all(
      Array.from({ length: 12 }, () =>
        withFileLock(folder, async () => {
          most = Math.max(most, ++inside);
          await new Promise((resolve) => setImmediate(resolve));
          inside--;
          done++;
        }),
      ),
    );
    expect([most, done]).toEqual([1, 12]);
  });

  it('is given back when the work throws', async () => {
    await expect(withFileLock(folder, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(withFileLock(folder, async () => 'mine', 0)).resolves.toBe('mine');
  });

  it('passes over a holder that was killed', async () => {
    holder = await holdInAnotherProcess(folder);
    await expect(withFileLock(folder, async () => 'mine', 0)).rejects.toMatchObject({ code: 'ELOCKED' });
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    await expect(withFileLock(folder, async () => 'mine', 0)).resolves.toBe('mine');
  });

  it('passes over a holder whose process number was given to another process', async () => {
    await withFileLock(folder, async () => undefined);
    await writeFile(join(folder, '9'), `${process.pid}:1`);
    await expect(withFileLock(folder, async () => 'mine', 0)).resolves.toBe('mine');
  });

  it('leaves one small file behind, not one per use', async () => {
    for (let use = 0; use < 5; use++) await withFileLock(folder, async () => undefined);
    expect(await readdir(folder)).toHaveLength(1);
  });

  it('knows a living process by its token and no other', () => {
    expect(isTokenAlive(processToken(process.pid) ?? '')).toBe(true);
    expect(isTokenAlive(`${process.pid}:1`)).toBe(false);
    expect(isTokenAlive('')).toBe(false);
    expect(isTokenAlive('nonsense')).toBe(false);
  });
});

async function holdInAnotherProcess(folder: string): Promise<ChildProcess> {
  const holder = fork(new URL('../support/hold-lock.ts', import.meta.url), [folder]);
  await once(holder, 'message');
  return holder;
}
