/**
 * Applies one event to a conversation: the only function that makes a state.
 * It trusts decide.ts to emit what may happen and asserts what must never happen.
 */
import assert from 'node:assert/strict';
import { CHOSEN } from '../learning/authority.ts';
import type { Lasts } from '../lost-mail.ts';
import type { ConversationEvent, Meant } from './events.ts';
import type { Conversation } from './state.ts';

/** The state after one more event; asserts what no event may bring about. */
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
    person: event.person,
    remindAt: null,
    answer: null,
    lastAnswer: null,
    held: [],
    unsent: null,
    unreached: event.unreached === true ? { lasts: 'for-good', since: event.at } : null,
    vouched: null,
    named: null,
    snooze: null,
    due: null,
    helps: [],
    copied: [],
    ended: null,
  };
}

function apply(state: Conversation, event: ConversationEvent): Conversation {
  switch (event.type) {
    case 'arrived':
      return assert.fail('a conversation arrives once');
    case 'classified': {
      const { category, priority, ruleId, reason, proposal, previousOwner } = event;
      const more = { ...(proposal && { proposal }), ...(previousOwner && { previousOwner }) };
      return { ...state, priority, classified: { category, priority, ruleId, reason, ...more } };
    }
    case 'categorised':
      return chosen(state, event);
    case 'routed':
      return {
        ...withoutWaits(state),
        routed: true,
        chain: event.chain,
        ...(event.waits !== undefined && { waits: event.waits }),
      };
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
    case 'declined': {
      const { category, urgent } = event;
      const closed = withoutOffer(state);
      // What is owned is what its owner says.
      if (category === undefined || state.owner !== null) return closed;
      return chosen(closed, { category, ...(urgent && { urgent }) });
    }
    case 'lapsed':
    case 'withdrawn':
    case 'unreachable':
      return withoutOffer(state);
    case 'accountability-moved':
      return {
        ...withoutClimb(state),
        // Whoever is being asked may still say yes, whoever answers for it meanwhile.
        phase: state.offer === null ? 'arrived' : 'offered',
        accountable: event.to,
        owner: null,
        epoch: state.owner === null ? state.epoch : state.epoch + 1,
      };
    case 'reminded':
      return { ...state, remindAt: event.remindAt };
    case 'asked-again':
      assert.ok(state.offer, 'only who is asked can be asked again');
      return { ...state, offer: { ...state.offer, reminders: event.left } };
    case 'customer-wrote':
      return { ...state, lastCustomerMessage: event.messageId, unreached: afterTheyWrote(state) };
    case 'answered-directly':
      return { ...state, answer: null, lastAnswer: { seq: event.seq, by: event.by } };
    case 'not-reached':
      return notReached(state, event);
    case 'attached':
    case 'nudged':
    case 'absorbed':
    case 'categorised':
      return state;
    case 'noted': {
      const { by, messageId, note } = event;
      return event.unsent ? { ...state, unsent: { by, messageId, text: note } } : state;
    }
    case 'replied':
      return {
        ...state,
        answer: null,
        lastAnswer: { seq: event.seq, by: event.by },
        unsent: state.unsent?.text === event.text ? null : state.unsent,
      };
    case 'held': {
      const { seq, by, messageId, text, why } = event;
      return { ...state, held: [...state.held, { seq, by, messageId, text, why }] };
    }
    case 'released':
      return released(state, event);
    case 'done':
      return finished(state, event);
    case 'reopened':
      return reopened(state, event);
    case 'split-off':
      return { ...state, lastCustomerMessage: event.last, answer: event.owed ? state.answer : null };
    case 'also-came': {
      const { inboxId, messageId, at } = event;
      return { ...state, also: [...(state.also ?? []), { inboxId, messageId, at, into: null }] };
    }
    case 'also-split': {
      const { inboxId, into } = event;
      const also = state.also ?? [];
      return { ...state, also: also.map((one) => (one.inboxId === inboxId ? { ...one, into } : one)) };
    }
    case 'customer-changed':
      return {
        ...state,
        author: null,
        acknowledge: event.acknowledge,
        person: true,
        named: null,
        unreached: null,
        vouched: { seq: event.seq, at: event.at },
        // What was written for one customer is not let go to another; who passed a mail on was none, and an address
        // that takes no mail is most likely named anew for the same person.
        held: state.author === null ? state.held.filter(({ why }) => why === 'unreached') : state.held,
      };
    case 'owner-named':
      return { ...state, named: event.owner };
    case 'copied':
      return { ...state, copied: [...state.copied.filter((id) => id !== event.contact), event.contact] };
    default:
      return clocked(state, event);
  }
}

function withoutOffer(state: Conversation): Conversation {
  assert.ok(state.offer, 'only an open offer can be closed');
  const phase = state.phase === 'offered' ? 'arrived' : state.phase;
  return { ...state, offer: null, remindAt: null, phase };
}

/** A member's word stands in the place of rules and models; what was urgent before stays so. */
function chosen(state: Conversation, { category, urgent }: Meant): Conversation {
  const priority = urgent ? 'urgent' : state.priority;
  return { ...state, priority, classified: { category, priority, ruleId: null, reason: CHOSEN } };
}

/** They belong to the chain that they came with. */
function withoutWaits(state: Conversation): Conversation {
  const { waits: _, ...rest } = state;
  return rest;
}

/** Events of the clocks that run beside the question who takes it. */
function clocked(state: Conversation, event: ConversationEvent & { type: ClockEvent }): Conversation {
  switch (event.type) {
    case 'answer-owed':
      return {
        ...state,
        answer: { by: event.answerBy, promised: event.answerBy, warnAt: event.warnAt, missed: false },
      };
    case 'answer-warned':
      assert.ok(state.answer, 'only an answer that is owed can be warned of');
      return { ...state, answer: { ...state.answer, warnAt: null } };
    case 'answer-missed': {
      const { answerBy: by, toldCustomer } = event;
      const promised = toldCustomer ? by : (state.answer?.promised ?? by);
      return { ...state, answer: { by, promised, warnAt: null, missed: true } };
    }
    case 'progress-expected':
      return { ...state, climb: { since: event.at, at: event.speakBy, cause: null, rung: 0, asked: [] } };
    case 'climbed':
      return climbed(state, event);
    case 'snoozed':
      return { ...state, snooze: { by: event.by, until: event.until, note: event.note } };
    case 'snooze-ended':
      return { ...state, snooze: null };
    case 'due-set':
      return { ...state, due: { by: event.by, at: event.due, told: false } };
    case 'due-reached':
      assert.ok(state.due, 'only a date that was set can come');
      return { ...state, due: { ...state.due, told: true } };
    case 'help-asked': {
      const { seq, of, by, text, at, remindAt } = event;
      return {
        ...state,
        helps: [...state.helps, { seq, of, by, text, askedAt: at, remindAt, reminded: false }],
      };
    }
    case 'help-reminded':
      return {
        ...state,
        helps: state.helps.map((help) =>
          help.seq === event.help ? { ...help, remindAt: event.remindAt, reminded: true } : help,
        ),
      };
    case 'help-answered':
    case 'help-silent':
      return { ...state, helps: state.helps.filter(({ seq }) => seq !== event.help) };
    default:
      return event satisfies never;
  }
}

type ClockEvent =
  | 'answer-owed'
  | 'answer-warned'
  | 'answer-missed'
  | 'progress-expected'
  | 'climbed'
  | 'snoozed'
  | 'snooze-ended'
  | 'due-set'
  | 'due-reached'
  | 'help-asked'
  | 'help-reminded'
  | 'help-answered'
  | 'help-silent';

function climbed(state: Conversation, event: ConversationEvent & { type: 'climbed' }): Conversation {
  const { cause, rung, to, next } = event;
  const { since, asked } = state.climb ?? { since: event.at, asked: [] };
  const climb = {
    since,
    at: next ?? event.at,
    cause,
    rung,
    asked: to === state.owner ? asked : [...asked, to],
  };
  return { ...state, climb };
}

/** What is nobody's, or done, has no owner to wait for. */
function withoutClimb(state: Conversation): Conversation {
  const { climb: _, ...rest } = state;
  return rest;
}

/** A From proves no mailbox, so that only what had not failed for good is forgotten. */
const afterTheyWrote = ({ unreached }: Conversation): Conversation['unreached'] =>
  unreached?.lasts === 'for-good' ? unreached : null;

function notReached(state: Conversation, event: ConversationEvent & { type: 'not-reached' }): Conversation {
  const { recipient, at } = event;
  const { lasts = beforeReportsWereRead(event) } = event;
  if (lasts === null) return state;
  switch (recipient.type) {
    case 'customer':
      return state.unreached?.lasts === 'for-good' ? state : { ...state, unreached: { lasts, since: at } };
    case 'contact':
      return lasts === 'for-good'
        ? { ...state, copied: state.copied.filter((id) => id !== recipient.contact) }
        : state;
    case 'member':
      return state;
    default:
      return recipient satisfies never;
  }
}

/** Then any mail that came back counted until the customer wrote again, whatever its report said. */
const beforeReportsWereRead = ({
  recipient,
  why,
}: ConversationEvent & { type: 'not-reached' }): Lasts | null =>
  recipient.type === 'customer' && why !== 'auto-reply' ? 'for-now' : null;

/** Who lets go what waited because mail comes back says by that that it may be sent there. */
function released(state: Conversation, event: ConversationEvent & { type: 'released' }): Conversation {
  const found = state.held.find(({ seq }) => seq === event.held);
  assert.ok(found, 'what is released was held');
  const held = state.held.filter((one) => one !== found);
  return found.why === 'unreached'
    ? { ...state, held, unreached: null, vouched: { seq: event.seq, at: event.at } }
    : { ...state, held };
}

/** A manager may finish what is somebody's: if it is opened again, it is theirs again. */
function finished(state: Conversation, event: ConversationEvent & { type: 'done' }): Conversation {
  return {
    ...withoutClimb(state),
    phase: 'done',
    accountable: null,
    owner: state.owner ?? event.by,
    offer: null,
    remindAt: null,
    answer: null,
    snooze: null,
    due: null,
    helps: [],
    held: [],
    ended: { as: event.as, into: event.into },
  };
}

function reopened(state: Conversation, event: ConversationEvent & { type: 'reopened' }): Conversation {
  return {
    ...state,
    phase: event.owner === null ? 'arrived' : 'owned',
    accountable: event.accountable,
    owner: event.owner,
    epoch: state.epoch + 1,
    asked: [],
    rung: 0,
    lastCustomerMessage: event.messageId ?? state.lastCustomerMessage,
    unreached: event.messageId === null ? state.unreached : afterTheyWrote(state),
    ended: null,
  };
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
      ...(event.reminders !== undefined && { reminders: event.reminders }),
    },
    asked: state.asked.includes(event.to) ? state.asked : [...state.asked, event.to],
    rung: event.rung,
    remindAt: event.remindAt,
  };
}
