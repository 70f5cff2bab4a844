/** How soon mail flowed again, read off the mails themselves. */
import { CUSTOMERS } from './mails.ts';
import type { Injected } from './manifest.ts';
import type { SunkMail } from './observed.ts';
import type { Struck } from './strike.ts';

export type Recovery = {
  readonly times: number;
  readonly medianSeconds: number;
  readonly longestSeconds: number;
};

/** From the putting of a new customer's mail to the first confirmation that the server has, in milliseconds; by address. */
function answeredAt(
  mails: readonly Injected[],
  sunk: readonly SunkMail[],
): { at: number; answered: number }[] {
  const first = new Map<string, number>();
  for (const { kind, envelopeTo, at } of sunk)
    if (kind === 'acknowledgement' && envelopeTo.endsWith(CUSTOMERS))
      first.set(envelopeTo, Math.min(first.get(envelopeTo) ?? Number.POSITIVE_INFINITY, at));
  return mails.flatMap(({ class: name, from, at }) => {
    const answered = first.get(from);
    return name === 'request' && answered !== undefined ? [{ at, answered }] : [];
  });
}

/** For each kind of fault: from its end until the next mail that came afterwards had gone all the way. */
export function recoveries(
  struck: readonly Struck[],
  mails: readonly Injected[],
  sunk: readonly SunkMail[],
): Record<string, Recovery> {
  const answered = answeredAt(mails, sunk);
  const seconds = struck
    .filter(({ failed }) => failed === null)
    .flatMap(({ kind, endedAt }) => {
      const next = answered.filter(({ at }) => at >= endedAt).map((one) => one.answered);
      return next.length === 0 ? [] : [{ kind, took: (Math.min(...next) - endedAt) / 1_000 }];
    });
  return Object.fromEntries(
    [...Map.groupBy(seconds, ({ kind }) => kind)].map(([kind, group]) => {
      const sorted = group.map(({ took }) => took).sort((a, b) => a - b);
      return [
        kind,
        {
          times: sorted.length,
          medianSeconds: rounded(sorted[Math.floor(sorted.length / 2)] ?? 0),
          longestSeconds: rounded(sorted.at(-1) ?? 0),
        },
      ];
    }),
  );
}

/** Of new customers' mails: the longest way, and half of them. */
export function slowest(mails: readonly Injected[], sunk: readonly SunkMail[]) {
  const took = answeredAt(mails, sunk)
    .map(({ at, answered }) => (answered - at) / 1_000)
    .sort((a, b) => a - b);
  return {
    medianSeconds: rounded(took[Math.floor(took.length / 2)] ?? 0),
    slowestSeconds: rounded(took.at(-1) ?? 0),
  };
}

const rounded = (seconds: number): number => Math.round(seconds * 10) / 10;
