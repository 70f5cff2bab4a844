/**
 * Applies one event to a conversation: the only function that makes a state.
 * It trusts decide.ts to emit what may happen and asserts what must never happen.
 */
import assert from 'node:assert/strict';
import type { ConversationEvent } from './events.ts';
import type { Conversation } from './state.ts';

export function evolve(state: Conversation | null, event: ConversationEvent): Conversation {
  if (state === null) return arrive(event);
  assert.equal(event.seq, state.version + 1, 'events follow each other without a gap');
  assert.ok(event.at > state.lastEventAt, 'time moves forward within a conversation');
  const next = apply({ ...state, version: event.seq, lastEventAt: event.at }, event);
  assert.equal(next.accountable === null, next.phase === 'done', 'somebody answers for it until it is done');
  return next;
}

/** Rebuilds a state from its whole history; throws on an empty one. */
export function fold(events: readonly ConversationEvent[]): Conversation {
  const state = events.reduce<Conversation | null>(evolve, null);
  assert.ok(state, 'a conversation has at least its arrival');
  return state;
}

function arrive(event: ConversationEvent): Conversation {
  assert.equal(event.type, 'arrived', 'a conversation begins with its arrival');
  assert.equal(event.seq, 1);
  return {
    id: event.conversationId,
    inboxId: event.inboxId,
    phase: 'arrived',
    accountable: event.accountable,
    owner: null,
    offer: null,
    routed: false,
    chain: [],
    asked: [],
    rung: 0,
    epoch: 1,
    version: 1,
    openedAt: event.at,
    lastEventAt: event.at,
    priority: 'normal',
    classified: null,
    author: event.author,
    acknowledge: event.acknowledge,
    lastCustomerMessage: event.messageId,
    remindAt: null,
  };
}

function apply(state: Conversation, event: ConversationEvent): Conversation {
  switch (event.type) {
    case 'arrived':
      return assert.fail('a conversation arrives once');
    case 'classified': {
      const { category, priority, ruleId, reason } = event;
      return { ...state, priority, classified: { category, priority, ruleId, reason } };
    }
    case 'routed':
      return { ...state, routed: true, chain: event.chain };
    case 'offered':
      return offered(state, event);
    case 'accepted':
      return {
        ...state,
        phase: 'owned',
        owner: event.by,
        accountable: event.by,
        offer: null,
        remindAt: null,
        epoch: state.epoch + 1,
      };
    case 'declined':
    case 'lapsed':
    case 'withdrawn':
    case 'unreachable':
      assert.ok(state.offer, 'only an open offer can be closed');
      return {
        ...state,
        offer: null,
        remindAt: null,
        phase: state.phase === 'offered' ? 'arrived' : state.phase,
      };
    case 'accountability-moved':
      return {
        ...state,
        // Whoever is being asked may still say yes, whoever answers for it meanwhile.
        phase: state.offer === null ? 'arrived' : 'offered',
        accountable: event.to,
        owner: null,
        epoch: state.owner === null ? state.epoch : state.epoch + 1,
      };
    case 'reminded':
      return { ...state, remindAt: event.remindAt };
    case 'customer-wrote':
      return { ...state, lastCustomerMessage: event.messageId };
    case 'answered-directly':
    case 'attached':
    case 'not-reached':
    case 'noted':
    case 'replied':
      return state;
    case 'done':
      // A manager may finish what is somebody's: if it is opened again, it is theirs again.
      return {
        ...state,
        phase: 'done',
        accountable: null,
        owner: state.owner ?? event.by,
        offer: null,
        remindAt: null,
      };
    case 'reopened':
      return {
        ...state,
        phase: event.owner === null ? 'arrived' : 'owned',
        accountable: event.accountable,
        owner: event.owner,
        epoch: state.epoch + 1,
        asked: [],
        rung: 0,
        lastCustomerMessage: event.messageId ?? state.lastCustomerMessage,
      };
    default:
      return event satisfies never;
  }
}

function offered(state: Conversation, event: ConversationEvent & { type: 'offered' }): Conversation {
  assert.equal(state.offer, null, 'at most one offer is open');
  assert.notEqual(state.phase, 'done', 'nobody is asked to take what is done');
  return {
    ...state,
    phase: state.phase === 'owned' ? 'owned' : 'offered',
    offer: {
      seq: event.seq,
      to: event.to,
      kind: event.kind,
      by: event.by,
      acceptBy: event.acceptBy,
      askedAt: event.at,
      note: event.note,
    },
    asked: state.asked.includes(event.to) ? state.asked : [...state.asked, event.to],
    rung: event.rung,
    remindAt: event.remindAt,
  };
}
