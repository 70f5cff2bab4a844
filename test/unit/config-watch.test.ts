import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import type { Config } from '../../src/config/schema.ts';
import { type Watch, type WatchOptions, watchConfig } from '../../src/config/watch.ts';

const text = (name: string): string => `
secret: ${'k'.repeat(32)}
defaults: {timeZone: UTC}
inboxes:
  office:
    address: office@elm.example
    name: Elm
    imap: {host: h, user: u, password: p}
    smtp: {host: h}
    triageLead: leah
    finalManager: leah
members:
  leah: {name: ${name}, addresses: [leah@elm.example]}
`;

let folder = '';
let path = '';
let said: string[] = [];
let watch: Watch;

function begin(more: Partial<WatchOptions> = {}): void {
  const loaded = loadConfig(path, {});
  if (!loaded.ok) throw new Error('the test begins with a good file');
  watch = watchConfig({
    path,
    env: {},
    inForce: loaded.digest,
    notices: loaded.notices,
    onConfig: (config) => void said.push(`config ${config.members.leah?.name}`),
    onProblems: (problems) => void said.push(...problems.map(({ message }) => `problem ${message}`)),
    onMended: () => void said.push('mended'),
    onError: (error) => void said.push(String(error)),
    trigger: () => ({ stop: () => void said.push('stopped') }),
    ...more,
  });
}

/** The looks that a second each would bring. */
async function looks(count: number): Promise<string[]> {
  said = [];
  for (let done = 0; done < count; done += 1) await watch.look();
  return said;
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-watch-'));
  path = join(folder, 'baton.yaml');
  said = [];
  writeFileSync(path, text('Leah'));
});
afterEach(async () => {
  await watch.close();
  rmSync(folder, { recursive: true });
});

describe('a watched configuration', () => {
  test('says nothing while the file stays as it is, also when it is only touched', async () => {
    begin();
    expect(await looks(3)).toEqual([]);
    utimesSync(path, new Date(0), new Date(0));
    expect(await looks(3)).toEqual([]);
  });

  test('is handed over once after a change, when the file has kept still for two looks', async () => {
    begin();
    await looks(2);
    writeFileSync(path, text('Lea'));
    expect(await looks(1)).toEqual([]);
    writeFileSync(path, text('Leah Stein'));
    expect(await looks(1)).toEqual([]);
    expect(await looks(3)).toEqual(['config Leah Stein']);
  });

  test('is handed over when an editor puts a new file in the place of the old', async () => {
    begin();
    await looks(2);
    writeFileSync(`${path}.new`, text('Lena'));
    renameSync(`${path}.new`, path);
    expect(await looks(3)).toEqual(['config Lena']);
  });

  test('is handed over when it changed between loading and the first look', async () => {
    begin();
    writeFileSync(path, text('Lena'));
    expect(await looks(2)).toEqual(['config Lena']);
  });

  test('stays in force while the file has problems, which are told once, as is that they are mended', async () => {
    begin();
    await looks(2);
    writeFileSync(path, text('Leah').replace('finalManager: leah', 'finalManager: lea'));
    expect(await looks(4)).toEqual(['problem no member is called "lea"']);
    utimesSync(path, new Date(0), new Date(0));
    expect(await looks(3)).toEqual([]);
    writeFileSync(path, text('Leah'));
    expect(await looks(3)).toEqual(['mended']);
    utimesSync(path, new Date(0), new Date(0));
    expect(await looks(3)).toEqual([]);
    writeFileSync(path, text('Leah').replace('finalManager: leah', 'finalManager: lea'));
    expect(await looks(3)).toEqual(['problem no member is called "lea"']);
  });

  test('stays in force while the file is away, and says when it is back', async () => {
    begin();
    await looks(2);
    renameSync(path, `${path}.away`);
    expect(await looks(1)).toEqual([]);
    expect(await looks(3)).toEqual(['problem the configuration does not exist']);
    renameSync(`${path}.away`, path);
    expect(await looks(3)).toEqual(['mended']);
  });

  test('is handed over when a wording of mails beside it was added, changed or removed', async () => {
    const notices = join(folder, 'notices');
    const wording = join(notices, 'noted.md');
    const worded = (config: Config) => config.wordings.everywhere.has('noted');
    begin({ onConfig: (config) => void said.push(worded(config) ? 'worded' : 'plain') });
    await looks(2);
    mkdirSync(notices);
    writeFileSync(wording, 'Hi!\n\n{{rest}}\n');
    expect(await looks(4)).toEqual(['worded']);
    writeFileSync(wording, 'Hello!\n\n{{rest}}\n');
    expect(await looks(4)).toEqual(['worded']);
    utimesSync(wording, new Date(0), new Date(0));
    expect(await looks(4)).toEqual([]);
    rmSync(wording);
    expect(await looks(4)).toEqual(['plain']);
  });

  test('stays in force while a wording has problems, which are told once, also in a folder that is new', async () => {
    begin();
    await looks(2);
    mkdirSync(join(folder, 'words'));
    writeFileSync(join(folder, 'words', 'noted.md'), '{{rest}} {{nonsense}}\n');
    writeFileSync(path, `${text('Leah')}notices: words\n`);
    const told = await looks(6);
    expect(told.filter((line) => line.includes('nonsense'))).toEqual([
      'problem there is no {{nonsense}} in this mail',
    ]);
    writeFileSync(join(folder, 'words', 'noted.md'), '{{rest}}\n');
    expect(await looks(4)).toEqual(['config Leah']);
  });

  test('is handed over again at the next look when it could not be put into force', async () => {
    let failures = 1;
    begin({
      onConfig: (config) => {
        if (failures-- > 0) throw new Error('database away');
        said.push(`config ${config.members.leah?.name}`);
      },
    });
    writeFileSync(path, text('Lena'));
    expect(await looks(2)).toEqual(['Error: database away']);
    expect(await looks(2)).toEqual(['config Lena']);
  });

  test('is never handed over twice at once, however many looks there are meanwhile', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    begin({
      onConfig: async () => {
        said.push('begin');
        await promise;
        said.push('end');
      },
    });
    writeFileSync(path, text('Lena'));
    await looks(1);
    const all = [watch.look(), watch.look(), watch.look()];
    resolve();
    await Promise.all(all);
    expect(said).toEqual(['begin', 'end']);
  });

  test('is looked at when the trigger says so, until it is closed', async () => {
    let look = (): void => undefined;
    const { promise, resolve } = Promise.withResolvers<string | undefined>();
    begin({
      trigger: (given) => {
        look = given;
        return { stop: () => void said.push('stopped') };
      },
      onConfig: (config) => resolve(config.members.leah?.name),
    });
    writeFileSync(path, text('Lena'));
    await looks(1);
    look();
    expect(await promise).toBe('Lena');
    await watch.close();
    expect(said).toEqual(['stopped']);
  });
});
