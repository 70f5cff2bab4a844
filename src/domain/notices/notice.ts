/**
 * Notices: the mails that Baton originates, as data. A notice is committed with the event it tells of and turned
 * into words only when it is sent (render.ts), so it holds ids, codes and instants and nobody's words.
 */
import type { Verb } from '../command-spellings.ts';
import type { UnreachableWhy, WithdrawnWhy } from '../conversation/events.ts';
import type { OfferKind, Phase } from '../conversation/state.ts';
import type { ConversationId, InboxId, MemberId, MessageId, NoticeId, TextId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { Reason } from '../reason.ts';
import type { Rejection } from '../rejections.ts';
import type { NotCountedWhy } from '../verdict.ts';

export type NoticeBody =
  /** To the customer: we have your message. */
  | { readonly kind: 'acknowledgement' }
  /** To a member: can you take this? */
  | {
      readonly kind: 'offer';
      readonly offerKind: Exclude<OfferKind, 'handoff'>;
      readonly acceptBy: Instant | null;
      readonly accountable: MemberId;
      readonly reason: Reason;
    }
  /** To a member: a colleague asks you to take over. `owner` null: nobody owned it yet. */
  | {
      readonly kind: 'handoff';
      readonly by: MemberId;
      readonly acceptBy: Instant | null;
      readonly accountable: MemberId;
      readonly note: TextId | null;
    }
  /** To who asked or who owns: what came of a handoff. */
  | {
      readonly kind: 'handoff-outcome';
      readonly to: MemberId;
      readonly outcome: 'accepted' | 'declined' | 'lapsed' | 'unreachable' | 'passed-on' | 'member-left';
      readonly note: TextId | null;
      /** Whom the receiver named instead, when `passed-on`. */
      readonly passedTo: MemberId | null;
    }
  /** To a member: you need not answer any more. */
  | { readonly kind: 'withdrawn'; readonly why: WithdrawnWhy; readonly owner: MemberId | null }
  /** To the final manager: nobody has taken this. */
  | { readonly kind: 'last-asked'; readonly reminder: boolean }
  /** To the triage lead: nobody took it, the final manager answers for it now. */
  | { readonly kind: 'moved-up'; readonly to: MemberId }
  /** To who answers for it from now on, because a member left. */
  | { readonly kind: 'inherited'; readonly from: MemberId }
  | { readonly kind: 'customer-wrote'; readonly messageId: MessageId; readonly reopened: boolean }
  /** To a member in whose name something came that had no effect: why, and how to make it count. */
  | { readonly kind: 'not-counted'; readonly messageId: MessageId; readonly why: NotCountedWhy }
  /** To the customer: what the owner wrote. */
  | { readonly kind: 'customer-reply'; readonly by: MemberId; readonly text: TextId }
  /** To the owner: a manager took it over, or finished it, or a colleague left a note. */
  | { readonly kind: 'taken-over'; readonly by: MemberId }
  | { readonly kind: 'done-by-other'; readonly by: MemberId; readonly note: TextId | null }
  | { readonly kind: 'noted'; readonly by: MemberId; readonly note: TextId }
  /** To who answers for it: a mail of ours did not reach somebody. */
  | {
      readonly kind: 'undeliverable';
      readonly recipient: MemberId | 'customer';
      readonly lost: NoticeKind;
      readonly why: UnreachableWhy;
    }
  /** To who answers for it or is asked: somebody answered the customer without Baton. `by` null: from the shared mailbox. */
  | { readonly kind: 'answered-directly'; readonly messageId: MessageId; readonly by: MemberId | null }
  /** To a member who answered a customer directly while nobody owned it. */
  | { readonly kind: 'is-it-yours'; readonly messageId: MessageId }
  /** To a member: what became of what they wrote. */
  | {
      readonly kind: 'receipt';
      readonly results: readonly CommandResult[];
      /** Text that was no command and was kept. */
      readonly kept: TextId | null;
      readonly after: {
        readonly phase: Phase;
        readonly owner: MemberId | null;
        readonly accountable: MemberId | null;
      };
    }
  /** To the triage lead, outside of any conversation: a mail that could not be read. */
  | {
      readonly kind: 'parked';
      readonly messageId: MessageId;
      /** A sentence of ours, such as `it has 60 MB; only its header was taken in`. */
      readonly why: string;
    }
  /** To the managers, outside of any conversation: a member left the roster. */
  | {
      readonly kind: 'member-left';
      readonly member: MemberId;
      readonly withdrawn: readonly ConversationId[];
      readonly moved: readonly ConversationId[];
    };

export type NoticeKind = NoticeBody['kind'];

export type CommandResult =
  | {
      readonly ok: true;
      readonly verb: Verb;
      readonly to: MemberId | null;
      readonly acceptBy: Instant | null;
      readonly text: TextId | null;
      /** Attachments of a reply, which stay behind. */
      readonly filesNotSent: number;
    }
  | { readonly ok: false; readonly verb: Verb | null; readonly rejection: Rejection };

export type Recipient =
  | { readonly type: 'member'; readonly member: MemberId }
  | { readonly type: 'customer' };

/** One event and recipient have one notice: `dedupeKey` is what the database holds unique. */
export type NoticeDraft = {
  readonly dedupeKey: string;
  readonly inboxId: InboxId;
  readonly conversationId: ConversationId | null;
  readonly seq: number | null;
  readonly recipient: Recipient;
  readonly body: NoticeBody;
  /** What its reader has seen of the customer when they answer it. */
  readonly shown: MessageId | null;
  /** The conversation's epoch when it was written; 0 outside of a conversation. */
  readonly epoch: number;
};

export type StoredNotice = NoticeDraft & { readonly id: NoticeId; readonly createdAt: Instant };

export function conversationNoticeKey(
  conversationId: ConversationId,
  seq: number,
  kind: NoticeKind,
  recipient: Recipient,
): string {
  const who = recipient.type === 'member' ? `member:${recipient.member}` : 'customer';
  return `conversation:${conversationId}/${seq}/${kind}/${who}`;
}
