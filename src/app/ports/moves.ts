/** A settled message that becomes something else, as the store is told of it: part of a Change. */
import type { Disposition } from '../../domain/disposition.ts';
import type { ConversationId, MessageId } from '../../domain/ids.ts';

/**
 * A settled message is something else from now on, because a member said so: the one way in which that changes. Back to
 * `stored` it is read again, as if it had just come in.
 */
export type MessageMove = {
  readonly id: MessageId;
  /** What it was; refused when it is not that any more. */
  readonly was: Disposition;
  readonly to:
    | { readonly stage: 'stored' }
    | {
        readonly stage: 'settled';
        readonly disposition: Disposition;
        readonly conversationId: ConversationId | null;
        /** Its place in the folder is free for the same mail to be taken in anew. */
        readonly leavesPlace?: true;
      };
  readonly reason: { readonly code: string; readonly sentence: string };
};
