/** What the pool does about mails that misbehave; the child of these tests has bombs built in. */
import { Buffer } from 'node:buffer';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import {
  DefaultLimits,
  openParserPool,
  type ParserPoolOptions,
} from '../../src/adapters/mime/parser-pool.ts';
import { parsePs } from '../../src/adapters/mime/process-usage.ts';
import type { MailParser, ParseResult } from '../../src/app/ports/mail-parser.ts';

const program = new URL('../support/bombing-parser-child.ts', import.meta.url);
const mail = (subject: string, body = 'hello') => Buffer.from(`Subject: ${subject}\r\n\r\n${body}\r\n`);
const bomb = (kind: string) => mail(kind, `bomb: ${kind}`);
const told = (results: readonly ParseResult[]) =>
  results.map((one) => (one.ok ? one.mail.subject : one.code));

let pool: MailParser | null = null;
const open = (options: ParserPoolOptions = {}) => {
  pool = openParserPool({ program, watchEveryMs: 10, ...options });
  return pool;
};
afterEach(async () => {
  await pool?.close();
  pool = null;
});

test('a mail that takes too much processor time is stopped and the others of its batch are parsed', async () => {
  const results = await open({ cpuMsMax: 300 }).parse([mail('1'), bomb('cpu'), mail('2'), mail('3')]);
  expect(told(results)).toEqual(['1', 'cpu-limit', '2', '3']);
  expect(results[1]).toMatchObject({ why: expect.stringContaining('0.3 s of processor time') });
});

test('a mail that takes too much memory is stopped and the others of its batch are parsed', async () => {
  const results = await open({ residentBytesMax: 220 * 1024 * 1024 }).parse([
    mail('1'),
    bomb('memory'),
    mail('2'),
  ]);
  expect(told(results)).toEqual(['1', 'memory-limit', '2']);
});

test('a mail that crashes the parser, throws in it or hangs in it is laid to that mail alone', async () => {
  const batch = [mail('1'), bomb('crash'), mail('2'), bomb('throw'), mail('3'), bomb('hang'), mail('4')];
  const results = await open({ idleMsMax: 200 }).parse(batch);
  expect(told(results)).toEqual(['1', 'parser-failed', '2', 'parser-failed', '3', 'parser-failed', '4']);
});

test('a mail that the first parser does not get done with is read by the second one, and says so', async () => {
  const batch = ['cpu', 'crash', 'throw'].map((kind) => mail(kind, `first: ${kind}`));
  const results = await open({ cpuMsMax: 300 }).parse([mail('1'), ...batch, mail('2')]);
  expect(told(results)).toEqual(['1', 'cpu', 'crash', 'throw', '2']);
  const warnings = results.map((one) => (one.ok ? one.mail.warnings.join() : ''));
  expect(warnings.map((text) => text.includes('second-parser:'))).toEqual([false, true, true, true, false]);
});

test('of a mail that no parser gets done with the header is read', async () => {
  const [result] = await open({ cpuMsMax: 300 }).parse([bomb('cpu')]);
  expect(result).toMatchObject({
    ok: false,
    code: 'cpu-limit',
    header: {
      subject: 'cpu',
      text: '',
      warnings: expect.arrayContaining([expect.stringContaining('header-only:')]),
    },
  });
});

test('a mail whose header alone brings the parser down is unreadable and nothing more', async () => {
  const results = await open({ cpuMsMax: 300 }).parse([mail('1'), mail('x', 'header: crash'), mail('2')]);
  expect(told(results)).toEqual(['1', 'parser-failed', '2']);
  expect(results[1]).toMatchObject({ header: null });
});

test('files and answers are read by the second parser when the first one fails', async () => {
  const parser = open();
  const raw = mail('s', 'yes\r\nfirst: crash');
  const [[reply], files] = await Promise.all([
    parser.extractReply([{ raw, sent: [] }]),
    parser.readFiles(raw, { bytesMax: 1_000 }),
  ]);
  expect(reply).toMatchObject({ ok: true, reply: { text: expect.stringContaining('yes') } });
  expect(files).toMatchObject({ ok: true, files: [] });
});

test('an answer or files that take too long to read are stopped like any mail', async () => {
  const parser = open({ cpuMsMax: 300 });
  const [replies, files] = await Promise.all([
    parser.extractReply([{ raw: bomb('cpu'), sent: [mail('ours')] }]),
    parser.readFiles(bomb('cpu'), { bytesMax: 1_000 }),
  ]);
  expect([replies[0], files]).toEqual([
    expect.objectContaining({ ok: false, code: 'cpu-limit' }),
    expect.objectContaining({ ok: false, code: 'cpu-limit' }),
  ]);
});

test('many bombs in one batch each cost one child and no innocent mail', async () => {
  const batch = Array.from({ length: 9 }, (_, i) => (i % 3 === 1 ? bomb('crash') : mail(String(i))));
  expect(told(await open().parse(batch))).toEqual([
    '0',
    'parser-failed',
    '2',
    '3',
    'parser-failed',
    '5',
    '6',
    'parser-failed',
    '8',
  ]);
});

test('a mail of 25 MB passes within the default limits, ten in a row', async () => {
  const big = Buffer.concat([
    Buffer.from('Subject: big\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n'),
    Buffer.from(`${'QUJD'.repeat(19)}\r\n`.repeat(320_000)),
  ]);
  const results = await open().parse(Array.from({ length: 10 }, () => big));
  expect(new Set(told(results))).toEqual(new Set(['big']));
});

test('the parser process can write no file and sees no secret of its parent', async () => {
  process.env.BATON_TEST_SECRET = 'hunter2';
  const [files, secrets] = await open().parse([bomb('files'), bomb('secrets')]);
  delete process.env.BATON_TEST_SECRET;
  expect(files).toMatchObject({ ok: false, why: expect.stringContaining('--allow-fs-write') });
  expect(secrets).toMatchObject({ ok: false, why: expect.stringContaining('secret unknown') });
  expect(existsSync('/tmp/never')).toBe(false);
});

test('a parser that cannot be started is a temporary failure and no verdict on the mail', async () => {
  const broken = open({ program: new URL('../support/broken-parser-child.ts', import.meta.url) });
  await expect(broken.parse([mail('1')])).rejects.toMatchObject({
    kind: 'temporary',
    code: 'parser-unavailable',
  });
});

test('two children share a batch and keep the order of the answers', async () => {
  const raws = Array.from({ length: 100 }, (_, i) => mail(String(i)));
  expect(told(await open({ children: 2 }).parse(raws))).toEqual(raws.map((_, i) => String(i)));
});

test.each(['idle', 'busy'])(
  'a parent that is killed leaves no parser behind, when it is %s',
  async (state) => {
    const parent = fork(new URL('../support/parser-parent.ts', import.meta.url), [state], { execArgv: [] });
    const [message] = (await once(parent, 'message')) as [{ pid: number }];
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await expect.poll(() => isRunning(message.pid), { timeout: 10_000, interval: 50 }).toBe(false);
  },
);

test('the limits are those that the documentation names', () => {
  expect(DefaultLimits).toMatchObject({ cpuMsMax: 5_000, residentBytesMax: 256 * 1024 * 1024 });
});

test.each([
  ['00:00:01 1024', 1_000, 1],
  ['  1-02:03:04   2048', 93_784_000, 2],
  ['0:01.50 512', 1_500, 0.5],
])('the output of ps is read on systems without /proc: %s', (line, cpuMs, megabytes) => {
  expect(parsePs(line)).toEqual({ cpuMs, residentBytes: megabytes * 1024 * 1024 });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
