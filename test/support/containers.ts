/** Builds what holds files in a form of its own: winmail.dat and S/MIME blocks, byte by byte, for the tests that open them. */
import { Buffer } from 'node:buffer';

const number = (value: number, bytes: 2 | 4): Buffer => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntLE(value, 0, bytes);
  return buffer;
};

const attribute = (level: number, id: number, data: Buffer): Buffer =>
  Buffer.concat([Buffer.from([level]), number(id, 4), number(data.length, 4), data, number(0, 2)]);

export type TnefProperty = readonly [id: number, type: number, value: Buffer];

const property = ([id, type, value]: TnefProperty): Buffer =>
  Buffer.concat([
    number(type, 2),
    number(id, 2),
    ...(id >= 0x8000 ? [Buffer.alloc(16), number(0, 4), number(1, 4)] : []),
    ...(type === 3
      ? [value]
      : [number(1, 4), number(value.length, 4), value, Buffer.alloc((4 - (value.length % 4)) % 4)]),
  ]);

const properties = (list: readonly TnefProperty[]): Buffer =>
  Buffer.concat([number(list.length, 4), ...list.map(property)]);

export const unicode = (text: string): Buffer => Buffer.from(`${text}\0`, 'utf16le');

/** [MS-OXTNEF]: a message with properties and files, the names of which come in both of its ways. */
export function tnefOf(
  message: readonly TnefProperty[],
  files: readonly { readonly name: string; readonly content: Buffer }[],
): Buffer {
  return Buffer.concat([
    number(0x223e9f78, 4),
    number(1, 2),
    attribute(1, 0x0006_9007, number(1252, 4)),
    attribute(1, 0x0006_9003, properties(message)),
    ...files.flatMap(({ name, content }) => [
      attribute(2, 0x0006_9002, Buffer.alloc(14)),
      attribute(2, 0x0001_8010, Buffer.from('SHORT~1.TXT\0')),
      attribute(2, 0x0006_800f, content),
      attribute(2, 0x0006_9005, properties([[0x3707, 0x1f, unicode(name)]])),
    ]),
  ]);
}

/** One element of X.690 with a definite length, or an indefinite one. */
export function element(tag: number, content: Buffer, indefinite = false): Buffer {
  if (indefinite) return Buffer.concat([Buffer.from([tag, 0x80]), content, Buffer.alloc(2)]);
  const long = Buffer.alloc(4);
  long.writeUInt32BE(content.length);
  const length =
    content.length < 0x80 ? Buffer.from([content.length]) : Buffer.concat([Buffer.from([0x84]), long]);
  return Buffer.concat([Buffer.from([tag]), length, content]);
}

const oid = (hex: string): Buffer => element(0x06, Buffer.from(hex, 'hex'));

/** SignedData around a part, in one piece or as streaming programs write it: open lengths, octets in pieces. */
export function signedBlock(part: Buffer, streamed: boolean): Buffer {
  const octets = streamed
    ? element(
        0x24,
        Buffer.concat([element(0x04, part.subarray(0, 10)), element(0x04, part.subarray(10))]),
        true,
      )
    : element(0x04, part);
  const content = Buffer.concat([oid('2a864886f70d010701'), element(0xa0, octets, streamed)]);
  const data = Buffer.concat([
    element(0x02, Buffer.from([1])),
    element(0x31, Buffer.alloc(0)),
    element(0x30, content, streamed),
  ]);
  return element(
    0x30,
    Buffer.concat([oid('2a864886f70d010702'), element(0xa0, element(0x30, data, streamed), streamed)]),
    streamed,
  );
}

export const encryptedBlock = (): Buffer =>
  element(0x30, Buffer.concat([oid('2a864886f70d010703'), element(0xa0, element(0x30, Buffer.alloc(0)))]));
