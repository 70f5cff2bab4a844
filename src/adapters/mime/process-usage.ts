/**
 * Processor time and resident memory of another process, from the system: heap flags do not bound Buffers, and
 * wall time punishes a mail for a busy machine.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';

export type Usage = { readonly cpuMs: number; readonly residentBytes: number };

/** Linux reports processor time in ticks of 1/100 s to user space on every architecture (proc(5), USER_HZ). */
const MS_PER_TICK = 10;

/** Null when the process is gone or the system does not tell. */
export const readUsage = (pid: number): Promise<Usage | null> =>
  process.platform === 'linux' ? fromProc(pid) : fromPs(pid);

async function fromProc(pid: number): Promise<Usage | null> {
  try {
    const [stat, status] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'latin1'),
      readFile(`/proc/${pid}/status`, 'latin1'),
    ]);
    // The command's name stands in brackets and may hold anything, so counting begins behind it: state is field 3.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const cpuMs = (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
    const kilobytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN);
    return Number.isFinite(cpuMs) && Number.isFinite(kilobytes)
      ? { cpuMs, residentBytes: kilobytes * 1024 }
      : null;
  } catch {
    return null;
  }
}

function fromPs(pid: number): Promise<Usage | null> {
  return new Promise((resolve) => {
    execFile('ps', ['-o', 'time=,rss=', '-p', String(pid)], (error, stdout) => {
      resolve(error === null ? parsePs(stdout) : null);
    });
  });
}

/** `[[dd-]hh:]mm:ss[.cc] rss`, with resident memory in kilobytes. */
export function parsePs(line: string): Usage | null {
  const found = /^\s*(?:(\d+)-)?(?:(\d+):)?(\d+):(\d+(?:\.\d+)?)\s+(\d+)\s*$/.exec(line);
  if (found === null) return null;
  const [days, hours, minutes, seconds, kilobytes] = found.slice(1).map((text) => Number(text ?? 0));
  const total = (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
  return { cpuMs: Math.round(total * 1_000), residentBytes: (kilobytes ?? 0) * 1024 };
}
