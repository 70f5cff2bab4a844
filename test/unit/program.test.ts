/** How the programs that prove and measure are asked. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { wholeNumber } from '../support/program.ts';

const ROOT = join(import.meta.dirname, '../..');

/** npm scripts that run a program of test/ with what stands behind them. */
function programs(): [string, string][] {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  return Object.entries(scripts).flatMap(([name, line]) => {
    const file = /^node (test\/\S+\.ts)$/.exec(line)?.[1];
    return file === undefined ? [] : [[name, file] as [string, string]];
  });
}

const ended = (file: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(ROOT, file), ...args], { encoding: 'utf8' });

describe('a program that proves or measures', () => {
  test.each(programs())('npm run %s is asked as all of them are', (name, file) => {
    const source = readFileSync(join(ROOT, file), 'utf8');
    expect(source).toContain('askedOf(USAGE, read');
    expect(source).not.toMatch(/EX_USAGE|exit\(64\)|writeFileSync\([^)]*json/);
    const usage = source.includes('const USAGE')
      ? source
      : readFileSync(join(ROOT, dirname(file), 'options.ts'), 'utf8');
    expect(usage).toContain(`npm run ${name} `);
  });

  test('tells how it is used, and refuses with 64 what it does not know', () => {
    const help = ended('test/chaos/hosts/main.ts', '--help');
    expect(help).toMatchObject({ status: 0, stderr: '' });
    expect(help.stdout).toContain('Usage: npm run hosts');
    const wrong = ended('test/chaos/hosts/main.ts', '--sed', '1');
    expect(wrong).toMatchObject({ status: 64, stdout: '' });
    expect(wrong.stderr).toContain("Unknown option '--sed'");
    expect(wrong.stderr).toContain(help.stdout.trim());
  });
});

describe('a whole number of the command line', () => {
  test('is what holds unless it is given', () => {
    expect(wholeNumber('seed', undefined, 1, 0)).toBe(1);
    expect(wholeNumber('seed', '7', 1, 0)).toBe(7);
  });

  test.each(['x', '-1', '1.5', '', ' ', '1e99'])('is not %j', (given) => {
    expect(() => wholeNumber('seed', given, 1, 0)).toThrow('--seed wants a whole number from 0 on');
  });
});
