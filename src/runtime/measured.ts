/** Ports that count what passes through them: no use case has to know that somebody watches. */
import type { MailSender } from '../app/ports/mail-sender.ts';
import type { Measures, Step } from '../app/ports/measures.ts';
import type { Change, Store } from '../app/ports/store.ts';
import type { Disposition } from '../domain/disposition.ts';
import type { InboxId } from '../domain/ids.ts';

/** Counts what was committed, and nothing that was rolled back. */
export function measuredStore(store: Store, measures: Measures): Store {
  const inboxOf = new Map<number, InboxId>();
  return {
    ...store,
    async leaseMailbox(folder, holder, lease) {
      const found = await store.leaseMailbox(folder, holder, lease);
      if (found.type === 'held') inboxOf.set(found.mailbox.id, found.mailbox.inboxId);
      return found;
    },
    async saveBatch(batch) {
      const ids = await store.saveBatch(batch);
      const inbox = inboxOf.get(batch.mailboxId);
      if (inbox !== undefined) measures.tookIn(inbox, ids.length);
      return ids;
    },
    async transact(inboxes, work) {
      const written: Change[] = [];
      const answer = await store.transact(inboxes, (tx) => {
        // A transaction that is tried again begins anew.
        written.length = 0;
        return work({
          ...tx,
          write: (change) => {
            written.push(change);
            return tx.write(change);
          },
        });
      });
      for (const [disposition, mails] of settledIn(written)) measures.settled(disposition, mails);
      return answer;
    },
  };
}

/** What was settled for the first time: later changes of a message bring no new one into the count. */
function settledIn(changes: readonly Change[]): Map<Disposition, number> {
  const counts = new Map<Disposition, number>();
  for (const { messages = [] } of changes) {
    for (const { stage, disposition } of messages) {
      if (stage === 'settled' && disposition !== null)
        counts.set(disposition, (counts.get(disposition) ?? 0) + 1);
    }
  }
  return counts;
}

export const measuredSender = (sender: MailSender, inbox: InboxId, measures: Measures): MailSender => ({
  send: async (mail) => {
    const outcome = await sender.send(mail);
    measures.tried(inbox, outcome.type);
    return outcome;
  },
  check: () => sender.check(),
  close: () => sender.close(),
});

/** How long one bell or tick took, and whether it came to a good end. */
export async function timed<T>(measures: Measures, step: Step, work: () => Promise<T>): Promise<T> {
  const begunAt = performance.now();
  let isWell = false;
  try {
    const answer = await work();
    isWell = true;
    return answer;
  } finally {
    measures.took(step, (performance.now() - begunAt) / 1_000, isWell);
  }
}
