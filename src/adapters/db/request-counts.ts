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

/** In one pass: a thousand people who share ten thousand kinds would be ten million comparisons. */
export function counted(counts: readonly Count[]): RequestCounts {
  const members = new Map<MemberId, { answersFor: number; owns: number; asked: number; stuck: number }>();
  const loadOf = (member: MemberId) => {
    const known = members.get(member) ?? { answersFor: 0, owns: 0, asked: 0, stuck: 0 };
    members.set(member, known);
    return known;
  };
  for (const { whose, isOwned, asked, n, stuck } of counts) {
    const load = loadOf(whose);
    load.answersFor += n;
    load.stuck += stuck;
    if (isOwned) load.owns += n;
    if (asked !== null) loadOf(asked).asked += n;
  }
  const inboxes = Map.groupBy(counts, ({ inbox }) => inbox);
  return {
    ...sums(counts),
    byMember: [...members].sort(byId).map(([member, load]) => ({ member, ...load })),
    byInbox: [...inboxes].sort(byId).map(([inbox, of]) => ({ inbox, ...sums(of) })),
  };
}

const byId = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1);

const sums = (counts: readonly Count[]) => ({
  open: sum(counts.map(({ n }) => n)),
  unowned: sum(counts.map(({ isOwned, n }) => (isOwned ? 0 : n))),
  stuck: sum(counts.map(({ stuck }) => stuck)),
});

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);
