/** Parts of a whole, kept as the two counts: "2 of 3" says less than "200 of 300", and a percentage hides it. */

/** Of nothing there is no share. */
export type Share = { readonly count: number; readonly of: number };

export const fraction = ({ count, of }: Share): number | null => (of === 0 ? null : count / of);

/** Of a normal distribution 95 of 100 lie within so many standard deviations, or below so many of them. */
const WITHIN = 1.96;
const BELOW = 1.645;

/** Within these limits 95 of 100 samples of this size have the true share. */
export function likelyRange({ count, of }: Share): { readonly least: number; readonly most: number } {
  if (of === 0) return { least: 0, most: 1 };
  const least = 1 - shareAtMost(1 - count / of, of, WITHIN);
  return { least: Math.max(0, least), most: Math.min(1, shareAtMost(count / of, of, WITHIN)) };
}

/** What a share that was counted in so many may really be at most (Wilson's score interval, 1927). */
export function shareAtMost(share: number, of: number, deviations = BELOW): number {
  if (of === 0) return 1;
  const z = (deviations * deviations) / of;
  return (share + z / 2 + Math.sqrt(z * (share * (1 - share) + z / 4))) / (1 + z);
}
