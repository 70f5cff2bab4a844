/**
 * What running workers write to standard error. At a terminal somebody reads it: sentences, and the log as `baton logs`
 * shows it. A pipe or a file gets the log as it is.
 */
import type { LineSink } from '../adapters/log/rotating-file.ts';
import { detailIn, pretty } from './log-lines.ts';
import { terminalOf } from './terminal.ts';

export type WorkerConsole = {
  say(line: string): void;
  /** Where lines of the log go instead of standard error; null: there, as JSON. */
  readonly log: LineSink | null;
};

type Stream = { readonly isTTY?: boolean; write(text: string): unknown };

/** A sentence and the line of the log about the same follow each other closely. */
const REMEMBERED = 50;

export function workerConsole(stream: Stream = process.stderr): WorkerConsole {
  const write = (line: string): void => void stream.write(`${line}\n`);
  if (stream.isTTY !== true) return { say: write, log: null };
  const { paint } = terminalOf({}, stream);
  let said: string[] = [];
  return {
    say(line) {
      said = [...said.slice(1 - REMEMBERED), line];
      write(line);
    },
    log: {
      write(line) {
        const detail = detailIn(line);
        // What a sentence has told is not told again by the log, however often it is tried.
        if (detail === null || !said.some((one) => one.includes(detail)))
          write(pretty(line.trimEnd(), paint));
      },
    },
  };
}
