/**
 * Sets of UIDs as ascending ranges, so that a mailbox of a hundred thousand mails is compared in a handful of steps.
 *
 * In every list the ranges ascend, and none overlaps or touches the next.
 */

export type UidRange = { readonly first: number; readonly last: number };

/** In any order and with repetitions. */
export function rangesOf(uids: readonly number[]): UidRange[] {
  return merged([...uids].sort((a, b) => a - b).map((uid) => ({ first: uid, last: uid })));
}

/** The same UIDs as few ranges; `ranges` ascend by their first, and may overlap. */
export function merged(ranges: Iterable<UidRange>): UidRange[] {
  const out: { first: number; last: number }[] = [];
  for (const { first, last } of ranges) {
    const before = out.at(-1);
    if (before !== undefined && first <= before.last + 1) before.last = Math.max(before.last, last);
    else out.push({ first, last });
  }
  return out;
}

/** What is in `from` and not in `those`. */
export function without(from: readonly UidRange[], those: readonly UidRange[]): UidRange[] {
  const out: UidRange[] = [];
  let at = 0;
  for (const { first, last } of from) {
    let low = first;
    while ((those[at]?.last ?? Number.POSITIVE_INFINITY) < low) at += 1;
    // The last one looked at may reach into the next range as well, so `at` stays on it.
    for (let next = at; low <= last; next += 1) {
      const hole = those[next];
      if (hole === undefined || hole.first > last) {
        out.push({ first: low, last });
        break;
      }
      if (hole.first > low) out.push({ first: low, last: hole.first - 1 });
      low = hole.last + 1;
    }
  }
  return out;
}

/** What of it lies at or below `uid`. */
export const upTo = (ranges: readonly UidRange[], uid: number): UidRange[] =>
  ranges.filter(({ first }) => first <= uid).map(({ first, last }) => ({ first, last: Math.min(last, uid) }));

/** What of it lies above `uid`. */
export const above = (ranges: readonly UidRange[], uid: number): UidRange[] =>
  ranges
    .filter(({ last }) => last > uid)
    .map(({ first, last }) => ({ first: Math.max(first, uid + 1), last }));

export const countIn = (ranges: readonly UidRange[]): number =>
  ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);

/** The first of them one by one, at most `limit`. */
export function firstOf(ranges: readonly UidRange[], limit: number): number[] {
  const uids: number[] = [];
  for (const { first, last } of ranges) {
    for (let uid = first; uid <= last; uid += 1) {
      if (uids.length >= limit) return uids;
      uids.push(uid);
    }
  }
  return uids;
}

/** The last of them one by one, the greatest first, at most `limit`. */
export function lastOf(ranges: readonly UidRange[], limit: number): number[] {
  const uids: number[] = [];
  for (const { first, last } of ranges.toReversed()) {
    for (let uid = last; uid >= first; uid -= 1) {
      if (uids.length >= limit) return uids;
      uids.push(uid);
    }
  }
  return uids;
}
