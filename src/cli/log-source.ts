/** Where lines of a log come from: the files of an embedded Baton, a file that is given, or a pipe. */
import { createReadStream } from 'node:fs';
import { open, readFile, stat } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 300;

/** The last so many lines that are sought, the oldest first. */
export async function lastLines(
  files: readonly string[],
  count: number,
  isSought: (line: string) => boolean,
): Promise<string[]> {
  let found: string[] = [];
  for (const file of files) {
    if (found.length >= count) break;
    const text = await readFile(file, 'utf8').catch(() => '');
    found = [...text.split('\n').filter((line) => line !== '' && isSought(line)), ...found];
  }
  return found.slice(-count);
}

/** What is written from now on. A file that was put away and begun anew is read from its beginning. */
export async function follow(file: string, say: (line: string) => void, signal: AbortSignal): Promise<void> {
  let { ino, size: read } = await stat(file).catch(() => ({ ino: 0, size: 0 }));
  let rest = '';
  while (!signal.aborted) {
    await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => {});
    const now = await stat(file).catch(() => null);
    if (now === null) continue;
    if (now.ino !== ino || now.size < read) [ino, read, rest] = [now.ino, 0, ''];
    if (now.size === read) continue;
    const lines = (rest + (await bytesOf(file, read, now.size))).split('\n');
    read = now.size;
    rest = lines.pop() ?? '';
    for (const line of lines) say(line);
  }
}

async function bytesOf(file: string, from: number, until: number): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(until - from), 0, until - from, from);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** Line by line as it comes, until it ends. `-`: standard input. */
export async function* linesOf(file: string): AsyncGenerator<string> {
  const input = file === '-' ? process.stdin : createReadStream(file);
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) yield line;
}
