/** The log's file: bounded, shared by processes, and never in the way of what it tells of. */
import { mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { saidTo } from '../../src/adapters/log/pino-log.ts';
import { rotatedNames, rotatingFile } from '../../src/adapters/log/rotating-file.ts';
import { logFiles, openLogFile } from '../../src/runtime/log-files.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-log-'));
  path = join(folder, 'baton.log');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const BOUNDS = { bytesMax: 30, filesMax: 3 };
const tenBytes = (number: number): string => `line ${String(number).padStart(4, '0')}\n`;
const textOf = (file: string): string => readFileSync(file, 'utf8');

describe('a log file', () => {
  test('keeps the newest lines in so many files of so many bytes, each line once and whole', () => {
    const log = rotatingFile(path, BOUNDS);
    for (let number = 0; number < 20; number += 1) log.write(tenBytes(number));
    const lines = rotatedNames(path, 3).reverse().map(textOf).join('');
    expect(lines).toBe([12, 13, 14, 15, 16, 17, 18, 19].map(tenBytes).join(''));
    for (const file of rotatedNames(path, 3)) expect(statSync(file).size).toBeLessThanOrEqual(30);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('is gone on with after a start, and a line longer than a file gets one of its own', () => {
    rotatingFile(path, BOUNDS).write(tenBytes(1));
    const long = `${'x'.repeat(50)}\n`;
    rotatingFile(path, BOUNDS).write(long);
    expect([textOf(path), textOf(`${path}.1`)]).toEqual([long, tenBytes(1)]);
  });

  test('is shared by processes: who finds it full begins a new one, and the others follow', () => {
    const first = rotatingFile(path, BOUNDS);
    const second = rotatingFile(path, BOUNDS);
    for (let number = 0; number < 8; number += 1) (number % 2 === 0 ? first : second).write(tenBytes(number));
    const lines = rotatedNames(path, 3).reverse().map(textOf).join('');
    expect(lines.split('\n').sort()).toEqual(
      ['', ...[0, 1, 2, 3, 4, 5, 6, 7].map((number) => tenBytes(number).trim())].sort(),
    );
  });

  test('that cannot be written keeps nobody from going on', () => {
    const nowhere = rotatingFile(join(folder, 'gone', 'baton.log'), BOUNDS);
    expect(() => nowhere.write(tenBytes(1))).not.toThrow();
    const log = rotatingFile(path, BOUNDS);
    log.write(tenBytes(1));
    renameSync(path, join(folder, 'taken-away'));
    for (let number = 2; number < 6; number += 1) log.write(tenBytes(number));
    expect(textOf(path)).toContain(tenBytes(5));
  });
});

describe('where the log lies', () => {
  test('is the data folder of the embedded database, and nowhere where a database is given', () => {
    const data = join(folder, 'data');
    expect(logFiles({ data, database: {} })).toEqual(
      ['', '.1', '.2', '.3', '.4'].map((age) => join(data, 'logs', `baton.log${age}`)),
    );
    expect(logFiles({ data, database: { url: 'postgresql://elsewhere/baton' } })).toEqual([]);
  });

  test('what is said in words stands there as a line like any other', async () => {
    const data = join(folder, 'data');
    const file = await openLogFile({ data, database: {} });
    if (file === null) throw new Error('no log');
    saidTo(file)('Baton runs: all.');
    const [newest = ''] = logFiles({ data, database: {} });
    const line = JSON.parse(textOf(newest));
    expect(line).toEqual({
      level: 30,
      time: expect.stringMatching(/Z$/),
      step: 'start',
      msg: 'Baton runs: all.',
    });
    expect(statSync(join(data, 'logs')).mode & 0o777).toBe(0o700);
  });
});
