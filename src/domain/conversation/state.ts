/**
 * The state of one conversation ("request"), a value that only evolve.ts makes.
 *
 *   arrived ──offered──▶ offered ──accepted──▶ owned ──done──▶ done
 *                          │  ▲                                  │
 *                          └──┘ declined, lapsed, unreachable:   └─reopened─▶ owned, or arrived
 *                               the next person is asked
 *
 * `accountable` is set at every instant except while the conversation is done.
 */
import type { ConversationId, InboxId, MemberId, MessageId, TextId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { Priority } from '../policy.ts';
import type { Acknowledge, Classified } from './events.ts';

export const Phases = ['arrived', 'offered', 'owned', 'done'] as const;
export type Phase = (typeof Phases)[number];

export type Conversation = {
  readonly id: ConversationId;
  readonly inboxId: InboxId;
  readonly phase: Phase;
  /** Who answers for it now; null only while done. */
  readonly accountable: MemberId | null;
  /** Who accepted. Kept while done: a reopened request goes back to them. */
  readonly owner: MemberId | null;
  /** The one question that is open, whoever asked it. While owned it is a handoff awaiting its receiver. */
  readonly offer: Offer | null;
  /** Whether the router has seen it: only then was its customer told that it came. */
  readonly routed: boolean;
  /** Who is asked in turn while nobody accepts, and how far the ladder has come. */
  readonly chain: readonly MemberId[];
  readonly asked: readonly MemberId[];
  readonly rung: number;
  /** Grows each time ownership moves; what was said to an earlier epoch has no effect. */
  readonly epoch: number;
  /** Sequence number of the last event. */
  readonly version: number;
  readonly openedAt: Instant;
  readonly lastEventAt: Instant;
  readonly priority: Priority;
  /** null only until its arrival is committed. */
  readonly classified: Classified | null;
  /** A member who wrote in as a customer; never offered their own request. */
  readonly author: MemberId | null;
  readonly acknowledge: Acknowledge;
  readonly lastCustomerMessage: MessageId;
  /** When the final manager is reminded next of what nobody took; null before the top of the ladder. */
  readonly remindAt: Instant | null;
};

export const OfferKinds = ['offer', 'handoff', 'escalation'] as const;
export type OfferKind = (typeof OfferKinds)[number];

export type Offer = {
  /** The event that made the offer, which is its identity within the conversation. */
  readonly seq: number;
  readonly to: MemberId;
  readonly kind: OfferKind;
  /** The member who asked; null when a rule or a clock did. */
  readonly by: MemberId | null;
  /** null: the last person asked has no deadline, only reminders. */
  readonly acceptBy: Instant | null;
  readonly askedAt: Instant;
  readonly note: TextId | null;
};

/** The earliest instant at which a clock of this conversation wants to be looked at; null: none runs. */
export function nextDueAt(state: Conversation): Instant | null {
  const instants = [state.offer?.acceptBy ?? null, state.remindAt].filter((at) => at !== null);
  return instants.length === 0 ? null : Math.min(...instants);
}
