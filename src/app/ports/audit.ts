/** What `verify` reads of the database, by queries of its own: a check that shares the writers' code proves little. */
import type { Brake } from '../../domain/brakes.ts';
import type { ConversationEvent } from '../../domain/conversation/events.ts';
import type { Conversation } from '../../domain/conversation/state.ts';
import type { Disposition } from '../../domain/disposition.ts';
import type { ConversationId, InboxId, MessageId, NoticeId } from '../../domain/ids.ts';
import type { ParkedEvent } from '../../domain/parked/parked.ts';

export interface Audit {
  /** Every check that one query can make, see audit-checks.ts. */
  check(): Promise<Violation[]>;
  counts(): Promise<AuditCounts>;
  /** All conversations in id order, in portions. */
  conversations(): AsyncIterable<readonly AuditedConversation[]>;
  /** All mails that were ever set aside. */
  parked(): Promise<AuditedParked[]>;
  mailboxes(): Promise<AuditedMailbox[]>;
  knownUids(mailboxId: number, uidValidity: string): Promise<Set<number>>;
  /** Every notice that some attempt was made to send. */
  attemptedNotices(): Promise<AuditedNotice[]>;
}

export type Violation = {
  /** `I1` to `I10` of the promises that are checked, see ARCHITECTURE.md. */
  readonly invariant: string;
  readonly what: string;
  /** Conversations, messages or notices, as `what` says. */
  readonly ids: readonly (number | string)[];
};

export type AuditCounts = {
  readonly messages: number;
  readonly dispositions: Readonly<Partial<Record<Disposition | 'unsettled', number>>>;
  readonly conversations: number;
  readonly accountableGaps: number;
  readonly acknowledgements: number;
  readonly outbox: Readonly<
    Record<'pending' | 'sending' | 'sent' | 'returned' | 'failed' | 'dropped' | 'bundled', number>
  >;
  /** Automatic mails that were held back, by what held them. */
  readonly capped: Readonly<Partial<Record<Brake, number>>>;
};

export type AuditedConversation = {
  readonly id: ConversationId;
  readonly snapshot: Conversation;
  readonly events: readonly ConversationEvent[];
  /** The plain columns, as they stand. */
  readonly columns: {
    readonly phase: string;
    readonly ownerId: string | null;
    readonly offeredTo: string | null;
    readonly version: number;
    readonly epoch: number;
    readonly dueAt: number | null;
    readonly openOffer: number | null;
    readonly accountable: string | null;
    readonly unreachedSince: number | null;
    readonly vouchedAt: number | null;
  };
};

export type AuditedParked = {
  readonly id: MessageId;
  readonly events: readonly ParkedEvent[];
  /** The plain columns, as they stand. */
  readonly columns: {
    readonly version: number;
    readonly accountable: string | null;
    readonly dueAt: number | null;
  };
};

export type AuditedMailbox = {
  readonly id: number;
  readonly inboxId: InboxId;
  readonly folder: string;
  readonly uidValidity: string | null;
  readonly lastUid: number;
};

export type AuditedNotice = {
  readonly id: NoticeId;
  /** Left half of its Message-ID. */
  readonly key: string;
  readonly kind: string;
  readonly conversationId: ConversationId | null;
  readonly state: string;
  /** null when that is no longer kept. */
  readonly recipient: string | null;
  /** Attempts of which nobody knew what had become when the next one began, or knows it today. */
  readonly uncertain: number;
};
