/** Which files of the folder of wordings are taken, and for whom. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { digestOfNotices, readNotices, templatesFor } from '../../src/config/notices.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-notices-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function put(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

describe('wordings', () => {
  test('hold for every inbox, unless one has its own', () => {
    put('noted.md', 'Language: en\n\n{{rest}}');
    put('office/noted.md', 'Language: es\n\n{{rest}}');
    put('office/offer.md', '{{rest}}');
    const { wordings, problems } = readNotices(folder, ['office', 'sales']);
    expect(problems).toEqual([]);
    const languages = (inbox: string) =>
      [...templatesFor(wordings, inbox)].map(([kind, { language }]) => `${kind} ${language}`);
    expect(languages('office')).toEqual(['noted es', 'offer en']);
    expect(languages('sales')).toEqual(['noted en']);
  });

  test('are not what editors and version control leave behind, nor a README', () => {
    for (const name of ['.noted.md.swp', 'noted.md~', 'README.md', '.git/config', 'office/README.md'])
      put(name, 'x');
    expect(readNotices(folder, ['office'])).toMatchObject({ problems: [], why: null });
  });

  test('are none where there is no folder, which says why', () => {
    expect(readNotices(join(folder, 'none'), []).why).toBe('does not exist');
    put('file', 'x');
    expect(readNotices(join(folder, 'file'), []).why).toBe('is no folder');
  });

  test('are told apart by their text alone', () => {
    put('noted.md', 'a');
    const before = digestOfNotices(folder);
    put('noted.md', 'a');
    expect(digestOfNotices(folder)).toBe(before);
    put('noted.md', 'b');
    expect(digestOfNotices(folder)).not.toBe(before);
  });
});
