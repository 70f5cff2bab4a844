/**
 * Spares the messages of one batch the look-ups and writes that they can share.
 *
 * Most mail is new: it answers nothing, and no other message has its content or its thread. What that takes is asked
 * once for the whole batch, and such messages are written together. As soon as one of them may depend on another of
 * the batch, or on anything stored, everything decided so far is written first and it takes the long way; so the end is
 * the same as if each had been settled alone, in this order.
 */
import type { ConversationId, InboxId } from '../domain/ids.ts';
import { referenceIn } from '../domain/subject.ts';
import type { Change, StoredMessage, Transaction } from './ports/store.ts';
import type { Reading } from './reading.ts';

export type BatchItem = { readonly message: StoredMessage; readonly reading: Reading | null };

export type Batch = {
  /** The transaction to settle this message on. Asked once for each, in order. */
  settleOn(item: BatchItem): Promise<Transaction>;
  /** Writes what was put off. */
  finish(): Promise<void>;
};

export async function openBatch(tx: Transaction, items: readonly BatchItem[]): Promise<Batch> {
  const candidates = items.filter(
    (item): item is Readable => item.reading !== null && answersNothing(item.reading),
  );
  const known = await knownOf(tx, candidates);
  // Of what the batch itself brought so far.
  const content = new Set<string>();
  const keys = new Set<string>();
  let waiting: Change[] = [];
  const numbers: ConversationId[] = [];
  let mayOpen = candidates.filter(({ message, reading }) => mayOpenRequest(message, reading)).length;

  const finish = async (): Promise<void> => {
    if (waiting.length === 0) return;
    const changes = waiting;
    waiting = [];
    await tx.write({
      conversations: changes.flatMap(({ conversations = [] }) => conversations),
      messages: changes.flatMap(({ messages = [] }) => messages),
    });
  };
  const together: Transaction = {
    ...tx,
    findEarlierCopy: async () => null,
    findThreads: async () => [],
    async reserveConversation() {
      if (numbers.length === 0) numbers.push(...(await tx.reserveConversations(Math.max(1, mayOpen))));
      mayOpen -= 1;
      return numbers.shift() ?? tx.reserveConversation();
    },
    async write(change) {
      const { conversations, messages, ...others } = change;
      if (Object.values(others).some((rows) => rows.length > 0)) {
        await finish();
        return tx.write(change);
      }
      waiting.push(change);
      return { notices: [] };
    },
  };
  return {
    async settleOn({ message, reading }) {
      const isNew =
        reading !== null &&
        answersNothing(reading) &&
        !known.content.has(reading.stored.contentHash) &&
        !content.has(reading.stored.contentHash) &&
        reading.stored.threadKeys.every(
          ({ key }) => !keys.has(key) && !known.keys.has(inInbox(message.inboxId, key)),
        );
      if (reading !== null) {
        content.add(reading.stored.contentHash);
        for (const { key } of reading.stored.threadKeys) keys.add(key);
      }
      if (isNew) return together;
      await finish();
      return tx;
    },
    finish,
  };
}

type Readable = { readonly message: StoredMessage; readonly reading: Reading };

/** It names no token, notice or request of ours, nor was it sent by us. */
const answersNothing = ({ tags, answeredKeys, ownKey, mail }: Reading): boolean =>
  tags.length === 0 && answeredKeys.length === 0 && ownKey === null && referenceIn(mail.subject) === null;

/** Only how many numbers are reserved at once hangs on this. */
const mayOpenRequest = ({ role, history }: StoredMessage, { screening }: Reading): boolean =>
  role === 'inbox' && !history && (screening.kind === 'person' || screening.kind === 'notification');

const inInbox = (inbox: InboxId, key: string): string => `${inbox}\n${key}`;

/** Which of their contents and thread keys are stored already. */
async function knownOf(tx: Transaction, items: readonly Readable[]) {
  const content = await tx.findKnownContent(items.map(({ reading }) => reading.stored.contentHash));
  const byInbox = Map.groupBy(items, ({ message }) => message.inboxId);
  const keys = new Set<string>();
  for (const [inbox, some] of byInbox) {
    const wanted = some.flatMap(({ reading }) => reading.stored.threadKeys.map(({ key }) => key));
    for (const { key } of await tx.findThreads(inbox, wanted)) keys.add(inInbox(inbox, key));
  }
  return { content, keys };
}
