/** Who comes to the board: links that sign in, sessions, and orders that were given there. */
import type { Verb } from '../../domain/command/command.ts';
import type { ConversationId, MemberId, MessageId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { NoticeDraft } from '../../domain/notices/notice.ts';

/** Part of the Store. */
export interface DoorStore {
  /** The network address that a link was asked for from; null: it is no longer kept. */
  readVisitor(link: string): Promise<string | null>;
}

/** Part of a Transaction. */
export interface DoorTransaction {
  /** Links that were mailed since then: to this member on behalf of this visitor, of anybody, and to anybody. */
  countSignIns(member: MemberId, visitor: string, since: Instant): Promise<SignInCount>;
  /** Whether a form with this hash was carried out before, or refused. */
  hasOrdered(form: string): Promise<boolean>;
}

/** By itself: nothing else is written with a session. Each says what holds at the moment of the statement. */
export interface Sessions {
  /** What the link opens in that browser, without using it up; null: nothing. */
  peek(link: LinkOpened): Promise<MemberId | null>;
  /** Uses the link up and begins the session `hash` in one statement: of two at once, one comes in. */
  begin(link: LinkOpened, hash: string): Promise<MemberId | null>;
  /** Whose session it is, and notes that it is used; null: it is none, or it is over. */
  find(hash: string): Promise<{ member: MemberId; begunAt: Instant } | null>;
  end(hash: string): Promise<void>;
  /** All of a member's, and the links that were mailed to them. */
  endAll(member: MemberId): Promise<void>;
  /** Has the next page of the session tell what came of that order. */
  tell(hash: string, order: string): Promise<void>;
  /** What is to be told, once. */
  takeTold(hash: string): Promise<Told | null>;
  /** Forgets what nobody needs any more: links and sessions that are over. */
  forget(): Promise<void>;
}

export type Told = Pick<NewOrder, 'carriedOut' | 'receipt'> & { readonly at: Instant };

export type LinkOpened = { readonly tokenHash: string; readonly browser: string };

export type SignInCount = { readonly here: number; readonly ofMember: number; readonly ofAll: number };

export type NewSignIn = {
  readonly id: string;
  readonly member: MemberId;
  readonly tokenHash: string;
  /** A keyed name of the network that it was asked for from. */
  readonly visitor: string;
  /** The network address itself, for the mail. */
  readonly from: string;
  readonly browser: string;
  readonly askedAt: Instant;
  readonly expiresAt: Instant;
};

/** An order that a member gave on the board, as one by mail is a message. */
export type NewOrder = {
  readonly id: string;
  readonly member: MemberId;
  readonly conversationId: ConversationId | null;
  readonly parked: MessageId | null;
  readonly verb: Verb;
  /** Whether it was, or was refused. */
  readonly carriedOut: boolean;
  readonly form: string;
  /** As it was or would have been mailed. */
  readonly receipt: NoticeDraft;
};
