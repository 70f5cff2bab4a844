/**
 * Mails out of files for the commands that look at an archive: .eml files, folders of them (mail directories
 * included), mbox files, each packed with gzip or not; `-` is the one mail that stands on standard input. One after the
 * other, so that an archive of any size fits into memory.
 *
 * Never throws for what it finds: a path that cannot be read is an entry with an error. Folders are read in the
 * order of their names, hidden files and what is plainly no mail left out; links are followed only when given.
 */
import { Buffer } from 'node:buffer';
import type { Dirent } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';

export type MailFile =
  | { readonly file: string; readonly raw: Buffer }
  | { readonly file: string; readonly error: string };

/** Larger than any mail server takes. */
const MAIL_BYTES_MAX = 128 * 1024 * 1024;
const STANDARD_INPUT = '-';
const READ_BYTES = 1024 * 1024;
const DEPTH_MAX = 50;
/** Names in mail directories have no such ending, or one behind a colon (`1234.V1.host:2,S`). */
const NO_MAIL =
  /\.(html?|jsonl?|md|pdf|png|jpe?g|gif|zip|tar|tgz|tar\.gz|ya?ml|m?js|ts|css|csv|xml|log|sqlite|db|ds_store)$/i;

/** Every mail below the paths, in order. */
export async function* readMailFiles(
  paths: readonly string[],
  standardInput: AsyncIterable<Buffer> = process.stdin,
): AsyncGenerator<MailFile> {
  for (const path of paths) {
    try {
      if (path === STANDARD_INPUT) yield await readOne(path, standardInput);
      else if ((await stat(path)).isDirectory()) yield* readFolder(path, 0);
      else yield* readMails(path);
    } catch (error) {
      yield { file: path, error: reasonOf(error) };
    }
  }
}

async function* readFolder(folder: string, depth: number): AsyncGenerator<MailFile> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    yield { file: folder, error: reasonOf(error) };
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const isMaildir = ['cur', 'new'].every((name) =>
    entries.some((one) => one.name === name && one.isDirectory()),
  );
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (isMaildir ? !isMaildirFolder(entry) : entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) {
      if (depth >= DEPTH_MAX) yield { file: path, error: 'it lies too deep' };
      else yield* readFolder(path, depth + 1);
    } else if (entry.isFile() && !NO_MAIL.test(entry.name)) yield* readMails(path);
  }
}

/** Its subfolders begin with a dot; what lies in `tmp` was not delivered, and the files beside are the server's own. */
const isMaildirFolder = (entry: Dirent): boolean =>
  entry.isDirectory() && (['cur', 'new'].includes(entry.name) || /^\.[^.]/.test(entry.name));

/** The mails of one file: one, or those of an mbox file; packed or not. */
async function* readMails(file: string): AsyncGenerator<MailFile> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(file, 'r');
    const chunks = file.endsWith('.gz') ? unpacked(handle) : chunksOf(handle);
    const first = await chunks.next();
    const head: Buffer = first.done ? Buffer.alloc(0) : first.value;
    const all = joined(head, chunks);
    if (isMbox(file, head)) yield* readMbox(file, all);
    else yield await readOne(file, all);
  } catch (error) {
    yield { file, error: reasonOf(error) };
  } finally {
    await handle?.close();
  }
}

async function readOne(file: string, chunks: AsyncIterable<Buffer>): Promise<MailFile> {
  const all: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > MAIL_BYTES_MAX) return { file, error: TOO_LARGE };
    all.push(chunk);
  }
  return { file, raw: all.length === 1 ? (all[0] as Buffer) : Buffer.concat(all) };
}

async function* joined(first: Buffer, rest: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  if (first.length > 0) yield first;
  yield* rest;
}

/** The first read is as large as the file, up to a limit: most files are one mail and need one. */
async function* chunksOf(handle: FileHandle): AsyncGenerator<Buffer, undefined> {
  const { size } = await handle.stat();
  const length = Math.min(Math.max(size, 1), READ_BYTES);
  for (let position = 0; ; ) {
    const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(length), 0, length, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
    // Without a read beyond its end; a file that grows meanwhile is read as it was.
    if (position >= size) return;
  }
}

async function* unpacked(handle: FileHandle): AsyncGenerator<Buffer, undefined> {
  const stream = handle.createReadStream({ autoClose: false }).pipe(createGunzip());
  for await (const chunk of stream) yield chunk as Buffer;
}

const TOO_LARGE = `it is larger than ${MAIL_BYTES_MAX / 1024 / 1024} MB`;
const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';

/**
 * RFC 4155: "From ", an address, a date as of asctime; Netscape and Thunderbird write "From - ", the date after it or
 * not. A single mail may carry such a line, too: .eml is one mail.
 */
function isMbox(file: string, head: Buffer): boolean {
  if (/\.eml(\.gz)?$/i.test(file)) return false;
  const [first = '', next = ''] = head.toString('latin1', 0, 1_024).replace(BYTE_ORDER_MARK, '').split('\n');
  return isSeparator(first) && isFirstOfMail(next);
}

/** What no prose looks like: it needs no blank line in front, which some programs leave out. */
const isPlainSeparator = (line: string): boolean =>
  /^From (?:-|\S{1,200} +(?:mon|tue|wed|thu|fri|sat|sun) [a-z]{3} +\d{1,2} \d{1,2}:\d{2})/i.test(line);

const isSeparator = (line: string): boolean =>
  /^From (?:-?\s*$|.{1,200}?\b\d{1,2}:\d{2}\b|.{1,200}?\b\d{4}\s*$)/.test(line);

/** A header field, an escaped or a further mbox line, or nothing at all: prose may begin with "From " as well. */
const isFirstOfMail = (line: string): boolean =>
  /^(?:[\x21-\x39\x3b-\x7e]{1,100}[ \t]*:|>?From |\s*$)/.test(line);

/** Splits at separators behind a blank line, and takes one ">" off quoted ones (mboxrd, mboxo). */
async function* readMbox(file: string, chunks: AsyncGenerator<Buffer>): AsyncGenerator<MailFile> {
  let lines: Buffer[] = [];
  let size = 0;
  let blank = true;
  let held: Buffer | null = null;
  let began = false;
  const mail = (): MailFile =>
    size > MAIL_BYTES_MAX ? { file, error: TOO_LARGE } : { file, raw: Buffer.concat(lines) };
  const keep = (line: Buffer) => {
    size += line.length;
    const quoted = line[0] === 0x3e && /^>+From /.test(line.toString('latin1', 0, 64));
    if (size <= MAIL_BYTES_MAX) lines.push(quoted ? line.subarray(1) : line);
    else lines = [];
  };
  for await (const line of linesOf(chunks)) {
    const start =
      line.length < 3 || line[0] === 0x46 || line[0] === 0xef ? line.toString('latin1', 0, 300) : 'x';
    if (held !== null) {
      if (isFirstOfMail(line.toString('latin1', 0, 200))) {
        if (began) yield mail();
        began = true;
        lines = [];
        size = 0;
      } else keep(held);
      held = null;
    }
    const opening = began ? start : start.replace(BYTE_ORDER_MARK, '');
    if ((blank && isSeparator(opening)) || isPlainSeparator(opening)) held = line;
    else keep(line);
    blank = /^\r?\n?$/.test(start);
  }
  if (held !== null) keep(held);
  if (began) yield mail();
}

/** Lines with their ends; one that is longer than a mail may be comes in pieces. */
async function* linesOf(chunks: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const buffer of chunks) {
    let from = 0;
    for (let end = buffer.indexOf(10); end !== -1; end = buffer.indexOf(10, from)) {
      const line = buffer.subarray(from, end + 1);
      yield restBytes === 0 ? line : Buffer.concat([...rest, line]);
      rest = [];
      restBytes = 0;
      from = end + 1;
    }
    if (from < buffer.length) rest.push(buffer.subarray(from));
    restBytes += buffer.length - from;
    if (restBytes > MAIL_BYTES_MAX) {
      yield Buffer.concat(rest);
      rest = [];
      restBytes = 0;
    }
  }
  if (restBytes > 0) yield Buffer.concat(rest);
}

/** In words, without the path, which stands beside it. */
function reasonOf(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code?.startsWith('Z_')) return 'it is no whole gzip file';
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be read';
  return `it could not be read (${code ?? String(error)})`;
}
