/**
 * Which features are known, how much each tells, and a mail as a sparse vector of them. Vectors of one vocabulary have
 * the same length whatever the length of the mail, each family of features its share of it.
 */
import type { Features } from './features.ts';

export type Vocabulary = {
  /** Each known feature; its place here is its number everywhere else. */
  readonly features: Int32Array;
  /** Inverse document frequency: what stands in every mail tells little. */
  readonly weights: Float32Array;
  /** Open addressing with linear probing: one more than the place of a feature, 0 for a free slot. */
  readonly slots: Int32Array;
};

export type Vector = {
  readonly places: Int32Array;
  readonly values: Float32Array;
  /** Which share of what the mail says is known at all, from 0 to 1. */
  readonly known: number;
};

/** A feature of one mail alone cannot be told from chance, unless there is little to learn from. */
const RARE_MAX = 1;
const FEW_EXAMPLES = 5_000;

export function makeVocabulary(all: readonly Features[], sizeMax: number): Vocabulary {
  const mails = new Map<number, number>();
  for (const { words, characters } of all) {
    for (const feature of words.keys()) mails.set(feature, (mails.get(feature) ?? 0) + 1);
    for (const feature of characters.keys()) mails.set(feature, (mails.get(feature) ?? 0) + 1);
  }
  const rare = all.length < FEW_EXAMPLES ? 0 : RARE_MAX;
  const kept = [...mails].filter(([, count]) => count > rare);
  // The most frequent first; the number itself settles ties, so that the same examples give the same vocabulary.
  kept.sort(([a, many], [b, more]) => more - many || a - b);
  kept.length = Math.min(kept.length, sizeMax);
  const features = Int32Array.from(kept, ([feature]) => feature);
  const weights = Float32Array.from(kept, ([, count]) => Math.log((1 + all.length) / (1 + count)) + 1);
  return { features, weights, slots: slotsFor(features) };
}

export function slotsFor(features: Int32Array): Int32Array {
  let size = 16;
  while (size < features.length * 2) size *= 2;
  const slots = new Int32Array(size);
  for (const [place, feature] of features.entries()) {
    let slot = feature & (size - 1);
    while (slots[slot] !== 0) slot = (slot + 1) & (size - 1);
    slots[slot] = place + 1;
  }
  return slots;
}

/** The place of a feature, or -1. */
export function placeOf({ features, slots }: Vocabulary, feature: number): number {
  const last = slots.length - 1;
  let slot = feature & last;
  for (;;) {
    const place = (slots[slot] ?? 0) - 1;
    if (place < 0 || features[place] === feature) return place;
    slot = (slot + 1) & last;
  }
}

export function vectorOf(vocabulary: Vocabulary, { words, characters }: Features): Vector {
  const places = new Int32Array(words.size + characters.size);
  const values = new Float32Array(places.length);
  const ofWords = fill(vocabulary, words, places, values, 0);
  const size = fill(vocabulary, characters, places, values, ofWords);
  return {
    places: places.subarray(0, size),
    values: values.subarray(0, size),
    known: places.length === 0 ? 0 : size / places.length,
  };
}

/** One family from `start` on, its length made 1; answers where it ends. */
function fill(
  vocabulary: Vocabulary,
  counts: ReadonlyMap<number, number>,
  places: Int32Array,
  values: Float32Array,
  start: number,
): number {
  let end = start;
  let squares = 0;
  for (const [feature, count] of counts) {
    const place = placeOf(vocabulary, feature);
    if (place < 0) continue;
    const value = (1 + Math.log(count)) * (vocabulary.weights[place] ?? 0);
    places[end] = place;
    values[end] = value;
    squares += value * value;
    end += 1;
  }
  const length = Math.sqrt(squares);
  for (let at = start; at < end; at += 1) values[at] = (values[at] ?? 0) / length;
  return end;
}
