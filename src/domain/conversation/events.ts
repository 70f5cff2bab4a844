/**
 * What has happened to a conversation. Events are append-only and hold ids and codes, never anybody's words:
 * erasing a person must leave them whole.
 */
import type { ConversationId, InboxId, MemberId, MessageId, TextId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { NoticeKind } from '../notices/notice.ts';
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
    }
  | ({ readonly type: 'classified' } & Classified)
  | { readonly type: 'routed'; readonly chain: readonly MemberId[]; readonly reason: Reason }
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
    }
  | { readonly type: 'accepted'; readonly by: MemberId }
  | { readonly type: 'declined'; readonly by: MemberId; readonly note: TextId | null }
  | { readonly type: 'lapsed'; readonly to: MemberId }
  | { readonly type: 'withdrawn'; readonly to: MemberId; readonly why: WithdrawnWhy }
  | {
      readonly type: 'unreachable';
      readonly to: MemberId;
      readonly why: UnreachableWhy;
      readonly messageId: MessageId | null;
    }
  | {
      readonly type: 'accountability-moved';
      readonly to: MemberId;
      readonly why: 'nobody-accepted' | 'member-left';
    }
  | { readonly type: 'reminded'; readonly to: MemberId; readonly remindAt: Instant }
  | { readonly type: 'customer-wrote'; readonly messageId: MessageId }
  | { readonly type: 'answered-directly'; readonly messageId: MessageId; readonly by: MemberId | null }
  /** A notice came back and nobody had been waiting for its answer. */
  | {
      readonly type: 'not-reached';
      readonly messageId: MessageId | null;
      readonly recipient: MemberId | 'customer';
      readonly lost: NoticeKind;
      readonly why: UnreachableWhy;
    }
  | { readonly type: 'attached'; readonly messageId: MessageId; readonly as: AttachedAs }
  | { readonly type: 'noted'; readonly by: MemberId; readonly note: TextId }
  | { readonly type: 'replied'; readonly by: MemberId; readonly text: TextId }
  | { readonly type: 'done'; readonly by: MemberId; readonly note: TextId | null }
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
};

export type WithdrawnWhy = 'taken' | 'offered-to-another' | 'done' | 'member-left' | 'reopened';
/** `refused`: our own server would not take the mail; no message came back. */
export type UnreachableWhy = 'bounce' | 'auto-reply' | 'refused';
/** Mail that belongs to a conversation without being its customer's or a member's word. */
export type AttachedAs = 'stranger' | 'auto-reply' | 'bounce' | 'report';

export type EventType = EventBody['type'];

/** `seq` counts from 1 without gaps; `at` grows strictly within a conversation. */
export type ConversationEvent = EventBody & {
  readonly conversationId: ConversationId;
  readonly seq: number;
  readonly at: Instant;
};
