/** What threading asks of the store beside ids, inside one transaction: a customer's own requests, their subjects, copies. */
import type { ConversationId, InboxId, MemberId, MessageId } from '../../domain/ids.ts';

export interface ThreadLookUps {
  /** The first copy of this message that was settled as one, and has words of its own; null: there is none. */
  findCopy(of: MessageId): Promise<MessageId | null>;
  /** Requests of exactly this customer in this inbox, the latest opened first, at most `limit`. */
  findRequestsOf(inboxId: InboxId, address: string, limit: number): Promise<RequestOf[]>;
  /** Who owns, or finished, the latest request of exactly this customer in this inbox that anybody had; null: nobody. */
  findPreviousOwner(inboxId: InboxId, address: string): Promise<MemberId | null>;
  /** The subjects of these requests, then of the latest mails in them, at most `limit`; erased ones are absent or ''. */
  findSubjects(ids: readonly ConversationId[], limit: number): Promise<string[]>;
}

export type RequestOf = { readonly id: ConversationId; readonly subject: string };
