/**
 * What was learned, in a byte for each weight: the weights of one feature share a scale, and a mail is scored from the
 * bytes as they are. A quarter of the room, and the guesses stay the same but for ties.
 */
import type { Separators } from './linear.ts';

export type Weights = {
  readonly categories: number;
  /** Of feature f for category c at f × categories + c. */
  readonly bytes: Int8Array;
  /** What 1 of each feature's bytes stands for. */
  readonly scales: Float32Array;
  readonly bias: Float32Array;
  /** Of each feature's bytes. */
  readonly means: Float32Array;
};

const BYTE_MAX = 127;

export function toBytes({ categories, weights }: Separators): Weights {
  const features = categories === 0 ? 0 : weights.length / categories - 1;
  const bytes = new Int8Array(features * categories);
  const scales = new Float32Array(features);
  for (let feature = 0; feature < features; feature += 1) {
    const row = weights.subarray(feature * categories, (feature + 1) * categories);
    let most = 0;
    for (const weight of row) most = Math.max(most, Math.abs(weight));
    const scale = most / BYTE_MAX;
    scales[feature] = scale;
    if (scale === 0) continue;
    for (let category = 0; category < categories; category += 1) {
      bytes[feature * categories + category] = Math.round((row[category] ?? 0) / scale);
    }
  }
  return withMeans({ categories, bytes, scales, bias: weights.slice(features * categories) });
}

export function withMeans(weights: Omit<Weights, 'means'>): Weights {
  const { categories, bytes, scales } = weights;
  const means = new Float32Array(scales.length);
  for (let feature = 0; feature < scales.length; feature += 1) {
    let sum = 0;
    for (let at = feature * categories; at < (feature + 1) * categories; at += 1) sum += bytes[at] ?? 0;
    means[feature] = categories === 0 ? 0 : sum / categories;
  }
  return { ...weights, means };
}

/** How much speaks for each category. */
export function scoresBy(
  { categories, bytes, scales, bias }: Weights,
  places: Int32Array,
  values: Float32Array,
): Float32Array {
  const scores = bias.slice();
  for (let at = 0; at < places.length; at += 1) {
    const place = places[at] ?? 0;
    const row = place * categories;
    const value = (values[at] ?? 0) * (scales[place] ?? 0);
    for (let category = 0; category < categories; category += 1) {
      scores[category] = (scores[category] ?? 0) + value * (bytes[row + category] ?? 0);
    }
  }
  return scores;
}
