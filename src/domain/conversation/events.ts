/**
 * What has happened to a conversation. Events are append-only and hold ids and codes, never anybody's words:
 * erasing a person must leave them whole.
 */

import type { CategoryId, ContactId, ConversationId, InboxId, MemberId, MessageId, TextId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { Wait } from '../ladder.ts';
import type { Proposal } from '../learning/proposal.ts';
import type { DeliveryFailure, Lasts } from '../lost-mail.ts';
import type { Follows } from '../matter.ts';
import type { NoticeKind, Recipient } from '../notices/notice.ts';
import type { Priority } from '../policy.ts';
import type { Reason } from '../reason.ts';
import type { OfferKind } from './state.ts';

export type EventBody =
  | {
      readonly type: 'arrived';
      readonly inboxId: InboxId;
      readonly messageId: MessageId;
      readonly accountable: MemberId;
      readonly author: MemberId | null;
      readonly acknowledge: Acknowledge;
      /** Whether a person wrote it, who waits for an answer. */
      readonly person: boolean;
      /** The words of a request that a member took down, such as a phone call; null: the message's own. */
      readonly text: TextId | null;
      /** Set when mail to its customer had come back before, and nobody has said since that it arrives. */
      readonly unreached?: true;
      /** The earlier request that it names; absent: none. */
      readonly follows?: Follows;
    }
  | ({ readonly type: 'classified' } & Classified)
  /** A member said what it is. */
  | ({ readonly type: 'categorised'; readonly by: MemberId } & Meant)
  /** A second time when a member says that it is something else: the chain of that. */
  | {
      readonly type: 'routed';
      readonly chain: readonly MemberId[];
      /** How long each of them is waited for; absent: as the clocks say. */
      readonly waits?: readonly (Wait | null)[];
      readonly reason: Reason;
    }
  | {
      readonly type: 'offered';
      readonly to: MemberId;
      readonly kind: OfferKind;
      readonly by: MemberId | null;
      readonly acceptBy: Instant | null;
      /** Set on the last rung, where reminders take the place of a deadline. */
      readonly remindAt: Instant | null;
      readonly rung: number;
      readonly note: TextId | null;
      readonly reason: Reason;
      /** When they hear of it again before their time is over; absent: never. */
      readonly reminders?: readonly Instant[];
    }
  | { readonly type: 'accepted'; readonly by: MemberId }
  /** `category`: what it is instead, as they say; `urgent`: what is of that category is. */
  | ({ readonly type: 'declined'; readonly by: MemberId; readonly note: TextId | null } & Partial<Meant>)
  | { readonly type: 'lapsed'; readonly to: MemberId }
  | { readonly type: 'withdrawn'; readonly to: MemberId; readonly why: WithdrawnWhy }
  | {
      readonly type: 'unreachable';
      readonly to: MemberId;
      readonly why: UnreachableWhy;
      readonly messageId: MessageId | null;
      /** What the report says; null when none did, absent from events of before it was read. */
      readonly failure?: DeliveryFailure | null;
    }
  | {
      readonly type: 'accountability-moved';
      readonly to: MemberId;
      readonly why: 'nobody-accepted' | 'member-left';
    }
  | { readonly type: 'reminded'; readonly to: MemberId; readonly remindAt: Instant }
  /** Whoever is asked heard of it again; `left`: when they will once more. */
  | { readonly type: 'asked-again'; readonly to: MemberId; readonly left: readonly Instant[] }
  | { readonly type: 'customer-wrote'; readonly messageId: MessageId }
  | { readonly type: 'answered-directly'; readonly messageId: MessageId; readonly by: MemberId | null }
  /** A notice came back and nobody had been waiting for its answer. */
  | {
      readonly type: 'not-reached';
      readonly messageId: MessageId | null;
      readonly recipient: Recipient;
      readonly lost: NoticeKind;
      readonly why: UnreachableWhy;
      readonly failure?: DeliveryFailure | null;
      /** What follows for the next mails to the same address; absent from events of before the reports were read. */
      readonly lasts?: Lasts | null;
    }
  | { readonly type: 'attached'; readonly messageId: MessageId; readonly as: AttachedAs }
  /** `unsent`: nobody said for whom it was, so its author may still have it sent to the customer. */
  | ({ readonly type: 'noted'; readonly unsent: boolean } & Written & { readonly note: TextId })
  | ({ readonly type: 'replied' } & Written & { readonly text: TextId })
  /** An answer that did not go out, until somebody releases it. */
  | ({ readonly type: 'held'; readonly why: HeldWhy } & Written & { readonly text: TextId })
  /** `held`: the event that held it. What goes out follows as `replied`. */
  | { readonly type: 'released'; readonly by: MemberId; readonly held: number }
  | {
      readonly type: 'done';
      readonly by: MemberId;
      readonly note: TextId | null;
      readonly as: 'finished' | 'spam' | 'merged';
      /** The request that it became a part of, when `merged`. */
      readonly into: ConversationId | null;
    }
  /** Another request became a part of this one. */
  | { readonly type: 'absorbed'; readonly by: MemberId; readonly from: ConversationId }
  /** A message became a request of its own; `last` is the customer's latest that stays. */
  | {
      readonly type: 'split-off';
      readonly by: MemberId;
      readonly messageId: MessageId;
      readonly into: ConversationId;
      readonly last: MessageId;
      /** Whether what stays still waits for an answer of ours. */
      readonly owed: boolean;
    }
  /** Its mail was addressed to another inbox of ours as well. */
  | { readonly type: 'also-came'; readonly inboxId: InboxId; readonly messageId: MessageId }
  /** The front desk there made a request of the copy, `messageId`. */
  | {
      readonly type: 'also-split';
      readonly by: MemberId;
      readonly inboxId: InboxId;
      readonly messageId: MessageId;
      readonly into: ConversationId;
    }
  /** It turned out whose request it is. */
  | { readonly type: 'customer-changed'; readonly by: MemberId; readonly acknowledge: Acknowledge }
  // ── An answer owed to the customer ──
  | { readonly type: 'answer-owed'; readonly answerBy: Instant; readonly warnAt: Instant | null }
  | { readonly type: 'answer-warned' }
  /** `toldCustomer`: they read that it takes until `answerBy` now. */
  | { readonly type: 'answer-missed'; readonly answerBy: Instant; readonly toldCustomer: boolean }
  /** The customer learnt who answers for it. */
  | { readonly type: 'owner-named'; readonly owner: MemberId }
  // ── An owner who says nothing ──
  /** Something is expected of its owner by then; whatever a clock had begun because of their silence is over. */
  | { readonly type: 'progress-expected'; readonly speakBy: Instant }
  /** The next rung: `to` hears again, or is asked by the event that follows. `next`: when the one after it is climbed. */
  | {
      readonly type: 'climbed';
      readonly cause: ClimbCause;
      readonly rung: number;
      readonly to: MemberId;
      readonly next: Instant | null;
    }
  // ── Clocks that the owner sets ──
  | { readonly type: 'snoozed'; readonly by: MemberId; readonly until: Instant; readonly note: TextId | null }
  | { readonly type: 'snooze-ended'; readonly why: 'time' | 'customer' }
  | { readonly type: 'due-set'; readonly by: MemberId; readonly due: Instant }
  | { readonly type: 'due-reached' }
  /** Somebody had whoever it waits for reminded. */
  | { readonly type: 'nudged'; readonly by: MemberId; readonly to: MemberId }
  // ── Help, which never moves who answers for it ──
  | {
      readonly type: 'help-asked';
      readonly by: MemberId;
      readonly of: Helper;
      readonly text: TextId | null;
      readonly remindAt: Instant;
    }
  /** `help` is the event that asked. */
  | { readonly type: 'help-reminded'; readonly help: number; readonly remindAt: Instant }
  | {
      readonly type: 'help-answered';
      readonly help: number;
      readonly messageId: MessageId;
      /** What a member wrote; null: somebody outside, whose words the message holds. */
      readonly text: TextId | null;
    }
  | { readonly type: 'help-silent'; readonly help: number }
  | { readonly type: 'copied'; readonly by: MemberId; readonly contact: ContactId }
  | {
      readonly type: 'reopened';
      /** The customer's message, or null when a member reopened it. */
      readonly messageId: MessageId | null;
      readonly by: MemberId | null;
      readonly accountable: MemberId;
      /** The previous owner, when they take it up again. */
      readonly owner: MemberId | null;
    };

/**
 * How an arrival is confirmed to its customer: with their own subject and name, in fixed words since they are not
 * proved to have written it, or not at all.
 */
export type Acknowledge = 'echo' | 'fixed' | 'none';

/** What the request is about, and which rule said so. */
export type Classified = {
  readonly category: string | null;
  readonly priority: Priority;
  readonly ruleId: string | null;
  readonly reason: Reason;
  /** What a model made of it; absent: none was asked. */
  readonly proposal?: Proposal;
  /** Who is asked since they had the last request of the same customer; absent: it was not that which decided. */
  readonly previousOwner?: MemberId;
};

/** What a member means by a word of the configuration. */
export type Meant = {
  /** null: none of them. */
  readonly category: CategoryId | null;
  /** Set where the configuration calls the category urgent. */
  readonly urgent?: true;
};

/** Words of a member, with the mail they came in: its files go along. */
export type Written = { readonly by: MemberId; readonly messageId: MessageId | null };

/** Who is asked for help: a member, or somebody outside. */
export type Helper =
  | { readonly type: 'member'; readonly member: MemberId }
  | { readonly type: 'contact'; readonly contact: ContactId };

/**
 * Why an answer waits: the customer wrote again, or a colleague answered, after what its author was shown; its author
 * does not own the request, and the owner decides; or mail to the customer comes back.
 */
export type HeldWhy = 'newer-message' | 'answered-meanwhile' | 'not-owner' | 'unreached';

/** Why somebody besides its owner is asked: they said nothing, owe an answer to the customer, or are away. */
export type ClimbCause = 'silent' | 'answer-missed' | 'owner-away';

/** `owner-back`: who was away is here again and needs nobody in their place; `owner-acted`: so does who was silent. */
export type WithdrawnWhy =
  | 'taken'
  | 'offered-to-another'
  | 'done'
  | 'member-left'
  | 'reopened'
  | 'owner-back'
  | 'owner-acted';
/** `refused`: our own server would not take the mail; no message came back. `absent`: they said that they are away. */
export type UnreachableWhy = 'bounce' | 'auto-reply' | 'refused' | 'absent';
/** Mail that belongs to a conversation without being its customer's or a member's word. */
export type AttachedAs = 'stranger' | 'auto-reply' | 'bounce' | 'report';

/** `seq` counts from 1 without gaps; `at` grows strictly within a conversation. */
export type ConversationEvent = EventBody & {
  readonly conversationId: ConversationId;
  readonly seq: number;
  readonly at: Instant;
};

/** Why somebody is asked to take over from an owner who is here. */
export type Silence = { readonly cause: 'silent' | 'answer-missed'; readonly since: Instant };
