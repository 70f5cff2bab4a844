/**
 * Collects what one decision emits. Each event is applied at once, so that the next line of a decision sees the
 * state that the line before it made; nothing outside the step changes.
 */
import assert from 'node:assert/strict';
import type { ContactId, ConversationId, MemberId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import { aboutRequest, type NoticeBody, type NoticeDraft, type Recipient } from '../notices/notice.ts';
import { conversationNoticeKey } from '../notices/notice-key.ts';
import type { Policy } from '../policy.ts';
import type { ConversationEvent, EventBody } from './events.ts';
import { evolve } from './evolve.ts';
import { watchProgress } from './progress.ts';
import type { Conversation } from './state.ts';

export type Step = {
  readonly policy: Policy;
  /** The state so far; asserts that the conversation exists. */
  readonly state: Conversation;
  readonly events: readonly ConversationEvent[];
  readonly notices: readonly NoticeDraft[];
  /** The time of this step: deadlines count from it, and it is never before what has happened. */
  readonly now: Instant;
  emit(body: EventBody): Conversation;
  /** Adds a notice about the latest event. Nobody is mailed twice about one event, and nobody about nothing. */
  tell(member: MemberId | null, body: NoticeBody): void;
  /** Whoever is in copy gets it as well, apart from the confirmation. */
  tellCustomer(body: NoticeBody): void;
  tellContact(contact: ContactId, body: NoticeBody): void;
};

/** What one step comes to: the state after it, what has happened, and who is told. */
export type Decision = {
  readonly state: Conversation;
  readonly events: readonly ConversationEvent[];
  readonly notices: readonly NoticeDraft[];
};

/** What a finished step hands on. */
export function decisionOf(step: Step): Decision {
  watchProgress(step);
  const { state, events, notices } = step;
  return { state, events, notices };
}

/** `before` null: it begins with an arrival. */
export function beginStep(
  policy: Policy,
  id: ConversationId,
  before: Conversation | null,
  now: Instant,
): Step {
  let current = before;
  const events: ConversationEvent[] = [];
  const notices: NoticeDraft[] = [];

  function add(recipient: Recipient, body: NoticeBody): void {
    assert.ok(current, 'a notice tells of an event');
    const dedupeKey = conversationNoticeKey(id, current.version, body.kind, recipient);
    notices.push({
      dedupeKey,
      inboxId: current.inboxId,
      ...aboutRequest(current),
      recipient,
      body,
    });
  }

  return {
    policy,
    events,
    notices,
    get state() {
      assert.ok(current, 'the conversation exists');
      return current;
    },
    get now() {
      return current === null ? now : Math.max(now, current.lastEventAt);
    },
    emit(body) {
      const seq = (current?.version ?? 0) + 1;
      const at = current === null ? now : Math.max(now, current.lastEventAt + 1);
      const event: ConversationEvent = { ...body, conversationId: id, seq, at };
      current = evolve(current, event);
      events.push(event);
      return current;
    },
    tell(member, body) {
      if (member !== null) add({ type: 'member', member }, body);
    },
    tellCustomer(body) {
      add({ type: 'customer' }, body);
      // It confirms one mail, to whoever wrote it.
      if (body.kind === 'acknowledgement') return;
      for (const contact of current?.copied ?? []) add({ type: 'contact', contact }, body);
    },
    tellContact(contact, body) {
      add({ type: 'contact', contact }, body);
    },
  };
}
