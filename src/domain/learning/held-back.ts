/**
 * How examples are held back in turn, so that each is judged by what was learned without it.
 *
 * Each category is cut into blocks in the order in which its examples came: mails of one week resemble each other, and
 * a guess about next week's has none of those to go by. Where nobody said of enough mails that they belong nowhere,
 * whole categories are left out in turn: their mails are then unknown to what was learned, as a new kind of request is.
 */

export type Round = {
  /** Numbers of the examples that are learned from, and of those judged. */
  readonly learned: readonly number[];
  readonly judged: readonly number[];
  /** Categories that are not learned: what belongs to them counts as belonging nowhere. */
  readonly leftOut: ReadonlySet<number>;
};

const FOLDS = 4;
/** So many say what unknown mail looks like better than left out categories do. */
export const UNKNOWN_ENOUGH = 50;
/** One of so many categories is left out at a time, so that the others are as hard to tell apart as all. */
const LEFT_OUT_OF = 8;
/** Fewer than three leave nothing to tell apart when one is left out. */
const CATEGORIES_MIN = 3;

/** Labels are places of categories, below 0 for what belongs nowhere. */
export function roundsOf(labels: ArrayLike<number>, categories: number, order: readonly number[]): Round[] {
  const block = blocksOf(labels);
  const unknown = Array.from(labels).filter((label) => label < 0).length;
  const leaves = unknown < UNKNOWN_ENOUGH && categories >= CATEGORIES_MIN;
  const together = leaves && categories >= LEFT_OUT_OF;
  const size = together ? Math.floor(categories / LEFT_OUT_OF) : 1;
  const groups = Array.from(
    { length: leaves ? FOLDS : 0 },
    (_, index) => new Set(order.slice(index * size, (index + 1) * size)),
  ).filter((group) => group.size > 0);
  const none = new Set<number>();
  const numbers = [...block.keys()];
  const roundOf = (leftOut: ReadonlySet<number>, fold: number | null): Round => {
    const isOut = (example: number) => leftOut.has(labels[example] ?? -1);
    const isHeld = (example: number) => block[example] === fold;
    return {
      learned: numbers.filter((example) => !isOut(example) && !isHeld(example)),
      judged: numbers.filter((example) => isOut(example) || isHeld(example)),
      leftOut,
    };
  };
  const folds = Array.from({ length: FOLDS }, (_, fold) => roundOf((together && groups[fold]) || none, fold));
  return together ? folds : [...folds, ...groups.map((group) => roundOf(group, null))];
}

/** In which of four parts, as they came, of its category each example lies. */
function blocksOf(labels: ArrayLike<number>): number[] {
  const sizes = new Map<number, number>();
  for (let example = 0; example < labels.length; example += 1) {
    const label = labels[example] ?? -1;
    sizes.set(label, (sizes.get(label) ?? 0) + 1);
  }
  const seen = new Map<number, number>();
  return Array.from(labels, (label) => {
    const before = seen.get(label) ?? 0;
    seen.set(label, before + 1);
    return Math.floor((before * FOLDS) / (sizes.get(label) ?? 1));
  });
}

/** So many judged examples show enough; more would only take time. */
const KNOWN_JUDGED_ENOUGH = 10_000;
/** Of what belongs nowhere there is little, and none to spare. */
const UNKNOWN_JUDGED_ENOUGH = 200;

/** As few rounds as are needed, the newest mails first; those that judge nothing but left out categories all stay. */
export function enoughOf(rounds: readonly Round[], labels: ArrayLike<number>): Round[] {
  const counted = rounds.map((round) => ({ round, ...countsOf(round, labels) }));
  const unknownWanted = Math.min(
    UNKNOWN_JUDGED_ENOUGH,
    counted.reduce((sum, { unknown }) => sum + unknown, 0),
  );
  const soFar = { known: 0, unknown: 0 };
  return counted
    .toReversed()
    .filter(({ known, unknown }) => {
      const isEnough = soFar.known >= KNOWN_JUDGED_ENOUGH && soFar.unknown >= unknownWanted;
      if (known > 0 && isEnough) return false;
      soFar.known += known;
      soFar.unknown += unknown;
      return true;
    })
    .map(({ round }) => round);
}

function countsOf({ judged, leftOut }: Round, labels: ArrayLike<number>) {
  const isUnknown = (label: number) => label < 0 || leftOut.has(label);
  const unknown = judged.filter((example) => isUnknown(labels[example] ?? -1)).length;
  return { known: judged.length - unknown, unknown };
}
