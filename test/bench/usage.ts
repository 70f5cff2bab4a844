/** Processor time and memory of processes, as Linux counts them. */
import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ is 100 on every Linux that Node runs on. */
const MS_PER_TICK = 10;

export type Usage = {
  readonly pid: number;
  readonly name: string;
  readonly cpuMs: number;
  readonly rssMb: number;
};

/** The processes and all that descend from them; of those that have ended, the time counts with their parent. */
export function usageOf(roots: readonly number[]): Usage[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = Number(statOf(Number(name))[1] ?? Number.NaN);
    if (!Number.isNaN(parent)) parents.set(Number(name), parent);
  }
  const found = [...roots];
  for (let at = 0; at < found.length; at += 1) {
    for (const [pid, parent] of parents) if (parent === found[at]) found.push(pid);
  }
  return [...new Set(found)].map((pid) => {
    // proc(5): utime, stime, cutime, cstime are fields 14 to 17; the list here begins with field 3.
    const ticks = statOf(pid)
      .slice(11, 15)
      .reduce((sum, field) => sum + Number(field), 0);
    return { pid, name: commandOf(pid), cpuMs: ticks * MS_PER_TICK, rssMb: residentMb(pid) };
  });
}

export const cpuMsOf = (roots: readonly number[], counts: (usage: Usage) => boolean = () => true): number =>
  usageOf(roots)
    .filter(counts)
    .reduce((sum, { cpuMs }) => sum + cpuMs, 0);

function statOf(pid: number): string[] {
  const stat = read(pid, 'stat');
  return stat === '' ? [] : stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

const commandOf = (pid: number): string => read(pid, 'cmdline').replaceAll('\0', ' ').trim();

const residentMb = (pid: number): number =>
  Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(read(pid, 'status'))?.[1] ?? 0) / 1_024);

/** Empty when the process has ended meanwhile. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

/** What processes hold, with memory that several share counted once (proc(5): Pss in smaps_rollup). */
export const sharedOnceMb = (pids: readonly number[]): number =>
  Math.round(
    pids.reduce((sum, pid) => sum + Number(/^Pss:\s+(\d+)/m.exec(read(pid, 'smaps_rollup'))?.[1] ?? 0), 0) /
      1_024,
  );
