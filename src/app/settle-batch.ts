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
import { mayAnswerBySubject } from './find-thread.ts';
import type { Change, StoredMessage, Transaction } from './ports/store.ts';
import type { Reading } from './reading.ts';

export type BatchItem = { readonly message: StoredMessage; readonly reading: Reading | null };

export type Batch = {
  /** The transaction to settle this message on: asked once for each, in order, with the very item given. */
  settleOn(item: BatchItem): Promise<Transaction>;
  /** Writes what was put off. */
  finish(): Promise<void>;
};

export async function openBatch(tx: Transaction, items: readonly BatchItem[]): Promise<Batch> {
  const fresh = await newOf(tx, items);
  let waiting: Change[] = [];
  const numbers: ConversationId[] = [];
  let mayOpen = [...fresh].filter(mayOpenRequest).length;
  const writers = writersOf([...fresh].filter(mayOpenRequest));
  let unreached: ReadonlySet<string> | null = null;

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
    async isUnreached(address) {
      if (!writers.has(address)) return tx.isUnreached(address);
      unreached ??= await tx.findUnreached([...writers]);
      return unreached.has(address);
    },
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
    async settleOn(item) {
      if (fresh.has(item)) return together;
      await finish();
      // It may be what says that mail to somebody comes back.
      unreached = null;
      return tx;
    },
    finish,
  };
}

/** Those that have nothing to do with anything stored, nor with one before them in the batch. */
async function newOf(tx: Transaction, items: readonly BatchItem[]): Promise<ReadonlySet<BatchItem>> {
  const known = await knownOf(tx, items);
  const content = new Set<string>();
  const keys = new Set<string>();
  const found = new Set<BatchItem>();
  for (const item of items) {
    const { message, reading } = item;
    if (reading === null) continue;
    const { contentHash, threadKeys } = reading.stored;
    const isAlone =
      !known.content.has(contentHash) &&
      !content.has(contentHash) &&
      threadKeys.every(({ key }) => !keys.has(key) && !known.keys.has(inInbox(message.inboxId, key)));
    if (isAlone && answersNothing(reading)) found.add(item);
    content.add(contentHash);
    for (const { key } of threadKeys) keys.add(key);
  }
  return found;
}

/** It names no token, notice or request of ours, nor was it sent by us; and it is no answer that fails to say of what. */
function answersNothing(reading: Reading): boolean {
  const { tags, answeredKeys, ownKey, mail } = reading;
  const names =
    tags.length + answeredKeys.length > 0 || ownKey !== null || referenceIn(mail.subject) !== null;
  return !names && !mayAnswerBySubject(reading);
}

/** Only how many numbers are reserved at once hangs on this. */
const mayOpenRequest = ({ message: { role, history }, reading }: BatchItem): boolean =>
  role === 'inbox' &&
  !history &&
  (reading?.screening.kind === 'person' || reading?.screening.kind === 'notification');

/** Whoever may turn out to be the customer of one of them, nearly always. */
const writersOf = (items: readonly BatchItem[]): ReadonlySet<string> =>
  new Set(items.flatMap(({ reading }) => reading?.mail.from.map(({ address }) => address) ?? []));

const inInbox = (inbox: InboxId, key: string): string => `${inbox}\n${key}`;

/** Which of their contents and thread keys are stored already. */
async function knownOf(tx: Transaction, items: readonly BatchItem[]) {
  const byInbox = new Map<InboxId, string[]>();
  const hashes: string[] = [];
  for (const { message, reading } of items) {
    if (reading === null || !answersNothing(reading)) continue;
    hashes.push(reading.stored.contentHash);
    const wanted = reading.stored.threadKeys.map(({ key }) => key);
    byInbox.set(message.inboxId, [...(byInbox.get(message.inboxId) ?? []), ...wanted]);
  }
  const keys = new Set<string>();
  for (const [inbox, wanted] of byInbox) {
    for (const { key } of await tx.findThreads(inbox, wanted)) keys.add(inInbox(inbox, key));
  }
  return { content: await tx.findKnownContent(hashes), keys };
}
