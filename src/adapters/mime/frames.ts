/**
 * Messages over a pipe: each is its length in four bytes, and itself as V8 writes it. Node's own channel between
 * processes takes twice the processor time for mails of the usual size, and cannot send several in one write.
 */
import { Buffer } from 'node:buffer';
import { deserialize, serialize } from 'node:v8';

const LENGTH_BYTES = 4;
/** Above a mail with all that it was sent for. Whoever announces more is broken, or means to fill our memory. */
const FRAME_BYTES_MAX = 512 * 1024 * 1024;

export function frameOf(message: unknown): Buffer {
  const body = serialize(message);
  const frame = Buffer.allocUnsafe(LENGTH_BYTES + body.length);
  frame.writeUInt32LE(body.length, 0);
  frame.set(body, LENGTH_BYTES);
  return frame;
}

/**
 * Takes bytes as they come, and tells of each message once it is whole.
 * @throws what says that these are no messages: nothing after that can be read.
 */
export function frameReader<Message>(hear: (message: Message) => void): (chunk: Buffer) => void {
  let chunks: Buffer[] = [];
  let length = 0;
  let wanted = LENGTH_BYTES;
  return (chunk) => {
    chunks.push(chunk);
    length += chunk.length;
    if (length < wanted) return;
    let bytes = chunks.length === 1 ? chunk : Buffer.concat(chunks);
    for (;;) {
      wanted = LENGTH_BYTES + (bytes.length < LENGTH_BYTES ? 0 : bodyLength(bytes));
      if (bytes.length < LENGTH_BYTES || bytes.length < wanted) break;
      const body = bytes.subarray(LENGTH_BYTES, wanted);
      bytes = bytes.subarray(wanted);
      hear(deserialize(body) as Message);
    }
    chunks = bytes.length === 0 ? [] : [bytes];
    length = bytes.length;
  };
}

function bodyLength(bytes: Buffer): number {
  const length = bytes.readUInt32LE(0);
  if (length > FRAME_BYTES_MAX) throw new RangeError(`a message of ${length} bytes was announced`);
  return length;
}
