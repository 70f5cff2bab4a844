/** Folders that are made with all above them, or refused. */
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { makeFolder } from '../../src/runtime/make-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'baton-folder-'));
afterAll(() => rmSync(root, { recursive: true }));

test('a folder is made with all above it, twice is once, and a file in the way is refused', async () => {
  const path = join(root, 'a', 'b', 'c');
  await makeFolder(path, 0o700);
  await makeFolder(path, 0o700);
  expect(statSync(join(root, 'a')).mode & 0o777).toBe(0o700);
  writeFileSync(join(root, 'file'), '');
  await expect(makeFolder(join(root, 'file', 'd'))).rejects.toMatchObject({ code: 'ENOTDIR' });
});

test.skipIf(!existsSync('/proc/self'))(
  'where nothing can be made that is said, and nobody waits',
  async () => {
    await expect(makeFolder('/proc/nothing/below')).rejects.toMatchObject({ code: 'ENOENT' });
  },
);
