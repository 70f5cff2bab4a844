/** Parts of a whole, kept as the two counts: "2 of 3" says less than "200 of 300", and a percentage hides it. */

/** Of nothing there is no share. */
export type Share = { readonly count: number; readonly of: number };

export const fraction = ({ count, of }: Share): number | null => (of === 0 ? null : count / of);

/** Within these limits 95 of 100 samples of this size have the true share (Wilson's score interval, 1927). */
export function likelyRange({ count, of }: Share): { readonly least: number; readonly most: number } {
  if (of === 0) return { least: 0, most: 1 };
  const z = 1.96;
  const share = count / of;
  const shrunk = 1 + (z * z) / of;
  const centre = (share + (z * z) / (2 * of)) / shrunk;
  const half = (z * Math.sqrt((share * (1 - share)) / of + (z * z) / (4 * of * of))) / shrunk;
  return { least: Math.max(0, centre - half), most: Math.min(1, centre + half) };
}
