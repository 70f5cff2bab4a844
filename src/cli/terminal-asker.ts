/**
 * Asker at a terminal, on a pipe, or out of a file of answers. Lines are read one by one as they come, so that answers
 * that were piped in before a question was put are not lost; where nobody sees what is typed, it is shown as well.
 */
import { createInterface, type Interface } from 'node:readline';
import { Writable } from 'node:stream';
import { Failure } from '../app/failures.ts';
import type { Asker } from '../app/first-hour/asker.ts';

const EVERY_MS = 1_000;
const COLUMNS = 88;
const CLEAR = '\r\u001b[K';

export type TerminalAsker = Asker & { close(): void };

/** `lines` null: the answers come from standard input. */
export function terminalAsker(lines: readonly string[] | null): TerminalAsker {
  const { stdin, stdout } = process;
  const isTyped = lines === null && stdin.isTTY === true && stdout.isTTY === true;
  let muted = false;
  const output = new Writable({
    write(chunk: Buffer, _, done) {
      if (!muted) stdout.write(chunk);
      done();
    },
  });
  const reader = lines === null ? createInterface({ input: stdin, output, terminal: isTyped }) : null;
  // Ctrl-C at a question: readline swallows it, and whoever pressed it wants to be gone.
  reader?.on('SIGINT', () => {
    stdout.write('\n');
    process.kill(process.pid, 'SIGINT');
  });
  const answers = reader === null ? lines?.values() : lineQueue(reader);
  return {
    async ask(question, { hidden = false } = {}) {
      stdout.write(question);
      muted = hidden && isTyped;
      const next = await answers?.next();
      muted = false;
      if (next === undefined || next.done === true) throw new Failure('permanent', 'no-more-answers', ENDED);
      if (!isTyped) stdout.write(hidden ? '(hidden)\n' : `${next.value}\n`);
      else if (hidden) stdout.write('\n');
      return next.value;
    },
    say: (text) => void stdout.write(`${filled(text).join('\n')}\n`),
    show: (line) => void stdout.write(`${line}\n`),
    wait: (line, work) => waiting(line, work, isTyped ? async () => void (await answers?.next()) : null),
    close: () => reader?.close(),
  };
}

const ENDED = '\nThe answers ended before the questions did. Nothing was written.';

/** Keeps lines that come before they are asked for. */
function lineQueue(reader: Interface): AsyncIterator<string, undefined> {
  const lines = reader[Symbol.asyncIterator]();
  return lines as AsyncIterator<string, undefined>;
}

/** `passOver` takes the line that an Enter left; null where nobody types, and nothing is shown or skipped. */
async function waiting<Value>(
  line: (seconds: number) => string,
  work: (signal: AbortSignal) => Promise<Value>,
  passOver: (() => Promise<void>) | null,
): Promise<Value> {
  const { stdout } = process;
  const skip = new AbortController();
  const begun = performance.now();
  const tell = () => stdout.write(`${CLEAR}${line(Math.round((performance.now() - begun) / 1_000))}`);
  if (passOver === null) return work(skip.signal);
  const timer = setInterval(tell, EVERY_MS);
  const onKey = (_: unknown, key: { name?: string } | undefined) => {
    if (key?.name === 'return' || key?.name === 'enter') skip.abort();
  };
  process.stdin.on('keypress', onKey);
  tell();
  try {
    return await work(skip.signal);
  } finally {
    clearInterval(timer);
    process.stdin.off('keypress', onKey);
    stdout.write(CLEAR);
    // The Enter that ended the wait is no answer to the next question.
    if (skip.signal.aborted) await passOver();
  }
}

/** A paragraph is read, not scanned: no line is indented, and none is as wide as a table may be. */
function filled(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > COLUMNS) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}
