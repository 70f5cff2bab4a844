/** The help of baton: every command stands in it once, below the heading of those that one needs together. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

test('lists its commands in groups, first what a newcomer needs', () => {
  const { stdout, status } = spawnSync(process.execPath, [MAIN, '--help'], { encoding: 'utf8' });
  expect(status).toBe(0);
  const groups = stdout
    .split('\n\n')
    .slice(2)
    .map((part) => [part.split('\n', 1)[0], [...part.matchAll(/^ {2}(\w+)/gm)].map(([, name]) => name)]);
  const headings = groups.map(([heading]) => heading);
  expect(headings.slice(0, 3)).toEqual(['Options:', 'Try it, and set it up:', 'Run it:']);
  // What commander adds by itself.
  expect(groups.at(-1)).toEqual(['Commands:', ['help']]);
  const names = groups.slice(1).flatMap(([, some]) => some);
  expect(new Set(names).size).toBe(names.length);
  expect(names.length).toBeGreaterThan(30);
});
