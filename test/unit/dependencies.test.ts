/** The audit of dependencies says what is there: each package, its version, its install script and its licence. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

type Locked = {
  readonly version?: string;
  readonly license?: string;
  readonly hasInstallScript?: boolean;
  readonly integrity?: string;
};
type Named = Readonly<Record<string, string>>;

const guide = read('config/guides/dependencies.md');
const { dependencies, devDependencies }: { dependencies: Named; devDependencies: Named } = JSON.parse(
  read('package.json'),
);
const packages: Readonly<Record<string, Locked>> = JSON.parse(read('package-lock.json')).packages;
const locked = Object.entries(packages).filter(([path]) => path !== '');
const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 13);

/** The first two cells of the rows of a chapter. */
function rows(chapter: string): [name: string, version: string][] {
  const text = guide.split(/^## /m).find((part) => part.startsWith(chapter)) ?? '';
  return [...text.matchAll(/^\| ([^|]+?) \| ([^|]+?) \|/gm)]
    .map(([, name = '', version = '']): [string, string] => [name, version])
    .filter(([name]) => name !== 'Package' && !name.startsWith('-'));
}

test.each([
  ['What runs in production', dependencies],
  ['What only tests and development use', devDependencies],
])(
  '%s: every package of package.json has a row with its version, and no row is of another',
  (chapter, named) => {
    expect(Object.fromEntries(rows(chapter))).toEqual(named);
  },
);

test('every package whose install script runs is told of', () => {
  const told = rows('What runs at installing').map(([name]) => name);
  const scripted = locked.filter(([, { hasInstallScript }]) => hasInstallScript === true);
  const untold = scripted
    .map(([path]) => nameOf(path))
    .filter(
      (name) => !told.some((one) => (one.endsWith('*') ? name.startsWith(one.slice(0, -1)) : one === name)),
    );
  expect(untold).toEqual([]);
});

const USUAL = /^(?:MIT|MIT-0|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|Unlicense|BlueOak-1\.0\.0)$/;

test('every licence that asks for more than its name is told of', () => {
  const told = new Set(rows('Licences').map(([licence]) => licence));
  const licences = new Set(locked.map(([, { license }]) => license ?? 'none named'));
  expect([...licences].filter((licence) => !USUAL.test(licence) && !told.has(licence))).toEqual([]);
});

test('every package is held by its hash', () => {
  const loose = locked.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? ''));
  expect(loose.map(([path]) => path)).toEqual([]);
});
