/** `baton start … | tee`: Ctrl-C ends tee as well, and nobody reads what the stopping Baton writes. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { joinEmbeddedPostgres, removeEmbeddedPostgres } from '../../src/runtime/embedded-postgres.ts';
import { startBaton } from '../support/processes.ts';
import { waitUntil } from '../support/wait-until.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
/** Nothing listens at port 9: the mailbox fails, which is logged again and again. */
const CONFIG = `
secret: ${'k'.repeat(32)}
data: data
defaults: { timeZone: UTC, hours: { mon-sun: 00:00-24:00 } }
inboxes:
  office:
    address: office@elm.example
    name: Elm
    imap: { host: 127.0.0.1, port: 9, tls: none, user: office@elm.example, password: x }
    smtp: { host: 127.0.0.1, port: 9, tls: none }
    triageLead: leah
    finalManager: leah
members:
  leah: { name: Leah, addresses: [leah@team.example] }
`;

let folder = '';
let dataDir = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'baton-closed-output-'));
  dataDir = join(folder, 'data');
  writeFileSync(join(folder, 'baton.yaml'), CONFIG.replace('data: data', `data: ${dataDir}`));
});
afterAll(async () => {
  await removeEmbeddedPostgres({ dataDir });
  rmSync(folder, { recursive: true });
});

const log = (): string => readFileSync(join(dataDir, 'logs', 'baton.log'), 'utf8');
const failures = (): number => log().match(/the mailbox cannot be read/g)?.length ?? 0;

test('a worker whose reader is gone goes on, stops in order and leaves no database running', {
  timeout: 90_000,
}, async () => {
  const running = await startBaton(['all', '--config', join(folder, 'baton.yaml')], {});
  running.closeOutput();
  const before = failures();
  await waitUntil('it goes on and logs', () => failures() > before);
  running.signal('SIGINT');
  expect(await running.ended).toBe(0);
  expect(await joinEmbeddedPostgres({ dataDir })).toBeNull();
  expect(log()).toMatch(/Stopping: what is in hand is finished first\..*database stopped/s);
});

test('a log that is piped on without end ends with its reader', async () => {
  const child = spawn(process.execPath, [MAIN, 'logs', '-'], { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => {});
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => {
    said += bytes.toString();
  });
  child.stdin.write('one line\n');
  await new Promise((resolve) => child.stdout.once('data', resolve));
  child.stdout.destroy();
  const timer = setInterval(() => child.stdin.write('one more\n'), 20);
  expect(await ended).toBe(0);
  clearInterval(timer);
  expect(said).toBe('');
});
