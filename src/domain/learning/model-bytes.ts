/**
 * A model as bytes and back. A file that is damaged, cut or of another kind is refused with words that say so, before
 * anything of it is believed: a checksum covers the whole, and every length is compared with what is there.
 */
import { createHash } from 'node:crypto';
import type { About, Model } from './model.ts';
import { slotsFor } from './vocabulary.ts';

/** Names kind and version of the file. */
const MAGIC = 'baton-model-1\n';
const CHECKSUM_BYTES = 32;

export function modelToBytes(model: Model): Uint8Array {
  const { vocabulary, separators } = model;
  const head = JSON.stringify({
    categories: model.categories,
    features: vocabulary.features.length,
    about: model.about,
  });
  const body = Buffer.concat([
    Buffer.from(MAGIC),
    lengthOf(head),
    Buffer.from(head),
    bytesOf(vocabulary.features),
    bytesOf(vocabulary.weights),
    bytesOf(separators.weights),
  ]);
  return Buffer.concat([body, createHash('sha256').update(body).digest()]);
}

export function modelFromBytes(bytes: Uint8Array): Model {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (whole.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) {
    throw new Error('This is not a model of this version of Baton.');
  }
  const body = whole.subarray(0, -CHECKSUM_BYTES);
  const checksum = createHash('sha256').update(body).digest();
  if (!checksum.equals(whole.subarray(-CHECKSUM_BYTES))) {
    throw new Error('This model is damaged: its checksum does not agree with what it holds.');
  }
  const headAt = MAGIC.length + 4;
  const headEnd = headAt + body.readUInt32LE(MAGIC.length);
  const { categories, features, about } = JSON.parse(body.toString('utf8', headAt, headEnd)) as {
    categories: string[];
    features: number;
    about: About;
  };
  const sizes = [features, features, (features + 1) * categories.length];
  if (headEnd + 4 * sizes.reduce((sum, size) => sum + size, 0) !== body.length) {
    throw new Error('This model is damaged: its parts are not as long as it says.');
  }
  let at = headEnd;
  const next = (length: number): ArrayBuffer => {
    // A copy, because typed arrays want aligned bytes.
    const part = Uint8Array.from(body.subarray(at, at + length * 4)).buffer;
    at += length * 4;
    return part;
  };
  const known = new Int32Array(next(features));
  const weights = new Float32Array(next(features));
  return {
    categories,
    vocabulary: { features: known, weights, slots: slotsFor(known) },
    separators: {
      categories: categories.length,
      weights: new Float32Array(next((features + 1) * categories.length)),
    },
    about,
  };
}

function lengthOf(text: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(Buffer.byteLength(text));
  return length;
}

const bytesOf = (array: Int32Array | Float32Array): Buffer =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength);
