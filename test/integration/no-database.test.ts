/** Commands that look at a database where there is none: they say so, and make none in which they would find nothing. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeWhole } from '../../src/runtime/backup-file.ts';
import { baton } from '../support/processes.ts';

const EXAMPLE = fileURLToPath(new URL('../../config/baton.example.yaml', import.meta.url));
const ENV = { BATON_SECRET: 'k'.repeat(32), MAINTENANCE_PASSWORD: 'x', OFFICE_PASSWORD: 'x' };

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-nothing-'));
  writeFileSync(join(folder, 'baton.yaml'), readFileSync(EXAMPLE));
});
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['erase', 'maria@example.com', '--dry-run'],
  ['backup', '/nowhere/of-nothing.backup'],
  ['parked'],
])('%s says that nothing was ever started here, and makes no database', async (...words) => {
  const { code, stdout, stderr } = await baton([...words, '--config', join(folder, 'baton.yaml')], ENV);
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toContain(`There is no database of Baton in ${join(folder, '.baton')}.`);
  expect(existsSync(join(folder, '.baton'))).toBe(false);
});

test('a backup into a folder that is not there is refused in words', async () => {
  await expect(writeWhole(join(folder, 'missing', 'x'), async () => {})).rejects.toMatchObject({
    code: 'backup-file',
    message: `${join(folder, 'missing', 'x')}: there is no such file or folder.`,
  });
});

test.each([
  [['start', 'all'], 'Baton did not start. Start PostgreSQL or mend database.url, then start again.'],
  [['status'], 'Nothing was done. Start PostgreSQL or mend database.url, then try again.'],
  [['migrate'], 'Nothing was done. Start PostgreSQL or mend database.url, then try again.'],
  [['backup', '/nowhere/x'], 'Nothing was done. Start PostgreSQL or mend database.url, then try again.'],
])(
  'where PostgreSQL does not answer, %j says what that means for it, and promises nothing',
  async (words, so) => {
    const path = join(folder, 'away.yaml');
    writeFileSync(path, `${readFileSync(EXAMPLE)}\ndatabase:\n  url: postgresql://baton@127.0.0.1:1/baton\n`);
    const { code, stderr } = await baton([...words, '--config', path], ENV);
    expect(code).toBe(1);
    expect(stderr).toContain('PostgreSQL cannot be reached.');
    expect(stderr).toContain(`\n${so}\n`);
    expect(stderr).not.toContain('by itself');
  },
);
