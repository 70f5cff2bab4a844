/**
 * What erasing a person reads and writes. Reading is done in portions and outside of locks; what was found is written
 * in one transaction, which looks again at what it was found by and is refused whole when that has changed.
 */
import type { Disposition } from '../../domain/disposition.ts';
import type {
  ContactId,
  ConversationId,
  InboxId,
  MemberId,
  MessageId,
  NoticeId,
  TextId,
} from '../../domain/ids.ts';
import type { Content } from '../../domain/learning/example.ts';
import type { StoredMail } from './store.ts';

export interface Erasure {
  /** Requests whose customer has one of these addresses. */
  requestsOf(addresses: readonly string[]): Promise<ErasableRequest[]>;
  /** Whoever outside helps or is in copy under one of these addresses, in requests of others too. */
  contactsOf(addresses: readonly string[]): Promise<ErasableContact[]>;
  /** Requests that became a part of one of these, that one of these became a part of, or that were split off or from it. */
  relatives(ids: readonly ConversationId[]): Promise<ConversationId[]>;
  /** Every message that still has words, in id order, in portions; without their bytes when nobody looks at them. */
  messages(bytes: 'with-raw' | 'without-raw'): AsyncIterable<readonly ErasableMessage[]>;
  texts(): AsyncIterable<readonly ErasableText[]>;
  /** Every example that came from an archive: what was decided has its words where its mail has them. */
  examples(): AsyncIterable<readonly ErasableExample[]>;
  /** Every notice of which there are bytes. */
  notices(): AsyncIterable<readonly ErasableNotice[]>;
  /** Notices about these requests, and bundles of such, that are still to be sent. */
  waitingNotices(ids: readonly ConversationId[]): Promise<NoticeId[]>;
  /** false: somebody has changed one of the requests since, and nothing was erased. */
  erase(plan: ErasurePlan): Promise<boolean>;
  /** Every other table, whichever there are, that has one of these in a row: a proof that does not rest on what erases. */
  remains(addresses: readonly string[]): Promise<string[]>;
  /** Where these mails lie on their servers, as far as we know. */
  places(ids: readonly MessageId[]): Promise<MailPlace[]>;
}

export type ErasableRequest = {
  readonly id: ConversationId;
  readonly open: boolean;
  /** What it was when it was found. */
  readonly version: number;
  readonly subject: string;
  readonly name: string;
};

export type ErasableContact = {
  readonly id: ContactId;
  readonly conversationId: ConversationId;
  readonly open: boolean;
  readonly name: string;
};

export type ErasableMessage = {
  readonly id: MessageId;
  readonly conversationId: ConversationId | null;
  readonly disposition: Disposition | null;
  readonly reasonCode: string | null;
  readonly member: MemberId | null;
  readonly mail: StoredMail | null;
  readonly raw: Uint8Array | null;
};

export type ErasableText = {
  readonly id: TextId;
  readonly conversationId: ConversationId | null;
  readonly body: string;
};

export type ErasableExample = {
  readonly id: number;
  readonly sender: string;
  readonly content: Content;
};

export type ErasableNotice = {
  readonly id: NoticeId;
  /** The requests that it is about: a bundle may be about many. */
  readonly about: readonly ConversationId[];
  readonly recipient: string;
  readonly raw: Uint8Array;
};

export type ErasurePlan = {
  /** Theirs, by the version that was read. */
  readonly requests: readonly Pick<ErasableRequest, 'id' | 'version'>[];
  readonly contacts: readonly ContactId[];
  /** Nothing of them stays but their rows. */
  readonly messages: readonly MessageId[];
  /** What they say from now on; their bytes go. */
  readonly redacted: readonly { readonly id: MessageId; readonly mail: StoredMail | null }[];
  /** What is left of a text; null: nothing. */
  readonly texts: readonly { readonly id: TextId; readonly body: string | null }[];
  /** Mails of ours whose bytes go. */
  readonly notices: readonly NoticeId[];
  /** Of archives; nothing of them stays. */
  readonly examples: readonly number[];
};

export type MailPlace = {
  readonly inboxId: InboxId;
  readonly folder: string;
  readonly uids: readonly number[];
};
