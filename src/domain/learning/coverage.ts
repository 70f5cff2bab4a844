/** For how many mails a classifier could choose with how many right: the trade that a threshold of confidence makes. */

export type Outcome = { readonly confidence: number; readonly right: boolean };

/** Choosing for every mail whose confidence is at least this. */
export type CoveragePoint = {
  readonly confidence: number;
  /** Of all mails. */
  readonly share: number;
  /** Of those it chooses for. */
  readonly precision: number;
};

export type Coverage = {
  /** One at each threshold that makes a difference. */
  readonly all: readonly CoveragePoint[];
  /** As many of these as a drawing shows. */
  readonly points: readonly CoveragePoint[];
};

const POINTS_MAX = 101;

export function coverageOf(outcomes: readonly Outcome[]): Coverage {
  const sorted = [...outcomes].sort((a, b) => b.confidence - a.confidence);
  const all: CoveragePoint[] = [];
  let right = 0;
  sorted.forEach((outcome, at) => {
    if (outcome.right) right += 1;
    // Mails of one confidence are chosen for together or not at all.
    if (sorted[at + 1]?.confidence === outcome.confidence) return;
    const chosen = at + 1;
    const { confidence } = outcome;
    all.push({ confidence, share: chosen / sorted.length, precision: right / chosen });
  });
  return { all, points: thinned(all) };
}

/** The largest share with so many right; 0 when no threshold does it. */
export const coverageAt = ({ all }: Pick<Coverage, 'all'>, precision: number): number =>
  all.reduce((most, point) => (point.precision >= precision ? Math.max(most, point.share) : most), 0);

/** The last threshold of each hundredth of the mails, and the last of all. */
function thinned(all: readonly CoveragePoint[]): CoveragePoint[] {
  const step = ({ share }: CoveragePoint): number => Math.ceil(share * (POINTS_MAX - 1) - 1e-9);
  return all.filter((point, at) => {
    const next = all[at + 1];
    return next === undefined || step(next) !== step(point);
  });
}
