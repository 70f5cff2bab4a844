/**
 * Clocks that a test sets: libfaketime (Debian's package faketime) in front of a program that nobody here wrote. The
 * count of seconds since the machine began, by which programs wait, goes on as it is.
 */
import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Duration, SECOND } from '../../../src/domain/instant.ts';
import { faketimeLibrary } from './packages.ts';

export type SetClock = {
  /** For the program that is to live by it. */
  readonly environment: Readonly<Record<string, string>>;
  /** How far it is ahead of the machine's. */
  ahead(): Duration;
  /** Sets it on, or back where negative, while the program runs. */
  jump(by: Duration): void;
  end(): void;
};

export function openSetClock(ahead: Duration = 0): SetClock {
  // Servers run as somebody else, who must be able to read it.
  const folder = mkdtempSync(join('/tmp', 'baton-clock-'));
  chmodSync(folder, 0o755);
  const path = join(folder, 'offset');
  let offset = ahead;
  const write = (): void => {
    // Renamed into place: a process that reads meanwhile finds the one or the other.
    const seconds = Math.round(offset / SECOND);
    writeFileSync(`${path}.new`, `${seconds < 0 ? '' : '+'}${seconds}\n`, { mode: 0o644 });
    renameSync(`${path}.new`, path);
  };
  write();
  return {
    environment: {
      LD_PRELOAD: faketimeLibrary() ?? '',
      FAKETIME_TIMESTAMP_FILE: path,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
    ahead: () => offset,
    jump: (by) => {
      offset += by;
      write();
    },
    end: () => rmSync(folder, { recursive: true, force: true }),
  };
}
