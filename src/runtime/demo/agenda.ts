/** What people and machines are about to do, in order of time; of one instant in the order in which it was noted. */
import type { Instant } from '../../domain/instant.ts';

export type Agenda = {
  add(at: Instant, run: () => Promise<void>): void;
  nextAt(): Instant | null;
  /** Takes out whatever is due. */
  takeDue(now: Instant): readonly (() => Promise<void>)[];
};

export function agenda(): Agenda {
  let entries: { readonly at: Instant; readonly run: () => Promise<void> }[] = [];
  return {
    add(at, run) {
      const before = entries.findIndex((entry) => entry.at > at);
      entries = entries.toSpliced(before === -1 ? entries.length : before, 0, { at, run });
    },
    nextAt: () => entries[0]?.at ?? null,
    takeDue(now) {
      const due = entries.filter(({ at }) => at <= now);
      entries = entries.filter(({ at }) => at > now);
      return due.map(({ run }) => run);
    },
  };
}
