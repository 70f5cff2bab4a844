/**
 * Which features are known, how much each tells, and a mail as the known features that it has. However long a mail is,
 * its words together weigh the same, and so do its runs of characters.
 */
import type { Features } from './features.ts';
import { count, openTally, placeIn, slotsFor } from './tally.ts';

export type Vocabulary = {
  /** Each known feature; its place here is its number everywhere else. */
  readonly features: Int32Array;
  readonly slots: Int32Array;
};

/** The known features of a mail, words first. */
export type Row = {
  readonly places: Int32Array;
  readonly counts: Uint8Array;
  readonly words: number;
  /** How many features the mail has, known or not. */
  readonly all: number;
};

/** Of words against runs of characters, which say the same of words never seen in this form. */
const WORDS_LENGTH = 0.6;
/** Less than the whole frequency, or a rare word that came by chance would speak loudest. */
const IDF_POWER = 0.75;
const COUNT_MAX = 255;
/** A word ten times in a mail tells little more than twice. */
const TIMES = Float32Array.from({ length: COUNT_MAX + 1 }, (_, times) => 1 + Math.log(Math.max(1, times)));

export function makeVocabulary(all: readonly Features[], sizeMax: number): Vocabulary {
  const mails = openTally(1_024);
  for (const { features } of all) for (const feature of features) count(mails, feature);
  // The most frequent first; what came first settles ties, so that the same examples give the same vocabulary. What
  // only one mail has is kept while there is room: among many such words some are the ones that tell.
  const kept = Array.from({ length: mails.size }, (_, place) => place).sort(
    (a, b) => (mails.counts[b] ?? 0) - (mails.counts[a] ?? 0) || a - b,
  );
  const features = Int32Array.from(kept.slice(0, sizeMax), (place) => mails.features[place] ?? 0);
  return { features, slots: slotsFor(features) };
}

export const placeOf = (vocabulary: Vocabulary, feature: number): number => placeIn(vocabulary, feature);

export function rowOf(vocabulary: Vocabulary, { features, counts, words }: Features): Row {
  const places = new Int32Array(features.length);
  const kept = new Uint8Array(features.length);
  let size = 0;
  let knownWords = 0;
  for (let at = 0; at < features.length; at += 1) {
    if (at === words) knownWords = size;
    const place = placeIn(vocabulary, features[at] ?? 0);
    if (place < 0) continue;
    places[size] = place;
    kept[size] = counts[at] ?? 0;
    size += 1;
  }
  if (words === features.length) knownWords = size;
  return {
    places: places.slice(0, size),
    counts: kept.slice(0, size),
    words: knownWords,
    all: features.length,
  };
}

/**
 * How much each feature tells, by inverse document frequency: what stands in every mail tells little. It is 0
 * for what none of these mails has.
 */
export function weightsOf(rows: readonly Row[], size: number): Float32Array {
  const mails = new Int32Array(size);
  for (const { places } of rows) for (const place of places) mails[place] = (mails[place] ?? 0) + 1;
  return Float32Array.from(mails, (count) =>
    count === 0 ? 0 : (Math.log((1 + rows.length) / (1 + count)) + 1) ** IDF_POWER,
  );
}

/** Writes what each feature of the row is worth into `values`; answers which share of the mail is known at all. */
export function weigh(row: Row, weights: Float32Array, values: Float32Array): number {
  const { places, words } = row;
  const known =
    weighFamily(row, weights, values, 0, words, WORDS_LENGTH) +
    weighFamily(row, weights, values, words, places.length, 1);
  return row.all === 0 ? 0 : known / row.all;
}

/** From `start` to `end`, made of that length; answers how many are known. */
function weighFamily(
  { places, counts }: Row,
  weights: Float32Array,
  values: Float32Array,
  start: number,
  end: number,
  length: number,
): number {
  let squares = 0;
  let known = 0;
  for (let at = start; at < end; at += 1) {
    const weight = weights[places[at] ?? 0] ?? 0;
    if (weight > 0) known += 1;
    const value = (TIMES[counts[at] ?? 0] ?? 0) * weight;
    values[at] = value;
    squares += value * value;
  }
  if (squares === 0) return known;
  const shrink = length / Math.sqrt(squares);
  for (let at = start; at < end; at += 1) values[at] = (values[at] ?? 0) * shrink;
  return known;
}
