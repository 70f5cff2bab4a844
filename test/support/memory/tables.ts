/**
 * The rows of the memory store. Rows are never changed in place: a table replaces them and keeps in the journal how
 * to undo that, so that a transaction over thousands of rows is rolled back at the price of those it touched.
 */

import { Failure } from '../../../src/app/failures.ts';
import type { SettledMail } from '../../../src/app/ports/digests.ts';
import type { NewOrder, NewSignIn } from '../../../src/app/ports/door.ts';
import type { StoredLookBack } from '../../../src/app/ports/look-backs.ts';
import type { NoticeReturn } from '../../../src/app/ports/returned.ts';
import type { MessageChange, RequestWords, StoredMail, TokenRow } from '../../../src/app/ports/store.ts';
import type { ToldAbsence } from '../../../src/domain/absences.ts';
import type { CountedMail } from '../../../src/domain/brakes.ts';
import type { ConversationEvent } from '../../../src/domain/conversation/events.ts';
import type { Conversation } from '../../../src/domain/conversation/state.ts';
import type { Disposition } from '../../../src/domain/disposition.ts';
import type {
  AbsenceId,
  ContactId,
  ConversationId,
  InboxId,
  LookBackId,
  MemberId,
  MessageId,
  NoticeId,
  TextId,
} from '../../../src/domain/ids.ts';
import type { Instant } from '../../../src/domain/instant.ts';
import type { OfferMade } from '../../../src/domain/ledger.ts';
import type { Address } from '../../../src/domain/message.ts';
import type { PageWhy } from '../../../src/domain/notices/escalation.ts';
import type { StoredNotice } from '../../../src/domain/notices/notice.ts';
import type { TextView } from '../../../src/domain/notices/view.ts';
import type { Parked, ParkedEvent } from '../../../src/domain/parked/parked.ts';
import type { ScreeningKind } from '../../../src/domain/screening.ts';

export type MemberRow = { readonly id: MemberId; readonly name: string; readonly leftAt: Instant | null };

export type MailboxRow = {
  readonly id: number;
  readonly inboxId: InboxId;
  readonly folder: string;
  readonly role: 'inbox' | 'sent';
  readonly startFrom: Instant;
  readonly uidValidity: string | null;
  readonly lastUid: number;
  readonly fence: number;
  readonly leaseHolder: string | null;
  readonly leaseUntil: Instant | null;
};

export type MessageRow = {
  readonly id: MessageId;
  readonly mailboxId: number;
  readonly inboxId: InboxId;
  readonly role: 'inbox' | 'sent';
  readonly uidValidity: string;
  readonly uid: number;
  readonly storedAt: Instant;
  readonly receivedAt: Instant;
  readonly size: number;
  readonly raw: Uint8Array;
  readonly rawHash: string | null;
  readonly contentHash: string | null;
  readonly messageIdHash: string | null;
  readonly history: boolean;
  readonly stage: 'stored' | 'replying' | 'settled';
  readonly tries: number;
  readonly triedAt: Instant | null;
  readonly disposition: Disposition | null;
  readonly reason: MessageChange['reason'] | null;
  readonly kind: ScreeningKind | null;
  readonly conversationId: ConversationId | null;
  readonly copyOf: MessageId | null;
  readonly member: MemberId | null;
  readonly tokenHash: string | null;
  readonly settledAt: Instant | null;
  readonly mail: StoredMail | null;
};

export type LedgerRow = {
  readonly fromAt: Instant;
  readonly untilAt: Instant | null;
  /** null: the end marker of a conversation that is done. */
  readonly member: MemberId | null;
  readonly seq: number;
};

export type OfferRow = OfferMade;

export type ConversationRow = {
  readonly state: Conversation;
  readonly words: RequestWords | null;
  readonly events: readonly ConversationEvent[];
  readonly ledger: readonly LedgerRow[];
  readonly offers: readonly OfferRow[];
  readonly messages: readonly MessageId[];
  readonly texts: readonly TextId[];
  readonly contacts: ReadonlyMap<ContactId, Address>;
};

export type OutboxRow = {
  readonly notice: StoredNotice;
  readonly key: string;
  readonly state: 'pending' | 'sending' | 'sent' | 'failed' | 'dropped' | 'bundled';
  readonly dueAt: Instant;
  readonly leaseUntil: Instant | null;
  readonly attempts: number;
  readonly claims: number;
  readonly mayWait: boolean;
  readonly settledAt: Instant | null;
  readonly code: string | null;
  readonly returned: (Omit<NoticeReturn, 'id'> & { readonly at: Instant }) | null;
  readonly mail: { readonly recipient: string; readonly raw: Uint8Array } | null;
};

export type PageRow = {
  readonly id: NoticeId;
  readonly why: PageWhy;
  readonly dueAt: Instant;
  readonly leaseUntil: Instant | null;
  readonly tries: number;
  readonly state: 'waiting' | 'sent' | 'pointless' | 'failed';
  readonly code: string | null;
};

export type AttemptRow = {
  readonly id: NoticeId;
  readonly number: number;
  readonly startedAt: Instant;
  readonly finishedAt: Instant | null;
  readonly outcome: 'accepted' | 'temporary' | 'permanent' | 'unknown' | null;
  readonly code: string | null;
};

export type TextRow = TextView & {
  readonly conversationId: ConversationId | null;
  readonly messageId: MessageId | null;
};

export class Journal {
  #undo: (() => void)[] = [];

  add(undo: () => void): void {
    this.#undo.push(undo);
  }

  commit(): void {
    this.#undo = [];
  }

  rollback(): void {
    for (const undo of this.#undo.reverse()) undo();
    this.#undo = [];
  }
}

export class Table<K, V> {
  readonly #rows = new Map<K, V>();
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: K): V | undefined {
    return this.#rows.get(key);
  }

  has(key: K): boolean {
    return this.#rows.has(key);
  }

  keys(): K[] {
    return [...this.#rows.keys()];
  }

  entries(): [K, V][] {
    return [...this.#rows.entries()];
  }

  values(): V[] {
    return [...this.#rows.values()];
  }

  set(key: K, row: V): void {
    const before = this.#rows.get(key);
    if (before === undefined) this.#journal.add(() => this.#rows.delete(key));
    else this.#journal.add(() => this.#rows.set(key, before));
    this.#rows.set(key, row);
  }

  delete(key: K): void {
    const before = this.#rows.get(key);
    if (before === undefined) return;
    this.#journal.add(() => this.#rows.set(key, before));
    this.#rows.delete(key);
  }
}

/** Lists that only grow, by key: what the database finds by an index in the order of writing. */
export class Lists<K, V> {
  readonly #lists = new Map<K, V[]>();
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  get(key: K): readonly V[] {
    return this.#lists.get(key) ?? [];
  }

  push(key: K, value: V): void {
    const list = this.#lists.get(key) ?? [];
    this.#lists.set(key, list);
    list.push(value);
    this.#journal.add(() => list.pop());
  }

  /** The latest first, for as long as they are `wanted`. */
  *latest(key: K, wanted: (value: V) => boolean = () => true): Generator<V> {
    const list = this.get(key);
    for (let at = list.length - 1; at >= 0; at -= 1) {
      const value = list[at] as V;
      if (!wanted(value)) return;
      yield value;
    }
  }
}

export type Tables = ReturnType<typeof makeTables>;

export function makeTables(journal: Journal) {
  const table = <K, V>() => new Table<K, V>(journal);
  const lists = <K, V>() => new Lists<K, V>(journal);
  return {
    inboxes: table<InboxId, string>(),
    members: table<MemberId, MemberRow>(),
    mailboxes: table<number, MailboxRow>(),
    messages: table<MessageId, MessageRow>(),
    conversations: table<ConversationId, ConversationRow>(),
    texts: table<TextId, TextRow>(),
    outbox: table<NoticeId, OutboxRow>(),
    pages: table<NoticeId, PageRow>(),
    /** Keyed by notice and number. */
    attempts: table<string, AttemptRow>(),
    automaticMails: table<NoticeId, CountedMail>(),
    tokens: table<string, TokenRow>(),
    absences: table<AbsenceId, ToldAbsence>(),
    /** Keyed by member, kind and date. */
    standingMails: table<string, SettledMail>(),
    // What the database finds by index.
    unsettled: table<MessageId, true>(),
    open: table<ConversationId, true>(),
    dueAt: table<ConversationId, Instant>(),
    parked: table<MessageId, Parked>(),
    parkedEvents: table<MessageId, readonly ParkedEvent[]>(),
    toSend: table<NoticeId, true>(),
    /** Keyed by mailbox, UIDVALIDITY and UID. */
    uids: table<string, MessageId>(),
    /** Keyed by inbox, role and hash; the first with these bytes. */
    byRawHash: table<string, MessageId>(),
    byContentHash: table<string, readonly MessageId[]>(),
    /** Hashes of the Message-IDs that have acted. */
    acted: table<string, MessageId>(),
    /** Keyed by inbox and key. */
    lookBacks: table<LookBackId, StoredLookBack>(),
    threads: table<string, readonly { readonly messageId: MessageId; readonly own: boolean }[]>(),
    byDedupeKey: table<string, NoticeId>(),
    byKey: table<string, NoticeId>(),
    byCustomer: table<string, readonly ConversationId[]>(),
    noticesTo: lists<MemberId, NoticeId>(),
    noticesAbout: lists<ConversationId, NoticeId>(),
    /** As they were sent. */
    sentTo: lists<MemberId, NoticeId>(),
    /** Automatic mails as they were counted, a mail that was tried again once more. */
    counted: lists<'all', { readonly id: NoticeId; readonly at: Instant }>(),
    countedTo: lists<string, { readonly id: NoticeId; readonly at: Instant }>(),
    lastOffered: table<MemberId, Instant>(),
    /** How much is open of what each owns or is asked to take. */
    openOf: table<MemberId, number>(),
    signIns: table<string, NewSignIn>(),
    /** Keyed by the hash of their form. */
    orders: table<string, NewOrder & { readonly at: Instant }>(),
  };
}

/** Numbers handed out stay used when the transaction is rolled back, as with the database's sequences. */
export function sequence(first: number): () => number {
  let next = first;
  return () => next++;
}

/** Where the database has a constraint. */
export function refuseUnless(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Failure('permanent', 'db-refused', `the database would refuse this: ${what}`);
}

export function mustGet<K, V>(table: Table<K, V>, key: K, what: string): V {
  const row = table.get(key);
  refuseUnless(row !== undefined, `there is no ${what} ${String(key)}`);
  return row;
}

/** What was made by `keep`, and need not be copied again. */
const kept = new WeakSet<object>();

/** A copy that nobody can change, apart from bytes, which cannot be frozen and are copied again on the way out. */
export function keep<T>(value: T): T {
  if (typeof value !== 'object' || value === null || kept.has(value)) return value;
  const copy = copyOf(value);
  if (!ArrayBuffer.isView(copy)) kept.add(Object.freeze(copy));
  return copy as T;
}

function copyOf(value: object): object {
  if (Array.isArray(value)) return value.map(keep);
  if (Object.getPrototypeOf(value) !== Object.prototype) return structuredClone(value);
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) copy[key] = keep((value as Record<string, unknown>)[key]);
  return copy;
}

export const byNumber = (a: number, b: number): number => a - b;
