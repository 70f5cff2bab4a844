/** The bootstrap in a small project of its own, with a stand-in for npm: what it runs, says and answers. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const SOURCE = fileURLToPath(new URL('../../src/', import.meta.url));

/** Does what npm would, and writes a line per call. */
const NPM = `
import { appendFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
appendFileSync('npm.log', process.argv.slice(2, 3) + '\\n');
console.log('npm talks');
if (process.env.NPM_FAILS || (process.env.CI_REFUSES && process.argv[2] === 'ci')) {
  console.error(process.env.NPM_FAILS ?? 'npm error code EUSAGE');
  process.exit(1);
}
mkdirSync('node_modules/node/bin', { recursive: true });
if (!existsSync('node_modules/node/bin/node')) symlinkSync(process.execPath, 'node_modules/node/bin/node');
mkdirSync('node_modules/prisma/build', { recursive: true });
writeFileSync('node_modules/prisma/package.json', '{"version":"7"}');
writeFileSync('node_modules/prisma/build/index.js', \`
  const fs = require('node:fs');
  fs.appendFileSync('prisma.log', process.env.PRISMA_SCHEMA_ENGINE_BINARY ? 'generate\\\\n' : 'would download\\\\n');
  fs.mkdirSync('src/adapters/db/generated', { recursive: true });
  fs.writeFileSync('src/adapters/db/generated/client.ts', '');
\`);
writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/a': { version: process.env.VERSION ?? '1.0.0' } } }));
`;

const MAIN = `
const [what, ...rest] = process.argv.slice(2);
if (what === 'wait') process.on('SIGTERM', () => process.exit(9));
if (what === 'start') console.log(JSON.stringify([process.execArgv, process.env.NODE_OPTIONS ?? null, rest]));
else console.log(JSON.stringify({ what, rest, cwd: process.cwd() }));
if (what === 'exit') process.exitCode = Number(rest[0]);
if (what === 'wait') setInterval(() => undefined, 60_000);
`;

describe('the bootstrap', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'baton-bootstrap-'));
    await mkdir(join(root, 'src/cli'), { recursive: true });
    await mkdir(join(root, 'prisma'));
    await mkdir(join(root, 'elsewhere'));
    await mkdir(join(root, 'fake'));
    await cp(join(SOURCE, 'cli/bootstrap.mjs'), join(root, 'src/cli/bootstrap.mjs'));
    for (const name of ['file-lock.mjs', 'parent.mjs'])
      await cp(join(SOURCE, 'runtime', name), join(root, 'src/runtime', name));
    await writeFile(join(root, 'src/cli/main.ts'), MAIN);
    await writeFile(join(root, 'prisma/schema.prisma'), 'model A {}');
    await writeFile(join(root, 'fake/npm-cli.js'), NPM);
    await writeFile(join(root, 'package.json'), '{"type":"module"}');
    await lockFile('1.0.0');
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  const lockFile = (version: string): Promise<void> =>
    writeFile(
      join(root, 'package-lock.json'),
      JSON.stringify({
        packages: { '': {}, 'node_modules/a': { version }, 'node_modules/b': { version, optional: true } },
      }),
    );

  const command = () => ({
    script: join(root, 'src/cli/bootstrap.mjs'),
    options: {
      cwd: join(root, 'elsewhere'),
      env: { PATH: process.env.PATH, npm_execpath: join(root, 'fake/npm-cli.js') },
    },
  });

  type Outcome = { code: number; stdout: string; stderr: string };
  const run = (args: string[], variables: Record<string, string> = {}): Promise<Outcome> =>
    new Promise((resolve) => {
      const { script, options } = command();
      const env = { ...options.env, ...variables };
      execFile(process.execPath, [script, ...args], { ...options, env }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
      );
    });

  const log = async (name: string): Promise<string[]> =>
    (await readFile(join(root, name), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');

  it('installs and generates on the first run only, and keeps standard output for the command', async () => {
    const first = await run(['exit', '0']);
    expect(first.stdout).toBe(
      `${JSON.stringify({ what: 'exit', rest: ['0'], cwd: join(root, 'elsewhere') })}\n`,
    );
    expect(first.stderr).toMatch(
      /^First run: installing packages \(about a minute\)…\nPackages installed in \d+ s\.\n$/,
    );
    const second = await run(['exit', '0']);
    expect(second.stderr).toBe('');
    expect(await log('npm.log')).toEqual(['ci']);
    expect(await log('prisma.log')).toEqual(['generate']);
  });

  it('hands arguments, folder and exit code through', async () => {
    await run(['exit', '0']);
    const { code, stdout } = await run(['exit', '78', '--config', './x y.yaml', '--', '']);
    expect(code).toBe(78);
    expect(JSON.parse(stdout)).toMatchObject({
      rest: ['78', '--config', './x y.yaml', '--', ''],
      cwd: join(root, 'elsewhere'),
    });
  });

  it('starts workers with a small nursery, unless one was chosen', async () => {
    await run(['exit', '0']);
    const plain = await run(['start', 'mailer', '--config', './x y.yaml']);
    expect(JSON.parse(plain.stdout)).toEqual([
      ['--max-semi-space-size=4'],
      null,
      ['mailer', '--config', './x y.yaml'],
    ]);
    const NODE_OPTIONS = '--max-semi-space-size=16';
    const chosen = await run(['start', 'mailer'], { NODE_OPTIONS });
    expect(JSON.parse(chosen.stdout)).toEqual([[], NODE_OPTIONS, ['mailer']]);
  });

  it('installs again when the lock file asks for another version', async () => {
    await run(['exit', '0']);
    await lockFile('2.0.0');
    const { code, stderr } = await run(['exit', '0'], { VERSION: '2.0.0' });
    expect([code, await log('npm.log')]).toEqual([0, ['ci', 'ci']]);
    expect(stderr).toContain('The list of packages has changed');
  });

  it('generates again when the schema has changed', async () => {
    await run(['exit', '0']);
    await writeFile(join(root, 'prisma/schema.prisma'), 'model B {}');
    await run(['exit', '0']);
    expect(await log('prisma.log')).toEqual(['generate', 'generate']);
    expect(await log('npm.log')).toEqual(['ci']);
  });

  it('installs once when two first runs start at once', async () => {
    const outcomes = await Promise.all([run(['exit', '3']), run(['exit', '4']), run(['exit', '5'])]);
    expect(outcomes.map((outcome) => outcome.code)).toEqual([3, 4, 5]);
    expect(await log('npm.log')).toEqual(['ci']);
    expect(await log('prisma.log')).toEqual(['generate']);
  });

  it("shows npm's own words and what to do when installing fails", async () => {
    const { code, stdout, stderr } = await run(['exit', '0'], { NPM_FAILS: 'npm error network is down' });
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('npm error network is down');
    expect(stderr).toContain('check the network and the disk, then start again');
  });

  it('falls back to a plain install when npm ci refuses the lock file', async () => {
    const { code } = await run(['exit', '0'], { CI_REFUSES: '1' });
    expect([code, await log('npm.log')]).toEqual([0, ['ci', 'install']]);
  });

  it('starts without npm and without a lock file when it was installed as a package', async () => {
    await run(['exit', '0']);
    await rm(join(root, 'package-lock.json'));
    expect((await run(['exit', '6'], { NPM_FAILS: 'not called' })).code).toBe(6);
  });

  it('lets a signal reach the command', async () => {
    await run(['exit', '0']);
    const { script, options } = command();
    const child = spawn(process.execPath, [script, 'wait'], options);
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect((await once(child, 'exit'))[0]).toBe(9);
  });
});
