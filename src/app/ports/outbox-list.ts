/** Mail that is to go out, or did not: for the board and for `baton outbox`. Reads only. */
import type { Brake } from '../../domain/brakes.ts';
import type { ConversationId, InboxId, MemberId, NoticeId } from '../../domain/ids.ts';
import type { Instant } from '../../domain/instant.ts';
import type { NoticeKind } from '../../domain/notices/notice.ts';

export interface OutboxList {
  /** Of each what comes first to mind: `pending` what is tried next, of the others the latest. */
  list(question: OutboxQuestion): Promise<readonly OutboxLine[]>;
  /** Of these inboxes; without, of all. */
  counts(inboxes?: readonly InboxId[]): Promise<OutboxCounts>;
}

/**
 * `pending`: waits for its turn or is being sent. `failed`: given up. `returned`: a server took it, and it came back.
 * Of automatic mail that was held back: `capped` by the caps; `unconfirmed`, because its customer never got a
 * confirmation; `repeated`, because the same was said within a week before.
 */
export const OutboxParts = ['pending', 'failed', 'returned', 'capped', 'unconfirmed', 'repeated'] as const;
export type OutboxPart = (typeof OutboxParts)[number];

export type OutboxQuestion = {
  readonly part: OutboxPart;
  /** Only of these inboxes; absent: of all. */
  readonly inboxes?: readonly InboxId[];
  readonly limit: number;
};

/** All there are; of what was held back, that of the last seven days. */
export type OutboxCounts = Readonly<Record<OutboxPart, number>> & {
  /** Of what is pending, how many have been tried in vain. */
  readonly retrying: number;
  /** When the next of what is pending is tried; null: nothing is. */
  readonly nextTryAt: Instant | null;
};

export type OutboxLine = {
  readonly id: NoticeId;
  readonly part: OutboxPart;
  readonly kind: NoticeKind;
  readonly inboxId: InboxId;
  /** The request that it tells of; null: none. */
  readonly conversationId: ConversationId | null;
  /** The teammate it is for; null: somebody outside. */
  readonly member: MemberId | null;
  /** Where it goes: as it was sent, or the customer as they are known; empty where that is not known yet, or erased. */
  readonly recipient: string;
  readonly createdAt: Instant;
  readonly tries: number;
  /** When it is tried next; null: it is not, or is being tried now. */
  readonly nextTryAt: Instant | null;
  /** When it was given up, came back or was held back; null: it waits. */
  readonly endedAt: Instant | null;
  /** What the last try met, or why it ended, as a code such as `smtp-550`; null: nothing went wrong so far. */
  readonly code: string | null;
  /** Set where it was held back. */
  readonly brake: Brake | null;
  /** What the other side said when it came back, as judged: an enhanced status code and a reason. */
  readonly returned: {
    readonly permanent: boolean;
    readonly status: string | null;
    readonly reason: string | null;
  } | null;
};
