/** What a digest is made of, read at one instant. Ids, states, numbers and instants; nobody's words. */
import type { Conversation } from '../conversation/state.ts';
import type { ConversationId, InboxId, MemberId, MessageId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { OutageKind } from '../outage.ts';

/** What is asked: for these inboxes, as it is `at`, and what has changed since then. */
export type DigestQuestion = {
  readonly inboxes: readonly InboxId[];
  readonly at: Instant;
  readonly since: Instant;
  /** What nobody has taken since before this: by inbox. */
  readonly untakenBefore: ReadonlyMap<InboxId, Instant>;
};

/** At most so many requests are looked at for one reason; beyond that a digest says "more than". */
export const LOOKED_AT_MAX = 500;
const OF_ALL_INBOXES_MAX = 1_000;
const OF_ONE_INBOX_MIN = 50;
/** How many of one inbox and reason are looked at: whoever has twenty inboxes reads no more than who has one. */
export const lookedAtOf = (inboxes: number): number =>
  Math.min(LOOKED_AT_MAX, Math.max(OF_ONE_INBOX_MIN, Math.floor(OF_ALL_INBOXES_MAX / inboxes)));
/** Laid aside so often within so many days, and asleep again. */
export const LAID_ASIDE_OFTEN = 3;
export const LAID_ASIDE_DAYS = 14;
/** For how many days a mail that did not reach a teammate is told of, unless they write. */
export const UNREACHED_DAYS = 7;

export type DigestFacts = {
  /** Open requests with which something may be wrong, each once, in no order. */
  readonly requests: readonly LookedAt[];
  /** True when there are more than were looked at. */
  readonly isCut: boolean;
  readonly parked: readonly {
    readonly id: MessageId;
    readonly inboxId: InboxId;
    readonly since: Instant;
    readonly accountable: MemberId;
  }[];
  /** Whom of the team our mail does not reach: how many mails, since when, and the code of the latest. */
  readonly unreached: readonly UnreachedMember[];
  /** Everybody who has something there. */
  readonly load: readonly Load[];
  /** Open requests that nobody owns. */
  readonly unowned: number;
  readonly changes: { readonly arrived: number; readonly finished: number; readonly reopened: number };
  readonly mail: MailFlow;
};

export type LookedAt = {
  readonly state: Conversation;
  /** How often it was laid aside lately. */
  readonly laidAside: number;
};

export type UnreachedMember = {
  readonly member: MemberId;
  readonly count: number;
  readonly since: Instant;
  readonly code: string;
};

export type Load = { readonly member: MemberId; readonly open: number; readonly asked: number };

export type MailFlow = {
  /** Mails that came in, and those of them of which nobody has said yet what they are. */
  readonly received: number;
  readonly unsettled: number;
  /** Mails to people outside that could not be sent. */
  readonly unsent: number;
  /** Mails in a teammate's name that did not count. */
  readonly doubtful: number;
  /** The requests that these came into; none where one belongs to no request. */
  readonly doubtfulIn?: readonly ConversationId[];
  /** In the spam folders; null: nobody has looked, or there is none. */
  readonly junk: number | null;
  /** Sign-ins that end of themselves within days, where their provider says so. */
  readonly signInsEnding?: readonly { readonly inboxId: InboxId; readonly at: Instant }[];
  /** What kept mail from flowing; `until` null: it still does. */
  readonly outages: readonly {
    readonly kind: OutageKind;
    readonly inboxId: InboxId;
    readonly since: Instant;
    readonly until: Instant | null;
  }[];
};
