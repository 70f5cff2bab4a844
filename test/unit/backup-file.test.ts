/** The file of a backup, when the backup comes to nothing. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { afterAll, expect, test } from 'vitest';
import { writeWhole } from '../../src/runtime/backup-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'baton-backup-file-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a backup that breaks off leaves neither a file behind nor one open', async () => {
  const seen: Writable[] = [];
  const failing = (out: Writable): Promise<void> => {
    seen.push(out);
    out.write('half of it');
    return Promise.reject(new Error('the database went away'));
  };
  await expect(writeWhole(join(folder, 'a.backup'), failing)).rejects.toThrow('the database went away');
  expect(seen.map(({ closed }) => closed)).toEqual([true]);
  expect(readdirSync(folder)).toEqual([]);
});
