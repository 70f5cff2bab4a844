/** How a changed conversation is written: its state and events, and the ledger and offers that follow from them. */
import { Failure } from '../../../src/app/failures.ts';
import type { ConversationChange } from '../../../src/app/ports/store.ts';
import { asciiLower } from '../../../src/domain/address.ts';
import type { ConversationEvent } from '../../../src/domain/conversation/events.ts';
import { nextDueAt } from '../../../src/domain/conversation/running-clocks.ts';
import { ledgerMoves, offerMoves } from '../../../src/domain/ledger.ts';
import {
  type ConversationRow,
  keep,
  type LedgerRow,
  mustGet,
  type OfferRow,
  refuseUnless,
  type Tables,
} from './tables.ts';

const NEW: Omit<ConversationRow, 'state'> = {
  words: null,
  events: [],
  ledger: [],
  offers: [],
  messages: [],
  texts: [],
  contacts: new Map(),
};

export function writeConversation(tables: Tables, change: ConversationChange): void {
  const { before, events, after, words, customer } = keep(change);
  const stored = tables.conversations.get(after.id);
  if (stored?.state.version !== before?.version) {
    throw new Failure(
      'temporary',
      'version-conflict',
      `conversation ${after.id} has changed since it was read`,
    );
  }
  const row = { ...(stored ?? NEW), state: after };
  checkEvents(tables, row, events);
  const ledger = moveLedger(tables, row.ledger, events);
  const offers = moveOffers(tables, row.offers, events);
  checkState(tables, row, ledger);
  const first = words ?? row.words;
  const known = customer === undefined || first === null ? first : { ...first, customer };
  tables.conversations.set(after.id, {
    ...row,
    words: known,
    events: [...row.events, ...events],
    ledger,
    offers,
  });
  index(tables, after.id, row.words?.customer.address ?? null, known?.customer.address ?? null);
  countOpen(tables, stored?.state ?? null, -1);
  countOpen(tables, after, 1);
}

function checkEvents(
  tables: Tables,
  { state, events: known }: ConversationRow,
  events: readonly ConversationEvent[],
) {
  mustGet(tables.inboxes, state.inboxId, 'inbox');
  let seq = known.length;
  let at = known.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  for (const event of events) {
    refuseUnless(event.conversationId === state.id, `an event of conversation ${event.conversationId}`);
    refuseUnless(event.seq === seq + 1, `event ${event.seq} does not follow ${seq}`);
    refuseUnless(
      Number.isSafeInteger(event.at) && event.at > at,
      `event ${event.seq} is not later than the one before`,
    );
    ({ seq, at } = event);
  }
  refuseUnless(state.version === seq, `version ${state.version} is not that of the last event, ${seq}`);
}

/** Each row ends where the next begins; the last is open and names who answers for it, or marks the end. */
function moveLedger(
  tables: Tables,
  rows: readonly LedgerRow[],
  events: readonly ConversationEvent[],
): LedgerRow[] {
  const moved = [...rows];
  for (const { at, member, seq } of ledgerMoves(rows.at(-1)?.member ?? null, events)) {
    const open = moved.pop();
    if (open !== undefined) {
      refuseUnless(
        open.untilAt === null && at > open.fromAt,
        'a ledger row ends after its beginning, and once',
      );
      moved.push({ ...open, untilAt: at });
    }
    if (member !== null) mustGet(tables.members, member, 'member');
    moved.push({ fromAt: at, untilAt: null, member, seq });
  }
  assertTiling(moved);
  return moved;
}

function assertTiling(rows: readonly LedgerRow[]): void {
  refuseUnless(rows.length > 0, 'somebody answers for a conversation from its arrival');
  for (const [index, row] of rows.entries()) {
    const next = rows[index + 1];
    const tiles = next === undefined ? row.untilAt === null : row.untilAt === next.fromAt;
    refuseUnless(
      tiles && (next === undefined || next.fromAt > row.fromAt),
      'the ledger has a gap or an overlap',
    );
  }
}

function moveOffers(
  tables: Tables,
  rows: readonly OfferRow[],
  events: readonly ConversationEvent[],
): readonly OfferRow[] {
  const open = rows.at(-1)?.end === null ? (rows.at(-1) ?? null) : null;
  const { closed, made } = offerMoves(open, events);
  const moved = [...rows.map((row) => (row.seq === closed?.seq ? { ...row, end: closed } : row)), ...made];
  refuseUnless(moved.filter(({ end }) => end === null).length <= 1, 'a second open offer');
  for (const { to, askedAt } of made) {
    mustGet(tables.members, to, 'member');
    tables.lastOffered.set(to, Math.max(askedAt, tables.lastOffered.get(to) ?? askedAt));
  }
  return moved;
}

function checkState(tables: Tables, { state }: ConversationRow, ledger: readonly LedgerRow[]): void {
  const { phase, owner, offer } = state;
  refuseUnless(phase !== 'owned' || owner !== null, 'an owned conversation has an owner');
  refuseUnless(
    phase !== 'offered' || (offer !== null && owner === null),
    'what is offered has an offer and no owner',
  );
  refuseUnless(ledger.at(-1)?.member === state.accountable, 'the open ledger row is not whose it is');
  if (owner !== null) mustGet(tables.members, owner, 'member');
}

/** Whoever owns it, and whoever is asked to take it, has one more or one less. */
function countOpen(tables: Tables, state: ConversationRow['state'] | null, by: 1 | -1): void {
  if (state === null || state.phase === 'done') return;
  for (const member of [state.phase === 'owned' ? state.owner : null, state.offer?.to ?? null]) {
    if (member === null) continue;
    const open = (tables.openOf.get(member) ?? 0) + by;
    if (open === 0) tables.openOf.delete(member);
    else tables.openOf.set(member, open);
  }
}

function index(tables: Tables, id: number, before: string | null, customer: string | null): void {
  const { state } = mustGet(tables.conversations, id, 'conversation');
  if (state.phase === 'done') tables.open.delete(id);
  else tables.open.set(id, true);
  const due = nextDueAt(state);
  if (due === null) tables.dueAt.delete(id);
  else tables.dueAt.set(id, due);
  if (before === customer) return;
  const list = (address: string | null, ids: readonly number[]): void => {
    if (address === null) return;
    const mailbox = asciiLower(address);
    const others = (tables.byCustomer.get(mailbox) ?? []).filter((other) => other !== id);
    tables.byCustomer.set(mailbox, [...others, ...ids]);
  };
  list(before, []);
  list(customer, [id]);
}
