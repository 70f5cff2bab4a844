/**
 * Whether an answer of a customer continues the request that it belongs to by its ids, or is about something new: then
 * it becomes a request of its own, which names the earlier one. Both mistakes are mended by a word of the owner (`split`
 * and `merge`), so what is decided here is which of them costs less.
 *
 * - To a request that is open, an answer is a follow-up even under another subject: its owner reads it at once, and
 *   whoever sharpens a subject ("URGENT: still leaking") means the same. Only when nothing of the subject is left and
 *   nothing of ours is quoted, somebody took an old mail up for its address.
 * - To a request that is done, another subject alone is enough: opening it again would bring a new matter to whoever
 *   had the old one, without anybody choosing.
 * - What has been done for long (`clocks.reopenWithin`) stays done, whatever the subject: who had it knows nothing of it
 *   any more, and rules say better who takes it. Thanks are thanks at any time.
 * - An id further back than what the mail answers is weaker evidence, since programs drag it along: then the subject
 *   must be the same but for what mail programs add.
 * - Who writes our number means that request.
 */
import type { ConversationId } from './ids.ts';
import type { Duration } from './instant.ts';
import type { ThreadEvidence } from './threading.ts';
import { canonicalSubject, isOtherTopic } from './topic.ts';

/** Why a request names an earlier one. */
export type FollowsWhy =
  /** Its customer answers what was done long ago. */
  | 'long-done'
  /** Its customer answers it about something else. */
  | 'other-subject'
  /** Somebody who is not its customer answers what is done. */
  | 'answers-done'
  /** A mail of somebody else under the same Message-ID is in it. */
  | 'same-id'
  /** It holds an answer to this mail, of somebody else. */
  | 'answered-there';

export type Follows = { readonly conversationId: ConversationId; readonly why: FollowsWhy };

export type MatterFacts = {
  readonly evidence: ThreadEvidence;
  readonly subject: string;
  /** Under which the request and its mails went so far, in and out. */
  readonly subjects: readonly string[];
  readonly quotes: boolean;
  readonly onlyThanks: boolean;
  /** How long it has been done and quiet; null: it is open. */
  readonly doneFor: Duration | null;
  readonly reopenWithin: Duration;
};

/** null: it is the same matter. */
export function newMatter(facts: MatterFacts): FollowsWhy | null {
  const { evidence, doneFor } = facts;
  if (facts.onlyThanks || evidence === 'subject-reference') return null;
  if (doneFor !== null && doneFor > facts.reopenWithin) return 'long-done';
  if (IsWeak[evidence]) return isAmong(facts) ? null : 'other-subject';
  const isOther = facts.subjects.every((known) => isOtherTopic(facts.subject, known));
  return isOther && (doneFor !== null || !facts.quotes) ? 'other-subject' : null;
}

/** Whether the ids alone say too little. */
const IsWeak: Readonly<Record<ThreadEvidence, boolean>> = {
  token: false,
  notice: false,
  'in-reply-to': false,
  'subject-reference': false,
  'referenced-earlier': false,
  'notice-in-references': true,
  references: true,
  'same-id': true,
  'same-ancestor': true,
  subject: true,
};

function isAmong({ subject, subjects }: MatterFacts): boolean {
  const wanted = canonicalSubject(subject);
  return (
    wanted === '' || subjects.length === 0 || subjects.some((known) => canonicalSubject(known) === wanted)
  );
}
