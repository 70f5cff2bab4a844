/**
 * A request as a mail lists it beside others. Its reader may answer with its number in front (`1042 done`), so the mail
 * keeps what its reader had been shown of each, as the mail of one request does (`aboutRequest`): orders about it are
 * held against that.
 */
import type { Conversation } from '../conversation/state.ts';
import type { ConversationId, MessageId } from '../ids.ts';
import type { NoticeBody } from './notice.ts';

export type Listed = {
  readonly conversationId: ConversationId;
  /** The customer's latest message by then. */
  readonly shown: MessageId;
  /** The event with which our side had last answered the customer by then; 0: nobody had. */
  readonly answered: number;
  readonly epoch: number;
};

/** How it stands when the mail that lists it is written. */
export const listed = (state: Conversation): Listed => ({
  conversationId: state.id,
  shown: state.lastCustomerMessage,
  answered: state.lastAnswer?.seq ?? 0,
  epoch: state.epoch,
});

/** The requests that a mail lists, so that a number in front of an order counts in answer to it; null: it lists none. */
export function listedIn(body: NoticeBody): readonly Listed[] | null {
  const list = 'listed' in body ? body.listed : undefined;
  return list === undefined || list.length === 0 ? null : list;
}
