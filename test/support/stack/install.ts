/**
 * Before any test runs: with CI=true on a Debian as root, the servers of the stack tests are installed when missing.
 *
 * None of them is started by its package, nothing that is there is removed or upgraded for it, and a refusal is told
 * in apt's own words. Everybody else sees those suites skipped, with the command that installs what they want.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { withFileLock } from '../../../src/runtime/file-lock.mjs';
import { missingPackages, program } from './packages.ts';

const run = promisify(execFile);

/** What Debian's packages ask before they start a daemon; 101 says no. */
const POLICY = '/usr/sbin/policy-rc.d';
const NO_STARTING =
  '#!/bin/sh\n# While the tests of Baton install servers; removed by them afterwards.\nexit 101\n';
const LOCK = '/run/lock/baton-stack-install';
const WAIT_MS = 10 * 60_000;
const OUTPUT_MAX = 64 * 1024 * 1024;

const mayInstall = (): boolean =>
  process.env.CI === 'true' && process.getuid?.() === 0 && program('apt-get') !== null;

/** Called by vitest once per run. */
export async function setup(): Promise<void> {
  if (missingPackages().length === 0 || !mayInstall()) return;
  await withFileLock(
    LOCK,
    async () => {
      // Another run may have installed them meanwhile.
      const packages = missingPackages();
      if (packages.length > 0) await withoutStarting(() => install(packages));
    },
    WAIT_MS,
  );
}

async function install(packages: readonly string[]): Promise<void> {
  const begunAt = Date.now();
  say(`Installing servers for the stack tests: ${packages.join(' ')} (half a minute)…`);
  try {
    await apt('update');
    await answerPostfix();
    await apt('install', '--yes', '--no-install-recommends', '--no-remove', ...packages);
    say(`Installed in ${Math.round((Date.now() - begunAt) / 1_000)} s.`);
  } catch (error) {
    // The suites that want them fail by name; those that do not still run.
    const { stderr, message } = error as { stderr?: string; message: string };
    say(`They could not be installed, and the stack tests that want them will fail:\n${stderr || message}`);
  }
}

const apt = (...args: string[]) =>
  run('apt-get', ['-o', 'DPkg::Lock::Timeout=300', '-qq', ...args], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
    maxBuffer: OUTPUT_MAX,
  });

/** Tests bring their own configuration of Postfix, so it gets none. */
async function answerPostfix(): Promise<void> {
  const answering = run('debconf-set-selections');
  answering.child.stdin?.end('postfix postfix/main_mailer_type select No configuration\n');
  await answering;
}

async function withoutStarting(work: () => Promise<void>): Promise<void> {
  // A policy that somebody else has set says what it says; one that a killed run left behind is ours.
  const isForeign = existsSync(POLICY) && readFileSync(POLICY, 'utf8') !== NO_STARTING;
  if (!isForeign) writeFileSync(POLICY, NO_STARTING, { mode: 0o755 });
  try {
    await work();
  } finally {
    if (!isForeign) rmSync(POLICY, { force: true });
  }
}

const say = (line: string): void => void process.stderr.write(`${line}\n`);
