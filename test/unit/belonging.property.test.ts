/** What holds when a request changes shape, whatever has happened to it before. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { copyOf, splitCopy } from '../../src/domain/conversation/also-came.ts';
import {
  customersMessages,
  findCut,
  merge,
  nameCustomer,
  splitOff,
} from '../../src/domain/conversation/belonging.ts';
import type { CommandContext } from '../../src/domain/conversation/commands.ts';
import { decide } from '../../src/domain/conversation/decide.ts';
import type { ConversationEvent } from '../../src/domain/conversation/events.ts';
import { evolve, fold } from '../../src/domain/conversation/evolve.ts';
import type { Conversation } from '../../src/domain/conversation/state.ts';
import type { Decision } from '../../src/domain/conversation/step.ts';
import { isManagerOf, triageLeadAt } from '../../src/domain/roster.ts';
import { life, play, type Taken } from '../support/conversation-walk.ts';

const LIVES = 60;
const OTHER = 4711;

/** Shows every moment of many lives, with somebody who has not left. */
function everywhere(look: (taken: Taken, context: CommandContext) => void): void {
  const turns = fc.tuple(life, fc.nat(5));
  fc.assert(
    fc.property(turns, ([plan, turn]) => {
      play(plan, (taken) => {
        const members = [...taken.policy.members.values()].filter(({ active }) => active);
        const by = members[turn % members.length]?.id ?? 'dana';
        const now = taken.now;
        const context = { by, messageId: null, shown: null, answered: 0, now, policy: taken.policy };
        look(taken, context);
      });
    }),
    { numRuns: LIVES },
  );
}

const decides = (state: Conversation, { by, policy, now }: CommandContext): boolean =>
  state.accountable === by ||
  isManagerOf(policy, by, state.inboxId) ||
  triageLeadAt(policy, state.inboxId, Math.max(now, state.lastEventAt)) === by;

/** The same events lead to the same state, and nobody is mailed about nothing. */
function follows(before: Conversation, { state, events, notices }: Decision): void {
  expect(events.reduce<Conversation | null>(evolve, before)).toEqual(state);
  const seqs = new Set(events.map(({ seq }) => seq));
  for (const { seq } of notices) expect(seqs.has(seq ?? 0)).toBe(true);
}

/** Another request of the same life, as if it had been another's. */
const twin = (state: Conversation): Conversation => ({ ...state, id: OTHER });

describe('whatever has happened to a request before', () => {
  it('its customer is named by who wrote it or decides about it, while it is open, and learns of it once', () => {
    everywhere(({ after: before }, context) => {
      const decided = nameCustomer(before, 'fixed', context);
      const may = before.author === context.by || decides(before, context);
      if (before.phase === 'done' || !may) {
        expect('code' in decided).toBe(true);
        return;
      }
      if ('code' in decided) throw new Error(decided.code);
      follows(before, decided);
      expect(decided.state).toMatchObject({ author: null, person: true, acknowledge: 'fixed' });
      expect(decided.state.accountable).toBe(before.accountable);
      const told = decided.notices.filter(({ recipient }) => recipient.type === 'customer');
      expect(told.map(({ body }) => body.kind)).toEqual(before.routed ? ['acknowledgement'] : []);
    });
  });

  it('a mail is cut off only where another stays, and nobody outside is told', () => {
    everywhere(({ after: before, history }, context) => {
      const written = customersMessages(history);
      const cut = findCut(before, history, context);
      if (before.phase === 'done' || !decides(before, context) || written.length < 2) {
        expect('code' in cut).toBe(true);
        return;
      }
      if ('code' in cut) throw new Error(cut.code);
      expect(cut.latest).toBe(before.lastCustomerMessage);
      const decided = splitOff(before, cut, OTHER, context);
      follows(before, decided);
      expect(decided.notices).toEqual([]);
      expect(decided.state.lastCustomerMessage).toBeLessThan(before.lastCustomerMessage);
      expect(decided.state).toMatchObject({ owner: before.owner, accountable: before.accountable });
      const left = customersMessages([...history, ...decided.events]);
      expect(left).toEqual(written.slice(0, -1));
    });
  });

  it('it becomes a part only of what the same member decides about, and moves nobody there', () => {
    everywhere(({ after: part, history }, context) => {
      const whole = twin(part);
      const merged = merge(part, whole, context);
      if (part.phase === 'done' || !decides(part, context)) {
        expect('code' in merged).toBe(true);
        return;
      }
      if ('code' in merged) throw new Error(merged.code);
      follows(part, merged.part);
      follows(whole, merged.whole);
      expect(fold([...history, ...merged.part.events])).toEqual(merged.part.state);
      expect(merged.part.state).toMatchObject({ phase: 'done', ended: { as: 'merged', into: OTHER } });
      const { phase, owner, accountable, offer, epoch } = whole;
      expect(merged.whole.state).toMatchObject({ phase, owner, accountable, offer, epoch });
      for (const { recipient } of [...merged.part.notices, ...merged.whole.notices])
        expect(recipient.type).toBe('member');
    });
  });

  it('an answer that is owed there is owed in what it becomes a part of, and not later', () => {
    everywhere(({ after: part }, context) => {
      const whole = { ...twin(part), answer: null };
      const merged = merge(part, whole, context);
      if ('code' in merged) return;
      expect(merged.whole.state.answer?.by ?? null).toBe(part.answer?.by ?? null);
    });
  });

  it('a copy in another inbox moves nothing, and its front desk is told once, unless it knows', () => {
    everywhere(({ after: before }, context) => {
      const { policy, now, by } = context;
      const inboxes = ['maintenance', 'billing'];
      const happening = { type: 'also-came', messageId: before.lastCustomerMessage, inboxes } as const;
      const told = decide(before, happening, now, policy);
      if (before.phase === 'done') {
        expect(told).toEqual({ state: before, events: [], notices: [] });
        return;
      }
      follows(before, told);
      const { also, version, lastEventAt, ...same } = told.state;
      expect(before).toMatchObject(same);
      expect(also?.map(({ inboxId }) => inboxId)).toEqual(['billing']);
      const lead = triageLeadAt(policy, 'billing', lastEventAt);
      const knows = [before.accountable, before.offer?.to, before.author].includes(lead);
      const readers = told.notices.map(({ recipient }) => recipient);
      expect(readers).toEqual(before.routed && !knows ? [{ type: 'member', member: lead }] : []);
      expect(decide(told.state, happening, now, policy).events).toEqual([]);
      const theirs = copyOf(told.state, context);
      expect(theirs !== null).toBe(lead === by || isManagerOf(policy, by, 'billing'));
      if (theirs === null) return;
      const split = splitCopy(told.state, theirs, 7, OTHER, context);
      follows(told.state, split);
      expect(split.notices).toEqual([]);
      expect(copyOf(split.state, context)).toBeNull();
      // However often its customer writes to both.
      expect(decide(split.state, happening, now, policy).events).toEqual([]);
    });
  });

  it('nothing becomes a part of what somebody else decides about', () => {
    everywhere(({ after: part }, context) => {
      const others = [...context.policy.members.keys()].find((id) => id !== context.by) ?? 'dana';
      const theirs: Conversation = {
        ...twin(part),
        phase: 'owned',
        owner: others,
        accountable: others,
        offer: null,
      };
      if (part.phase === 'done' || decides(theirs, context)) return;
      expect(merge(part, theirs, context)).toHaveProperty('code');
    });
  });
});

describe("the customer's mails", () => {
  it('are those that came in, apart from what was split off since', () => {
    const happened = [
      { type: 'arrived', messageId: 1 },
      { type: 'customer-wrote', messageId: 4 },
      { type: 'attached', messageId: 5, as: 'stranger' },
      { type: 'reopened', messageId: null },
      { type: 'customer-wrote', messageId: 7 },
      { type: 'split-off', messageId: 7 },
    ].map((event, index) => ({ ...event, seq: index + 1 })) as unknown as ConversationEvent[];
    expect(customersMessages(happened)).toEqual([
      { id: 1, seq: 1 },
      { id: 4, seq: 2 },
    ]);
  });
});
