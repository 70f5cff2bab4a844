/**
 * The file of a backup: one zstd stream of frames, each a letter, a length and so many bytes.
 *
 *   H  what it is: format, when, which migrations          T  a table begins: its name and columns
 *   D  rows, as PostgreSQL's COPY writes them (binary)     E  it ends: how many rows and bytes, and their SHA-256
 *   M  what `verify` found at that moment                  Z  the end: SHA-256 of all frames before it
 *
 * So a reader knows in one pass and with little memory whether it has the whole file, unharmed. Without a Z there is no
 * backup. The tables stand in an order in which they can be written again.
 */
import { createHash, type Hash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import { Failure } from '../../app/failures.ts';
import type { AuditCounts, Violation } from '../../app/ports/audit.ts';
import type { Instant } from '../../domain/instant.ts';

export const FORMAT = 1;

export type Header = {
  readonly baton: 'backup';
  readonly format: number;
  readonly createdAt: Instant;
  readonly migrations: readonly string[];
};
export type TableBegin = { readonly name: string; readonly columns: readonly string[] };
export type TableEnd = { readonly rows: number; readonly bytes: number; readonly sha256: string };
export type Findings = { readonly counts: AuditCounts; readonly violations: readonly Violation[] };

export type FrameKind = 'H' | 'T' | 'D' | 'E' | 'M' | 'Z';
export type Frame = { readonly kind: FrameKind; readonly payload: Buffer };

/** What COPY gives at once is a few kilobytes; more than this is no frame of ours. */
const PAYLOAD_MAX = 64 * 1024 * 1024;
const HEAD = 5;

export function frame(kind: FrameKind, given: Buffer | object): Buffer {
  const payload = Buffer.isBuffer(given) ? given : Buffer.from(JSON.stringify(given));
  const head = Buffer.alloc(HEAD);
  head.write(kind, 0, 'latin1');
  head.writeUInt32BE(payload.length, 1);
  return Buffer.concat([head, payload]);
}

/** The last frame, of a hash over all before it. */
export const endFrame = (all: Hash): Buffer => frame('Z', { sha256: all.digest('hex') });

/**
 * The frames of a file up to its end, each checked as it comes.
 * @throws Failure `backup-damaged` at the first byte that cannot be, or when the end is missing.
 */
export async function* readFrames(file: Readable): AsyncGenerator<Frame> {
  const all = createHash('sha256');
  let waiting: Buffer[] = [];
  let length = 0;
  let wanted = HEAD;
  let ended = false;
  for await (const chunk of plainBytes(file)) {
    waiting.push(chunk);
    length += chunk.length;
    while (length >= wanted) {
      if (ended) throw damaged('there is more behind its end');
      const bytes = waiting.length === 1 ? (waiting[0] as Buffer) : Buffer.concat(waiting);
      const size = bytes.readUInt32BE(1);
      if (size > PAYLOAD_MAX) throw damaged('it holds what no backup holds');
      wanted = HEAD + size;
      waiting = [bytes];
      if (length < wanted) break;
      const frame = {
        kind: bytes.toString('latin1', 0, 1) as FrameKind,
        payload: bytes.subarray(HEAD, wanted),
      };
      if (frame.kind === 'Z') {
        const { sha256 } = jsonOf<{ sha256: string }>(frame);
        if (sha256 !== all.digest('hex')) throw damaged('its checksum is another');
        ended = true;
      } else {
        all.update(bytes.subarray(0, wanted));
        yield frame;
      }
      waiting = [bytes.subarray(wanted)];
      length -= wanted;
      wanted = HEAD;
    }
  }
  if (!ended || length > 0) throw damaged('its end is missing');
}

async function* plainBytes(file: Readable): AsyncGenerator<Buffer> {
  const unpacked = createZstdDecompress();
  file.on('error', (error) => unpacked.destroy(error));
  try {
    for await (const chunk of file.pipe(unpacked)) yield chunk as Buffer;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (error instanceof Failure) throw error;
    if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) {
      throw new Failure('permanent', 'backup-unreadable', `The backup cannot be read: ${String(error)}`, {
        cause: error,
      });
    }
    throw damaged('it is no zstd file, or bytes of it have changed or are missing', error);
  } finally {
    file.destroy();
  }
}

export function jsonOf<T>({ payload }: Frame): T {
  try {
    return JSON.parse(payload.toString('utf8')) as T;
  } catch (error) {
    throw damaged('a part of it cannot be read', error);
  }
}

export const damaged = (why: string, cause?: unknown): Failure =>
  new Failure(
    'permanent',
    'backup-damaged',
    `This is no whole backup: ${why}. Nothing was written. Take an earlier one, or copy this one again from where it was made.`,
    { cause },
  );
