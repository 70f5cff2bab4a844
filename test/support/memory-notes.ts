/** What is known about watched folders, in memory: the UIDs from a memory store's own rows. */
import { Failure } from '../../src/app/failures.ts';
import type { Comparison, MailboxNotes, Watched } from '../../src/app/ports/mailbox-notes.ts';
import type { JunkCount } from '../../src/app/ports/mailbox-reader.ts';
import { rangesOf } from '../../src/domain/uid-ranges.ts';
import type { MemoryStore } from './memory-store.ts';

export type MemoryNotes = MailboxNotes & {
  /** In the order in which they were noted. */
  readonly comparisons: readonly Comparison[];
  readonly junk: readonly (JunkCount | null)[];
  readonly troubles: readonly string[];
};

export function memoryNotes(store: MemoryStore): MemoryNotes {
  const comparisons: Comparison[] = [];
  const junk: (JunkCount | null)[] = [];
  const troubles: string[] = [];
  const underFence = ({ id, fence }: Watched) => {
    if (store.mailboxes().some((row) => row.id === id && row.fence === fence)) return;
    throw new Failure('temporary', 'lease-lost', 'another poller watches this mailbox by now');
  };
  return {
    comparisons,
    junk,
    troubles,
    knownUids: async ({ id }, uidValidity) =>
      rangesOf(
        store
          .messages()
          .filter((row) => row.mailboxId === id && row.uidValidity === uidValidity && row.uid > 0)
          .map(({ uid }) => uid),
      ),
    async noteCompared(mailbox, found) {
      underFence(mailbox);
      comparisons.push(found);
    },
    async noteJunk(mailbox, count) {
      underFence(mailbox);
      junk.push(count);
    },
    async noteTrouble(mailbox, code) {
      underFence(mailbox);
      troubles.push(code);
    },
  };
}
