/** What a look back tells the final manager, and what came of the answer: ids, numbers and instants, nobody's words. */
import type { ConversationId, LookBackId, MemberId, MessageId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { LookBackFigures } from '../look-back/words.ts';

export type LookBackTold = {
  readonly lookBack: LookBackId;
  readonly days: number;
  readonly figures: LookBackFigures;
  /** Those who wait, the longest first, as many as a mail can tell: their mail, and since when. */
  readonly waiting: readonly { readonly messageId: MessageId; readonly since: Instant }[];
  /** Until when they had waited. */
  readonly until: Instant;
};

/** What became of those who still waited in a look back. */
export type TakenOver = {
  /** `to`: who is asked to take it; null: nobody could be asked. */
  readonly opened: readonly { readonly conversationId: ConversationId; readonly to: MemberId | null }[];
  /** Had an answer since then. */
  readonly answered: number;
  /** Were requests before, or needed nothing any more. */
  readonly already: number;
  /** Are not read yet: a moment later they can be taken over as well. */
  readonly unread: number;
};
