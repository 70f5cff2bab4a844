/**
 * Who answered for a conversation from when to when, and who was asked what with which outcome: two tables that say
 * nothing which the events do not say. The store writes them beside the events; verify makes them again and compares.
 */
import type { ConversationEvent } from './conversation/events.ts';
import type { Offer } from './conversation/state.ts';
import type { MemberId } from './ids.ts';
import type { Instant } from './instant.ts';

/** From `at` on `member` answers for it; null: nobody needs to, it is done. */
export type LedgerMove = { readonly at: Instant; readonly seq: number; readonly member: MemberId | null };

export type OfferOutcome = 'accepted' | 'declined' | 'lapsed' | 'withdrawn' | 'unreachable';

export type OfferEnd = { readonly seq: number; readonly at: Instant; readonly outcome: OfferOutcome };

export type OfferMade = Omit<Offer, 'note'> & { readonly rung: number; readonly end: OfferEnd | null };

export type OfferMoves = {
  /** How the offer that was open before ended; null when it is open still, or none was. */
  readonly closed: OfferEnd | null;
  readonly made: readonly OfferMade[];
};

/**
 * The moves of accountability in the events that follow a state in which `accountable` answered for it (null: done,
 * or not arrived yet). Whoever answers for it already and then accepts, as the final manager does at the top of the
 * ladder, does not move it: a row says who answers, not in what role.
 */
export function ledgerMoves(
  accountable: MemberId | null,
  events: readonly ConversationEvent[],
): LedgerMove[] {
  const moves: LedgerMove[] = [];
  let current = accountable;
  for (const event of events) {
    const next = accountableAfter(current, event);
    if (next === current) continue;
    moves.push({ at: event.at, seq: event.seq, member: next });
    current = next;
  }
  return moves;
}

function accountableAfter(current: MemberId | null, event: ConversationEvent): MemberId | null {
  switch (event.type) {
    case 'arrived':
    case 'reopened':
      return event.accountable;
    case 'accepted':
      return event.by;
    case 'accountability-moved':
      return event.to;
    case 'done':
      return null;
    default:
      return current;
  }
}

/** The offers made and ended by the events that follow a state with this open offer. */
export function offerMoves(
  open: Pick<Offer, 'seq' | 'to'> | null,
  events: readonly ConversationEvent[],
): OfferMoves {
  let current = open;
  let closed: OfferEnd | null = null;
  const made: OfferMade[] = [];
  for (const event of events) {
    if (event.type === 'offered') {
      const { seq, to, kind, by, acceptBy, at, rung } = event;
      made.push({ seq, to, kind, by, acceptBy, askedAt: at, rung, end: null });
      current = { seq, to };
      continue;
    }
    const outcome = current === null ? null : outcomeOf(current.to, event);
    if (current === null || outcome === null) continue;
    const end = { seq: current.seq, at: event.at, outcome };
    const index = made.findIndex(({ seq }) => seq === end.seq);
    const offer = made[index];
    if (offer === undefined) closed = end;
    else made[index] = { ...offer, end };
    current = null;
  }
  return { closed, made };
}

function outcomeOf(asked: MemberId, event: ConversationEvent): OfferOutcome | null {
  switch (event.type) {
    case 'declined':
    case 'lapsed':
    case 'withdrawn':
    case 'unreachable':
      return event.type;
    case 'accepted':
      return event.by === asked ? 'accepted' : 'withdrawn';
    case 'done':
      return 'withdrawn';
    default:
      return null;
  }
}
