/**
 * Within which time a share of all requests got what they waited for. Means are not told anywhere: one request that was
 * forgotten for a month says nothing about how it goes, and moves every mean.
 *
 * A request that waits still is not left out, because then a week looks the better the more of it was left lying (what
 * statistics calls survivorship). Nor does it count as if it waited for ever, because most of those that came on Friday
 * are just young. It counts for as long as it has waited: at each length of time it is looked at who had waited so long,
 * and how many of these got it then (Kaplan and Meier 1958; here what ends the watch is the calendar, the same for all).
 * Where nothing waits, this is the plain percentile: of n sorted times the one in place ⌈share · n⌉.
 */
import type { Duration } from '../instant.ts';

/** `over`: it has not come yet, and this is for how long already. */
export type Wait = { readonly took: Duration; readonly over: boolean };

/** `over`: longer than that, and nobody knows yet how much. */
export type Percentile = { readonly within: Duration; readonly over: boolean };

/** What is left after many divisions of whole numbers by whole numbers. */
const ROUNDING = 1e-9;

/** Null when there is nothing to count. */
export function percentile(waits: readonly Wait[], share: number): Percentile | null {
  // Of those of one length, whoever got it had waited among whoever still waits.
  const sorted = waits.toSorted((a, b) => a.took - b.took || Number(a.over) - Number(b.over));
  const longest = sorted.at(-1);
  if (longest === undefined) return null;
  let without = 1;
  for (const [index, { took, over }] of sorted.entries()) {
    if (over) continue;
    const watched = sorted.length - index;
    without *= (watched - 1) / watched;
    if (without <= 1 - share + ROUNDING) return { within: took, over: false };
  }
  return { within: longest.took, over: true };
}
