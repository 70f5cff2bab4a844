/**
 * Row 16 of the hazards: mails that cost out of all proportion. A slice of each is read here; BATON_BOMBS=1 reads them
 * in their full size, which takes minutes.
 */
import { Buffer } from 'node:buffer';
import { afterEach, expect, test } from 'vitest';
import { openParserPool } from '../../src/adapters/mime/parser-pool.ts';
import type { MailParser } from '../../src/app/ports/mail-parser.ts';
import { bombs } from '../support/bombs.ts';
import { largeMails } from '../support/large-mails.ts';

const SCALE = process.env.BATON_BOMBS === '1' ? 1 : 0.1;
const LAG_MS_MAX = 200;
/** As large as is taken in whole. */
const LARGE_BYTES = 25 * 1024 * 1024 * SCALE;

let pool: MailParser | null = null;
afterEach(async () => {
  await pool?.close();
  pool = null;
});

const innocent = (n: number) => Buffer.from(`From: a@x.example\r\nSubject: innocent ${n}\r\n\r\nHello\r\n`);

/** The longest time that this thread was kept busy at a stretch: processor time, since others share the machine. */
function watchLag(): () => number {
  let longest = 0;
  let last = process.threadCpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(last);
    last = process.threadCpuUsage();
    longest = Math.max(longest, (user + system) / 1_000);
  }, 10);
  return () => {
    clearInterval(timer);
    return longest;
  };
}

test('hazards 16: bombs harm neither us nor the mails beside them, and each ends with its sender known', {
  timeout: SCALE === 1 ? 900_000 : 60_000,
}, async () => {
  const all = bombs(SCALE);
  pool = openParserPool();
  await pool.parse([innocent(0)]);
  const lag = watchLag();
  const results = await pool.parse(all.flatMap(([, raw], n) => [raw, innocent(n)]));
  expect(lag()).toBeLessThan(LAG_MS_MAX);
  all.forEach(([name], n) => {
    const [bomb, beside] = [results[n * 2], results[n * 2 + 1]];
    const mail = bomb?.ok ? bomb.mail : bomb?.header;
    expect({ name, from: mail?.from }).toEqual({
      name,
      from: [{ name: 'Maria Lopez', address: 'maria@x.example' }],
    });
    expect(beside).toMatchObject({ ok: true, mail: { subject: `innocent ${n}`, warnings: [] } });
  });
});

test('hazards 16: a mail that burns its processor time is stopped on each rung, and nothing here waits for it', async () => {
  const program = new URL('../support/bombing-parser-child.ts', import.meta.url);
  pool = openParserPool({ program, cpuMsMax: 300, watchEveryMs: 10 });
  const bomb = Buffer.from('From: a@x.example\r\nSubject: bomb\r\n\r\nbomb: cpu\r\n');
  const lag = watchLag();
  const [stopped, ...others] = await pool.parse([bomb, innocent(1), innocent(2)]);
  expect(lag()).toBeLessThan(LAG_MS_MAX);
  expect(stopped).toMatchObject({
    ok: false,
    code: 'cpu-limit',
    header: { from: [{ address: 'a@x.example' }] },
  });
  expect(others).toMatchObject([{ ok: true }, { ok: true }]);
});

test('hazards 16: a mail of 25 MB is read whatever its shape, in half of the time that it may take', {
  timeout: 120_000,
}, async () => {
  // A slice takes its share of the time, and what any child takes to warm up.
  pool = openParserPool({ cpuMsMax: SCALE === 1 ? 2_500 : 1_000 });
  for (const [name, raw] of largeMails(LARGE_BYTES)) {
    const [result] = await pool.parse([raw]);
    expect({ name, code: result?.ok === true ? 'read' : result?.code }).toEqual({ name, code: 'read' });
  }
});
