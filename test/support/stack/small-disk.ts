/** A disk of its own for a server, in memory, that a test fills and frees again. Wants root, as every mount does. */
import { execFile } from 'node:child_process';
import {
  chownSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmdirSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SERVER_USER } from './daemon.ts';

const run = promisify(execFile);

export type SmallDisk = {
  /** An empty folder on it that belongs to the servers' user. */
  readonly folder: string;
  /** Takes up all that is free. */
  fill(): Promise<void>;
  /** Gives that back. */
  free(): void;
  end(): Promise<void>;
};

/** As much as somebody else may take between two looks. */
const SPARE_BLOCKS = 2_000;

export const canMount = (): boolean => process.getuid?.() === 0;

export async function openSmallDisk(megabytes: number): Promise<SmallDisk> {
  const mountedAt = mkdtempSync(join('/tmp', 'baton-disk-'));
  await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'tmpfs', mountedAt]);
  const folder = join(mountedAt, 'data');
  const ballast = join(mountedAt, 'ballast');
  mkdirSync(folder, { mode: 0o700 });
  chownSync(folder, SERVER_USER.uid, SERVER_USER.gid);
  return {
    folder,
    async fill() {
      const { bavail, bsize } = statfsSync(mountedAt);
      if (bavail > SPARE_BLOCKS)
        await run('fallocate', ['-l', String((bavail - SPARE_BLOCKS) * bsize), ballast]);
      const file = openSync(ballast, 'a');
      try {
        // What is left goes in small pieces: whoever works there takes some of it meanwhile.
        for (const piece = Buffer.alloc(bsize); ; ) writeSync(file, piece);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(ballast, { force: true }),
    async end() {
      await run('umount', ['--lazy', mountedAt]);
      rmdirSync(mountedAt);
    },
  };
}
