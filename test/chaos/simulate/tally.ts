/** What was reached in a run, and how often: so that one sees that the simulation gets everywhere. */

/** By group (`event`, `verb`, `fault` …) and name. */
export type Counts = Record<string, Record<string, number>>;

export type Tally = {
  readonly counts: Counts;
  add(group: string, name: string, by?: number): void;
};

export function tallyOf(counts: Counts = {}): Tally {
  return {
    counts,
    add(group, name, by = 1) {
      let names = counts[group];
      if (names === undefined) {
        names = {};
        counts[group] = names;
      }
      names[name] = (names[name] ?? 0) + by;
    },
  };
}

export function merge(into: Counts, from: Counts): void {
  const tally = tallyOf(into);
  for (const [group, names] of Object.entries(from))
    for (const [name, count] of Object.entries(names)) tally.add(group, name, count);
}
