/**
 * Mails out of files for the commands that show what Baton reads in them: children that parse are kept and reused,
 * some mails are read ahead, and answers come in the order of the paths.
 */
import { availableParallelism } from 'node:os';
import { openParserPool } from '../adapters/mime/parser-pool.ts';
import type { MailParser } from '../app/ports/mail-parser.ts';
import type { Mail } from '../domain/message.ts';
import { type MailFile, readMailFiles } from '../runtime/mail-files.ts';

/** In work at a time: keeps every child busy and the memory small. */
const AHEAD_MAX = 64;
const AHEAD_BYTES_MAX = 32 * 1024 * 1024;
const CHILDREN_MAX = 4;
const PROGRESS_EVERY_MS = 500;

export type MailRead =
  | { readonly file: string; readonly mail: Mail }
  /** `header`: what its header says all the same, if anything. */
  | { readonly file: string; readonly error: string; readonly header: Mail | null };

/** Every mail below the paths, in order; what cannot be read is an entry with its error. */
export async function* readMails(paths: readonly string[]): AsyncGenerator<MailRead> {
  const parser = openParserPool({ children: Math.min(CHILDREN_MAX, availableParallelism()) });
  const progress = startProgress();
  try {
    for await (const read of inOrder(parser, paths)) {
      progress.step();
      yield read;
    }
  } finally {
    progress.end();
    await parser.close();
  }
}

async function* inOrder(parser: MailParser, paths: readonly string[]): AsyncGenerator<MailRead> {
  const ahead: { readonly answer: Promise<MailRead>; readonly bytes: number }[] = [];
  let bytes = 0;
  for await (const found of readMailFiles(paths)) {
    const size = 'raw' in found ? found.raw.length : 0;
    const answer = parseOne(parser, found);
    // It is waited for below, or nobody wants it any more.
    answer.catch(() => {});
    ahead.push({ answer, bytes: size });
    bytes += size;
    while (ahead.length > AHEAD_MAX || bytes > AHEAD_BYTES_MAX) {
      const next = ahead.shift();
      if (next === undefined) break;
      yield await next.answer;
      bytes -= next.bytes;
    }
  }
  for (const { answer } of ahead) yield await answer;
}

async function parseOne(parser: MailParser, found: MailFile): Promise<MailRead> {
  if ('error' in found) return { ...found, header: null };
  const { file, raw } = found;
  const [result] = await parser.parse([raw]);
  if (result === undefined) throw new Error('a parser answers every mail');
  return result.ok ? { file, mail: result.mail } : { file, error: result.why, header: result.header };
}

/**
 * Writes objects to standard output, as a line each or laid out for people. Answers false once nobody reads them any
 * more: `baton parse … | head` has seen enough.
 */
export function openPrinter(options: { readonly ndjson?: boolean }): (object: object) => Promise<boolean> {
  let isRead = true;
  const closed = new Promise<void>((resolve, reject) => {
    process.stdout.on('error', (error: NodeJS.ErrnoException) => {
      isRead = false;
      if (error.code === 'EPIPE') resolve();
      else reject(error);
    });
  });
  closed.catch(() => {});
  const drained = () => new Promise<void>((resolve) => process.stdout.once('drain', () => resolve()));
  return async (object) => {
    const text = options.ndjson ? JSON.stringify(object) : JSON.stringify(object, null, 2);
    if (isRead && !process.stdout.write(`${text}\n`)) await Promise.race([drained(), closed]);
    return isRead;
  };
}

/** For somebody at a terminal who waits; silent otherwise. */
function startProgress(): { readonly step: () => void; readonly end: () => void } {
  let count = 0;
  let shown = false;
  const show = () => {
    shown = true;
    process.stderr.write(`\r${count} mails read`);
  };
  const timer = process.stderr.isTTY ? setInterval(show, PROGRESS_EVERY_MS) : null;
  return {
    step: () => {
      count += 1;
    },
    end: () => {
      if (timer !== null) clearInterval(timer);
      if (shown) process.stderr.write(`\r${count} mails read\n`);
    },
  };
}
