/**
 * The truth: PostgreSQL in production, a double in memory for dialogues and simulations (one contract suite runs
 * against both). What must happen together is one `transact`; work handed to it does no other I/O.
 *
 * Every method throws Failure: `temporary` for lost connections, time-outs and serialization, `permanent` for a
 * database that will never answer like this (wrong schema, refused login).
 */
import type { ToldAbsence } from '../../domain/absences.ts';
import type { ConversationEvent } from '../../domain/conversation/events.ts';
import type { Conversation } from '../../domain/conversation/state.ts';
import type { Disposition } from '../../domain/disposition.ts';
import type {
  AbsenceId,
  ContactId,
  ConversationId,
  InboxId,
  MemberId,
  MessageId,
  NoticeId,
  TextId,
} from '../../domain/ids.ts';
import { type Duration, type Instant, SECOND } from '../../domain/instant.ts';
import type { Address, Mail } from '../../domain/message.ts';
import type { PageWhy } from '../../domain/notices/escalation.ts';
import type { NoticeDraft, NoticeKind, StoredNotice } from '../../domain/notices/notice.ts';
import type { DeskItem, MessageView, RequestView, TextView } from '../../domain/notices/view.ts';
import type { TokenRights } from '../../domain/reply-token.ts';
import type { Load } from '../../domain/routing.ts';
import type { ScreeningKind } from '../../domain/screening.ts';
import type { DigestStore, DigestTransaction } from './digests.ts';
import type { DoorStore, DoorTransaction, NewOrder, NewSignIn } from './door.ts';
import type { LookBackTransaction } from './look-backs.ts';
import type { MessageMove } from './moves.ts';
import type { HeldClaim, NoticeOutcome, Outbox } from './outbox.ts';
import type { ParkedChange, ParkedStore, ParkedTransaction } from './parked.ts';
import type { Bell } from './queue.ts';
import type { NoticeReturn } from './returned.ts';
import type { ThreadLookUps } from './threads.ts';
import type { WeeklyReportStore } from './weekly-report.ts';

/**
 * Who begins on a message so soon after another makes no further try of it: bells ring twice, and a mail must not be
 * given up because many looked at it at once.
 */
export const TRY_SPAN: Duration = 10 * SECOND;

export interface Store extends Outbox, ParkedStore, DigestStore, DoorStore, WeeklyReportStore {
  // ── Roster ──
  /** Makes rows of the configured inboxes and members; answers who stood there before and does no longer. */
  syncRoster(roster: Roster): Promise<{ left: MemberId[] }>;
  /** Inboxes with a request that is not done, a message that is not settled or not decided, or a notice that is not sent. */
  busyInboxes(): Promise<InboxId[]>;
  /** Members who have left, for their names. */
  formerMembers(): Promise<{ id: MemberId; name: string }[]>;
  /** Open conversations which this member answers for or is asked to take. */
  conversationsOf(member: MemberId): Promise<ConversationId[]>;
  /** Absences told by mail that are not over and were not taken back. */
  toldAbsences(): Promise<ToldAbsence[]>;
  /** Conversations which any of these members is asked to take. */
  askedOf(members: readonly MemberId[]): Promise<ConversationId[]>;

  // ── Intake ──
  /**
   * Takes the watch over a folder for so long, or prolongs it for who has it; one holder has it at a time. The row is
   * made at first sight, when `startFrom` null means now.
   */
  leaseMailbox(folder: WatchedFolder, holder: string, lease: Duration): Promise<MailboxLease>;
  /** Gives the watch up before its time; nothing happens when somebody else has it by now. */
  releaseMailbox(mailbox: Pick<Mailbox, 'id' | 'fence'>): Promise<void>;
  /**
   * Commits messages and cursor together, or nothing: throws a temporary Failure, `lease-lost` when another poller has
   * taken over since, `cursor-moved` when the batch was read under an older cursor.
   */
  saveBatch(batch: MailBatch): Promise<MessageId[]>;

  // ── Work ──
  /** The given messages that still await classification, oldest first; counts as a try, see TRY_SPAN. */
  beginClassify(ids: readonly MessageId[]): Promise<StoredMessage[]>;
  /** The given replies that still wait to be carried out, oldest first; counts as a try likewise. */
  beginReplies(ids: readonly MessageId[]): Promise<PendingReply[]>;
  transact<T>(inboxes: readonly InboxId[], work: (tx: Transaction) => Promise<T>): Promise<T>;
  /**
   * Rows that nobody looked at for `patience`, oldest first, at most `limit` per bell; mails that somebody has begun to
   * read, for `begunPatience` (the same, when it is not given).
   */
  findUnrung(
    patience: Duration,
    limit: number,
    begunPatience?: Duration,
  ): Promise<ReadonlyMap<Bell, readonly number[]>>;
  /** Conversations with a clock that has run out, urgent ones first, and of these the longest overdue. */
  findDue(limit: number): Promise<ConversationId[]>;
  /** The next instant at which any clock or outbox row comes due; null when nothing waits. */
  nextDueAt(): Promise<Instant | null>;

  // ── What mails show ──
  /** What rendering needs. */
  readRequest(id: ConversationId): Promise<StoredRequest>;
  readMessage(id: MessageId): Promise<MessageView | null>;
  /** What a member wrote, also about no request; null when it was erased. */
  readText(id: TextId): Promise<TextView | null>;
  /** The bytes of a message that came in, for the files that go along with an answer; null when they were erased. */
  readRaw(id: MessageId): Promise<Uint8Array | null>;
  /**
   * The beginnings of the mails that we sent this member about this request, latest first: what their answer may quote.
   * Text comes before files, so that no file is read for it.
   */
  readSent(member: MemberId, id: ConversationId | null, limit: number): Promise<Uint8Array[]>;
  /** Open requests that the member owns, answers for, or is asked to take or to help with, oldest first. */
  readDesk(member: MemberId): Promise<DeskItem[]>;

  close(): Promise<void>;
}

/** Everything inside one transaction. Rows that were locked stay so to its end; the time is asked after locking. */
export interface Transaction
  extends ThreadLookUps,
    ParkedTransaction,
    DigestTransaction,
    LookBackTransaction,
    DoorTransaction {
  now(): Promise<Instant>;
  /** Which of these messages are still in that stage; locks them. */
  lockMessages(ids: readonly MessageId[], stage: 'stored' | 'replying'): Promise<Set<MessageId>>;
  /** Which of these notices are still held under just this claim; locks them. */
  lockClaimed(claims: readonly HeldClaim[]): Promise<Set<NoticeId>>;
  /** Locks in id order and answers the states. */
  lockConversations(ids: readonly ConversationId[]): Promise<Map<ConversationId, Conversation>>;
  /** A number for a conversation about to arrive. Numbers of rolled-back transactions are never used. */
  reserveConversation(): Promise<ConversationId>;
  /** So many of them at once, ascending; those that are not used are never used. */
  reserveConversations(count: number): Promise<ConversationId[]>;
  readReply(id: MessageId): Promise<StoredReply>;
  findEarlierCopy(contentHash: string, id: MessageId): Promise<EarlierCopy | null>;
  /** Which of these contents any message has that was read. */
  findKnownContent(contentHashes: readonly string[]): Promise<ReadonlySet<string>>;
  findThreads(inboxId: InboxId, keys: readonly string[]): Promise<ThreadHit[]>;
  findTokens(hashes: readonly string[]): Promise<TokenRow[]>;
  /** Notices by their key, see reply-token.ts. */
  findNotices(keys: readonly string[]): Promise<{ key: string; notice: StoredNotice }[]>;
  findCustomer(id: ConversationId): Promise<Address | null>;
  /** Everything that has happened to it, in order. */
  findEvents(id: ConversationId): Promise<ConversationEvent[]>;
  /** A message that is settled, locked; null when there is none, or it is not settled. */
  lockSettled(id: MessageId): Promise<SettledMessage | null>;
  /** Whoever outside the team helps with it or is in copy. */
  findContacts(id: ConversationId): Promise<ReadonlyMap<ContactId, Address>>;
  /** Absences told by mail that are not over and were not taken back, in the order of their numbers. */
  findAbsences(): Promise<ToldAbsence[]>;
  /** The same for whoever will change them: nobody else does so until this transaction ends. */
  lockAbsences(): Promise<ToldAbsence[]>;
  reserveAbsence(): Promise<AbsenceId>;
  /** True when a command with this Message-ID was carried out before. */
  hasActed(messageIdHash: string): Promise<boolean>;
  /** Whether mail to this address comes back, as far as any conversation knows, and nobody has said since that it may go there. '' is nobody's. */
  isUnreached(address: string): Promise<boolean>;
  /** Those of the addresses for which that holds. */
  findUnreached(addresses: readonly string[]): Promise<ReadonlySet<string>>;
  /** Notices of a kind to this member since then: of this conversation, of none (null), or of any: what a robot would run up. */
  countNotices(
    kind: NoticeKind,
    member: MemberId,
    since: Instant,
    about: ConversationId | null | 'any',
  ): Promise<number>;
  load(members: readonly MemberId[]): Promise<Load>;
  /** As the store's. */
  readDesk(member: MemberId): Promise<DeskItem[]>;
  /** Writes everything or throws. Asserts that each conversation is at the version that was read. */
  write(change: Change): Promise<{ notices: NoticeId[] }>;
}

export type Roster = {
  readonly inboxes: readonly { id: InboxId; address: string }[];
  readonly members: readonly { id: MemberId; name: string }[];
};

export type WatchedFolder = {
  readonly inboxId: InboxId;
  readonly folder: string;
  readonly role: 'inbox' | 'sent';
  readonly startFrom: Instant | null;
};

export type Mailbox = WatchedFolder & {
  readonly id: number;
  readonly startFrom: Instant;
  readonly uidValidity: string | null;
  readonly lastUid: number;
  /** Grows each time another holder takes over. */
  readonly fence: number;
};

export type MailboxLease =
  | { readonly type: 'held'; readonly mailbox: Mailbox }
  /** Somebody else has it, for so long if they say nothing more. */
  | { readonly type: 'taken'; readonly freeIn: Duration };

export type MailBatch = {
  readonly mailboxId: number;
  /** Of the lease under which it was read. */
  readonly fence: number;
  readonly uidValidity: string;
  /** What the cursor was when the batch was read: a batch read under an older cursor is refused. */
  readonly before: { readonly uidValidity: string | null; readonly lastUid: number };
  /** Every UID up to this one is in this batch, in an earlier one, or gone from the server. */
  readonly lastUid: number;
  readonly messages: readonly NewMessage[];
};

export type NewMessage = {
  readonly uid: number;
  readonly receivedAt: Instant;
  readonly size: number;
  readonly raw: Uint8Array;
  /** SHA-256 of `raw` in hex; null when `raw` is not the whole mail: its header, or nothing. */
  readonly rawHash: string | null;
  /** Why its server did not give more of it; absent of any other mail. */
  readonly notGiven?: string | null;
};

export type StoredMessage = {
  readonly id: MessageId;
  readonly inboxId: InboxId;
  readonly role: 'inbox' | 'sent';
  readonly storedAt: Instant;
  readonly size: number;
  readonly history: boolean;
  /** False when only the header was taken in because the mail is too large, or what its server gave of it. */
  readonly whole: boolean;
  /** Why its server did not give more of it. */
  readonly notGiven: string | null;
  /** This try included. */
  readonly tries: number;
  readonly raw: Uint8Array;
};

export type PendingReply = {
  readonly id: MessageId;
  readonly inboxId: InboxId;
  readonly storedAt: Instant;
  readonly member: MemberId;
  /** null: an answer to a mail about no request. */
  readonly conversationId: ConversationId | null;
  /** This try included. */
  readonly tries: number;
};

/** `mail` is null when nothing of it could be read, or it was erased. */
export type SettledMessage = {
  readonly id: MessageId;
  readonly inboxId: InboxId;
  readonly storedAt: Instant;
  readonly disposition: Disposition;
  readonly reason: { readonly code: string; readonly sentence: string };
  readonly settledAt: Instant;
  readonly conversationId: ConversationId | null;
  readonly kind: ScreeningKind | null;
  readonly mail: StoredMail | null;
};

export type EarlierCopy = {
  readonly id: MessageId;
  readonly role: 'inbox' | 'sent';
  readonly conversationId: ConversationId | null;
};

export type StoredReply = {
  readonly id: MessageId;
  readonly inboxId: InboxId;
  /** null: an answer to a mail about no request. */
  readonly conversationId: ConversationId | null;
  readonly member: MemberId;
  readonly messageIdHash: string | null;
  readonly token: TokenRow;
  readonly mail: StoredMail;
};

/** The parsed mail as kept: headers are in the raw bytes, and not kept twice. */
export type StoredMail = Omit<Mail, 'headers'>;

/** A message whose Message-ID is among the keys asked for, or which refers to one of them. */
export type ThreadHit = {
  readonly key: string;
  readonly messageId: MessageId;
  /** True: the key is its own Message-ID. False: it refers to it. */
  readonly own: boolean;
  readonly conversationId: ConversationId | null;
};

export type TokenRow = TokenRights & { readonly hash: string; readonly expiresAt: Instant };

/** Somebody outside the team. */
export type NewContact = {
  readonly id: ContactId;
  readonly conversationId: ConversationId;
  readonly name: string;
  /** Strictly checked. */
  readonly address: string;
};

export type Change = {
  readonly conversations?: readonly ConversationChange[];
  readonly messages?: readonly MessageChange[];
  readonly moves?: readonly MessageMove[];
  readonly parked?: readonly ParkedChange[];
  readonly texts?: readonly NewText[];
  readonly contacts?: readonly NewContact[];
  /** New ones, and known ones as they are from now on. */
  readonly absences?: readonly ToldAbsence[];
  readonly notices?: readonly NewNotice[];
  readonly outcomes?: readonly NoticeOutcome[];
  readonly returns?: readonly NoticeReturn[];
  readonly signIns?: readonly NewSignIn[];
  readonly orders?: readonly NewOrder[];
};

export type ConversationChange = {
  readonly before: Conversation | null;
  readonly after: Conversation;
  readonly events: readonly ConversationEvent[];
  /** With an arrival: whose it is. */
  readonly words?: RequestWords;
  /** Whose it turned out to be, under the subject that it has. */
  readonly customer?: Address;
};

/** `because`: words of its mail that spoke for what a model made of it; absent: none. */
export type RequestWords = {
  readonly subject: string;
  readonly customer: Address;
  readonly because?: readonly string[];
};

/** What became of a message. `settled` needs a disposition, `replying` waits for the reply worker. */
export type MessageChange = {
  readonly id: MessageId;
  readonly stage: 'replying' | 'settled';
  readonly disposition: Disposition | null;
  readonly reason: { readonly code: string; readonly sentence: string };
  readonly conversationId?: ConversationId | null;
  readonly member?: MemberId | null;
  readonly tokenHash?: string;
  readonly copyOf?: MessageId;
  /** Given by the classifier once; absent from later changes. */
  readonly reading?: MessageReading;
};

export type MessageReading = {
  readonly mail: StoredMail;
  readonly kind: ScreeningKind;
  readonly contentHash: string;
  readonly messageIdHash: string | null;
  readonly threadKeys: readonly { readonly key: string; readonly own: boolean }[];
};

export type NewText = {
  readonly id: TextId;
  readonly conversationId: ConversationId | null;
  /** The mail that it came in; null: it was written on the board. */
  readonly messageId: MessageId | null;
  readonly author: MemberId;
  readonly body: string;
};

export type NewNotice = {
  readonly draft: NoticeDraft;
  /** 26 characters, see reply-token.ts. */
  readonly key: string;
  /** For members: what lets them answer. */
  readonly token: TokenRow | null;
  /** What lets them answer single lines of it, each at an address of its own; absent: none has one. */
  readonly lineTokens?: readonly TokenRow[];
  /** It is an escalation that may wait for others; a bundle counts as one that went out. */
  readonly mayWait?: true;
  /** Its reader is to be paged as well. */
  readonly page?: PageWhy;
};

export type StoredRequest = RequestView & {
  /** Message-IDs of the conversation's latest messages, oldest first, for References. */
  readonly customerMessageIds: readonly string[];
  /** Everything that members wrote into it. */
  readonly texts: ReadonlyMap<TextId, TextView>;
};
