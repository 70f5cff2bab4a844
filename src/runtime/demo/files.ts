/** Small stand-ins for the files that people attach. */
import { createHash } from 'node:crypto';
import type { LetterFile } from './letter.ts';

/** Bytes that look like nothing, the same for the same name. */
function noise(name: string, length: number): Uint8Array {
  const blocks: Buffer[] = [];
  for (let block = createHash('sha256').update(name).digest(); blocks.length * 32 < length; ) {
    blocks.push(block);
    block = createHash('sha256').update(block).digest();
  }
  return Buffer.concat(blocks).subarray(0, length);
}

export const photo = (name: string, bytes = 24_000): LetterFile => ({
  name,
  type: 'image/jpeg',
  bytes: Buffer.concat([Buffer.from('ffd8ffe000104a464946', 'hex'), noise(name, bytes)]),
});

export const pdf = (name: string): LetterFile => ({
  name,
  type: 'application/pdf',
  bytes: Buffer.concat([Buffer.from('%PDF-1.7\n'), noise(name, 9_000), Buffer.from('\n%%EOF\n')]),
});
