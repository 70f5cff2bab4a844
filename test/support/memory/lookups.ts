/** What the memory store looks up inside of a transaction and for rendering. */
import type { StoredReply, StoredRequest, ThreadHit } from '../../../src/app/ports/store.ts';
import type { ToldAbsence } from '../../../src/domain/absences.ts';
import type { Disposition } from '../../../src/domain/disposition.ts';
import type { ConversationId, InboxId, MemberId, MessageId } from '../../../src/domain/ids.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import type { DeskItem, MessageView } from '../../../src/domain/notices/view.ts';
import type { Load } from '../../../src/domain/routing.ts';
import {
  byNumber,
  type ConversationRow,
  type MessageRow,
  mustGet,
  refuseUnless,
  type Tables,
} from './tables.ts';

const SHOWN_MAX = 20;
/** What the customer wrote, and what our side answered: the rest is for machines or among members. */
const SHOWN: readonly (Disposition | null)[] = ['request', 'follow-up', 'teammate-reply'];

export function conversationsOf(tables: Tables, member: MemberId): ConversationId[] {
  return tables.open
    .keys()
    .filter((id) => {
      const { accountable, offer } = mustGet(tables.conversations, id, 'conversation').state;
      return accountable === member || offer?.to === member;
    })
    .sort(byNumber);
}

export function askedOf(tables: Tables, members: readonly MemberId[]): ConversationId[] {
  return tables.open
    .keys()
    .filter((id) => {
      const { offer } = mustGet(tables.conversations, id, 'conversation').state;
      return offer !== null && members.includes(offer.to);
    })
    .sort(byNumber);
}

export function findAbsences(tables: Tables, now: Instant): ToldAbsence[] {
  const open = tables.absences.values().filter(({ until, endedAt }) => endedAt === null && until > now);
  return open.sort((a, b) => byNumber(a.id, b.id));
}

export function readReply(tables: Tables, id: MessageId): StoredReply {
  const { inboxId, stage, conversationId, member, messageIdHash, tokenHash, mail } = mustGet(
    tables.messages,
    id,
    'message',
  );
  refuseUnless(
    stage === 'replying' && member !== null && mail !== null,
    `message ${id} waits as no member's reply`,
  );
  const token = mustGet(tables.tokens, tokenHash ?? '', 'token');
  return { id, inboxId, conversationId, member, messageIdHash, token, mail };
}

/** The first that was read of all other messages with this content, whichever came in first. */
export function findEarlierCopy(tables: Tables, contentHash: string, id: MessageId) {
  const copies = (tables.byContentHash.get(contentHash) ?? []).filter((other) => other !== id);
  const first = copies.length === 0 ? undefined : tables.messages.get(Math.min(...copies));
  if (first === undefined) return null;
  return { id: first.id, role: first.role, conversationId: first.conversationId };
}

export function countReceipts(
  tables: Tables,
  id: ConversationId | null,
  member: MemberId,
  since: Instant,
): number {
  return [...tables.outbox.values()].filter(
    ({ notice: { conversationId, recipient, body, createdAt } }) =>
      conversationId === id &&
      recipient.type === 'member' &&
      recipient.member === member &&
      body.kind === 'receipt' &&
      createdAt > since,
  ).length;
}

export function countAcknowledgements(tables: Tables, address: string, since: Instant): number {
  return [...tables.outbox.values()].filter(({ notice: { conversationId, body, createdAt } }) => {
    if (conversationId === null || body.kind !== 'acknowledgement' || createdAt <= since) return false;
    return tables.conversations.get(conversationId)?.words?.customer.address === address;
  }).length;
}

export function findThreads(tables: Tables, inboxId: InboxId, keys: readonly string[]): ThreadHit[] {
  return [...new Set(keys)].flatMap((key) =>
    (tables.threads.get(`${inboxId}\n${key}`) ?? []).map(({ messageId, own }) => {
      const { conversationId } = mustGet(tables.messages, messageId, 'message');
      return { key, messageId, own, conversationId };
    }),
  );
}

export function load(tables: Tables, members: readonly MemberId[]): Load {
  const open = openPerMember(tables);
  return new Map(
    members.map((member) => [
      member,
      { open: open.get(member) ?? 0, lastOfferedAt: tables.lastOffered.get(member) ?? null },
    ]),
  );
}

function openPerMember(tables: Tables): Map<MemberId, number> {
  const open = new Map<MemberId, number>();
  for (const id of tables.open.keys()) {
    const { owner, offer, phase } = mustGet(tables.conversations, id, 'conversation').state;
    for (const member of [phase === 'owned' ? owner : null, offer?.to ?? null]) {
      if (member !== null) open.set(member, (open.get(member) ?? 0) + 1);
    }
  }
  return open;
}

export function readRequest(tables: Tables, id: ConversationId): StoredRequest {
  const row = mustGet(tables.conversations, id, 'conversation');
  const customer = row.words?.customer ?? { name: '', address: '' };
  const earlier = (tables.byCustomer.get(customer.address) ?? []).filter((other) => other < id);
  const done = earlier.filter((other) => !tables.open.has(other));
  const shown = row.messages
    .toSorted(byNumber)
    .map((messageId) => mustGet(tables.messages, messageId, 'message'))
    .filter(({ disposition, mail }) => SHOWN.includes(disposition) && mail !== null)
    .slice(-SHOWN_MAX);
  return {
    state: row.state,
    subject: row.words?.subject ?? '',
    customer,
    messages: shown.flatMap((message) => viewOf(message, row) ?? []),
    events: row.events,
    earlier: { total: earlier.length, done: done.length },
    load: openPerMember(tables),
    contacts: row.contacts,
    customerMessageIds: shown.flatMap(({ mail }) => mail?.messageId ?? []),
    texts: new Map(
      row.texts.map((text) => {
        const { author, body } = mustGet(tables.texts, text, 'text');
        return [text, { author, body }];
      }),
    ),
  };
}

export function readRaw(tables: Tables, id: MessageId): Uint8Array | null {
  const message = tables.messages.get(id);
  return message === undefined || message.rawHash === null ? null : new Uint8Array(message.raw);
}

export function readSent(
  tables: Tables,
  member: MemberId,
  id: ConversationId | null,
  limit: number,
): Uint8Array[] {
  return tables.outbox
    .values()
    .filter(
      ({ notice: { recipient, conversationId } }) =>
        recipient.type === 'member' && recipient.member === member && conversationId === id,
    )
    .flatMap(({ mail }) => (mail === null ? [] : [new Uint8Array(mail.raw)]))
    .reverse()
    .slice(0, limit);
}

export function readDesk(tables: Tables, member: MemberId): DeskItem[] {
  return conversationsOf(tables, member).map((id) => {
    const { state, words } = mustGet(tables.conversations, id, 'conversation');
    const { subject = '', customer = { name: '', address: '' } } = words ?? {};
    return { id, subject, customer, state };
  });
}

export function readMessage(tables: Tables, id: MessageId): MessageView | null {
  const message = tables.messages.get(id);
  if (message === undefined) return null;
  const { conversationId } = message;
  return viewOf(message, conversationId === null ? undefined : tables.conversations.get(conversationId));
}

function viewOf({ id, storedAt, mail }: MessageRow, row: ConversationRow | undefined): MessageView | null {
  if (mail === null) return null;
  const stranger = (row?.events ?? []).some(
    (event) => event.type === 'attached' && event.as === 'stranger' && event.messageId === id,
  );
  const { subject, reply, text, attachments, forwarded } = mail;
  const from = mail.from[0] ?? { name: '', address: '' };
  // A mail of which nothing counts as newly written is shown whole.
  const words = reply.text === '' ? text : reply.text;
  return {
    id,
    storedAt,
    from,
    subject,
    text: words,
    attachments,
    stranger,
    forwardedFrom: forwarded?.from ?? null,
  };
}
