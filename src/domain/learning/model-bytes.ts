/**
 * A model as bytes and back. A file that is damaged, cut or of another kind is refused with words that say so, before
 * anything of it is believed: a checksum covers the whole, and every length is compared with what is there.
 */
import { createHash } from 'node:crypto';
import type { Confidence } from './confidence.ts';
import type { About, Model } from './model.ts';
import { slotsFor } from './tally.ts';
import { withMeans } from './weights.ts';

/** Names kind and version of the file. */
const MAGIC = 'baton-model-2\n';
const CHECKSUM_BYTES = 32;
const LENGTH_BYTES = 4;

/** What stands before the numbers. */
type Head = {
  readonly categories: readonly string[];
  readonly features: number;
  /** Categories, and "none" where it was learned. */
  readonly scored: number;
  readonly confidence: Confidence;
  readonly about: About;
};

export function modelToBytes(model: Model): Uint8Array {
  const { categories, vocabulary, telling, weights, confidence, about } = model;
  const head: Head = {
    categories,
    features: vocabulary.features.length,
    scored: weights.categories,
    confidence,
    about,
  };
  const written = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32LE(written.length);
  const body = Buffer.concat([
    Buffer.from(MAGIC),
    length,
    written,
    bytesOf(vocabulary.features),
    bytesOf(telling),
    bytesOf(weights.scales),
    bytesOf(weights.bias),
    bytesOf(weights.bytes),
  ]);
  return Buffer.concat([body, checksumOf(body)]);
}

export function modelFromBytes(bytes: Uint8Array): Model {
  const { head, numbers } = open(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  const { categories, features, scored, confidence, about } = head;
  let at = 0;
  // A copy, because typed arrays want aligned bytes.
  const next = (length: number): ArrayBuffer => {
    const part = Uint8Array.from(numbers.subarray(at, at + length));
    at += length;
    return part.buffer;
  };
  const known = new Int32Array(next(features * 4));
  return {
    categories,
    vocabulary: { features: known, slots: slotsFor(known) },
    telling: new Float32Array(next(features * 4)),
    weights: withMeans({
      categories: scored,
      scales: new Float32Array(next(features * 4)),
      bias: new Float32Array(next(scored * 4)),
      bytes: new Int8Array(next(features * scored)),
    }),
    confidence,
    about,
  };
}

function open(whole: Buffer): { readonly head: Head; readonly numbers: Buffer } {
  if (whole.subarray(0, MAGIC.length).toString('latin1') !== MAGIC) {
    throw new Error('This is not a model of this version of Baton.');
  }
  const body = whole.subarray(0, -CHECKSUM_BYTES);
  if (!checksumOf(body).equals(whole.subarray(-CHECKSUM_BYTES))) {
    throw new Error('This model is damaged: its checksum does not agree with what it holds.');
  }
  const headAt = MAGIC.length + LENGTH_BYTES;
  const headEnd = body.length < headAt ? headAt : headAt + body.readUInt32LE(MAGIC.length);
  const head = headEnd > body.length ? null : headIn(body.toString('utf8', headAt, headEnd));
  if (head === null) throw new Error('This model is damaged: what it says of itself cannot be read.');
  const { features, scored } = head;
  if (headEnd + features * 12 + scored * 4 + features * scored !== body.length) {
    throw new Error('This model is damaged: its parts are not as long as it says.');
  }
  return { head, numbers: body.subarray(headEnd) };
}

function headIn(written: string): Head | null {
  let head: Partial<Head> | null;
  try {
    head = JSON.parse(written);
  } catch {
    return null;
  }
  if (typeof head !== 'object' || head === null || !Array.isArray(head.categories)) return null;
  const { categories, features, scored, confidence, about } = head;
  const areTexts = categories.every((category) => typeof category === 'string');
  const fits = scored === categories.length || scored === categories.length + 1;
  if (!areTexts || !fits || !isCount(features) || confidence === undefined || about === undefined)
    return null;
  return { categories, features, scored, confidence, about };
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;

const checksumOf = (body: Buffer): Buffer => createHash('sha256').update(body).digest();

const bytesOf = (array: Int32Array | Float32Array | Int8Array): Buffer =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength);
