/** All that a notice may show, gathered by the store before rendering. Rendering reads nothing else. */
import type { ConversationEvent } from '../conversation/events.ts';
import type { Conversation } from '../conversation/state.ts';
import type { ContactId, ConversationId, MemberId, MessageId, TextId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { FollowsWhy } from '../matter.ts';
import type { Address, Attachment } from '../message.ts';
import type { Inbox, Policy } from '../policy.ts';
import type { StoredNotice } from './notice.ts';

export type NoticeView = {
  readonly notice: StoredNotice;
  readonly policy: Policy;
  readonly inbox: Inbox;
  /** When it is rendered: the moment of the first attempt to send it. */
  readonly now: Instant;
  /** The IANA zone in which its reader tells time. */
  readonly timeZone: string;
  /** null for notices outside of any conversation. */
  readonly request: RequestView | null;
  /** What several requests are told of in one receipt, by their numbers; absent for every other notice. */
  readonly requests?: ReadonlyMap<ConversationId, RequestView>;
  /** The message that a notice tells of beside the request's own, see told-of.ts; null when there is none, or it was erased. */
  readonly message: MessageView | null;
  /** Where a mail that could not be read lies, for a notice about one; null otherwise. */
  readonly place: PlaceView | null;
  /** What members wrote, by id; an erased one is absent. */
  readonly texts: ReadonlyMap<TextId, TextView>;
  /** What its reader has on their desk, for a receipt of `mine` and the morning list; null otherwise. */
  readonly mine: readonly DeskItem[] | null;
  /** The mails that could not be read and wait for them, with it; absent otherwise. */
  readonly mineParked?: readonly PlaceView[];
  /** What a bundle holds, each with the address that answers it; absent for every other kind. */
  readonly bundled?: readonly { readonly view: NoticeView; readonly answerTo: string }[];
  /** The address that signs its reader in, and the network address that asked for it; absent for every other kind. */
  readonly signIn?: { readonly url: string; readonly from: string };
  /** What the lines of a digest are called; absent for every other kind. */
  readonly lines?: LinesView;
  /** The mails that a look back lists; an erased one is absent, and so is all of it for every other kind. */
  readonly lookedBack?: ReadonlyMap<MessageId, MessageView>;
};

export type LinesView = {
  /** An erased one is absent. */
  readonly requests: ReadonlyMap<
    ConversationId,
    {
      readonly subject: string;
      readonly customer: Address;
      /** When its customer wrote last; null: that mail is no longer kept. */
      readonly wroteAt: Instant | null;
    }
  >;
  /** Mails that could not be read, each with the address that answers it. */
  readonly mails: ReadonlyMap<MessageId, { readonly message: MessageView | null; readonly answerTo: string }>;
};

/** How a mail is found in the shared mailbox with any mail program. */
export type PlaceView = {
  readonly folder: string;
  /** When it came, as the mail server notes. */
  readonly receivedAt: Instant;
  readonly size: number;
};

/** One open request on a member's desk. */
export type DeskItem = {
  readonly id: ConversationId;
  readonly subject: string;
  readonly customer: Address;
  readonly state: Conversation;
};

export type RequestView = {
  /** As it is now, which may be later than the event that the notice tells of. */
  readonly state: Conversation;
  /** Subject of the first message as the customer wrote it; '' when there was none or it was erased. */
  readonly subject: string;
  readonly customer: Address;
  /** In order of arrival, the customer's and our answers; at most the latest 20. */
  readonly messages: readonly MessageView[];
  readonly events: readonly ConversationEvent[];
  /** Requests by the same customer before this one. */
  readonly earlier: { readonly total: number; readonly done: number };
  /** The earlier request that it names; null: none, or it is gone. */
  readonly follows: FollowedView | null;
  /** The words of its first mail that spoke for what a model made of it; absent: none did, or they were erased. */
  readonly because?: readonly string[];
  /** Owned and offered requests per member, for "here now". */
  readonly load: ReadonlyMap<MemberId, number>;
  /** Helpers from outside and people in copy; an erased one is absent. */
  readonly contacts: ReadonlyMap<ContactId, Address>;
};

export type FollowedView = {
  readonly id: ConversationId;
  readonly why: FollowsWhy;
  /** When it was finished last, and by whom; null: it is open. */
  readonly done: { readonly at: Instant; readonly by: MemberId } | null;
  /** Who answers for it while it is open. */
  readonly owner: MemberId | null;
};

export type MessageView = {
  readonly id: MessageId;
  readonly storedAt: Instant;
  readonly from: Address;
  readonly subject: string;
  /** The newly written text. */
  readonly text: string;
  readonly attachments: readonly Attachment[];
  /** Attached as written by somebody who is neither the customer nor a member. */
  readonly stranger: boolean;
  /** Everybody whom it was addressed to; customer.ts says which of them nobody here knows. */
  readonly copied: readonly Address[];
  /** Who wrote it first, when somebody passed it on. */
  readonly forwardedFrom?: Address | null;
  /** The member who passed it on, and what they wrote above it; who took it down, with ''. */
  readonly passedOn: { readonly by: MemberId; readonly above: string } | null;
};

export type TextView = { readonly author: MemberId; readonly body: string };

/** A finished mail without its addresses. */
export type RenderedNotice = {
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
};
