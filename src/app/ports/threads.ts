/** What threading asks of the store beside ids, inside one transaction: a customer's own requests and their subjects. */
import type { ConversationId, InboxId } from '../../domain/ids.ts';

export interface ThreadLookUps {
  /** Requests of exactly this customer in this inbox, the latest opened first, at most `limit`. */
  findRequestsOf(inboxId: InboxId, address: string, limit: number): Promise<RequestOf[]>;
  /** The subjects of these requests, then of the latest mails in them, at most `limit`; erased ones are absent or ''. */
  findSubjects(ids: readonly ConversationId[], limit: number): Promise<string[]>;
}

export type RequestOf = { readonly id: ConversationId; readonly subject: string };
