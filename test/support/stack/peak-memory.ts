/** How much memory a process and its children ever held, in megabytes, as Linux keeps it. */
import { readFileSync } from 'node:fs';

export type Peak = {
  readonly peakMb: number;
  /** Now, without what processes of one program share: its code, and files that are mapped. */
  readonly ownMb: number;
  readonly childrenPeakMb: number;
};

/** Zeroes where the process is gone. */
export function peakOf(pid: number): Peak {
  const children = childrenOf(pid).map((child) => peakOf(child));
  return {
    ...{ peakMb: megabytes(pid, 'VmHWM'), ownMb: megabytes(pid, 'RssAnon') },
    childrenPeakMb: children.reduce((sum, { peakMb, childrenPeakMb }) => sum + peakMb + childrenPeakMb, 0),
  };
}

function megabytes(pid: number, field: string): number {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(read(`/proc/${pid}/status`))?.[1];
  return Math.round(Number(kilobytes ?? 0) / 1_024);
}

const childrenOf = (pid: number): number[] =>
  read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
