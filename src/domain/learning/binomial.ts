/** How much a few counts prove: exact, so that three mails decide nothing that three mails cannot. */

/**
 * How probable so many wrong ones, or more, of `count` would be if no more than `share` of all were wrong. Small: more
 * are. Summed in logarithms, which keeps thousands from vanishing.
 */
export function chanceOfSoMany(wrong: number, count: number, share: number): number {
  if (wrong <= 0) return 1;
  if (wrong > count) return 0;
  let chance = 0;
  let log = count * Math.log1p(-share);
  for (let k = 0; k <= count; k += 1) {
    if (k >= wrong) chance += Math.exp(log);
    log += Math.log((count - k) / (k + 1)) + Math.log(share) - Math.log1p(-share);
  }
  return Math.min(1, chance);
}

/** How probable it is that of two that are as good the one loses so many of their differences, or more. */
export const chanceOfLosing = (lost: number, won: number): number => chanceOfSoMany(lost, lost + won, 0.5);
