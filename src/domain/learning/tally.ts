/**
 * Counts of features, in flat arrays: a map of numbers to numbers that takes a tenth of the room and time of a Map, for
 * mails that have thousands of features and sets that have millions. In the order in which they first came.
 */

export type Tally = {
  readonly size: number;
  /** The first `size` are what was counted, and how often. */
  readonly features: Int32Array;
  readonly counts: Int32Array;
};

type Growing = { -readonly [Key in keyof Tally]: Tally[Key] } & {
  /** Open addressing with linear probing: one more than the place of a feature, 0 for a free slot. */
  slots: Int32Array;
};

export type OpenTally = Growing;

export const openTally = (expected = 64): OpenTally => {
  let room = 16;
  while (room < expected) room *= 2;
  return {
    size: 0,
    features: new Int32Array(room),
    counts: new Int32Array(room),
    slots: new Int32Array(room * 2),
  };
};

export function count(tally: OpenTally, feature: number, times = 1): void {
  const slot = slotOf(tally, feature);
  const place = (tally.slots[slot] ?? 0) - 1;
  if (place >= 0) {
    tally.counts[place] = (tally.counts[place] ?? 0) + times;
    return;
  }
  tally.features[tally.size] = feature;
  tally.counts[tally.size] = times;
  tally.size += 1;
  tally.slots[slot] = tally.size;
  if (tally.size === tally.features.length) grow(tally);
}

/** Where the feature stands, or -1. */
export const placeIn = (tally: Pick<OpenTally, 'features' | 'slots'>, feature: number): number =>
  (tally.slots[slotOf(tally, feature)] ?? 0) - 1;

/** The slots by which these features are found; all different. */
export function slotsFor(features: Int32Array): Int32Array {
  let room = 32;
  while (room < features.length * 2) room *= 2;
  const slots = new Int32Array(room);
  for (let place = 0; place < features.length; place += 1) {
    slots[slotOf({ features, slots }, features[place] ?? 0)] = place + 1;
  }
  return slots;
}

/** The slot of the feature, or the free one where it belongs; at most half of them are taken. */
function slotOf({ features, slots }: Pick<OpenTally, 'features' | 'slots'>, feature: number): number {
  const last = slots.length - 1;
  let slot = feature & last;
  for (;;) {
    const place = (slots[slot] ?? 0) - 1;
    if (place < 0 || features[place] === feature) return slot;
    slot = (slot + 1) & last;
  }
}

function grow(tally: OpenTally): void {
  const room = tally.features.length * 2;
  const features = new Int32Array(room);
  const counts = new Int32Array(room);
  features.set(tally.features);
  counts.set(tally.counts);
  tally.features = features;
  tally.counts = counts;
  tally.slots = new Int32Array(room * 2);
  for (let place = 0; place < tally.size; place += 1) {
    tally.slots[slotOf(tally, features[place] ?? 0)] = place + 1;
  }
}
