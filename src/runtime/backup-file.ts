/**
 * The file that a backup is written to: it appears under its name when it is whole and on the disk, and not before.
 * Only who made it can read it, since it holds everybody's mail.
 */
import { constants, createReadStream } from 'node:fs';
import { access, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { Failure } from '../app/failures.ts';

/** @throws Failure `backup-exists`, or what the file system says. */
export async function writeWhole<T>(
  path: string,
  write: (out: Writable) => Promise<T>,
): Promise<{ readonly result: T; readonly bytes: number }> {
  const file = resolve(path);
  if (await exists(file)) {
    throw new Failure(
      'permanent',
      'backup-exists',
      `${path} exists already; a backup takes no other file's place.`,
    );
  }
  const partly = `${file}.part-${process.pid}`;
  try {
    // Opened before anything else, so that a folder that is not there is told and not thrown out of a stream.
    const opened = await open(partly, 'wx', 0o600);
    const stream = opened.createWriteStream({ flush: true });
    const result = await write(stream).finally(() => finished(stream.destroy()).catch(() => {}));
    const { size: bytes } = await stat(partly);
    await rename(partly, file);
    await flushFolder(dirname(file));
    return { result, bytes };
  } catch (error) {
    await rm(partly, { force: true });
    throw error instanceof Failure ? error : fromFileSystem(path, error);
  }
}

/** Opens it as often as it is asked to. */
export async function readableFile(path: string): Promise<() => Readable> {
  const file = resolve(path);
  const problem = await access(file, constants.R_OK).then(
    async () => ((await stat(file)).isDirectory() ? { code: 'EISDIR' } : null),
    (error: unknown) => error,
  );
  if (problem !== null) throw fromFileSystem(path, problem);
  return () => createReadStream(file, { highWaterMark: 1024 * 1024 });
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  );

/** The name is in the folder, and a folder is a file of its own. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const Says: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder, and a file is needed',
  ENOTDIR: 'a part of its path is a file',
  EACCES: 'this user may not',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
};

function fromFileSystem(path: string, error: unknown): Failure {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  return new Failure('permanent', 'backup-file', `${path}: ${Says[code] ?? message}.`, { cause: error });
}
