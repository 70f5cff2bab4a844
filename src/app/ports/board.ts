/** What a reader of the board sees: requests with their whole history, and every mail in and out. Reads only. */
import type { Brake } from '../../domain/brakes.ts';
import type { ConversationEvent } from '../../domain/conversation/events.ts';
import type { Conversation } from '../../domain/conversation/state.ts';
import type { Disposition } from '../../domain/disposition.ts';
import type { ConversationId, InboxId, MemberId, MessageId, NoticeId, TextId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Address } from '../../domain/message.ts';
import type { TextView } from '../../domain/notices/view.ts';

export interface Board {
  /** In order of arrival; with an id that one, or none. */
  requests(id?: ConversationId): Promise<BoardRequest[]>;
  /** Mail that came in, oldest first; with an id only that request's, the latest so many. Unsettled mail is left out. */
  mailsIn(id?: ConversationId, latest?: number): Promise<MailIn[]>;
  /** Notices that went out, oldest first; with an id only that request's. */
  mailsOut(id?: ConversationId): Promise<MailOut[]>;
  /** Automatic mails that the caps held back, oldest first; with an id only that request's. */
  mailsHeldBack(id?: ConversationId): Promise<MailHeldBack[]>;
}

export type BoardRequest = {
  readonly id: ConversationId;
  readonly inboxId: InboxId;
  readonly subject: string;
  readonly customer: Address;
  readonly state: Conversation;
  readonly events: readonly ConversationEvent[];
  readonly ledger: readonly LedgerRow[];
  readonly texts: ReadonlyMap<TextId, TextView>;
  /** Words of its mail that spoke for what a model made of it; empty: none, or they are gone. */
  readonly because: readonly string[];
  /** Its subject and its customer are no longer kept, and why; null: they are. */
  readonly gone: Gone | null;
};

/** `erased`: its person asked for it. `forgotten`: the time for which it is kept was over. */
export type Gone = 'erased' | 'forgotten';

/** `member` null: it was done, and nobody needed to answer for it. */
export type LedgerRow = {
  readonly from: Instant;
  readonly until: Instant | null;
  readonly member: MemberId | null;
};

export type MailIn = {
  readonly id: MessageId;
  readonly at: Instant;
  readonly inboxId: InboxId;
  readonly conversationId: ConversationId | null;
  readonly disposition: Disposition;
  readonly reason: { readonly code: string; readonly sentence: string };
  /** What mails it says it is from; empty for a mail that could not be read. */
  readonly from: Address;
  readonly member: MemberId | null;
  readonly subject: string;
  /** The newly written text. */
  readonly text: string;
  /** What its writer repeated of earlier mails, and the signature below; '' when there is nothing more. */
  readonly quoted: string;
  readonly files: readonly MailFile[];
  /** Its words are no longer kept, and why; null: they are. */
  readonly gone: Gone | null;
};

/** `at`: the place among all files of its mail, from 0; those that are shown within the text are left out. */
export type MailFile = { readonly at: number; readonly name: string; readonly size: number };

export type MailHeldBack = {
  readonly id: NoticeId;
  readonly at: Instant;
  readonly conversationId: ConversationId | null;
  readonly kind: string;
  /** The customer, or whoever else outside; empty when erased. */
  readonly recipient: string;
  readonly brake: Brake;
};

export type MailOut = {
  readonly id: NoticeId;
  /** When the server took it. */
  readonly at: Instant;
  readonly conversationId: ConversationId | null;
  readonly kind: string;
  readonly member: MemberId | null;
  readonly recipient: string;
  readonly raw: Uint8Array;
};
