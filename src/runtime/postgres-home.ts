/**
 * Where one embedded cluster lives, what is remembered about it, and how it comes into being.
 *
 * A cluster appears under its name only when initdb has finished: one that was cut short leaves a draft, which the
 * next start throws away.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Failure } from '../app/failures.ts';
import {
  asUser,
  type Binaries,
  firstLine,
  makeSystemFolder,
  type ServerUser,
  SYSTEM_FOLDER,
} from './postgres-binaries.ts';

const run = promisify(execFile);

export type PostgresHome = {
  readonly dataDir: string;
  /** Belongs to the server's user, mode 0700. */
  readonly folder: string;
  /** PostgreSQL's data directory. */
  readonly cluster: string;
  readonly logFile: string;
  readonly password: string;
  readonly user: ServerUser;
};

/** Superuser of the cluster; not an account of the operating system. */
export const ROLE = 'baton';

/**
 * The home of this data folder, made when missing. Once chosen it stays, even when permissions change later.
 * @throws Failure `postgres-folder` when it cannot be made or reached.
 */
export async function findHome(dataDir: string, user: ServerUser): Promise<PostgresHome> {
  try {
    const folder = (await chosenFolder(dataDir)) ?? (await chooseFolder(dataDir, user));
    await makeFolder(folder, user);
    if (!(await canEnter(folder, user))) {
      throw cannotUse(
        `${user === null ? 'this user' : 'the system user "postgres"'} cannot enter ${folder}`,
        null,
      );
    }
    return {
      dataDir,
      folder,
      cluster: join(folder, 'data'),
      logFile: join(folder, 'server.log'),
      password: await passwordOf(dataDir, existsSync(join(folder, 'data'))),
      user,
    };
  } catch (error) {
    // Only what the operating system says is about the folder; anything else is a bug.
    if (error instanceof Failure || typeof (error as { code?: unknown }).code !== 'string') throw error;
    throw cannotUse((error as Error).message, error);
  }
}

const cannotUse = (why: string, cause: unknown): Failure =>
  new Failure(
    'permanent',
    'postgres-folder',
    `The embedded database cannot use its folder: ${why}. It was made by another user, or its permissions have ` +
      'changed since: run Baton as that user, or restore them. Nothing was deleted.',
    { cause },
  );

async function chosenFolder(dataDir: string): Promise<string | null> {
  try {
    return (await readFile(join(dataDir, 'cluster'), 'utf8')).trim() || null;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return null;
    throw error;
  }
}

/** A name of its own, not one made from the path: a fresh clone at an old path must not find the old data. */
async function chooseFolder(dataDir: string, user: ServerUser): Promise<string> {
  const inside = join(dataDir, 'postgres');
  await makeFolder(inside, user);
  let folder = inside;
  if (!(await canEnter(inside, user))) {
    await rm(inside, { recursive: true, force: true });
    folder = join(SYSTEM_FOLDER, randomBytes(8).toString('hex'));
    await makeSystemFolder();
  }
  await writeWhole(join(dataDir, 'cluster'), `${folder}\n`);
  return folder;
}

async function makeFolder(folder: string, user: ServerUser): Promise<void> {
  if (existsSync(folder)) return;
  await mkdir(folder, { mode: 0o700 });
  await giveTo(folder, user);
}

async function giveTo(path: string, user: ServerUser): Promise<void> {
  if (user !== null) await chown(path, user.uid, user.gid);
}

/** Asked of the operating system, since access may depend on more than mode bits. */
async function canEnter(folder: string, user: ServerUser): Promise<boolean> {
  return run('/bin/sh', ['-c', 'cd "$1" && test -w .', 'sh', folder], asUser(user)).then(
    () => true,
    () => false,
  );
}

async function passwordOf(dataDir: string, clusterExists: boolean): Promise<string> {
  const path = join(dataDir, 'password');
  if (existsSync(path)) return (await readFile(path, 'utf8')).trim();
  if (clusterExists) {
    throw new Failure(
      'permanent',
      'postgres-password-lost',
      `The file ${path} is gone, and without it the embedded database does not let Baton in. Restore it from a backup.`,
    );
  }
  const password = randomBytes(24).toString('hex');
  await writeWhole(path, `${password}\n`);
  return password;
}

/**
 * Makes the cluster when there is none; true when it was made now.
 * @throws Failure `postgres-version` for a cluster of another major version, `postgres-initdb` when making one failed.
 */
export async function initialise(home: PostgresHome, binaries: Binaries): Promise<boolean> {
  if (existsSync(home.cluster)) {
    await checkVersion(home, binaries);
    return false;
  }
  for (const name of await readdir(home.folder)) {
    if (name.startsWith('draft-')) await rm(join(home.folder, name), { recursive: true, force: true });
  }
  const draft = join(home.folder, `draft-${randomBytes(6).toString('hex')}`);
  const passwordFile = `${draft}.password`;
  try {
    await writeFile(passwordFile, `${home.password}\n`, { mode: 0o600 });
    await giveTo(passwordFile, home.user);
    await run(binaries.initdb, initdbArguments(draft, passwordFile), asUser(home.user));
    await rename(draft, home.cluster);
    return true;
  } catch (error) {
    throw new Failure('permanent', 'postgres-initdb', initdbProblem(home, error), { cause: error });
  } finally {
    await rm(passwordFile, { force: true });
    await rm(draft, { recursive: true, force: true });
  }
}

/** The builtin C.UTF-8 sorts and folds alike on every machine, so an upgraded libc cannot corrupt an index. */
const initdbArguments = (folder: string, passwordFile: string): string[] => [
  `--pgdata=${folder}`,
  `--username=${ROLE}`,
  `--pwfile=${passwordFile}`,
  '--auth=scram-sha-256',
  '--encoding=UTF8',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
  '--locale=C',
  '--no-instructions',
];

function initdbProblem(home: PostgresHome, error: unknown): string {
  const said = String((error as { stderr?: unknown }).stderr ?? '').trim() || firstLine(error);
  const lines = said.split('\n').filter((line) => /error|fatal|could not|no space|denied/i.test(line));
  const why = (lines.length > 0 ? lines : [firstLine(error)]).slice(0, 3).join('; ');
  const full = /no space left|ENOSPC/i.test(why)
    ? 'The disk is full: make room (200 MB will do to begin with). '
    : '';
  return `The embedded database could not be created in ${home.folder}: ${why}. ${full}Nothing was left behind; start again once it is cured.`;
}

async function checkVersion(home: PostgresHome, binaries: Binaries): Promise<void> {
  const major = (await readFile(join(home.cluster, 'PG_VERSION'), 'utf8')).trim();
  if (major === binaries.major) return;
  throw new Failure(
    'permanent',
    'postgres-version',
    `The embedded database in ${home.cluster} was made by PostgreSQL ${major}, and this Baton brings ${binaries.major}. ` +
      `Dump it with the Baton that made it and load the dump into a new one, or set \`database.url\` to a PostgreSQL ${major} server.`,
  );
}

/** Deletes the cluster and everything remembered about it. The server must be down. */
export async function removeHome(home: PostgresHome): Promise<void> {
  await rm(home.folder, { recursive: true, force: true });
  for (const name of ['cluster', 'password']) await rm(join(home.dataDir, name), { force: true });
}

export type ServerState = { readonly url: string; readonly port: number; readonly pid: number };

/** Null when nothing is remembered. */
export async function readState(dataDir: string): Promise<ServerState | null> {
  const path = join(dataDir, 'state.json');
  try {
    const state = JSON.parse(await readFile(path, 'utf8')) as Partial<ServerState>;
    const { url, port, pid } = state;
    if (typeof url !== 'string' || typeof port !== 'number' || typeof pid !== 'number') return null;
    return { url, port, pid };
  } catch (error) {
    const code = (error as { code?: unknown }).code;
    if (code === 'ENOENT' || error instanceof SyntaxError) return null;
    throw new Failure(
      'permanent',
      'postgres-state-unreadable',
      `${path} cannot be read: ${(error as Error).message}. The embedded database belongs to another user; run this command as that user.`,
      { cause: error },
    );
  }
}

export async function writeState(dataDir: string, state: ServerState): Promise<void> {
  await writeWhole(join(dataDir, 'state.json'), `${JSON.stringify(state)}\n`);
}

/** Readers see the old file or the new one, never half of it, and so does a start after a power cut. */
async function writeWhole(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomBytes(6).toString('hex')}`;
  const file = await open(draft, 'w', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await chmod(draft, 0o600);
  await rename(draft, path);
}
