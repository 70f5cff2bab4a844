/**
 * What of a request needs a manager to look at it, as far as its state alone tells. The worst of it and since when are
 * kept as plain columns beside the state, so that a digest finds what is stuck among a million requests without reading
 * them. What is a matter of time alone (nobody takes it, its owner is silent) is asked of other columns: see trouble.ts.
 */
import type { Conversation } from '../conversation/state.ts';
import type { Instant } from '../instant.ts';

/**
 * Why something needs a look, the worst first. The numbers are what the database sorts by; gaps leave room.
 */
export const Severity = {
  /** Nobody took it, and the last person is asked. */
  'nobody-took': 10,
  /** Our mail does not reach a teammate. */
  'member-unreached': 15,
  /** The customer was promised an answer by a time that is over. */
  'answer-late': 20,
  /** Our mail does not reach the customer. */
  unreached: 30,
  /** A colleague's answer waits for the owner's word. */
  held: 40,
  /** A mail that nothing could read. */
  parked: 50,
  /** Several were asked, or one for long, and nobody has taken it yet. */
  'not-taken': 60,
  /** The date that its owner set is over. */
  overdue: 70,
  /** Its owner does nothing. */
  silent: 80,
  /** A colleague was asked to take it over and has not answered. */
  'handoff-open': 90,
  /** It is laid aside again and again. */
  'laid-aside': 100,
} as const;
export type Why = keyof typeof Severity;

export type Trouble = { readonly why: Why; readonly since: Instant };

/** The worst first; of equals the longest first. */
export const bySeverity = (a: Trouble, b: Trouble): number =>
  Severity[a.why] - Severity[b.why] || a.since - b.since;

/** The worst first; empty for what is done, or goes its way. */
export function attentionOf(state: Conversation): readonly Trouble[] {
  if (state.phase === 'done') return [];
  const { offer, remindAt, answer, unreached, held, due, lastEventAt } = state;
  const found: Trouble[] = [];
  const note = (why: Why, since: Instant): void => void found.push({ why, since });
  if (remindAt !== null && state.owner === null) note('nobody-took', unownedSince(state));
  if (answer?.missed === true) note('answer-late', answer.promised);
  if (unreached !== null) note('unreached', unreached.since);
  if (held.length > 0) note('held', lastEventAt);
  if (due?.told === true) note('overdue', due.at);
  if (state.phase === 'owned' && offer !== null) note('handoff-open', offer.askedAt);
  return found.sort(bySeverity);
}

/** What came back to the front desk waits since it was put to somebody again, not since it first came. */
export const unownedSince = ({ epoch, offer, openedAt }: Conversation): Instant =>
  epoch === 1 ? openedAt : (offer?.askedAt ?? openedAt);
