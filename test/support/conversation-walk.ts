/**
 * Random lives of one conversation: whatever may happen to it and whatever members may write, in any order, while
 * time moves, people go away and people leave. Only decide and decideCommand make its states.
 */
import fc from 'fast-check';
import type { Chosen } from '../../src/domain/conversation/categorising.ts';
import { decideCommand, keepWords, type MemberCommand } from '../../src/domain/conversation/commands.ts';
import { arrive, decide, type Happening } from '../../src/domain/conversation/decide.ts';
import type { Acknowledge, ConversationEvent } from '../../src/domain/conversation/events.ts';
import { nextDueAt } from '../../src/domain/conversation/running-clocks.ts';
import type { Conversation } from '../../src/domain/conversation/state.ts';
import type { Decision } from '../../src/domain/conversation/step.ts';
import type { FailureReason } from '../../src/domain/delivery-failure.ts';
import type { MemberId } from '../../src/domain/ids.ts';
import { type Duration, HOUR, type Instant, MINUTE } from '../../src/domain/instant.ts';
import type { Wait } from '../../src/domain/ladder.ts';
import type { DeliveryFailure } from '../../src/domain/lost-mail.ts';
import type { NoticeDraft, Recipient } from '../../src/domain/notices/notice.ts';
import type { Absence, Ladder, Policy, Priority, Rung } from '../../src/domain/policy.ts';
import type { Rejection } from '../../src/domain/rejections.ts';
import { MONDAY, testPolicy } from './policy.ts';
import { schedule } from './schedules.ts';

const MEMBERS = ['leah', 'priya', 'luis', 'sam', 'dana', 'omar'] as const;
const member = fc.constantFrom<MemberId>(...MEMBERS);
const contact = fc.constantFrom('joe', 'ann');
const maybeText = fc.option(fc.uuid(), { nil: null });

export type Doing =
  | { readonly do: 'happen'; readonly happening: Unnumbered }
  | {
      readonly do: 'command';
      readonly by: MemberId | 'asked' | 'accountable';
      readonly command: Said;
      /** How many of the customer's messages the author had not been shown; null: no message was named. */
      readonly behind: number | null;
    }
  /** Words that are no command. */
  | { readonly do: 'write'; readonly by: MemberId | 'asked' | 'accountable'; readonly text: string }
  /** Whoever was asked for help last answers. */
  | { readonly do: 'answer-help'; readonly text: string | null }
  | { readonly do: 'wait'; readonly minutes: number }
  /** Time moves to the next clock, or to just before it, and the clock is looked at. */
  | { readonly do: 'due'; readonly early: boolean }
  | {
      readonly do: 'go-away';
      readonly member: MemberId | 'asked';
      readonly hours: number;
      readonly cover: MemberId | null;
      /** Whether it is looked at at once what they are being asked. */
      readonly looked: boolean;
    }
  | { readonly do: 'leave'; readonly member: MemberId };

/** A command whose time is not known before it is said. */
type Said =
  | Exclude<MemberCommand, { verb: 'snooze' } | { verb: 'due' }>
  | { readonly verb: 'snooze' | 'due'; readonly hours: number };

type Unnumbered =
  | Exclude<Happening, { messageId: unknown } | { type: 'absent' }>
  | { readonly type: 'customer-wrote'; readonly onlyThanks: boolean }
  | { readonly type: 'answered-directly'; readonly by: MemberId | null }
  | { readonly type: 'attached'; readonly as: 'stranger' | 'auto-reply' | 'bounce' | 'report' }
  | {
      readonly type: 'not-reached';
      readonly whom: MemberId | 'customer' | 'asked' | 'in copy' | 'helper';
      readonly why: Why;
      readonly lost: Lost;
      readonly failure: DeliveryFailure;
    };
type Why = 'bounce' | 'auto-reply' | 'refused';
type Lost = 'offer' | 'undeliverable' | 'customer-reply';

const REASON = { code: 'no-rule', sentence: 'no rule matches' } as const;

const chosen: fc.Arbitrary<Chosen> = fc.record(
  {
    category: fc.constantFrom('repair', 'lease', null),
    chain: fc.uniqueArray(member, { maxLength: 5 }),
    reason: fc.constant(REASON),
    said: fc.constant(REASON),
    urgent: fc.constant(true as const),
  },
  { requiredKeys: ['category', 'chain', 'reason', 'said'] },
);

const verb: fc.Arbitrary<Said> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Said>({ verb: 'accept' }) },
  { weight: 2, arbitrary: fc.constant<Said>({ verb: 'take' }) },
  { weight: 4, arbitrary: fc.record({ verb: fc.constant('decline' as const), note: maybeText }) },
  {
    weight: 1,
    arbitrary: fc.record({ verb: fc.constant('decline' as const), note: maybeText, meant: chosen }),
  },
  { weight: 2, arbitrary: fc.record({ verb: fc.constant('category' as const), chosen, note: maybeText }) },
  { weight: 5, arbitrary: fc.record({ verb: fc.constant('handoff' as const), to: member, note: maybeText }) },
  { weight: 3, arbitrary: fc.record({ verb: fc.constant('done' as const), note: maybeText }) },
  { weight: 2, arbitrary: fc.constant<Said>({ verb: 'reopen' }) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('note' as const), text: fc.uuid() }) },
  { weight: 3, arbitrary: fc.record({ verb: fc.constant('reply' as const), text: fc.uuid() }) },
  {
    weight: 3,
    arbitrary: fc.record({ verb: fc.constantFrom('send', 'release', 'remind', 'spam' as const) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ verb: fc.constant('help-from' as const), to: member, text: maybeText }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ verb: fc.constant('ask' as const), contact: contact, text: fc.uuid() }),
  },
  { weight: 1, arbitrary: fc.record({ verb: fc.constant('add' as const), contact: contact }) },
  {
    weight: 2,
    arbitrary: fc.record({
      verb: fc.constantFrom('snooze', 'due' as const),
      hours: fc.integer({ min: 1, max: 200 }),
    }),
  },
);

const span = fc.option(
  fc.integer({ min: 1, max: 600 }).map((minutes) => minutes * MINUTE),
  { nil: null },
);

const wait: fc.Arbitrary<Wait> = fc.record({ reminders: fc.array(span, { maxLength: 2 }), last: span });

const RUNGS = ['remind', 'backup', 'team', 'front-desk', 'on-call'] as const;

const rung: fc.Arbitrary<Rung> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ to: fc.constantFrom(...RUNGS), after: span }) },
  { weight: 2, arbitrary: fc.record({ to: fc.constant('member' as const), member, after: span }) },
);

/** The end of a ladder may be said or not. */
const rungs = fc
  .tuple(fc.array(rung, { maxLength: 6 }), fc.boolean())
  .map(([some, said]): readonly Rung[] => (said ? [...some, { to: 'final-manager', after: null }] : some));

/** Mostly the usual one. */
const ladders: fc.Arbitrary<readonly Ladder[]> = fc.oneof(
  { weight: 2, arbitrary: fc.constant([]) },
  { weight: 3, arbitrary: rungs.map((owned) => [{ when: {}, owned }]) },
);

const happening: fc.Arbitrary<Unnumbered> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('routed' as const),
      chain: fc.uniqueArray(member, { maxLength: 5 }),
      waits: fc.array(fc.option(wait, { nil: null }), { maxLength: 5 }),
      reason: fc.constant(REASON),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant('customer-wrote' as const), onlyThanks: fc.boolean() }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('answered-directly' as const),
      by: fc.option(member, { nil: null }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('attached' as const),
      as: fc.constantFrom('stranger', 'auto-reply', 'bounce', 'report'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('not-reached' as const),
      whom: fc.oneof(fc.constantFrom('asked', 'customer', 'in copy', 'helper' as const), member),
      why: fc.constantFrom<Why>('bounce', 'auto-reply', 'refused'),
      lost: fc.constantFrom<Lost>('offer', 'undeliverable', 'customer-reply'),
      failure: fc.record({
        reason: fc.constantFrom<FailureReason>('user-unknown', 'mailbox-full', 'too-large', 'unknown'),
        status: fc.constantFrom(null, '5.1.1'),
        permanent: fc.boolean(),
      }),
    }),
  },
  { weight: 2, arbitrary: fc.constant({ type: 'tick' as const }) },
);

const who = fc.oneof(
  { weight: 3, arbitrary: fc.constant('asked' as const) },
  { weight: 2, arbitrary: fc.constant('accountable' as const) },
  { weight: 2, arbitrary: member },
);

const doing: fc.Arbitrary<Doing> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('happen' as const), happening }) },
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('command' as const),
      by: who,
      command: verb,
      behind: fc.constantFrom(null, 0, 0, 0, 1),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('write' as const), by: who, text: fc.uuid() }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('answer-help' as const), text: maybeText }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      minutes: fc.oneof(fc.nat(600), fc.nat(14_400)),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('due' as const), early: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('go-away' as const),
      member: fc.oneof(fc.constant('asked' as const), member),
      hours: fc.integer({ min: 1, max: 90 }),
      cover: fc.option(member, { nil: null }),
      looked: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('leave' as const), member }) },
);

export type Life = {
  readonly priority: Priority;
  readonly author: MemberId | null;
  readonly acknowledge: Acknowledge;
  /** Mail to its customer had come back before. */
  readonly unreached: boolean;
  readonly ladders: readonly Ladder[];
  readonly onCall: MemberId | null;
  readonly doings: readonly Doing[];
};

export const life: fc.Arbitrary<Life> = fc.record({
  priority: fc.constantFrom<Priority>('normal', 'urgent'),
  author: fc.option(member, { nil: null, freq: 5 }),
  acknowledge: fc.constantFrom<Acknowledge>('echo', 'fixed', 'none'),
  unreached: fc.constantFrom(false, false, false, true),
  ladders,
  onCall: fc.option(member, { nil: null }),
  doings: fc.array(doing, { minLength: 1, maxLength: 60, size: 'max' }),
});

/** One decision with all that was known about it. */
export type Taken = {
  readonly before: Conversation | null;
  readonly after: Conversation;
  readonly events: readonly ConversationEvent[];
  readonly notices: readonly NoticeDraft[];
  readonly rejection: Rejection | null;
  readonly policy: Policy;
  readonly now: Instant;
  readonly what: Happening['type'] | MemberCommand['verb'] | 'arrived' | 'write';
  /** From the arrival to this decision, itself included. */
  readonly history: readonly ConversationEvent[];
  readonly mailed: readonly NoticeDraft[];
};

/** Plays a life and shows each decision to `look`. */
export function play(plan: Life, look: (taken: Taken) => void): void {
  const world = new World(plan, look);
  for (const next of plan.doings) world.act(next);
}

function timed(said: Said, now: Instant): MemberCommand {
  if (!('hours' in said)) return said;
  const at = now + said.hours * HOUR;
  return said.verb === 'due' ? { verb: 'due', by: at } : { verb: 'snooze', until: at, note: null };
}

class World {
  #now = MONDAY;
  #message = 1;
  readonly #left = new Set<MemberId>();
  readonly #away = new Map<MemberId, Absence[]>();
  #policy: Policy;
  #state: Conversation;
  #history: readonly ConversationEvent[] = [];
  #mailed: readonly NoticeDraft[] = [];
  readonly #look: (taken: Taken) => void;
  readonly #plan: Life;

  constructor(plan: Life, look: (taken: Taken) => void) {
    this.#look = look;
    this.#plan = plan;
    this.#policy = this.#configured();
    const { priority, author, acknowledge, unreached } = plan;
    const arrival = {
      conversationId: 1001,
      inboxId: 'maintenance',
      messageId: this.#message,
      storedAt: this.#now,
      author,
      acknowledge,
      person: acknowledge !== 'none',
      text: null,
      unreached,
      classified: { category: null, priority, ruleId: null, reason: REASON },
    };
    const decision = arrive(arrival, this.#policy);
    this.#state = decision.state;
    this.#record(null, 'arrived', decision, null);
  }

  act(next: Doing): void {
    switch (next.do) {
      case 'happen':
        return this.#happen(this.#number(next.happening));
      case 'command':
        return this.#command(next);
      case 'write':
        return this.#write(next);
      case 'answer-help':
        return this.#answerHelp(next);
      case 'wait':
        return this.#pass(next.minutes * MINUTE);
      case 'due':
        this.#now = Math.max(this.#now, (nextDueAt(this.#state) ?? this.#now) - (next.early ? 1 : 0));
        return this.#happen({ type: 'tick' });
      case 'go-away':
        return this.#goAway(next);
      case 'leave':
        return this.#leave(next.member);
      default:
        return next satisfies never;
    }
  }

  #pass(length: Duration): void {
    this.#now += length;
  }

  #happen(what: Happening): void {
    const before = this.#state;
    this.#record(before, what.type, decide(before, what, this.#now, this.#policy), null);
  }

  #command({ by: who, command: said, behind }: Doing & { do: 'command' }): void {
    const before = this.#state;
    const by = this.#named(who);
    // Who has left cannot act: their tokens are refused before anything is decided.
    if (this.#left.has(by)) return;
    const command = timed(said, this.#now);
    const shown = behind === null ? null : before.lastCustomerMessage - behind;
    const decision = decideCommand(before, command, {
      by,
      messageId: null,
      shown,
      answered: behind === 0 ? (before.lastAnswer?.seq ?? 0) : 0,
      now: this.#now,
      policy: this.#policy,
    });
    this.#record(before, command.verb, decision, decision.result.ok ? null : decision.result.rejection);
  }

  #write({ by: who, text }: Doing & { do: 'write' }): void {
    const before = this.#state;
    const by = this.#named(who);
    if (this.#left.has(by)) return;
    const context = { by, messageId: null, shown: null, answered: 0, now: this.#now, policy: this.#policy };
    this.#record(before, 'write', keepWords(before, text, context), null);
  }

  #answerHelp({ text }: Doing & { do: 'answer-help' }): void {
    const help = this.#state.helps.at(-1);
    if (help === undefined) return;
    const { seq, of, by } = help;
    this.#happen({ type: 'help-answered', help: seq, of, by, messageId: this.#message, text });
  }

  #named(who: MemberId | 'asked' | 'accountable'): MemberId {
    const { offer, accountable } = this.#state;
    return (who === 'asked' ? offer?.to : who === 'accountable' ? accountable : who) ?? 'priya';
  }

  #goAway({ member: who, hours, cover, looked }: Doing & { do: 'go-away' }): void {
    const id = who === 'asked' ? (this.#state.offer?.to ?? 'priya') : who;
    const absence = { from: this.#now, until: this.#now + hours * HOUR, cover: cover === id ? null : cover };
    this.#away.set(id, [...(this.#away.get(id) ?? []), absence]);
    this.#policy = this.#configured();
    const asked = this.#state.offer?.to;
    if (looked && asked !== undefined) this.#happen({ type: 'absent', member: asked });
  }

  /** Two must stay: somebody who decides at the end, and somebody who covers. */
  #leave(id: MemberId): void {
    if (this.#left.has(id) || this.#left.size >= MEMBERS.length - 2) return;
    this.#left.add(id);
    this.#policy = this.#configured();
    this.#happen({ type: 'member-left', member: id });
  }

  #configured(): Policy {
    const here = (...wanted: MemberId[]) => wanted.filter((id) => !this.#left.has(id));
    const [lead = 'leah', ...others] = here('leah', 'luis', 'sam', 'priya', 'dana', 'omar');
    const rota = [lead, ...others.slice(0, 1)];
    const [finalManager = 'dana', finalManagerCover = null] = here(
      'dana',
      'omar',
      'priya',
      'sam',
      'leah',
      'luis',
    );
    const members = MEMBERS.map((id) => {
      const absences = this.#away.get(id) ?? [];
      return [id, { active: !this.#left.has(id), schedule: schedule('Europe/Berlin', { absences }) }];
    });
    const { ladders: configured, onCall } = this.#plan;
    return testPolicy({
      ladders: configured,
      members: Object.fromEntries(members),
      inboxes: {
        maintenance: {
          triage: { type: 'weekly', members: rota, firstMonday: '2026-03-02' },
          finalManager,
          finalManagerCover,
          onCall: onCall === null ? null : { type: 'member', member: onCall },
          tellCustomer: { owner: true, finished: true, delay: true },
        },
      },
      clocks: {
        answer: { normal: 6 * HOUR, urgent: HOUR },
        progress: { normal: 16 * HOUR, urgent: 2 * HOUR },
      },
    });
  }

  #number(what: Unnumbered): Happening {
    switch (what.type) {
      case 'customer-wrote':
        this.#message += 1;
        return { ...what, messageId: this.#message };
      case 'answered-directly':
      case 'attached':
        return { ...what, messageId: this.#message };
      case 'not-reached': {
        const { offer, version, lastAnswer } = this.#state;
        const { whom, why, lost, type } = what;
        const messageId = why === 'refused' ? null : this.#message;
        const failure = why === 'auto-reply' ? null : what.failure;
        const help = whom === 'helper' ? (this.#state.helps.at(-1)?.seq ?? null) : null;
        const seq = (lost === 'customer-reply' ? lastAnswer?.seq : offer?.seq) ?? version;
        return { type, why, lost, recipient: this.#recipient(whom), messageId, seq, failure, help };
      }
      default:
        return what;
    }
  }

  #recipient(whom: (Unnumbered & { type: 'not-reached' })['whom']): Recipient {
    const { offer, copied, helps } = this.#state;
    const customer = { type: 'customer' } as const;
    switch (whom) {
      case 'customer':
        return customer;
      case 'asked':
        return offer === null ? customer : { type: 'member', member: offer.to };
      case 'in copy':
        return copied[0] === undefined ? customer : { type: 'contact', contact: copied[0] };
      case 'helper':
        return helps.at(-1)?.of ?? customer;
      default:
        return { type: 'member', member: whom };
    }
  }

  #record(before: Conversation | null, what: Taken['what'], decision: Decision, rejection: Rejection | null) {
    const { state, events, notices } = decision;
    this.#state = state;
    this.#history = [...this.#history, ...events];
    this.#mailed = [...this.#mailed, ...notices];
    const [history, mailed, policy, now] = [this.#history, this.#mailed, this.#policy, this.#now];
    this.#look({ before, after: state, events, notices, rejection, policy, now, what, history, mailed });
  }
}
