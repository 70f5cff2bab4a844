/** How far a long command is: one line that is written over on a terminal, and nothing where nobody looks. */
import type { Progress } from '../adapters/db/backup.ts';

const EVERY_MS = 200;

/** A line of its own, each said in the place of the one before. */
export function terminalLine(): { say(line: string): void; end(): void } {
  const { stderr } = process;
  if (!stderr.isTTY) return { say: () => {}, end: () => {} };
  return {
    say: (line) => void stderr.write(`\r\u001b[K${line}`),
    end: () => void stderr.write('\r\u001b[K'),
  };
}

export function terminalProgress(): { readonly progress: Progress; end(): void } {
  const { say, end } = terminalLine();
  let toldAt = 0;
  return {
    progress({ table, rows, bytes }) {
      if (rows === null && performance.now() - toldAt < EVERY_MS) return;
      toldAt = performance.now();
      say(`${table}: ${rows === null ? '' : `${rows} rows, `}${sizeOf(bytes)}`);
    },
    end,
  };
}

const UNITS = ['bytes', 'KB', 'MB', 'GB', 'TB'];

export function sizeOf(bytes: number): string {
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const value = bytes / 1_000 ** step;
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[step]}`;
}
