/** Each folder of test/bad-config holds a wrong configuration and exactly what the operator is told about it. */
import { readdirSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { formatProblems } from '../../src/config/problems.ts';

const folder = fileURLToPath(new URL('../bad-config', import.meta.url));
const env = { SECRET: 's3cr3t-'.repeat(5), PASSWORD: 'correct-horse', EMPTY: '' };

describe('a wrong configuration is told with all its problems, for the right reasons', () => {
  for (const name of readdirSync(folder)) {
    test(`bad-config/${name} is refused as its expected.txt says`, () => {
      const loaded = loadConfig(`${folder}/${name}/baton.yaml`, env);
      const told = loaded.ok ? 'accepted' : tell(loaded.problems, `${folder}/${name}`);
      expect(`${told}\n`).toBe(readFileSync(`${folder}/${name}/expected.txt`, 'utf8'));
      expect(told).not.toMatch(/hunter2|s3cr3t|correct-horse/);
    });
  }
});

const tell = (problems: Parameters<typeof formatProblems>[0], base: string): string =>
  formatProblems(problems.map((problem) => ({ ...problem, file: relative(base, problem.file) })));
