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

import type { ContactId, ConversationId, InboxId, MemberId, MessageId, TextId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { Wait } from '../ladder.ts';
import type { Lasts } from '../lost-mail.ts';
import type { Priority } from '../policy.ts';
import type { Acknowledge, Classified, ClimbCause, HeldWhy, Helper, Written } from './events.ts';

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
  /** How long each of the chain is waited for; absent: as the clocks say. */
  readonly waits?: readonly (Wait | null)[];
  /** How far the silence of its owner has led; absent: nobody owns it, or nobody has looked at it yet. */
  readonly climb?: Climb;
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
  /** Whether a person wrote it, who waits for an answer. */
  readonly person: boolean;
  /** When the final manager is reminded next of what nobody took; null before the top of the ladder. */
  readonly remindAt: Instant | null;
  /** Until when the customer is owed an answer; null: nothing is owed. */
  readonly answer: AnswerClock | null;
  /** The event with which our side last answered the customer, and who it was; null: nobody did. */
  readonly lastAnswer: { readonly seq: number; readonly by: MemberId | null } | null;
  /** Answers that wait to be released, oldest first. */
  readonly held: readonly HeldReply[];
  /** The latest words that were no command: their author may have them sent. */
  readonly unsent: Words | null;
  /** Since when mail to the customer comes back; null: nothing is known to be wrong with their address. */
  readonly unreached: { readonly lasts: Lasts; readonly since: Instant } | null;
  /** With which event, and when, a person last said where mail may go: what was sent before says nothing of it. */
  readonly vouched: { readonly seq: number; readonly at: Instant } | null;
  /** Whom the customer was told to answer for it. */
  readonly named: MemberId | null;
  readonly snooze: { readonly by: MemberId; readonly until: Instant; readonly note: TextId | null } | null;
  /** What the owner set themselves. `told`: its time has come. */
  readonly due: { readonly by: MemberId; readonly at: Instant; readonly told: boolean } | null;
  /** Questions to helpers that are open. */
  readonly helps: readonly Help[];
  /** Who gets a copy of what the customer is sent. */
  readonly copied: readonly ContactId[];
  /** How it ended; null while it is open. Spam is not opened again, and what was merged goes on elsewhere. */
  readonly ended: {
    readonly as: 'finished' | 'spam' | 'merged';
    readonly into: ConversationId | null;
  } | null;
  /** Other inboxes of ours that mail of it was addressed to; absent: none. */
  readonly also?: readonly AlsoCame[];
};

export type AlsoCame = {
  readonly inboxId: InboxId;
  /** The mail by which it is known, which is in this request; the inbox may have a copy of it. */
  readonly messageId: MessageId;
  readonly at: Instant;
  /** The request that its front desk made of the copy. */
  readonly into: ConversationId | null;
};

export type Climb = {
  /** Since when its owner has done nothing about it. */
  readonly since: Instant;
  /** When the next rung is climbed, unless somebody is being asked. */
  readonly at: Instant;
  /** null: nothing was begun. */
  readonly cause: ClimbCause | null;
  /** The rung of the ladder that is looked at next. */
  readonly rung: number;
  /** Who was asked to take it because of this silence. */
  readonly asked: readonly MemberId[];
};

export type AnswerClock = {
  /** When it is looked at next: at first the time that is promised, then a calm rhythm. */
  readonly by: Instant;
  /** The time by which they were last told, or may expect, an answer. */
  readonly promised: Instant;
  /** When the owner is told that the time runs out; null: they were, or it has. */
  readonly warnAt: Instant | null;
  /** Whether a time that was named to the customer has passed. */
  readonly missed: boolean;
};

export type Words = Written & { readonly text: TextId };

export type HeldReply = Words & { readonly seq: number; readonly why: HeldWhy };

export type Help = {
  /** The event that asked, which is its identity within the conversation. */
  readonly seq: number;
  readonly of: Helper;
  readonly by: MemberId;
  readonly text: TextId | null;
  readonly askedAt: Instant;
  readonly remindAt: Instant;
  readonly reminded: boolean;
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
  /** When they hear of it again; absent: never. */
  readonly reminders?: readonly Instant[];
};

/** Since when nothing goes to the customer until a person says so; null: mail goes to them. */
export const unreachedSince = ({ unreached }: Conversation): Instant | null =>
  unreached?.lasts === 'for-good' ? unreached.since : null;
