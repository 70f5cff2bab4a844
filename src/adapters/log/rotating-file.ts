/**
 * A log file that never outgrows its bound: `baton.log` is what is written now, `baton.log.1` to `.4` what was before,
 * the oldest last. Any number of processes may append to one: each line goes in with one write at the file's end, and
 * who finds that another has begun a new file follows.
 *
 * A disk that is full or a folder that is gone costs lines of the log, never a mail: nothing here throws.
 */
import { closeSync, fstatSync, openSync, renameSync, statSync, writeSync } from 'node:fs';

export type LineSink = { write(line: string): void };

export type Bounds = { readonly bytesMax: number; readonly filesMax: number };

const LOG_BOUNDS: Bounds = { bytesMax: 10 * 1_024 * 1_024, filesMax: 5 };

/** The files of a log, the newest first, whether or not they are there. */
export const rotatedNames = (path: string, filesMax: number = LOG_BOUNDS.filesMax): string[] =>
  Array.from({ length: filesMax }, (_, age) => (age === 0 ? path : `${path}.${age}`));

/** Whoever runs Baton may read it, and nobody else: it names rows and hosts. The folder has to be there. */
export function rotatingFile(path: string, { bytesMax, filesMax }: Bounds = LOG_BOUNDS): LineSink {
  let file: number | null = null;
  const names = rotatedNames(path, filesMax);

  const open = (): number => openSync(path, 'a', 0o600);

  /** Between the look and the renaming another process may do the same: then one file is short, and no line is lost but the oldest. */
  function beginAnew(full: number): number {
    if (isStill(path, full)) {
      for (let age = names.length - 1; age > 0; age -= 1) rename(names[age - 1], names[age]);
    }
    closeSync(full);
    file = null;
    return open();
  }

  return {
    write(line) {
      try {
        file ??= open();
        const { size } = fstatSync(file);
        const isFull = size > 0 && size + Buffer.byteLength(line) > bytesMax;
        if (isFull) file = beginAnew(file);
        writeSync(file, line);
      } catch {
        // The same line went to standard error, and this file is not what mail waits for.
      }
    },
  };
}

/** Whether the name still means the file that is open: another process may have renamed it, or a person removed it. */
function isStill(path: string, file: number): boolean {
  const there = statSync(path, { throwIfNoEntry: false });
  const open = fstatSync(file);
  return there !== undefined && there.ino === open.ino && there.dev === open.dev;
}

function rename(from: string | undefined, to: string | undefined): void {
  if (from === undefined || to === undefined || statSync(from, { throwIfNoEntry: false }) === undefined)
    return;
  renameSync(from, to);
}
