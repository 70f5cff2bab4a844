#!/usr/bin/env node
/**
 * From a fresh clone to running TypeScript, with nothing but Node 20 or later and npm.
 *
 * Plain JavaScript without dependencies. In order: install the packages when they are missing or not those of
 * package-lock.json; generate the Prisma client when it is missing or made from another schema; continue in main.ts
 * on Node 24, which npm brings as a package. Standard output stays untouched; two first runs at once take turns.
 *
 * `--run-tests [vitest arguments]` runs the checks and tests instead.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withFileLock } from '../runtime/file-lock.mjs';
import { whenOrphaned } from '../runtime/parent.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MAIN = join(ROOT, 'src', 'cli', 'main.ts');
const MODULES = join(ROOT, 'node_modules');
const NODE_24 = join(MODULES, 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
const SCHEMA = join(ROOT, 'prisma', 'schema.prisma');
const GENERATED = join(ROOT, 'src', 'adapters', 'db', 'generated');
const OLDEST_NODE = 20;
const NODE = 24;
const SETUP_WAIT_MS = 15 * 60_000;
/**
 * Node lets what was allocated lately grow to 128 MB before it looks what of it is garbage. With 8 MB a busy worker
 * takes no more processor time and holds 100 MB less.
 */
const SMALL_NURSERY = '--max-semi-space-size=4';

const say = (line) => process.stderr.write(`${line}\n`);
const major = Number(process.versions.node.split('.')[0]);

/** What went wrong in words for the person at the terminal; the stack would tell them nothing. */
class SetupProblem extends Error {}

const [first, ...rest] = process.argv.slice(2);
const isTesting = first === '--run-tests';
try {
  if (major < OLDEST_NODE) {
    throw new SetupProblem(`Baton needs Node ${OLDEST_NODE} or later to start; this is ${process.version}.`);
  }
  await setUp();
  if (isTesting) process.exitCode = await runTests(rest);
  else if (major < NODE) await continueOn24([SMALL_NURSERY, MAIN, ...process.argv.slice(2)]);
  else await continueHere();
} catch (error) {
  if (!(error instanceof SetupProblem)) throw error;
  say(error.message);
  process.exitCode = 1;
}

/** A worker runs for long, and begins anew in this very process with the flag that it needs; Windows cannot do that. */
async function continueHere() {
  const given = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].join(' ');
  if (first === 'start' && process.execve !== undefined && !given.includes('--max-semi-space-size')) {
    const args = [SMALL_NURSERY, ...process.execArgv, MAIN, ...process.argv.slice(2)];
    process.execve(process.execPath, [process.execPath, ...args]);
  }
  await import('./main.ts');
}

async function setUp() {
  if (isInstalled() && isGenerated()) return;
  const work = async () => {
    // Whoever held the lock before may have done it all.
    if (!isInstalled()) await install();
    if (!isGenerated()) await generate();
  };
  try {
    await withFileLock(join(ROOT, '.baton', 'setup.lock'), work, SETUP_WAIT_MS);
  } catch (error) {
    if (error.code === 'ELOCKED') {
      throw new SetupProblem(
        'Another Baton has been installing packages here for 15 minutes. Look whether it hangs.',
      );
    }
    if (['EACCES', 'EROFS', 'EPERM'].includes(error.code)) {
      throw new SetupProblem(
        `Baton has to install its packages first and may not write to ${ROOT} (${error.message}). ` +
          'Run it once as the user who owns that folder.',
      );
    }
    throw error;
  }
}

/** Compares what npm says it installed with what the lock file wants; times of files say little after a clone. */
function isInstalled() {
  const wanted = readPackages(join(ROOT, 'package-lock.json'));
  // Installed as a package itself, Baton has no lock file, and npm has done the rest.
  if (wanted === null) return true;
  const present = readPackages(join(MODULES, '.package-lock.json'));
  if (present === null || !existsSync(NODE_24)) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.optional || entry.devOptional || (entry.dev && !isTesting)) return true;
    return present[path]?.version === entry.version;
  });
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? null;
  } catch {
    return null;
  }
}

async function install() {
  say(
    existsSync(join(MODULES, '.package-lock.json'))
      ? 'The list of packages has changed: installing them (about a minute)…'
      : 'First run: installing packages (about a minute)…',
  );
  const begunAt = Date.now();
  let { code, output } = await npm('ci');
  // A lock file made where not every platform's optional packages could be had is refused by `ci` alone.
  if (code !== 0 && /EUSAGE/.test(output)) ({ code, output } = await npm('install', '--no-save'));
  if (code !== 0 || !isInstalled()) {
    throw new SetupProblem(
      `${output.trim()}\n\nThe packages could not be installed: npm's own words stand above. Baton needs them once; ` +
        'check the network and the disk, then start again.',
    );
  }
  say(`Packages installed in ${Math.round((Date.now() - begunAt) / 1000)} s.`);
}

function npm(...command) {
  const { npm_execpath: script } = process.env;
  const isNpm = script !== undefined && basename(script) === 'npm-cli.js';
  const [program, ...before] = isNpm ? [process.execPath, script] : ['npm'];
  const quiet = ['--no-audit', '--no-fund', '--no-progress', '--loglevel=error'];
  return runQuietly(program, [...before, ...command, ...quiet, ...(isTesting ? ['--include=dev'] : [])]);
}

function stampOfSchema() {
  const prisma = JSON.parse(readFileSync(join(MODULES, 'prisma', 'package.json'), 'utf8'));
  return createHash('sha256').update(readFileSync(SCHEMA)).update(prisma.version).digest('hex');
}

function isGenerated() {
  // The image for production carries the client and neither the schema's tools nor a reason to look.
  if (!existsSync(join(MODULES, 'prisma', 'package.json'))) return existsSync(join(GENERATED, 'client.ts'));
  const stamp = join(GENERATED, '.stamp');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === stampOfSchema();
}

/** Generating needs no engine; naming any program as the engine stops Prisma from downloading one. */
async function generate() {
  const stamp = stampOfSchema();
  const { code, output } = await runQuietly(
    NODE_24,
    [join(MODULES, 'prisma', 'build', 'index.js'), 'generate'],
    {
      PRISMA_SCHEMA_ENGINE_BINARY: NODE_24,
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      CHECKPOINT_DISABLE: '1',
    },
  );
  if (code !== 0) throw new SetupProblem(`${output.trim()}\n\nThe database client could not be generated.`);
  writeFileSync(join(GENERATED, '.stamp'), stamp);
}

/** Runs in the project's folder and keeps what is said, to be shown only when it matters. */
function runQuietly(command, args, variables = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...process.env, ...variables },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = [];
    child.stdout.on('data', (bytes) => said.push(bytes));
    child.stderr.on('data', (bytes) => said.push(bytes));
    child.once('error', (error) =>
      reject(
        new SetupProblem(`${command} could not be run (${error.message}). Is npm installed beside Node?`),
      ),
    );
    child.once('close', (code) => resolve({ code, output: Buffer.concat(said).toString('utf8') }));
  });
}

/** Same arguments, streams, folder, signals and end, on Node 24. */
async function continueOn24(args) {
  const child = spawn(NODE_24, args, { stdio: 'inherit' });
  // A terminal sends Ctrl-C and its own end to every process in front of it; passed on as well they would arrive twice.
  const atTerminal = [process.stdin, process.stdout, process.stderr].some((stream) => stream.isTTY);
  for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => atTerminal || child.kill(signal));
  for (const signal of ['SIGTERM', 'SIGUSR2']) process.on(signal, () => child.kill(signal));
  // A server may be meant to outlive its shell; a demo that nobody sees any more is only in the way.
  if (first === 'demo') whenOrphaned(() => child.kill('SIGTERM'));
  const { code, signal } = await new Promise((resolve, reject) => {
    child.once('error', (error) =>
      reject(new SetupProblem(`Node ${NODE} could not be run: ${error.message}`)),
    );
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  if (signal === null) {
    process.exitCode = code;
    return;
  }
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
  // Only for signals that do not end this process.
  process.exitCode = 128 + (constants.signals[signal] ?? 0);
}

/** Ends with the plain count that machines read, a failed check counting as one failed test. */
async function runTests(args) {
  const folder = mkdtempSync(join(tmpdir(), 'baton-tests-'));
  const counted = join(folder, 'tests.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${counted}`];
  const steps = [['biome', 'check', '.'], ['tsc'], ['vitest', 'run', ...reporters, ...args]];
  const failed = [];
  for (const [tool, ...toolArgs] of steps) {
    say(`\n── ${tool}`);
    if ((await runTool(tool, toolArgs)) !== 0) failed.push(tool);
  }
  const tests = existsSync(counted) ? JSON.parse(readFileSync(counted, 'utf8')) : null;
  rmSync(folder, { recursive: true });
  if (failed.length > 0) say(`\nFailed: ${failed.join(', ')}.`);
  const checksFailed = failed.filter((tool) => tool !== 'vitest' || !tests?.numFailedTests).length;
  const { numPassedTests = 0, numFailedTests = 0, numPendingTests = 0 } = tests ?? {};
  console.log(
    `${numPassedTests} passed, ${numFailedTests + checksFailed} failed, ${numPendingTests} skipped`,
  );
  return failed.length === 0 ? 0 : 1;
}

function runTool(tool, args) {
  const bin = join(MODULES, '.bin');
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
  return new Promise((resolve, reject) => {
    const child = spawn(join(bin, tool), args, { cwd: ROOT, env, stdio: 'inherit' });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
