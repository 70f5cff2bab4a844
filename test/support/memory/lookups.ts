/** What the memory store looks up inside of a transaction and for rendering. */
import type {
  SettledMessage,
  StoredReply,
  StoredRequest,
  ThreadHit,
  Transaction,
} from '../../../src/app/ports/store.ts';
import type { ToldAbsence } from '../../../src/domain/absences.ts';
import { asciiLower } from '../../../src/domain/address.ts';
import type { ConversationEvent } from '../../../src/domain/conversation/events.ts';
import { type Conversation, unreachedSince } from '../../../src/domain/conversation/state.ts';
import type { Disposition } from '../../../src/domain/disposition.ts';
import type { ConversationId, InboxId, MemberId, MessageId, TextId } from '../../../src/domain/ids.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import { followedView } from '../../../src/domain/notices/followed.ts';
import {
  absorbedIn,
  messageView,
  type ShownMessage,
  strangersIn,
  threadOf,
  withWordsTakenDown,
} from '../../../src/domain/notices/message-view.ts';
import type { DeskItem, FollowedView, MessageView, TextView } from '../../../src/domain/notices/view.ts';
import type { Load } from '../../../src/domain/routing.ts';
import { byNumber, type MessageRow, mustGet, refuseUnless, type Tables } from './tables.ts';

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

export function settledMessage(tables: Tables, id: MessageId): SettledMessage | null {
  const row = tables.messages.get(id);
  if (row === undefined) return null;
  const { inboxId, storedAt, disposition, reason, settledAt, conversationId, kind, mail } = row;
  if (disposition === null || reason === null || settledAt === null) return null;
  return { id, inboxId, storedAt, disposition, reason, settledAt, conversationId, kind, mail };
}

/** The first that was read of all other messages with this content, whichever came in first. */
export function findEarlierCopy(tables: Tables, contentHash: string, id: MessageId) {
  const copies = (tables.byContentHash.get(contentHash) ?? []).filter((other) => other !== id);
  const first = copies.length === 0 ? undefined : tables.messages.get(Math.min(...copies));
  if (first === undefined) return null;
  return { id: first.id, role: first.role, conversationId: first.conversationId };
}

export function findCopy(tables: Tables, of: MessageId): MessageId | null {
  const hash = tables.messages.get(of)?.contentHash ?? null;
  const copies = (hash === null ? [] : (tables.byContentHash.get(hash) ?? [])).filter((id) => {
    const { copyOf, disposition } = mustGet(tables.messages, id, 'message');
    return copyOf === of && disposition === 'duplicate';
  });
  return copies.length === 0 ? null : Math.min(...copies);
}

export function countNotices(
  tables: Tables,
  ...[kind, member, since, about]: Parameters<Transaction['countNotices']>
): number {
  const isOneRequest = about !== 'any' && about !== null;
  const notices = isOneRequest ? tables.noticesAbout.latest(about) : tables.noticesTo.latest(member);
  let count = 0;
  for (const id of notices) {
    const { conversationId, recipient, body, createdAt } = mustGet(tables.outbox, id, 'notice').notice;
    // As they were made, so that all further ones are older.
    if (createdAt <= since) break;
    const isTheirs = recipient.type === 'member' && recipient.member === member;
    const isAbout = about === 'any' || conversationId === about;
    if (isTheirs && isAbout && body.kind === kind) count += 1;
  }
  return count;
}

export function isUnreached(tables: Tables, address: string): boolean {
  const states = (address === '' ? [] : (tables.byCustomer.get(asciiLower(address)) ?? [])).map(
    (id) => mustGet(tables.conversations, id, 'conversation').state,
  );
  const latest = (instants: readonly (Instant | null)[]) =>
    Math.max(...instants.map((at) => at ?? Number.NEGATIVE_INFINITY));
  return latest(states.map(unreachedSince)) > latest(states.map(({ vouched }) => vouched?.at ?? null));
}

export function findThreads(tables: Tables, inboxId: InboxId, keys: readonly string[]): ThreadHit[] {
  return [...new Set(keys)].flatMap((key) =>
    (tables.threads.get(`${inboxId}\n${key}`) ?? []).map(({ messageId, own }) => {
      const { conversationId: id, copyOf } = mustGet(tables.messages, messageId, 'message');
      const original = copyOf === null ? undefined : tables.messages.get(copyOf);
      return { key, messageId, own, conversationId: id ?? original?.conversationId ?? null };
    }),
  );
}

export function findRequestsOf(tables: Tables, inboxId: InboxId, address: string, limit: number) {
  return (tables.byCustomer.get(asciiLower(address)) ?? [])
    .map((id) => ({ id, ...mustGet(tables.conversations, id, 'conversation') }))
    .filter(({ state }) => address !== '' && state.inboxId === inboxId)
    .map(({ id, words }) => ({ id, subject: words?.subject ?? '' }))
    .sort((a, b) => b.id - a.id)
    .slice(0, limit);
}

export function findPreviousOwner(tables: Tables, inboxId: InboxId, address: string): MemberId | null {
  const owners = findRequestsOf(tables, inboxId, address, Number.POSITIVE_INFINITY).flatMap(({ id }) => {
    const { owner, ended } = mustGet(tables.conversations, id, 'conversation').state;
    return owner !== null && (ended === null || ended.as === 'finished') ? [owner] : [];
  });
  return owners[0] ?? null;
}

export function findSubjects(tables: Tables, ids: readonly ConversationId[], limit: number): string[] {
  const own = ids
    .toSorted((a, b) => b - a)
    .flatMap((id) => tables.conversations.get(id)?.words?.subject ?? []);
  const messages = ids.flatMap((id) => tables.conversations.get(id)?.messages ?? []);
  const latest = messages.toSorted((a, b) => b - a);
  const written = latest.flatMap((id) => mustGet(tables.messages, id, 'message').mail?.subject ?? []);
  return [...own, ...written].slice(0, limit);
}

export function load(tables: Tables, members: readonly MemberId[]): Load {
  return new Map(
    members.map((member) => [
      member,
      { open: tables.openOf.get(member) ?? 0, lastOfferedAt: tables.lastOffered.get(member) ?? null },
    ]),
  );
}

export function readRequest(tables: Tables, id: ConversationId): StoredRequest {
  const row = mustGet(tables.conversations, id, 'conversation');
  const { subject = '', customer = { name: '', address: '' } } = row.words ?? {};
  const earlier = (tables.byCustomer.get(asciiLower(customer.address)) ?? []).filter((other) => other < id);
  const done = earlier.filter((other) => !tables.open.has(other));
  const shown = partsOf(tables, id)
    .flatMap((part) => mustGet(tables.conversations, part, 'conversation').messages)
    .toSorted(byNumber)
    .flatMap((messageId) => shownMessage(mustGet(tables.messages, messageId, 'message')) ?? [])
    .filter(({ disposition }) => SHOWN.includes(disposition))
    .slice(-SHOWN_MAX);
  const texts = new Map(
    row.texts.map((text) => {
      const { author, body } = mustGet(tables.texts, text, 'text');
      return [text, { author, body }] as const;
    }),
  );
  const strangers = strangersIn(row.events);
  const views = shown.map((message) => messageView(message, strangers));
  return {
    state: row.state,
    subject,
    customer,
    messages: withWordsTakenDown(views, row.events, texts, { subject, customer }),
    events: row.events,
    earlier: { total: earlier.length, done: done.length },
    follows: followedBy(tables, row.events),
    ...(row.words?.because !== undefined && { because: row.words.because }),
    load: new Map(tables.openOf.entries()),
    contacts: row.contacts,
    customerMessageIds: threadOf(
      shown.filter((message) => row.messages.includes(message.id)),
      customer,
      strangers,
    ),
    texts,
  };
}

function followedBy(tables: Tables, [first]: readonly ConversationEvent[]): FollowedView | null {
  const follows = first?.type === 'arrived' ? first.follows : undefined;
  const earlier = follows === undefined ? undefined : tables.conversations.get(follows.conversationId);
  if (follows === undefined || earlier === undefined) return null;
  const ended = earlier.events.findLast((event) => event.type === 'done');
  return followedView(earlier.state, follows.why, { at: ended?.at ?? null, by: ended?.by ?? null });
}

/** The request, and those that became a part of it and were not opened again. */
function partsOf(tables: Tables, id: ConversationId): ConversationId[] {
  const parts = [id];
  for (const part of parts) {
    const { events } = mustGet(tables.conversations, part, 'conversation');
    for (const other of absorbedIn(events)) {
      const { ended } = mustGet(tables.conversations, other, 'conversation').state;
      if (ended?.into === part && !parts.includes(other)) parts.push(other);
    }
  }
  return parts;
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
  const notices = id === null ? tables.noticesTo.latest(member) : tables.noticesAbout.latest(id);
  const found: Uint8Array[] = [];
  for (const one of notices) {
    const { notice, mail } = mustGet(tables.outbox, one, 'notice');
    const { recipient, conversationId } = notice;
    const isTheirs = recipient.type === 'member' && recipient.member === member && conversationId === id;
    if (isTheirs && mail !== null) found.push(new Uint8Array(mail.raw));
    if (found.length === limit) break;
  }
  return found;
}

export function readText(tables: Tables, id: TextId): TextView | null {
  const row = tables.texts.get(id);
  return row === undefined ? null : { author: row.author, body: row.body };
}

export function readDesk(tables: Tables, member: MemberId): DeskItem[] {
  const isAsked = ({ helps }: Conversation): boolean =>
    helps.some(({ of }) => of.type === 'member' && of.member === member);
  const helping = tables.open
    .keys()
    .filter((id) => isAsked(mustGet(tables.conversations, id, 'conversation').state));
  const all = new Set([...conversationsOf(tables, member), ...helping]);
  return [...all].sort(byNumber).map((id) => {
    const { state, words } = mustGet(tables.conversations, id, 'conversation');
    const { subject = '', customer = { name: '', address: '' } } = words ?? {};
    return { id, subject, customer, state };
  });
}

export function readMessage(tables: Tables, id: MessageId): MessageView | null {
  const message = tables.messages.get(id);
  const shown = message === undefined ? null : shownMessage(message);
  if (message === undefined || shown === null) return null;
  const { conversationId } = message;
  const row = conversationId === null ? undefined : tables.conversations.get(conversationId);
  return messageView(shown, strangersIn(row?.events ?? []));
}

function shownMessage(row: MessageRow): ShownMessage | null {
  const { id, disposition, member, mail } = row;
  // A mail from before the start came when its server noted it.
  const storedAt = row.history ? row.receivedAt : row.storedAt;
  return mail === null ? null : { id, storedAt, disposition, member, mail };
}
