/**
 * Requests as people look for them, a screen at a time: for the board and for `baton requests`. Reads only, and by
 * index: a team may have a hundred thousand open ones. `sight` null: an operator looks, who sees everything.
 */
import type { Phase } from '../../domain/conversation/state.ts';
import type { Why } from '../../domain/digest/attention.ts';
import type { CategoryId, ConversationId, InboxId, MemberId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { Address } from '../../domain/message.ts';
import type { Priority } from '../../domain/policy.ts';
import type { Sight } from '../../domain/sight.ts';

export interface Requests {
  list(question: RequestQuestion): Promise<RequestList>;
  /** How many are open, by who answers for them and by inbox; and how many are stuck. */
  counts(sight: Sight | null): Promise<RequestCounts>;
  /** Whether the member ever answered for it, was asked to take it or for help, or wrote into it. */
  tookPart(id: ConversationId, member: MemberId): Promise<boolean>;
}

export type RequestQuestion = {
  readonly sight: Sight | null;
  /** `open`: not done. `unowned`: open, and nobody has said that it is theirs. `stuck`: open, and something is wrong. */
  readonly show: 'open' | 'unowned' | 'stuck' | 'done' | 'all';
  readonly inbox?: InboxId;
  /** One of these answers for it, or owned it when it ended: one person, or a team. */
  readonly of?: readonly MemberId[];
  /** They are asked to take it and have not answered. */
  readonly asked?: MemberId;
  readonly category?: CategoryId;
  /** Words of the subject, of the customer's name or address; `#1042` or `1042`: that request. */
  readonly words?: string;
  /** `stuck`: the worst first, of equals what lasts longest; otherwise by when the last thing happened to it. */
  readonly order: 'stuck' | 'longest-silent' | 'newest';
  /** What the last list ended with; absent: from the beginning. Opaque. */
  readonly after?: string;
  readonly limit: number;
};

export type RequestList = {
  readonly requests: readonly RequestLine[];
  /** Where the next list begins; null: this was all. */
  readonly next: string | null;
};

export type RequestLine = {
  readonly id: ConversationId;
  readonly inboxId: InboxId;
  readonly subject: string;
  readonly customer: Address;
  readonly phase: Phase;
  /** Who answers for it, and since when; null: it is done. */
  readonly accountable: MemberId | null;
  readonly since: Instant;
  readonly owner: MemberId | null;
  /** Who is asked to take it and has not answered. */
  readonly asked: MemberId | null;
  readonly priority: Priority;
  readonly category: CategoryId | null;
  readonly openedAt: Instant;
  readonly lastEventAt: Instant;
  /** When its next clock fires. */
  readonly dueAt: Instant | null;
  /** The worst that is wrong with it, and since when. */
  readonly stuck: { readonly why: Why; readonly since: Instant } | null;
};

export type RequestCounts = {
  readonly open: number;
  readonly unowned: number;
  readonly stuck: number;
  readonly byMember: readonly {
    readonly member: MemberId;
    readonly answersFor: number;
    readonly owns: number;
    readonly asked: number;
    readonly stuck: number;
  }[];
  readonly byInbox: readonly {
    readonly inbox: InboxId;
    readonly open: number;
    readonly unowned: number;
    readonly stuck: number;
  }[];
};
