/** What lies on a member's desk, in the order in which it waits for them: what they are asked first, what rests last. */
import type { Conversation } from './conversation/state.ts';
import type { MemberId } from './ids.ts';
import type { Instant } from './instant.ts';

/** Why a request is on a member's desk, the most pressing reason of it first. */
export const DeskReasons = [
  /** They are asked whether they take it. */
  'asked',
  /** The customer is owed an answer by now, or soon. */
  'answer',
  /** An answer of a colleague, or one of theirs, waits for their word. */
  'held',
  /** A colleague has asked them for help. */
  'help',
  /** The date that they set themselves has come. */
  'due',
  /** Theirs, and nothing in particular is to be done by a time. */
  'theirs',
  /** A colleague is asked to take it over. */
  'handed-on',
  'laid-aside',
] as const;
export type DeskReason = (typeof DeskReasons)[number];

/** Those that somebody else waits for. */
export const waitsForThem = (reason: DeskReason): boolean =>
  DeskReasons.indexOf(reason) < DeskReasons.indexOf('theirs');

export type OnDesk<Item> = {
  readonly item: Item;
  readonly reason: DeskReason;
  /** What it is sorted by: when it has to be done, or since when it waits. */
  readonly at: Instant;
};

/** Each once, under its most pressing reason; what comes to the same in the order of its time. */
export function sortDesk<Item extends { readonly state: Conversation }>(
  items: readonly Item[],
  member: MemberId,
  now: Instant,
): readonly OnDesk<Item>[] {
  return items
    .map((item) => ({ item, ...placeOf(item.state, member, now) }))
    .sort((a, b) => rank(a.reason) - rank(b.reason) || a.at - b.at || a.item.state.id - b.item.state.id);
}

const rank = (reason: DeskReason): number => DeskReasons.indexOf(reason);

function placeOf(state: Conversation, member: MemberId, now: Instant): { reason: DeskReason; at: Instant } {
  const { offer, answer, held, helps, due, snooze, accountable, openedAt } = state;
  if (offer?.to === member) return { reason: 'asked', at: offer.acceptBy ?? offer.askedAt };
  const help = helps.find(({ of }) => of.type === 'member' && of.member === member);
  if (accountable !== member) return { reason: 'help', at: help?.askedAt ?? openedAt };
  // What was laid aside is not pressing unless its customer's time is over.
  if (answer !== null && (snooze === null || answer.by <= now)) return { reason: 'answer', at: answer.by };
  if (held.length > 0) return { reason: 'held', at: openedAt };
  if (help !== undefined) return { reason: 'help', at: help.askedAt };
  if (due !== null && due.at <= now) return { reason: 'due', at: due.at };
  if (snooze !== null) return { reason: 'laid-aside', at: snooze.until };
  if (offer !== null) return { reason: 'handed-on', at: offer.acceptBy ?? offer.askedAt };
  return { reason: 'theirs', at: due?.at ?? state.lastEventAt };
}
