/**
 * Mails out of files for the commands that look at an archive: .eml files, folders of them (mail directories
 * included), mbox files. One after the other, so that an archive of any size fits into memory.
 *
 * Never throws for what it finds: a path that cannot be read is an entry with an error. Folders are read in the
 * order of their names, hidden files and what is plainly no mail left out; links are followed only when given.
 */
import { Buffer } from 'node:buffer';
import type { Dirent } from 'node:fs';
import { type FileHandle, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export type MailFile =
  | { readonly file: string; readonly raw: Buffer }
  | { readonly file: string; readonly error: string };

/** Larger than any mail server takes. */
const MAIL_BYTES_MAX = 128 * 1024 * 1024;
const READ_BYTES = 1024 * 1024;
const DEPTH_MAX = 50;
/** Names in mail directories have no such ending, or one behind a colon (`1234.V1.host:2,S`). */
const NO_MAIL = /\.(html?|json|md|pdf|png|jpe?g|gif|zip|gz|ya?ml|js|ts|css|csv|xml|log|sqlite|db|ds_store)$/i;

/** Every mail below the paths, in order. */
export async function* readMailFiles(paths: readonly string[]): AsyncGenerator<MailFile> {
  for (const path of paths) {
    try {
      if ((await stat(path)).isDirectory()) yield* readFolder(path, 0);
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
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.')) continue;
    if (entry.isDirectory()) {
      if (depth >= DEPTH_MAX) yield { file: path, error: 'it lies too deep' };
      else yield* readFolder(path, depth + 1);
    } else if (entry.isFile() && !NO_MAIL.test(entry.name)) yield* readMails(path);
  }
}

/** The mails of one file: one, or those of an mbox file. */
async function* readMails(file: string): AsyncGenerator<MailFile> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(file, 'r');
    const head = Buffer.alloc(256);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    if (isMbox(file, head.toString('latin1', 0, bytesRead))) yield* readMbox(file, handle);
    else if ((await handle.stat()).size > MAIL_BYTES_MAX) yield { file, error: TOO_LARGE };
    else yield { file, raw: await handle.readFile() };
  } catch (error) {
    yield { file, error: reasonOf(error) };
  } finally {
    await handle?.close();
  }
}

const TOO_LARGE = `it is larger than ${MAIL_BYTES_MAX / 1024 / 1024} MB`;

/** RFC 4155: "From ", an address, a date as of asctime. A single mail may carry such a line, too: .eml is one mail. */
const isMbox = (file: string, head: string): boolean =>
  !/\.eml$/i.test(file) && /^From \S.{0,200}\d{4}/.test(head);

/** Splits at "From " behind a blank line, and takes one ">" off quoted ones (mboxrd). */
async function* readMbox(file: string, handle: FileHandle): AsyncGenerator<MailFile> {
  let lines: Buffer[] = [];
  let size = 0;
  let blank = true;
  let began = false;
  const mail = (): MailFile =>
    size > MAIL_BYTES_MAX ? { file, error: TOO_LARGE } : { file, raw: Buffer.concat(lines) };
  for await (const line of linesOf(handle)) {
    if (blank && line.toString('latin1', 0, 5) === 'From ') {
      if (began) yield mail();
      began = true;
      lines = [];
      size = 0;
    } else {
      size += line.length;
      const quoted = /^>+From /.test(line.toString('latin1', 0, 64));
      if (size <= MAIL_BYTES_MAX) lines.push(quoted ? line.subarray(1) : line);
      else lines = [];
    }
    blank = line.length <= 2 && /^\r?\n?$/.test(line.toString('latin1'));
  }
  if (began) yield mail();
}

/** Lines with their ends; one that is longer than a mail may be comes in pieces. */
async function* linesOf(handle: FileHandle): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for (let position = 0; ; ) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(READ_BYTES), 0, READ_BYTES, position);
    position += bytesRead;
    if (bytesRead === 0) break;
    let from = 0;
    for (let end = buffer.indexOf(10); end !== -1 && end < bytesRead; end = buffer.indexOf(10, from)) {
      const line = buffer.subarray(from, end + 1);
      yield restBytes === 0 ? line : Buffer.concat([...rest, line]);
      rest = [];
      restBytes = 0;
      from = end + 1;
    }
    if (from < bytesRead) rest.push(buffer.subarray(from, bytesRead));
    restBytes += bytesRead - from;
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
  if (code === 'EACCES' || code === 'EPERM') return 'it may not be read';
  return `it could not be read (${code ?? String(error)})`;
}
