/** Collects what one decision about a mail that could not be read emits; each event is applied at once. */
import assert from 'node:assert/strict';
import { parkedBy, remindAt } from '../deadlines.ts';
import type { InboxId, MemberId, MessageId } from '../ids.ts';
import type { Instant } from '../instant.ts';
import { aboutRequest, type NoticeBody, type NoticeDraft } from '../notices/notice.ts';
import type { Policy } from '../policy.ts';
import type { Question, Turn } from './in-charge.ts';
import { evolve, type Parked, type ParkedEvent, type ParkedEventBody } from './parked.ts';

export type ParkedContext = {
  readonly id: MessageId;
  readonly inboxId: InboxId;
  readonly policy: Policy;
  readonly now: Instant;
  /** The sentence that says why it could not be read. */
  readonly why: string;
};

export type ParkedDecision = {
  readonly before: Parked | null;
  readonly after: Parked;
  readonly events: readonly ParkedEvent[];
  readonly notices: readonly NoticeDraft[];
};

type Asks = NoticeBody & { readonly kind: 'parked' };
type Tells = NoticeBody & { readonly kind: 'parked-news' };

export type Step = {
  readonly before: Parked | null;
  readonly policy: Policy;
  readonly inboxId: InboxId;
  /** Never before what has happened: a clock that steps back cannot reorder it. */
  readonly now: Instant;
  question(without: readonly MemberId[]): Question;
  /** When the next follows, once it is somebody's turn. */
  due(turn: Turn): Instant;
  emit(body: ParkedEventBody): void;
  /** Please decide. */
  ask(member: MemberId, asked: Asks['asked'], from: MemberId | null): void;
  /** Nothing is asked of its reader. */
  tell(member: MemberId, news: Tells['news']): void;
  /** null: nothing has happened. */
  decision(): ParkedDecision | null;
};

export function beginStep(before: Parked | null, context: ParkedContext): Step {
  const { id, inboxId, policy, why } = context;
  const now = before === null ? context.now : Math.max(context.now, before.lastEventAt + 1);
  const events: ParkedEvent[] = [];
  const notices: NoticeDraft[] = [];
  let current = before;

  function state(): Parked {
    assert.ok(current !== null, 'a notice tells of an event');
    return current;
  }

  /** One event has one notice for each recipient, and whoever has left has none. */
  function add(member: MemberId, body: NoticeBody): void {
    if (policy.members.get(member)?.active !== true) return;
    const dedupeKey = `message:${id}/${body.kind}/${state().version}/member:${member}`;
    if (notices.some((notice) => notice.dedupeKey === dedupeKey)) return;
    const recipient = { type: 'member', member } as const;
    notices.push({ dedupeKey, inboxId, ...aboutRequest(null), recipient, body });
  }

  return {
    before,
    policy,
    inboxId,
    now,
    question: (without) => ({ policy, inboxId, now, without }),
    due: ({ to, rung }) => (rung === 'final' ? remindAt(policy, to, now) : parkedBy(policy, to, now)),
    emit(body) {
      const at = events.length === 0 ? now : state().lastEventAt + 1;
      const event: ParkedEvent = { ...body, seq: (current?.version ?? 0) + 1, at };
      current = evolve(id, current, event);
      events.push(event);
    },
    ask(member, asked, from) {
      const { accountable, since, times, code, rung, due } = state();
      const next = rung === 'front-desk' ? due : null;
      const about = { messageId: id, why, since, times, code } as const;
      add(member, { kind: 'parked', ...about, asked, from, accountable, due: next });
    },
    tell(member, news) {
      add(member, { kind: 'parked-news', messageId: id, accountable: state().accountable, news });
    },
    decision: () => (events.length === 0 ? null : { before, after: state(), events, notices }),
  };
}
