/** Sums of what was counted, by who has it and by inbox. */
import type { RequestCounts } from '../../app/ports/requests.ts';
import type { InboxId, MemberId } from '../../domain/ids.ts';

/** So many requests of one kind. */
export type Count = {
  readonly inbox: InboxId;
  readonly whose: MemberId;
  readonly isOwned: boolean;
  readonly asked: MemberId | null;
  readonly n: number;
  /** Of these. */
  readonly stuck: number;
};

export function counted(counts: readonly Count[]): RequestCounts {
  const members = new Set(counts.flatMap(({ whose, asked }) => (asked === null ? [whose] : [whose, asked])));
  const inboxes = Map.groupBy(counts, ({ inbox }) => inbox);
  return {
    ...sums(counts),
    byMember: [...members].sort().map((member) => {
      const theirs = counts.filter(({ whose }) => whose === member);
      return {
        member,
        answersFor: sum(theirs),
        owns: sum(theirs.filter(({ isOwned }) => isOwned)),
        asked: sum(counts.filter(({ asked }) => asked === member)),
        stuck: sumOfStuck(theirs),
      };
    }),
    byInbox: [...inboxes].sort(([a], [b]) => (a < b ? -1 : 1)).map(([inbox, of]) => ({ inbox, ...sums(of) })),
  };
}

const sums = (counts: readonly Count[]) => ({
  open: sum(counts),
  unowned: sum(counts.filter(({ isOwned }) => !isOwned)),
  stuck: sumOfStuck(counts),
});

const sum = (counts: readonly Count[]): number => counts.reduce((all, { n }) => all + n, 0);
const sumOfStuck = (counts: readonly Count[]): number => counts.reduce((all, { stuck }) => all + stuck, 0);
