/** What a request turned out to be about, read off what people did with it, and of which anything is learned. */
import { describe, expect, test } from 'vitest';
import type { ConversationEvent, EventBody } from '../../src/domain/conversation/events.ts';
import { MINUTE } from '../../src/domain/instant.ts';
import { outcomeOf } from '../../src/domain/learning/decided.ts';
import { senderKnown } from '../../src/domain/learning/learnable.ts';
import type { Category } from '../../src/domain/policy.ts';
import { MONDAY, testPolicy } from '../support/policy.ts';

const category = (id: string, assign: Category['assign']): Category => ({
  ...{ id, name: id, description: '', phrases: [], inboxes: ['maintenance'], priority: 'normal', assign },
});

/** Priya, Luis and Sam repair, Omar has the invoices, and Dana, who decides, has contracts and keys. */
const policy = testPolicy({
  rules: [],
  categories: [
    category('repair', { type: 'team', team: 'maintenance' }),
    category('invoice', { type: 'member', member: 'omar' }),
    category('contract', { type: 'member', member: 'dana' }),
    category('keys', { type: 'member', member: 'dana' }),
  ],
});

const reason = { code: 'model', sentence: 'it looks like it' };
const Arrived: EventBody = {
  ...{ type: 'arrived', inboxId: 'maintenance', messageId: 7, accountable: 'leah', author: null },
  ...{ acknowledge: 'echo', person: true, text: null },
};

function said(id: string | null, code = 'model'): EventBody {
  const guesses = id === null ? [] : [{ category: id, probability: 0.9 }];
  const about = { category: id, priority: 'normal', ruleId: null, reason: { ...reason, code } } as const;
  return { type: 'classified', ...about, proposal: { model: 1, guesses, sure: true } };
}

const asked = (to: string, by: string | null = null): EventBody => ({
  ...{ type: 'offered', to, kind: by === null ? 'offer' : 'handoff', by, acceptBy: null, remindAt: null },
  ...{ rung: 0, note: null, reason },
});
const accepted = (by: string): EventBody => ({ type: 'accepted', by });
const declined = (by: string, instead?: string): EventBody => ({
  ...{ type: 'declined', by, note: null },
  ...(instead !== undefined && { category: instead }),
});
const finished = (by: string, as: 'finished' | 'spam' | 'merged' = 'finished'): EventBody => ({
  ...{ type: 'done', by, note: null, as, into: null },
});
const replied = (by: string): EventBody => ({ type: 'replied', by, messageId: null, text: 'text' });

const story = (...bodies: readonly EventBody[]): ConversationEvent[] =>
  [Arrived, ...bodies].map((body, index) => ({
    ...body,
    ...{ conversationId: 1001, seq: index + 1, at: MONDAY + index * MINUTE },
  }));

const outcome = (...bodies: readonly EventBody[]) => outcomeOf(story(...bodies), policy);

describe('what was decided', () => {
  test('nothing is while nobody has taken it', () => {
    expect(outcome(said('repair'), asked('priya'))).toEqual({ type: 'undecided' });
    expect(outcome(said('repair'), asked('priya'), declined('priya', 'invoice'))).toEqual({
      type: 'undecided',
    });
  });

  test('whoever is asked for a category and accepts confirms it', () => {
    const at = MONDAY + 3 * MINUTE;
    expect(outcome(said('repair'), asked('priya'), accepted('priya'))).toEqual({
      ...{ type: 'decided', category: 'repair', why: 'accepted', at },
    });
  });

  test('a stand-in who accepts, and who had the last request, say nothing of what it is', () => {
    expect(outcome(said('invoice'), asked('dana'), accepted('dana'))).toEqual({ type: 'undecided' });
    const asOwner: EventBody = {
      ...(said('invoice') as EventBody & { type: 'classified' }),
      previousOwner: 'omar',
    };
    expect(outcome(asOwner, asked('omar'), accepted('omar'))).toEqual({ type: 'undecided' });
  });

  test('a handoff to whoever is asked for just one other category corrects it, once it is accepted', () => {
    const handed = [said('repair'), asked('priya'), accepted('priya'), asked('omar', 'priya')];
    expect(outcome(...handed)).toMatchObject({ category: 'repair' });
    expect(outcome(...handed, accepted('omar'))).toMatchObject({ category: 'invoice', why: 'handed-over' });
  });

  test('a handoff to whoever is asked for several tells only that the first was wrong', () => {
    const handed = [
      said('repair'),
      asked('priya'),
      accepted('priya'),
      asked('dana', 'priya'),
      accepted('dana'),
    ];
    expect(outcome(...handed)).toMatchObject({ type: 'denied' });
  });

  test('a handoff within the team changes nothing, and one after an answer to the customer is a next step', () => {
    const taken = [said('repair'), asked('priya'), accepted('priya')];
    expect(outcome(...taken, asked('sam', 'priya'), accepted('sam'))).toMatchObject({ category: 'repair' });
    const next = [...taken, replied('priya'), asked('omar', 'priya'), accepted('omar')];
    expect(outcome(...next)).toMatchObject({ category: 'repair', why: 'accepted' });
  });

  test('what the front desk hands to somebody is of their one category', () => {
    const handed = [said(null), asked('leah'), asked('omar', 'leah'), accepted('omar')];
    expect(outcome(...handed)).toMatchObject({ category: 'invoice', why: 'handed-over' });
  });

  test('a decline that names what it is corrects it once somebody has it, whoever that is', () => {
    const named = [said('repair'), asked('priya'), declined('priya', 'invoice'), asked('omar')];
    expect(outcome(...named, accepted('omar'))).toMatchObject({ category: 'invoice', why: 'declined-for' });
    expect(outcome(...named, accepted('leah'))).toMatchObject({ category: 'invoice', why: 'declined-for' });
  });

  test('a decline of what somebody owns corrects nothing', () => {
    const owned = [said('repair'), asked('priya'), accepted('priya'), asked('omar', 'priya')];
    expect(outcome(...owned, declined('omar', 'contract'))).toMatchObject({
      ...{ category: 'repair', why: 'accepted' },
    });
  });

  test('a choice in a word wins over whoever has it then, and is decided at once', () => {
    const chosen: EventBody = { type: 'categorised', by: 'leah', category: 'contract' };
    expect(outcome(said('repair'), asked('leah'), chosen)).toMatchObject({
      category: 'contract',
      why: 'chosen',
    });
    const later = [said('repair'), chosen, asked('omar', 'leah'), accepted('omar')];
    expect(outcome(...later)).toMatchObject({ category: 'contract', why: 'chosen' });
    const none: EventBody = { type: 'categorised', by: 'leah', category: null };
    expect(outcome(said('repair'), none)).toMatchObject({ type: 'decided', category: null });
  });

  test('what somebody who is asked for none kept and finished is of none, unless something spoke for one', () => {
    const kept = [asked('leah'), accepted('leah')];
    expect(outcome(said(null), ...kept)).toEqual({ type: 'undecided' });
    expect(outcome(said(null), ...kept, finished('leah'))).toMatchObject({ category: null, why: 'kept' });
    expect(outcome(said('repair'), ...kept, finished('leah'))).toEqual({ type: 'undecided' });
    expect(outcome(said(null), asked('omar'), accepted('omar'), finished('omar'))).toEqual({
      type: 'undecided',
    });
    expect(outcome(said(null), ...kept, finished('leah', 'spam'))).toEqual({ type: 'undecided' });
  });

  test('nothing is known of spam and of what became a part of another request', () => {
    const taken = [said('repair'), asked('priya'), accepted('priya')];
    expect(outcome(...taken, finished('priya', 'spam'))).toEqual({ type: 'undecided' });
    expect(outcome(...taken, finished('priya', 'merged'))).toEqual({ type: 'undecided' });
    expect(outcome(...taken, finished('priya'))).toMatchObject({ category: 'repair' });
  });

  test('a category that is no longer configured is none', () => {
    expect(outcome(said('garden'), asked('priya'), accepted('priya'))).toEqual({ type: 'undecided' });
    const chosen: EventBody = { type: 'categorised', by: 'leah', category: 'garden' };
    expect(outcome(said('repair'), chosen)).toEqual({ type: 'undecided' });
  });
});

describe('what is learned from', () => {
  type Arrival = EventBody & { readonly type: 'arrived' };
  const known = (
    changes: Partial<Arrival>,
    kind: 'person' | 'notification' | 'auto-reply' = 'person',
    ...more: EventBody[]
  ) =>
    senderKnown(
      [{ ...Arrived, ...changes } as EventBody, ...more].map((body, index) => ({
        ...body,
        ...{ conversationId: 1001, seq: index + 1, at: MONDAY + index },
      })),
      kind,
      policy,
    );

  test('is what a proved customer wrote, or filled into a form', () => {
    expect(known({})).toBe('proved');
    expect(known({ acknowledge: 'fixed' }, 'notification')).toBe('form');
  });

  test('is never what a forger or a machine sent, or a member wrote or took down', () => {
    expect(known({ acknowledge: 'none' })).toBeNull();
    expect(known({ person: false }, 'notification')).toBeNull();
    expect(known({ acknowledge: 'none' }, 'auto-reply')).toBeNull();
    expect(known({ author: 'sam', acknowledge: 'none' })).toBeNull();
    expect(known({ text: 'text' })).toBeNull();
  });

  test('is what a member passed on once they said whose it is', () => {
    const changed: EventBody = { type: 'customer-changed', by: 'sam', acknowledge: 'fixed' };
    expect(known({ author: 'sam', acknowledge: 'none' }, 'person', changed)).toBe('proved');
  });

  test('tells whom nothing proves from whom nobody asked for proof', () => {
    const asks = (mode: 'own-check' | 'token-and-sender-only') =>
      senderKnown(
        [{ ...Arrived, acknowledge: 'fixed', conversationId: 1001, seq: 1, at: MONDAY } as ConversationEvent],
        'person',
        testPolicy({
          inboxes: {
            maintenance: {
              authentication: mode === 'own-check' ? { mode, trustedHosts: [] } : { mode },
            },
          },
        }),
      );
    expect(asks('own-check')).toBe('unproved');
    expect(asks('token-and-sender-only')).toBe('not-asked');
  });
});
