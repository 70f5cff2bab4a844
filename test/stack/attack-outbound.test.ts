/** Row 51 of the hazards: whatever a mail asks for, nothing is fetched and nothing is written because of it. */
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const PROGRAM = join(import.meta.dirname, '../support/stack/read-hostile-links.ts');

const works = (program: string, args: readonly string[]): boolean => {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
};
const hasStrace = works('strace', ['-o', '/dev/null', 'true']);
const hasNamespaces = works('unshare', ['-n', 'true']);
const how = hasStrace ? '' : ' (skipped: install strace, and allow it to trace)';

/** Runs it where there is no route to anywhere, and tells what it asked the system for. */
async function watched(...args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'baton-outbound-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const trace = join(folder, 'trace');
  const traced = ['strace', '-f', '-qq', '-e', 'trace=connect,sendto,sendmsg,openat,creat', '-o', trace];
  const [program = '', ...rest] = [
    ...(hasNamespaces ? ['unshare', '-n'] : []),
    ...traced,
    ...[process.execPath, PROGRAM, ...args],
  ];
  const { stdout } = await promisify(execFile)(program, rest, { maxBuffer: 10_000_000 });
  const lines = readFileSync(trace, 'utf8').split('\n');
  return {
    told: JSON.parse(stdout) as { mails: number; sent: number },
    calls: lines.length,
    sockets: lines.filter((line) => /\b(?:connect|sendto|sendmsg)\(.*AF_INET6?\b/.test(line)),
    written: lines.filter((line) => /O_CREAT|creat\(/.test(line) && /passwd|baton-was-here/.test(line)),
    named: lines.filter((line) => /etc\/passwd|baton-was-here/.test(line)),
  };
}

test.skipIf(!hasStrace)(
  `hazards 51: mails with pictures, redirects, outside bodies and paths open no socket and no file${how}`,
  { timeout: 240_000 },
  async () => {
    const { told, calls, sockets, written, named } = await watched();
    expect(told.sent).toBeGreaterThan(told.mails);
    expect(calls).toBeGreaterThan(50);
    expect({ sockets, written, named }).toEqual({ sockets: [], written: [], named: [] });
    expect(existsSync('/tmp/baton-was-here')).toBe(false);
  },
);

test.skipIf(!hasStrace)(`a reader that fetches one picture is seen${how}`, { timeout: 240_000 }, async () => {
  const { sockets } = await watched('fetch');
  expect(sockets.join('\n')).toContain('127.66.6.6');
});
