/** `baton init` with its answers piped in, and `baton doctor` on what it wrote, against a mail server in this process. */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Check } from '../../src/domain/doctor/check.ts';
import { type MailServer, startMailServer } from '../../src/runtime/mail-server/mail-server.ts';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
const ADDRESS = 'office@elm.example';

let server: MailServer;
let folder: string;
beforeAll(async () => {
  server = await startMailServer({
    mailboxes: [{ user: ADDRESS, password: 'p4 $x#', folders: ['Sent'] }],
    onMail: () => {},
  });
  folder = mkdtempSync(join(tmpdir(), 'baton-first-hour-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.close();
});

type Ended = { readonly code: number | null; readonly out: string; readonly err: string };

/** As from a pipe: every line is there before its question is. */
function baton(args: readonly string[], input = ''): Promise<Ended> {
  const child = spawn(process.execPath, [MAIN, ...args], { cwd: folder, env: { PATH: process.env.PATH } });
  let out = '';
  let err = '';
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.on('data', (data) => {
    err += data;
  });
  child.stdin.end(input);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

const PEOPLE = [
  'Priya Nair priya@elm.example',
  'Dana Reed <dana@elm.example>',
  '',
  '',
  'dana',
  'repairs: priya',
  '',
];

test('what is piped into init becomes a configuration that doctor finds well', async () => {
  const servers = [`127.0.0.1:${server.imapPort} none`, '', 'p4 $x#', `127.0.0.1:${server.smtpPort} none`];
  const answers = [
    'office',
    ADDRESS,
    ...servers,
    'Elm: "Property" #1',
    ...PEOPLE,
    'Europe/Berlin',
    'yes',
    'no',
    'yes',
  ];
  const early = await baton(['init'], answers.slice(0, 8).join('\n'));
  expect(early.code).toBe(1);
  expect(early.err).toContain('Nothing was written.');
  expect(existsSync(join(folder, 'baton.yaml'))).toBe(false);

  const { code, out, err } = await baton(['init'], answers.join('\n'));
  expect(`${out}${err}`).toContain('Written:');
  expect(code).toBe(0);
  expect(out).toContain('That is no mail address.');
  expect(out).toContain('a mail to office+…@elm.example came back');
  expect(out).not.toContain('p4 $x#');
  expect(statSync(join(folder, '.env')).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(folder, 'baton.yaml'), 'utf8')).not.toContain('p4 $x#');

  const again = await baton(['init']);
  expect(again.code).toBe(64);
  expect(again.err).toContain('is there already');

  const doctor = await baton(['doctor', '--json', '--inbox', ADDRESS.toUpperCase()]);
  const { ok, checks } = JSON.parse(doctor.out) as { ok: boolean; checks: Check[] };
  expect(ok).toBe(true);
  expect(doctor.code).toBe(0);
  const states = new Map(checks.map(({ id, state }) => [id, state]));
  for (const id of ['configuration', 'imap-login', 'imap-folder', 'imap-sent', 'smtp-login', 'database'])
    expect([id, states.get(id)]).toEqual([id, 'ok']);
}, 200_000);
