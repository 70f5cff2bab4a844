/**
 * What a message is to Baton, once everything that can be looked up about it is known. One decision tree, first
 * match wins; the order is the security: our own mail and copies first, machines next, then members, and only then
 * customers. Being a member's word never follows from a header alone: it takes a token, or the Message-ID of a
 * notice, that belongs to just this member, and a sender who is proved to be them as the inbox demands. What lacks
 * any of it is kept with its request and shown, and moves nothing.
 */
import type { ContactId, ConversationId, MemberId, MessageId } from './ids.ts';
import type { Follows, FollowsWhy } from './matter.ts';
import type { Reason } from './reason.ts';
import type { Screening } from './screening.ts';
import type { Doubt } from './sender-authentication/authentication.ts';
import { EvidenceWords, type Thread } from './threading.ts';

export type MessageFacts = {
  readonly role: 'inbox' | 'sent';
  readonly history: boolean;
  readonly screening: Screening;
  /** Its own Message-ID is the keyed one of a notice of ours. */
  readonly own: boolean;
  readonly copyOf: MessageId | null;
  /** The one sender's member; null for strangers and for a From with several mailboxes or fields. */
  readonly member: MemberId | null;
  /** What keeps the mail from being taken for its sender's word; null: it is proved as the inbox demands. */
  readonly doubt: Doubt | null;
  /** The rights it came with, by token address or as an answer to a notice. */
  readonly right: {
    /** null: somebody outside who was asked for help. */
    readonly member: MemberId | null;
    /** The request that it gives a right to; null: it is about none. */
    readonly conversationId: ConversationId | null;
    readonly hash: string;
    readonly by: 'token' | 'message-id';
    /** Whether that member is still in the team, and so can be told what was done in their name. */
    readonly isActive: boolean;
  } | null;
  /** Whoever outside takes part in the conversation and wrote it. */
  readonly contact: ContactId | null;
  readonly thread: Thread | null;
  /** About the conversation it belongs to, if any. */
  readonly target: {
    readonly done: boolean;
    readonly fromCustomer: boolean;
    /** Why its customer's answer is about something new; null: it is not. */
    readonly newMatter: FollowsWhy | null;
  } | null;
  /** A request that it does not belong to, and that should be known to whoever reads it as one of its own. */
  readonly relates: Follows | null;
  /** A member's mail that also went to the customer of its conversation. */
  readonly reachedCustomer: boolean;
};

export type NotCountedWhy = Doubt | 'other-address';

export type Verdict = { readonly reason: Reason } & (
  | { readonly type: 'own' | 'history' | 'bulk' }
  | { readonly type: 'duplicate'; readonly copyOf: MessageId }
  /** A machine's word about a mail of ours: `lost` when it tells that the mail reached nobody. */
  | {
      readonly type: 'machine';
      readonly disposition: 'bounce' | 'auto-reply' | 'report';
      readonly lost: boolean;
    }
  /** A member answers a mail of ours: the reply worker reads it as commands. */
  | {
      readonly type: 'reply';
      readonly member: MemberId;
      readonly tokenHash: string;
      readonly conversationId: ConversationId | null;
    }
  /** Somebody outside answers what a member asked them. */
  | { readonly type: 'help-answer'; readonly contact: ContactId }
  | { readonly type: 'follow-up' }
  | { readonly type: 'stranger' }
  /** Looks like a member's word and is not proved to be: shown as a stranger's, and this member is told why. */
  | { readonly type: 'not-counted'; readonly member: MemberId; readonly why: NotCountedWhy }
  | { readonly type: 'answered-directly'; readonly member: MemberId | null }
  | { readonly type: 'member-note'; readonly member: MemberId }
  | { readonly type: 'request'; readonly follows: Follows | null }
);

/** The first row that holds decides. */
export function judge(facts: MessageFacts): Verdict {
  const { screening } = facts;
  if (facts.own || screening.kind === 'own')
    return { type: 'own', reason: because('own', 'a mail of ours came back') };
  if (facts.copyOf !== null) {
    return {
      type: 'duplicate',
      copyOf: facts.copyOf,
      reason: because('copy', `the same mail as message ${facts.copyOf}`),
    };
  }
  if (facts.history)
    return { type: 'history', reason: because('history', 'from before this mailbox was watched') };
  if (facts.role === 'sent') return sent(facts);
  switch (screening.kind) {
    case 'bounce':
      return { type: 'machine', disposition: 'bounce', lost: true, reason: screened(screening) };
    case 'auto-reply':
      // An alarm that refers to earlier alarms answers nothing of ours: somebody has to look at it.
      if (facts.thread === null && facts.right === null && SeemsToAnswer.includes(screening.code))
        return written(facts);
      return { type: 'machine', disposition: 'auto-reply', lost: true, reason: screened(screening) };
    case 'delivery-status':
    case 'receipt':
    case 'feedback':
      return { type: 'machine', disposition: 'report', lost: false, reason: screened(screening) };
    case 'bulk':
      // Some customers' and members' programs stamp list headers on everything they send.
      if (isAnswerTo(facts)) return written(facts);
      return { type: 'bulk', reason: screened(screening) };
    case 'person':
    case 'notification':
      return written(facts);
    default:
      return screening.kind satisfies never;
  }
}

/** Rules that take any reference to an earlier mail for an answer. */
const SeemsToAnswer: readonly string[] = ['auto-generated-answer', 'null-sender-answer'];

const isAnswerTo = ({ right, member, target }: MessageFacts): boolean =>
  target !== null && (target.fromCustomer || (right !== null && right.member === member));

function sent(facts: MessageFacts): Verdict {
  const reason =
    facts.target === null
      ? because('sent-unrelated', 'sent from the shared mailbox to somebody who had not written')
      : because('sent', 'sent from the shared mailbox');
  return { type: 'answered-directly', member: facts.member, reason };
}

/** A person's words, or a machine's that answer nothing of ours. */
function written(facts: MessageFacts): Verdict {
  const { right, member, doubt, target, thread } = facts;
  if (right !== null && member !== null && right.member === member) {
    if (doubt !== null) return notCounted(member, doubt);
    // Its words were for the customer, who has read them; a member who wrote in as one may put themselves in copy.
    if (facts.reachedCustomer && target !== null && !target.fromCustomer) return answeredDirectly(member);
    const reason = because(`reply-by-${right.by}`, 'an answer to a mail that this member was sent');
    const { conversationId } = right;
    return { type: 'reply', member, tokenHash: right.hash, conversationId, reason };
  }
  if (right !== null && right.member === null && facts.contact !== null && target !== null) {
    const reason = because('help-answer', 'whoever was asked for help answers');
    return { type: 'help-answer', contact: facts.contact, reason };
  }
  // The answer to a mail about no request has no request that would show it.
  if (right?.conversationId === null && right.member !== null && right.isActive)
    return notCounted(right.member, doubtAboutStranger(facts));
  if (target === null || thread === null) return request(facts, facts.relates);
  const { conversationId, evidence } = thread;
  if (target.fromCustomer) {
    if (target.newMatter !== null) return request(facts, { conversationId, why: target.newMatter });
    const sentence = `the customer wrote again (${EvidenceWords[evidence]})`;
    return { type: 'follow-up', reason: because(`thread-${evidence}`, sentence) };
  }
  if (right !== null && right.member !== null && right.isActive && member === null)
    return notCounted(right.member, doubtAboutStranger(facts));
  // What is done has nobody who would read a remark, so it becomes a request of its own.
  if (target.done && !facts.reachedCustomer) return request(facts, { conversationId, why: 'answers-done' });
  if (member !== null && right === null) {
    if (doubt !== null) return notCounted(member, doubt);
    return facts.reachedCustomer
      ? answeredDirectly(member)
      : {
          type: 'member-note',
          member,
          reason: because('no-token', 'a teammate wrote without answering a mail of ours'),
        };
  }
  const code = right === null ? 'not-a-participant' : 'wrong-sender';
  const sentence = `from somebody who is not part of this request (${EvidenceWords[evidence]})`;
  return { type: 'stranger', reason: because(code, sentence) };
}

const answeredDirectly = (member: MemberId): Verdict => ({
  type: 'answered-directly',
  member,
  reason: because('inbox-in-copy', 'a teammate wrote to the customer'),
});

/** Who answers a member's mail from an address that is nobody's, or from one that can be read in two ways. */
const doubtAboutStranger = ({ doubt }: MessageFacts): NotCountedWhy =>
  doubt === 'ambiguous-sender' ? doubt : 'other-address';

function notCounted(member: MemberId, why: NotCountedWhy): Verdict {
  return { type: 'not-counted', member, why, reason: because(why, NotCounted[why]) };
}

const NotCounted: Readonly<Record<NotCountedWhy, string>> = {
  'other-address': 'answers the mail of a teammate from an address that is not theirs',
  'not-authenticated': 'written in the name of a teammate, and not proved to be from them',
  'could-not-be-checked': 'written in the name of a teammate, which could not be checked',
  'ambiguous-sender': 'its sender can be read in more than one way',
};

function request({ screening, member }: MessageFacts, follows: Follows | null): Verdict {
  if (follows !== null)
    return { type: 'request', follows, reason: because(`new-${follows.why}`, itsOwn(follows)) };
  if (member !== null)
    return { type: 'request', follows, reason: because('member-request', 'a teammate wrote to the inbox') };
  return { type: 'request', follows, reason: screened(screening) };
}

/** Why it is a request of its own although it names an earlier one. */
function itsOwn({ conversationId, why }: Follows): string {
  const earlier = `#${conversationId}`;
  switch (why) {
    case 'long-done':
      return `answers ${earlier}, which was done long ago`;
    case 'other-subject':
      return `answers ${earlier}, and is about something else`;
    case 'answers-done':
      return `answers ${earlier}, which is done and somebody else's`;
    case 'same-id':
      return `came under the same Message-ID as another mail, in ${earlier}`;
    case 'answered-there':
      return `somebody else's answer to it is in ${earlier}`;
    default:
      return why satisfies never;
  }
}

const screened = ({ code, why }: Screening): Reason => ({ code, sentence: why });
const because = (code: string, sentence: string): Reason => ({ code, sentence });
