/**
 * Notices: the mails that Baton originates, as data. A notice is committed with the event it tells of and turned
 * into words only when it is sent (render.ts), so it holds ids, codes and instants and nobody's words.
 */
import type { Verb } from '../command/command.ts';
import type { HeldWhy, Helper, Silence, UnreachableWhy, WithdrawnWhy } from '../conversation/events.ts';
import type { Conversation, Phase } from '../conversation/state.ts';
import type { Digest } from '../digest/digest.ts';
import type {
  AbsenceId,
  CategoryId,
  ContactId,
  ConversationId,
  InboxId,
  LookBackId,
  MemberId,
  MessageId,
  NoticeId,
  TextId,
} from '../ids.ts';
import type { Instant } from '../instant.ts';
import type { Guess } from '../learning/proposal.ts';
import type { DeliveryFailure } from '../lost-mail.ts';
import type { Reason } from '../reason.ts';
import type { Rejection } from '../rejections.ts';
import type { SignInLink } from '../sign-in.ts';
import type { NotCountedWhy } from '../verdict.ts';
import type { WeeklyReport } from '../weekly-report/report.ts';
import type { FirstHourBody } from './first-hour-bodies.ts';
import type { Listed } from './listed.ts';
import type { LookBackTold, TakenOver } from './look-back-told.ts';
import type { ParkedNewsTold, ParkedTold } from './parked-told.ts';

export type NoticeBody =
  // ── To the customer, and to whoever is in copy ──
  /** We have your message. `answerBy`: the time that is promised, if any. */
  | { readonly kind: 'acknowledgement'; readonly answerBy: Instant | null }
  /** Who answers for it, once somebody does. */
  | { readonly kind: 'owner-named'; readonly owner: MemberId }
  /** It takes longer than was promised. */
  | { readonly kind: 'delay'; readonly answerBy: Instant }
  | { readonly kind: 'finished'; readonly by: MemberId }
  /** What the owner wrote; the files of the mail it came in go along. */
  | {
      readonly kind: 'customer-reply';
      readonly by: MemberId;
      readonly text: TextId;
      readonly messageId: MessageId | null;
    }
  // ── To somebody outside who is asked for help: what was written to them, and nothing else ──
  | {
      readonly kind: 'outside-help';
      readonly by: MemberId;
      readonly text: TextId;
      readonly help: number;
      readonly messageId: MessageId | null;
    }
  | {
      readonly kind: 'outside-reminder';
      readonly by: MemberId;
      readonly text: TextId | null;
      readonly help: number;
    }
  // ── To members ──
  /** To a member: can you take this? */
  | {
      readonly kind: 'offer';
      readonly acceptBy: Instant | null;
      readonly accountable: MemberId;
      readonly reason: Reason;
      /** They were asked before and have not answered. */
      readonly reminder?: true;
      /** What was guessed, where nobody was found: its reader may answer with one of them. */
      readonly choices?: readonly Guess[];
    }
  /** To a member: a colleague asks you to take over. `by` null: a clock does, because its owner is away or `silent`. */
  | {
      readonly kind: 'handoff';
      readonly by: MemberId | null;
      readonly acceptBy: Instant | null;
      readonly accountable: MemberId;
      readonly note: TextId | null;
      readonly silent?: Silence;
      readonly reminder?: true;
    }
  /** To who asked or who owns: what came of a handoff. */
  | {
      readonly kind: 'handoff-outcome';
      readonly to: MemberId;
      readonly outcome:
        | 'accepted'
        | 'declined'
        | 'lapsed'
        | 'unreachable'
        | 'absent'
        | 'passed-on'
        | 'member-left';
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
  | {
      readonly kind: 'not-counted';
      readonly messageId: MessageId;
      readonly why: NotCountedWhy;
      /** They are told of no more for a day. */
      readonly last?: true;
    }
  /** To the owner: a manager took it over, or finished it, or a colleague left a note. */
  | { readonly kind: 'taken-over'; readonly by: MemberId }
  | { readonly kind: 'done-by-other'; readonly by: MemberId; readonly note: TextId | null }
  | { readonly kind: 'noted'; readonly by: MemberId; readonly note: TextId }
  /** To who answers for it: a mail of ours did not reach somebody. */
  | {
      readonly kind: 'undeliverable';
      readonly recipient: Recipient;
      readonly lost: NoticeKind;
      readonly why: UnreachableWhy;
      /** What the report says; null when none did. */
      readonly failure: DeliveryFailure | null;
    }
  /** To who answers for it or is asked: somebody answered the customer without Baton. `by` null: from the shared mailbox. */
  | { readonly kind: 'answered-directly'; readonly messageId: MessageId; readonly by: MemberId | null }
  /** To a member who answered a customer directly while nobody owned it. */
  | { readonly kind: 'is-it-yours'; readonly messageId: MessageId }
  /** To the owner: a colleague's answer waits for your word. */
  | { readonly kind: 'held'; readonly by: MemberId; readonly text: TextId; readonly why: HeldWhy }
  /** To a member whose answer had waited: a colleague let it go out. */
  | { readonly kind: 'released'; readonly by: MemberId; readonly text: TextId }
  /** To who owns or answers for it: the customer is owed an answer by then, or was (`missed`). */
  | {
      readonly kind: 'answer-due';
      readonly answerBy: Instant;
      readonly missed: boolean;
      /** What the customer was told instead, when they were. */
      readonly toldCustomer: Instant | null;
    }
  /** To the owner: they have said nothing since then, or the customer was promised an answer by `overdue`. */
  | {
      readonly kind: 'no-progress';
      readonly since: Instant;
      readonly overdue: Instant | null;
      /** Who is asked to take it over; null: nobody yet. */
      readonly asked: MemberId | null;
    }
  | { readonly kind: 'due-reached'; readonly due: Instant }
  | { readonly kind: 'snooze-ended'; readonly why: 'time'; readonly note: TextId | null }
  /** To whoever it waits for: a colleague asks you to look at it. */
  | { readonly kind: 'nudged'; readonly by: MemberId }
  /** To a helper in the team, the second time as a reminder. */
  | {
      readonly kind: 'help-asked';
      readonly by: MemberId;
      readonly text: TextId | null;
      readonly help: number;
      readonly reminder: boolean;
    }
  /** To who asked or owns: what the helper says, with their files. */
  | {
      readonly kind: 'help-answered';
      readonly of: Helper;
      readonly help: number;
      readonly messageId: MessageId;
      readonly text: TextId | null;
    }
  | {
      readonly kind: 'help-silent';
      readonly of: Helper;
      readonly text: TextId | null;
      readonly asked: Instant;
    }
  /** To a member who passed a mail on: whose request is it? */
  | { readonly kind: 'for-whom'; readonly messageId: MessageId }
  /** To whoever answers for it: another request became a part of it. */
  | { readonly kind: 'merged'; readonly by: MemberId; readonly from: ConversationId }
  /** To the front desk of another inbox, once: a mail that was addressed there too is this request. */
  | { readonly kind: 'also-came'; readonly inbox: InboxId; readonly messageId: MessageId }
  // ── To members, outside of any conversation ──
  /** Can you stand in while a colleague is away? */
  | {
      readonly kind: 'cover-asked';
      readonly absence: AbsenceId;
      readonly member: MemberId;
      readonly from: Instant;
      readonly until: Instant;
    }
  | {
      readonly kind: 'cover-answered';
      readonly absence: AbsenceId;
      /** Who is away: its reader, or whom its reader told of. */
      readonly member: MemberId;
      readonly cover: MemberId;
      readonly agreed: boolean;
      readonly until: Instant;
    }
  /** To a member whose absence somebody else wrote down or ended. */
  | {
      readonly kind: 'absence-told';
      readonly absence: AbsenceId;
      readonly by: MemberId;
      readonly from: Instant;
      readonly until: Instant;
      readonly over: boolean;
    }
  /** To a member who wants to come to the board, or in whose name somebody does. */
  | ({ readonly kind: 'sign-in' } & SignInLink)
  /** To a member: what became of what they wrote. */
  | {
      readonly kind: 'receipt';
      readonly results: readonly CommandResult[];
      /** Text that was no command and was kept. */
      readonly kept: TextId | null;
      /** null: it was about no request. */
      readonly after: {
        readonly phase: Phase;
        readonly owner: MemberId | null;
        readonly accountable: MemberId | null;
      } | null;
      /** The mail that could not be read, when it was about one. */
      readonly parked?: MessageId;
      /** The look back, when it was about one. */
      readonly lookBack?: LookBackId;
      /** What came of orders with a number in front, for each request; absent: there were none. */
      readonly requests?: readonly RequestReceipt[];
      /** What it lists, or its answer may name. */
      readonly listed?: readonly Listed[];
    }
  /** To who answers for a mail that could not be read, and to whoever else may decide about it. */
  | ({ readonly kind: 'parked' } & ParkedTold)
  /** What became of one, to whoever was told of it, or wrote it. */
  | ({ readonly kind: 'parked-news' } & ParkedNewsTold)
  /** To a manager, outside of any conversation and once a day: mail to a member comes back for good. */
  | { readonly kind: 'member-unreached'; readonly member: MemberId; readonly failure: DeliveryFailure }
  /** Several mails to one member that came too fast to be read one by one: by their keys, in order. */
  | { readonly kind: 'bundle'; readonly notices: readonly string[]; readonly listed?: readonly Listed[] }
  /** To a member who wants it, once on each of their working days: what waits for them. */
  | { readonly kind: 'morning-list'; readonly listed: readonly Listed[] }
  /** To the managers, outside of any conversation: a member left the roster. */
  | {
      readonly kind: 'member-left';
      readonly member: MemberId;
      readonly withdrawn: readonly ConversationId[];
      readonly moved: readonly ConversationId[];
      readonly listed?: readonly Listed[];
    }
  /** To a manager, once a day: what needs a decision, and how everything else goes. */
  | ({ readonly kind: 'digest' } & Digest)
  /** To the final manager, because somebody had it sent: who never got an answer before Baton was there. */
  | ({ readonly kind: 'look-back' } & LookBackTold)
  /** To a manager, once a week: how long people waited, against the weeks before. */
  | ({ readonly kind: 'weekly-report' } & WeeklyReport)
  | FirstHourBody;

export type NoticeKind = NoticeBody['kind'];

export type CommandResult =
  | {
      readonly ok: true;
      readonly verb: Verb;
      /** Who is asked, reminded, or away. */
      readonly to: MemberId | null;
      readonly acceptBy: Instant | null;
      readonly text: TextId | null;
      /** Who was meant and is away, when another is asked in their place. */
      readonly insteadOf?: MemberId;
      /** The instant that was set: a snooze's end, a due date, a return, a helper's reminder. */
      readonly at?: Instant;
      /** Why an answer was kept back instead of sent. */
      readonly held?: HeldWhy;
      /** The customer's message that its author had not seen, when it was held for that. */
      readonly newer?: MessageId;
      /** Whoever outside the team is asked, put in copy, or named as the customer. */
      readonly contact?: ContactId;
      /** The other request, of a split, a merge or a new one. */
      readonly other?: ConversationId;
      /** When an absence begins that has not begun. */
      readonly from?: Instant;
      /** What `at` and `from` were before. */
      readonly was?: Instant;
      readonly wasFrom?: Instant;
      /** The next time away, which stays. */
      readonly coming?: { readonly from: Instant; readonly until: Instant };
      /** Whoever is asked to stand in. */
      readonly cover?: MemberId;
      /** Who answers for the mail that could not be read. */
      readonly accountable?: MemberId;
      /** What a member said that it is; null: none of what is told apart. */
      readonly category?: CategoryId | null;
      readonly takenOver?: TakenOver;
    }
  | { readonly ok: false; readonly verb: Verb | null; readonly rejection: Rejection };

/** What came of the orders about one of several requests, and how it stands after them. */
export type RequestReceipt = {
  readonly conversationId: ConversationId;
  readonly seq: number;
  readonly results: readonly CommandResult[];
  readonly kept: TextId | null;
  readonly after: {
    readonly phase: Phase;
    readonly owner: MemberId | null;
    readonly accountable: MemberId | null;
  };
};

export type Recipient =
  | { readonly type: 'member'; readonly member: MemberId }
  | { readonly type: 'customer' }
  | { readonly type: 'contact'; readonly contact: ContactId };

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
  /** The event with which our side had last answered the customer by then; 0: nobody had. */
  readonly answered: number;
  /** The conversation's epoch when it was written; 0 outside of a conversation. */
  readonly epoch: number;
  /** It is about an urgent request. */
  readonly urgent?: true;
  /** It puts a question to which somebody else gave no answer. */
  readonly climbs?: true;
};

export type StoredNotice = NoticeDraft & { readonly id: NoticeId; readonly createdAt: Instant };

/** The request that a notice is about, as it is when it is written; null: it is about none. */
export const aboutRequest = (
  state: Conversation | null,
): Pick<NoticeDraft, 'conversationId' | 'seq' | 'shown' | 'answered' | 'epoch' | 'urgent' | 'climbs'> => ({
  conversationId: state?.id ?? null,
  seq: state?.version ?? null,
  shown: state?.lastCustomerMessage ?? null,
  answered: state?.lastAnswer?.seq ?? 0,
  epoch: state?.epoch ?? 0,
  ...(state?.priority === 'urgent' && { urgent: true }),
  ...(state?.offer?.kind === 'escalation' && state.offer.seq === state.version && { climbs: true }),
});
