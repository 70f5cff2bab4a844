/** README, ARCHITECTURE and the guides: what they show can be typed, and what they name is there. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';
import { formatProblems } from '../../src/config/problems.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

const guides = readdirSync(join(ROOT, 'config/guides'))
  .filter((name) => name.endsWith('.md'))
  .map((name) => `config/guides/${name}`);
const texts = ['README.md', 'ARCHITECTURE.md', 'config/notices/README.md', ...guides];

type Tree = Readonly<Record<string, unknown>>;

const EXAMPLE: Tree = parse(read('config/baton.example.yaml'));
const folder = mkdtempSync(join(tmpdir(), 'baton-guides-'));
afterAll(() => rmSync(folder, { recursive: true }));

const STAND_IN = 'k'.repeat(40);

/** What stands in fences of that language, with the line at which each begins. */
const fenced = (text: string, language: string): { line: number; body: string }[] =>
  [...text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm)].flatMap(({ 2: tag, 3: body = '', index }) =>
    tag === language ? [{ line: text.slice(0, index).split('\n').length, body }] : [],
  );

/** As a reader puts it in: beside what is there, in the place of what has the same name. */
function withPiece(there: Tree, piece: Tree): Tree {
  const merged: Record<string, unknown> = { ...there };
  for (const [key, value] of Object.entries(piece)) {
    const before = there[key];
    if (Array.isArray(value)) merged[key] = [...value, ...othersThan(value, before)];
    else merged[key] = isTree(value) && isTree(before) ? withPiece(before, value) : value;
  }
  return merged;
}

/** What has no id, such as a ladder, is replaced as a whole. */
function othersThan(value: readonly Tree[], before: unknown): readonly Tree[] {
  const named = new Set(value.map(({ id }) => id));
  return Array.isArray(before) ? before.filter(({ id }) => id !== undefined && !named.has(id)) : [];
}

const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

describe('what the guides show', () => {
  test.each(texts)('%s: each piece of configuration is accepted within the example', (path) => {
    for (const { line, body } of fenced(read(path), 'yaml')) {
      const file = join(folder, 'baton.yaml');
      writeFileSync(file, stringify(withPiece(EXAMPLE, parse(body))));
      // As for a command that only looks: passwords may be missing.
      const loaded = loadConfig(file, {}, STAND_IN);
      expect(loaded.ok ? '' : `${path}:${line}\n${formatProblems(loaded.problems)}`).toBe('');
    }
  });

  test.each(texts)('%s: each link leads to a file', (path) => {
    for (const [, target = ''] of read(path).matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      expect(existsSync(join(ROOT, dirname(path), target)), `${path} names ${target}`).toBe(true);
    }
  });

  test.each(texts)('%s: each command is one of ours', (path) => {
    const commands = new Set(
      [...read('src/cli/main.ts').matchAll(/^ +(\w+): async/gm)].map(([, name]) => name),
    );
    const scripts = Object.keys(JSON.parse(read('package.json')).scripts);
    for (const [, name] of read(path).matchAll(/npx baton ([a-z]+)/g)) expect(commands, path).toContain(name);
    for (const [, name = ''] of read(path).matchAll(/npm run ([a-z][a-z:-]*)/g)) {
      if (name !== 'x') expect(scripts, path).toContain(name);
    }
  });
});
