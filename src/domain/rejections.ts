/**
 * Every way in which a member's command is refused. A rejection is an expected answer, returned and told to the
 * member in a receipt; the texts stand in notices/receipt-refused.ts, and the compiler holds the two lists together.
 */
import type { Verb } from './command/command.ts';
import type { CategoryId, ConversationId, InboxId, MemberId, MessageId } from './ids.ts';
import type { Instant } from './instant.ts';
import type { Decision } from './parked/parked.ts';

export type Rejection =
  /** Somebody else owns it by now. */
  | { readonly code: 'owned-by-other'; readonly owner: MemberId }
  | { readonly code: 'already-yours' }
  /** Decline without having been asked. */
  | { readonly code: 'not-asked' }
  /** The last person of the ladder cannot decline: somebody must decide. */
  | { readonly code: 'last-person' }
  /** `reference`: another request than the one that was answered. */
  | { readonly code: 'finished'; readonly reference?: ConversationId }
  | { readonly code: 'not-finished' }
  | { readonly code: 'unknown-name'; readonly closest: readonly MemberId[] }
  | { readonly code: 'several-names'; readonly members: readonly MemberId[] }
  /** `known`: what is told apart in the request's inbox. */
  | { readonly code: 'unknown-category'; readonly known: readonly CategoryId[] }
  | { readonly code: 'inactive-member'; readonly member: MemberId }
  | {
      readonly code: 'absent-member';
      readonly member: MemberId;
      readonly until: Instant;
      readonly backup: MemberId | null;
    }
  | { readonly code: 'handoff-to-self' }
  /** Whoever wrote a request as a customer does not answer for it as well. */
  | { readonly code: 'handoff-to-author'; readonly member: MemberId }
  | { readonly code: 'already-asked'; readonly member: MemberId }
  | { readonly code: 'already-theirs'; readonly member: MemberId }
  /** The customer wrote again after what this member was shown. */
  | { readonly code: 'newer-message'; readonly messageId: MessageId }
  | { readonly code: 'no-text' }
  /** `send` without words that were kept before. */
  | { readonly code: 'nothing-to-send' }
  /** `release` without an answer that waits for this member's word. */
  | { readonly code: 'nothing-held' }
  /** `remind`, and it waits for whoever wrote it. */
  | { readonly code: 'nobody-to-remind' }
  | { readonly code: 'time-past' }
  | { readonly code: 'time-too-far' }
  /** An address that we would not mail: broken, an inbox of ours, a member's. */
  | { readonly code: 'bad-address'; readonly why: 'unusable' | 'inbox' | 'member' | 'customer' }
  | { readonly code: 'too-many-contacts' }
  /** A verb for managers. */
  | { readonly code: 'managers-only' }
  /** A verb that makes sense in answer to another kind of mail only. */
  | { readonly code: 'not-here' }
  | { readonly code: 'already-away'; readonly until: Instant }
  /** An absence whose end lies before its beginning. */
  | { readonly code: 'ends-before' }
  | { readonly code: 'not-away' }
  /** `back` of somebody whose absence stands in the configuration, which no mail changes. */
  | { readonly code: 'away-by-plan'; readonly until: Instant }
  | { readonly code: 'cover-is-away'; readonly member: MemberId; readonly until: Instant }
  | { readonly code: 'unknown-request'; readonly reference: ConversationId }
  | { readonly code: 'merge-with-itself' }
  | { readonly code: 'nothing-to-split' }
  /** The mail names this inbox and no copy of it has come there. */
  | { readonly code: 'no-copy'; readonly inbox: InboxId }
  /** Somebody has seen to the mail that could not be read. */
  /** null: it was decided before anybody wrote down by whom. */
  | {
      readonly code: 'no-longer-parked';
      readonly decided: { readonly by: MemberId; readonly how: Decision } | null;
    }
  /** A number in front of an order, and the mail that is answered did not list it. */
  | { readonly code: 'not-listed'; readonly reference: ConversationId }
  /** An order about a request, in answer to a mail that lists several, and no number in front. */
  | { readonly code: 'number-first'; readonly listed: readonly ConversationId[] }
  /** One text, or one address, for several requests at once. */
  | { readonly code: 'one-request-each' }
  /** Another line of the same answer is about the request in which this one would go on. */
  | { readonly code: 'merge-apart'; readonly reference: ConversationId }
  /** A mail with files that answers several customers: nobody can tell whom they are for. */
  | { readonly code: 'which-files' }
  /** A request of another inbox, which wants to know its members in another way. */
  | { readonly code: 'other-inbox'; readonly inbox: InboxId }
  /** Somebody would have to be mailed, and Baton only looks on. */
  | { readonly code: 'looks-on' }
  /** `welcomed`: it answers the welcome mail, and whatever it says shows that answers arrive and count. */
  | { readonly code: 'not-understood'; readonly suggestion: Verb | null; readonly welcomed?: true }
  | { readonly code: 'expired' };

export type RejectionCode = Rejection['code'];
