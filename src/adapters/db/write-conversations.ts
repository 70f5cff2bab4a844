/** How changed conversations become rows: the state, its events, and the two tables that follow from them. */
import assert from 'node:assert/strict';
import { Failure } from '../../app/failures.ts';
import type { ConversationChange } from '../../app/ports/store.ts';
import type { ConversationEvent } from '../../domain/conversation/events.ts';
import { nextDueAt } from '../../domain/conversation/running-clocks.ts';
import { type Conversation, unreachedSince } from '../../domain/conversation/state.ts';
import { attentionOf, Severity } from '../../domain/digest/attention.ts';
import type { ConversationId } from '../../domain/ids.ts';
import { toIso } from '../../domain/instant.ts';
import { type LedgerMove, ledgerMoves, type OfferEnd, offerMoves } from '../../domain/ledger.ts';
import { type Part, runJoined } from './joined.ts';
import { isoOrNull, type Sql } from './sql.ts';

/** A conversation may change twice in one step; it is written once. */
export function mergeChanges(changes: readonly ConversationChange[]): ConversationChange[] {
  const merged = new Map<ConversationId, ConversationChange>();
  for (const change of changes) {
    const { before, after, events } = change;
    const version = events.reduce((seq, event) => {
      assert.equal(event.conversationId, after.id, 'events belong to their conversation');
      assert.equal(event.seq, seq + 1, 'events follow each other without a gap');
      return event.seq;
    }, before?.version ?? 0);
    assert.equal(after.version, version, 'a state is at the version of its last event');
    const earlier = merged.get(after.id);
    if (earlier === undefined) {
      merged.set(after.id, change);
      continue;
    }
    assert.equal(before?.version, earlier.after.version, 'a second change begins where the first ended');
    const { customer = earlier.customer } = change;
    const both = { ...earlier, after, events: [...earlier.events, ...events] };
    merged.set(after.id, customer === undefined ? both : { ...both, customer });
  }
  return [...merged.values()];
}

/**
 * Moves the conversations that exist to their new version, and ends what ends: before anything is added, since a
 * conversation has one open ledger row and one open offer at every instant.
 * @throws Failure `version-conflict` when one of them is not at the version that was read.
 */
export async function moveConversations(sql: Sql, changes: readonly ConversationChange[]): Promise<void> {
  const known = changes.filter(({ before }) => before !== null);
  if (known.length === 0) return;
  const ids = known.map(({ after }) => after.id);
  const ledgerEnds = known.flatMap(ledgerEnd);
  const offerEnds = known.flatMap(offerEnd);
  const done = await runJoined(sql, [
    { name: 'moved', rows: known.map(conversationRow), ids, text: UPDATE },
    { name: 'ended', rows: ledgerEnds, ids, text: END_LEDGER },
    { name: 'closed', rows: offerEnds, ids, text: CLOSE_OFFER },
  ]);
  const moved = new Set(done.get('moved')?.map((row) => (row as { id: number }).id));
  const stale = known.find(({ after }) => !moved.has(after.id));
  if (stale !== undefined) {
    throw new Failure(
      'temporary',
      'version-conflict',
      `Conversation ${stale.after.id} has changed since it was read at version ${stale.before?.version}.`,
    );
  }
  assert.equal(done.get('ended')?.length, ledgerEnds.length, 'a conversation has one open ledger row');
  assert.equal(done.get('closed')?.length, offerEnds.length, 'the offer that ends is open');
}

/** What is added: conversations, events, ledger rows and offers. */
export function conversationParts(changes: readonly ConversationChange[]): Part[] {
  const fresh = changes.filter(({ before }) => before === null);
  const named = changes.filter(({ customer }) => customer !== undefined);
  return [
    { name: 'conversations', rows: fresh.map(conversationRow), text: INSERT },
    { name: 'words', rows: changes.flatMap(wordsRow), text: INSERT_WORDS },
    {
      name: 'customers',
      rows: named.map(({ after, customer }) => ({ id: after.id, ...customer })),
      ids: named.map(({ after }) => after.id),
      text: UPDATE_CUSTOMER,
    },
    { name: 'events', rows: changes.flatMap(({ events }) => events.map(eventRow)), text: INSERT_EVENTS },
    { name: 'ledgers', rows: changes.flatMap(ledgerRows), text: INSERT_LEDGER },
    { name: 'offers', rows: changes.flatMap(offerRows), text: INSERT_OFFERS },
  ];
}

const movesOf = ({ before, events }: ConversationChange): LedgerMove[] =>
  ledgerMoves(before?.accountable ?? null, events);

function conversationRow(change: ConversationChange): object {
  const { before, after } = change;
  const accountableFrom = movesOf(change).at(-1)?.at ?? null;
  const [worst] = attentionOf(after);
  return {
    id: after.id,
    before: before?.version ?? null,
    inbox_id: after.inboxId,
    phase: after.phase,
    owner_id: after.owner,
    offered_to: after.offer?.to ?? null,
    category: after.classified?.category ?? null,
    priority: after.priority,
    version: after.version,
    epoch: after.epoch,
    opened_at: toIso(after.openedAt),
    last_event_at: toIso(after.lastEventAt),
    due_at: isoOrNull(nextDueAt(after)),
    accountable_from: isoOrNull(accountableFrom),
    unreached_since: isoOrNull(unreachedSince(after)),
    vouched_at: isoOrNull(after.vouched?.at ?? null),
    attention: worst === undefined ? null : Severity[worst.why],
    attention_since: isoOrNull(worst?.since ?? null),
    snapshot: after satisfies Conversation,
  };
}

function wordsRow({ after, words }: ConversationChange): object[] {
  if (words === undefined) return [];
  const { subject, customer, because = [] } = words;
  const { name: customer_name, address: customer_address } = customer;
  const kept = because.length === 0 ? null : because;
  return [{ id: after.id, subject, customer_name, customer_address, because: kept }];
}

function eventRow({ conversationId, seq, at, type, ...data }: ConversationEvent): object {
  return { conversation_id: conversationId, seq, at: toIso(at), type, data };
}

function ledgerEnd(change: ConversationChange): object[] {
  const [first] = movesOf(change);
  return first === undefined ? [] : [{ conversation_id: change.after.id, until_at: toIso(first.at) }];
}

function ledgerRows(change: ConversationChange): object[] {
  const moves = movesOf(change);
  return moves.map(({ at, seq, member }, index) => ({
    conversation_id: change.after.id,
    from_at: toIso(at),
    until_at: isoOrNull(moves[index + 1]?.at ?? null),
    member_id: member,
    seq,
  }));
}

function offerEnd({ before, after, events }: ConversationChange): object[] {
  const { closed } = offerMoves(before?.offer ?? null, events);
  return closed === null ? [] : [{ conversation_id: after.id, seq: closed.seq, ...endOf(closed) }];
}

function offerRows({ before, after, events }: ConversationChange): object[] {
  return offerMoves(before?.offer ?? null, events).made.map((offer) => ({
    conversation_id: after.id,
    seq: offer.seq,
    to_id: offer.to,
    by_id: offer.by,
    kind: offer.kind,
    rung: offer.rung,
    asked_at: toIso(offer.askedAt),
    accept_by: isoOrNull(offer.acceptBy),
    ...endOf(offer.end),
  }));
}

const endOf = (end: OfferEnd | null): object => ({
  closed_at: isoOrNull(end?.at ?? null),
  outcome: end?.outcome ?? null,
});

const CONVERSATION = `AS row (id integer, before integer, inbox_id text, phase text, owner_id text,
  offered_to text, category text, priority text, version integer, epoch integer, opened_at timestamptz,
  last_event_at timestamptz, due_at timestamptz, accountable_from timestamptz, unreached_since timestamptz,
  vouched_at timestamptz, attention integer, attention_since timestamptz, snapshot jsonb)`;

const UPDATE: Part['text'] = (rows, ids) => `
  UPDATE conversation SET phase = row.phase, owner_id = row.owner_id, offered_to = row.offered_to,
    category = row.category, priority = row.priority, version = row.version, epoch = row.epoch,
    last_event_at = row.last_event_at, due_at = row.due_at, snapshot = row.snapshot,
    unreached_since = row.unreached_since, vouched_at = row.vouched_at,
    attention = row.attention, attention_since = row.attention_since,
    accountable_from = coalesce(row.accountable_from, conversation.accountable_from)
  FROM ${rows} ${CONVERSATION}
  WHERE conversation.id = row.id AND conversation.id = ${ids} AND conversation.version = row.before
  RETURNING conversation.id`;

/** Joined to what moved, so that a stale version is told as such and not as a broken ledger. */
const END_LEDGER: Part['text'] = (rows, ids) => `
  UPDATE ledger SET until_at = row.until_at
  FROM ${rows} AS row (conversation_id integer, until_at timestamptz) JOIN moved ON moved.id = row.conversation_id
  WHERE ledger.conversation_id = row.conversation_id AND ledger.conversation_id = ${ids} AND ledger.until_at IS NULL
  RETURNING 1`;

const CLOSE_OFFER: Part['text'] = (rows, ids) => `
  UPDATE offer SET closed_at = row.closed_at, outcome = row.outcome
  FROM ${rows} AS row (conversation_id integer, seq integer, closed_at timestamptz, outcome text)
    JOIN moved ON moved.id = row.conversation_id
  WHERE offer.conversation_id = row.conversation_id AND offer.conversation_id = ${ids} AND offer.seq = row.seq
    AND offer.closed_at IS NULL
  RETURNING 1`;

/** Numbers come from reserveConversation. */
const INSERT: Part['text'] = (rows) => `
  INSERT INTO conversation (id, inbox_id, phase, owner_id, offered_to, category, priority, version, epoch,
    opened_at, last_event_at, due_at, accountable_from, unreached_since, vouched_at, attention, attention_since,
    snapshot) OVERRIDING SYSTEM VALUE
  SELECT id, inbox_id, phase, owner_id, offered_to, category, priority, version, epoch, opened_at, last_event_at,
    due_at, accountable_from, unreached_since, vouched_at, attention, attention_since, snapshot
  FROM ${rows} ${CONVERSATION}
  RETURNING 1`;

const INSERT_WORDS: Part['text'] = (rows) => `
  INSERT INTO conversation_words (conversation_id, subject, customer_name, customer_address, because)
  SELECT id, subject, customer_name, customer_address, because
  FROM ${rows} AS row (id integer, subject text, customer_name text, customer_address text, because text[])
  RETURNING 1`;

const UPDATE_CUSTOMER: Part['text'] = (rows, ids) => `
  UPDATE conversation_words SET customer_name = row.name, customer_address = row.address
  FROM ${rows} AS row (id integer, name text, address text)
  WHERE conversation_words.conversation_id = row.id AND conversation_words.conversation_id = ${ids}
  RETURNING 1`;

const INSERT_EVENTS: Part['text'] = (rows) => `
  INSERT INTO event (conversation_id, seq, at, type, data)
  SELECT conversation_id, seq, at, type, data
  FROM ${rows} AS row (conversation_id integer, seq integer, at timestamptz, type text, data jsonb)
  RETURNING 1`;

const INSERT_LEDGER: Part['text'] = (rows) => `
  INSERT INTO ledger (conversation_id, from_at, until_at, member_id, ended, seq)
  SELECT conversation_id, from_at, until_at, member_id, member_id IS NULL, seq
  FROM ${rows} AS row (conversation_id integer, from_at timestamptz, until_at timestamptz, member_id text,
    seq integer)
  RETURNING 1`;

const INSERT_OFFERS: Part['text'] = (rows) => `
  INSERT INTO offer (conversation_id, seq, to_id, by_id, kind, rung, asked_at, accept_by, closed_at, outcome)
  SELECT conversation_id, seq, to_id, by_id, kind, rung, asked_at, accept_by, closed_at, outcome
  FROM ${rows} AS row (conversation_id integer, seq integer, to_id text, by_id text, kind text, rung integer,
    asked_at timestamptz, accept_by timestamptz, closed_at timestamptz, outcome text)
  RETURNING 1`;
