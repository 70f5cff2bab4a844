/** `baton classify` as it is used from outside. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { learningExamples } from '../support/learning-examples.ts';
import { baton } from '../support/processes.ts';

let root = '';
const path = (name: string): string => join(root, name);
const linesOf = (ofEach: number, unknown: number, seed: number): string =>
  learningExamples(ofEach, unknown, seed)
    .map(({ content, category }) => `${JSON.stringify({ text: content.body, label: category ?? 'oos' })}\n`)
    .join('');

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'baton-classify-'));
  await writeFile(path('train.jsonl'), linesOf(40, 0, 1));
  await writeFile(path('unknown.jsonl'), linesOf(0, 40, 2).replaceAll('"oos"', 'null'));
  await writeFile(path('test.jsonl'), `\ufeff${linesOf(10, 10, 3)}\n{"text":"a stranger","label":"new"}\n`);
  await writeFile(
    path('bad.jsonl'),
    '{"text":"a","label":"b"}\n\nnot JSON\n{"text":1,"label":"b"}\n{"text":"c"}\n',
  );
});
afterAll(() => rm(root, { recursive: true, force: true }));

const classify = (...args: string[]) => baton(['classify', ...args], process.env);

test('what is learned from some files and tried on another comes as figures, with all their keys', async () => {
  const { code, stdout } = await classify(
    ...[
      '--train',
      path('train.jsonl'),
      '--train',
      path('unknown.jsonl'),
      '--test',
      path('test.jsonl'),
      '--json',
    ],
  );
  const figures = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(Object.keys(figures).slice(0, 9)).toEqual([
    'accuracy',
    'inScopeAccuracy',
    'outOfScopeRecall',
    'outOfScopePrecision',
    'coverageAt95',
    'coverageAt99',
    'msPerItem',
    'trainSeconds',
    'modelBytes',
  ]);
  // Of a category that was never learned no guess is right.
  expect(figures.accuracy).toBeCloseTo(30 / 31);
  expect(figures.outOfScopeRecall).toBe(1);
  expect(figures.coverageAt95).toBeGreaterThan(0.7);
});

test('without --json it is told in words', async () => {
  const { code, stdout } = await classify('--train', path('unknown.jsonl'), '--test', path('test.jsonl'));
  expect(code).toBe(0);
  expect(stdout).toContain('Learned from 40 examples of 0 categories (40 belong to none)');
  expect(stdout).toContain('It is sure of nothing');
});

test('a line that cannot be read is told with its number, and nothing is learned', async () => {
  const { code, stdout, stderr } = await classify('--train', path('bad.jsonl'), '--test', path('test.jsonl'));
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr.trim().split('\n')).toEqual([
    `${path('bad.jsonl')}, line 3: it is no JSON.`,
    `${path('bad.jsonl')}, line 4: "text" is missing, or is no text.`,
    `${path('bad.jsonl')}, line 5: "label" is missing, or is neither a text nor null.`,
  ]);
});

test('wrong usage is refused with 64, and a file that is not there with 1', async () => {
  const refused = [
    ['--train', 'x'],
    ['--train', 'x', '--test', 'x', '--wrong-at-most', '0.9'],
  ];
  for (const args of refused) expect((await classify(...args)).code).toBe(64);
  const { code, stderr } = await classify('--train', path('none.jsonl'), '--test', path('test.jsonl'));
  expect(code).toBe(1);
  expect(stderr).toContain('none.jsonl cannot be read');
});
