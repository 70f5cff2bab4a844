/**
 * Look backs of which a manager was mailed, as the store keeps them: the mails of those who waited are kept as mail from
 * before the start, and become requests when the manager says so.
 */
import type { ConversationId, InboxId, LookBackId, MessageId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Address } from '../../domain/message.ts';
import type { NewMessage } from './store.ts';

export interface LookBacks {
  /**
   * Stores mails that are not here yet as mail from before the start, to be read as any other, and that a look back was
   * made. Answers the message of each mail, in order; one that is here already keeps its own. null: it is not here, and
   * intake takes it up by itself.
   */
  keep(
    lookBack: NewLookBack,
  ): Promise<{ readonly id: LookBackId; readonly messages: readonly (MessageId | null)[] }>;
}

export type NewLookBack = {
  readonly inboxId: InboxId;
  /** Until when it looked. */
  readonly until: Instant;
  /** What intake takes up by itself: the mail of this folder from then on, or (null) from the first start on. */
  readonly taken: { readonly folder: string; readonly from: Instant | null };
  readonly mails: readonly LookBackMail[];
};

export type LookBackMail = Omit<NewMessage, 'notGiven'> & {
  readonly folder: string;
  readonly uidValidity: string;
  /** Which of the requests it belongs to, counted from 1. */
  readonly request: number;
};

export interface LookBackTransaction {
  /** null: there is none. */
  findLookBack(id: LookBackId): Promise<StoredLookBack | null>;
  /** Messages of the same inbox that refer to this one by its Message-ID, the earliest first. */
  findReferring(id: MessageId): Promise<Referring[]>;
}

export type StoredLookBack = {
  readonly id: LookBackId;
  readonly inboxId: InboxId;
  readonly until: Instant;
  /** In order of their requests, and of time within each; of a copy, the mail that it is a copy of. */
  readonly mails: readonly { readonly messageId: MessageId; readonly request: number }[];
};

export type Referring = {
  readonly messageId: MessageId;
  readonly role: 'inbox' | 'sent';
  /** Empty when it was erased. */
  readonly from: readonly Address[];
  /** Whom it was addressed to, To and Cc. */
  readonly to: readonly Address[];
  readonly conversationId: ConversationId | null;
};
