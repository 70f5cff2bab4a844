/** The bench itself, on a handful of mails: its figures mean nothing then, and its keys and ends are what is promised. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { describeOn } from '../support/stack/use-server.ts';
import { intakeMail } from './intake-mail.ts';
import { mailNumber, numberOf } from './mail-set.ts';
import { percentiles } from './statistics.ts';

const folder = mkdtempSync(join(tmpdir(), 'baton-bench-test-'));
afterAll(() => rmSync(folder, { recursive: true }));

const bench = (...args: string[]) => run('main.ts', args);

async function run(program: string, args: string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, program), ...args]);
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => {
    said += bytes.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said };
}

const figure = expect.any(Number);
const latency = { p50: figure, p90: figure, p99: figure, max: figure };

describeOn(['dovecot', 'redis', 'postgres', 'smtp-sink'], 'the bench on a handful of mails', () => {
  test('ends by itself, answers every mail once and tells all its figures', {
    timeout: 120_000,
  }, async () => {
    const file = join(folder, 'bench.json');
    const few = ['--mails', '20', '--warm', '5', '--repeats', '1', '--rates', '10', '--seconds', '1'];
    const parts = ['--only', 'throughput,latency', '--shape', 'production'];
    const { code, said } = await bench(...parts, ...few, '--json', file);
    expect(code, said).toBe(0);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({
      requestsPerSecond: figure,
      floorPerSecond: figure,
      ratioToFloor: figure,
      offerLatencyMs: latency,
      arrivalLatencyMs: latency,
      latency: {
        10: {
          mails: 10,
          offerLatencyMs: latency,
          acknowledgementLatencyMs: latency,
          arrivalLatencyMs: latency,
          acknowledgementArrivalLatencyMs: latency,
        },
      },
      cpuMsPerMail: figure,
      floorCpuMsPerMail: figure,
      rssMb: { poller: figure, classifier: figure, parser: figure, router: figure, mailer: figure },
      cpuRatioToFloor: figure,
      throughput: { mails: 20, shapes: { production: { requestsPerSecond: { median: figure } } } },
      wrong: [],
      versions: { dovecot: expect.stringMatching(/^\d/), postgres: expect.stringMatching(/^\d/) },
    });
  });
});

test('the bench refuses a shape that it does not know and says how it is called', async () => {
  const { code, said } = await bench('--shape', 'cloud');
  expect(code).toBe(64);
  expect(said).toContain('npm run bench --');
});

test('a file that holds no figures of an earlier run is told before anything is measured', async () => {
  const file = join(folder, 'not-figures.json');
  writeFileSync(file, 'no figures');
  const { code, said } = await bench('--plot-from', file);
  expect(code).toBe(64);
  expect(said).toContain(`${file} does not hold the figures of a run`);
});

test('the mails of the bench are the same in every run, 25 kB in the mean, each from somebody new', () => {
  const mails = Array.from({ length: 400 }, (_, number) => mailNumber(number, 'office@elm.example'));
  const mean = mails.reduce((sum, mail) => sum + mail.length, 0) / mails.length;
  expect(mean).toBeGreaterThan(24_000);
  expect(mean).toBeLessThan(26_000);
  expect(mails[7]).toEqual(mailNumber(7, 'office@elm.example'));
  expect(new Set(mails.map((mail) => /^From: .*$/m.exec(mail.toString())?.[0])).size).toBe(400);
  expect(mails.map((mail) => numberOf(mail.toString()))).toEqual(mails.map((_, number) => number));
});

test('the intake refuses a number of mails that is none and says how it is called', async () => {
  const { code, said } = await run('intake.ts', ['--intake', 'many']);
  expect(code).toBe(64);
  expect(said).toContain('npm run bench -- --intake 100000');
});

test('the old mails of the intake are small, of several shapes, and no two are the same', () => {
  const mails = Array.from({ length: 40 }, (_, number) =>
    intakeMail(number + 1, 'office@elm.example').toString(),
  );
  expect(new Set(mails.map((mail) => /^Message-ID: .*$/m.exec(mail)?.[0])).size).toBe(40);
  expect(new Set(mails.map((mail) => /^Content-Type: [^;]*/m.exec(mail)?.[0]))).toEqual(
    new Set(
      ['text/plain', 'multipart/alternative', 'multipart/mixed'].map((type) => `Content-Type: ${type}`),
    ),
  );
  expect(Math.max(...mails.map(({ length }) => length))).toBeLessThan(10_000);
});

test('percentiles are values that were measured', () => {
  const values = Array.from({ length: 200 }, (_, at) => 200 - at);
  expect(percentiles(values)).toEqual({ p50: 100, p90: 180, p99: 198, max: 200 });
  expect(percentiles([7])).toEqual({ p50: 7, p90: 7, p99: 7, max: 7 });
});
