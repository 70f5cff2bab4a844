/** Look backs of the memory store. */
import type { NewLookBack, Referring, StoredLookBack } from '../../../src/app/ports/look-backs.ts';
import type { LookBackId, MessageId } from '../../../src/domain/ids.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import { insertMessage, newMailbox, newRow, placeOf } from './intake.ts';
import { keep, mustGet, type Tables } from './tables.ts';

type Next = { mailbox(): number; message(): number; lookBack(): number };

export function keepLookBack(
  tables: Tables,
  { inboxId, until, taken, mails }: NewLookBack,
  next: Next,
  now: Instant,
): { id: LookBackId; messages: (MessageId | null)[] } {
  const messages = mails.map(({ folder, uidValidity, ...mail }) => {
    const known = tables.mailboxes.values().find((row) => row.inboxId === inboxId && row.folder === folder);
    const mailbox =
      known ?? newMailbox(tables, { inboxId, folder, role: 'inbox', startFrom: null }, next.mailbox, now);
    if (known === undefined) tables.mailboxes.set(mailbox.id, mailbox);
    const there = tables.uids.get(placeOf({ mailboxId: mailbox.id, uidValidity, uid: mail.uid }));
    if (there !== undefined) return there;
    const from = mailbox.fence > 0 ? mailbox.startFrom : taken.from;
    if (folder === taken.folder && from !== null && mail.receivedAt >= from) return null;
    const row = { ...newRow(tables, mailbox, uidValidity, mail, now, next.message()), history: true };
    // As any other mail: it is read, and found to be a copy where it is one.
    insertMessage(tables, {
      ...row,
      stage: 'stored',
      disposition: null,
      reason: null,
      copyOf: null,
      settledAt: null,
    });
    return row.id;
  });
  const id = next.lookBack();
  const requests = mails.flatMap(({ request }, at) => {
    const messageId = messages[at] ?? null;
    return messageId === null ? [] : [{ messageId, request }];
  });
  tables.lookBacks.set(id, keep({ id, inboxId, until, mails: requests }));
  return { id, messages };
}

export function findLookBack(tables: Tables, id: LookBackId): StoredLookBack | null {
  const found = tables.lookBacks.get(id);
  if (found === undefined) return null;
  const mails = found.mails.map(({ messageId, request }) => {
    const row = mustGet(tables.messages, messageId, 'message');
    return { messageId: row.copyOf ?? messageId, request, at: row.receivedAt };
  });
  mails.sort((a, b) => a.request - b.request || a.at - b.at || a.messageId - b.messageId);
  return { ...found, mails: mails.map(({ messageId, request }) => ({ messageId, request })) };
}

export function findReferring(tables: Tables, id: MessageId): Referring[] {
  const { inboxId } = mustGet(tables.messages, id, 'message');
  const keys = tables.threads
    .entries()
    .filter(
      ([place, hits]) =>
        place.startsWith(`${inboxId}\n`) && hits.some((hit) => hit.own && hit.messageId === id),
    );
  const others = keys.flatMap(([, hits]) => hits.filter(({ own }) => !own).map(({ messageId }) => messageId));
  return others
    .map((other) => mustGet(tables.messages, other, 'message'))
    .sort((a, b) => a.receivedAt - b.receivedAt || a.id - b.id)
    .map(({ id: messageId, role, conversationId, mail }) => ({
      ...{ messageId, role, conversationId },
      from: mail?.from ?? [],
      to: mail === null ? [] : [...mail.to, ...mail.cc],
    }));
}
