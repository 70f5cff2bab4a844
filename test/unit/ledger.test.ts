/** The two tables that follow from a conversation's events say what its states say. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConversationEvent, EventBody } from '../../src/domain/conversation/events.ts';
import { evolve } from '../../src/domain/conversation/evolve.ts';
import type { Conversation } from '../../src/domain/conversation/state.ts';
import { ledgerMoves, offerMoves } from '../../src/domain/ledger.ts';

const ARRIVED = {
  type: 'arrived',
  inboxId: 'i',
  messageId: 1,
  accountable: 'lead',
  author: null,
  acknowledge: 'fixed',
  person: true,
  text: null,
} as const;
const OFFERED = {
  type: 'offered',
  to: 'priya',
  kind: 'offer',
  by: null,
  acceptBy: 500,
  remindAt: null,
  rung: 0,
  note: null,
  reason: { code: 'r', sentence: 's' },
} as const;

const events = (...bodies: EventBody[]): ConversationEvent[] =>
  bodies.map((body, index) => ({ ...body, conversationId: 7, seq: index + 1, at: 100 + index }));

const who = (moves: { member: string | null; at: number }[]) => moves.map(({ member, at }) => [member, at]);

describe('the ledger', () => {
  it('follows arrival, acceptance, end and reopening', () => {
    const story = events(
      ARRIVED,
      OFFERED,
      { type: 'accepted', by: 'priya' },
      { type: 'done', by: 'priya', note: null, as: 'finished', into: null },
      { type: 'reopened', messageId: null, by: 'priya', accountable: 'priya', owner: 'priya' },
    );
    expect(who(ledgerMoves(null, story))).toEqual([
      ['lead', 100],
      ['priya', 102],
      [null, 103],
      ['priya', 104],
    ]);
  });

  it('has no new row when who answers for it accepts', () => {
    const moved = { type: 'accountability-moved', to: 'final', why: 'nobody-accepted' } as const;
    const story = events(ARRIVED, moved, { ...OFFERED, to: 'final' }, { type: 'accepted', by: 'final' });
    expect(who(ledgerMoves(null, story))).toEqual([
      ['lead', 100],
      ['final', 101],
    ]);
    expect(ledgerMoves('final', story.slice(2))).toEqual([]);
  });

  it('begins a row of its own when the same member takes up again what was done', () => {
    const reopened = {
      type: 'reopened',
      messageId: 2,
      by: null,
      accountable: 'priya',
      owner: 'priya',
    } as const;
    expect(who(ledgerMoves(null, events(reopened)))).toEqual([['priya', 100]]);
    expect(
      who(
        ledgerMoves('priya', events({ type: 'done', by: 'priya', note: null, as: 'finished', into: null })),
      ),
    ).toEqual([[null, 100]]);
  });
});

describe('the offers', () => {
  it.each([
    ['accepted', { type: 'accepted', by: 'priya' }],
    ['declined', { type: 'declined', by: 'priya', note: null }],
    ['lapsed', { type: 'lapsed', to: 'priya' }],
    ['withdrawn', { type: 'withdrawn', to: 'priya', why: 'taken' }],
    ['unreachable', { type: 'unreachable', to: 'priya', why: 'bounce', messageId: 3, failure: null }],
    ['withdrawn', { type: 'accepted', by: 'sam' }],
    ['withdrawn', { type: 'done', by: 'sam', note: null, as: 'finished', into: null }],
  ] satisfies [string, EventBody][])('end as %s by %j', (outcome, body) => {
    const end = { seq: 2, at: 102, outcome };
    const story = events(ARRIVED, OFFERED, body);
    expect(offerMoves(null, story)).toMatchObject({ closed: null, made: [{ seq: 2, to: 'priya', end }] });
    expect(offerMoves({ seq: 2, to: 'priya' }, story.slice(2))).toEqual({ closed: end, made: [] });
  });

  it('stay open through what does not answer them', () => {
    const story = events(ARRIVED, OFFERED, { type: 'customer-wrote', messageId: 4 });
    expect(offerMoves(null, story).made).toMatchObject([{ seq: 2, end: null }]);
    expect(offerMoves({ seq: 2, to: 'priya' }, story.slice(2))).toEqual({ closed: null, made: [] });
  });
});

/** Any event that evolve takes in this state. */
function possible(state: Conversation): EventBody[] {
  const to = state.accountable ?? 'lead';
  if (state.phase === 'done') {
    return [{ type: 'reopened', messageId: null, by: null, accountable: 'lead', owner: null }];
  }
  const always: EventBody[] = [
    { type: 'accepted', by: 'priya' },
    { type: 'accepted', by: to },
    { type: 'done', by: 'sam', note: null, as: 'finished', into: null },
    { type: 'customer-wrote', messageId: 2 },
  ];
  if (state.offer !== null) return [...always, { type: 'declined', by: state.offer.to, note: null }];
  return [...always, OFFERED, { type: 'accountability-moved', to: 'final', why: 'member-left' }];
}

describe('both tables', () => {
  it('say after every event who answers for it and who is asked, however the events are cut into steps', () => {
    const choices = fc.array(fc.tuple(fc.nat(99), fc.boolean()), { maxLength: 40 });
    fc.assert(
      fc.property(choices, (picks) => {
        const [arrival] = events(ARRIVED);
        if (arrival === undefined) return;
        let state = evolve(null, arrival);
        let stepStart = { accountable: null as string | null, offer: null as Conversation['offer'] };
        let step = [arrival];
        for (const [pick, commits] of picks) {
          const bodies = possible(state);
          const body = bodies[pick % bodies.length];
          if (body === undefined) continue;
          if (commits) {
            stepStart = { accountable: state.accountable, offer: state.offer };
            step = [];
          }
          const event: ConversationEvent = {
            ...body,
            conversationId: 7,
            seq: state.version + 1,
            at: state.lastEventAt + 1,
          };
          state = evolve(state, event);
          step.push(event);
          const moves = ledgerMoves(stepStart.accountable, step);
          const { made, closed } = offerMoves(stepStart.offer, step);
          const last = moves.at(-1);
          expect(last === undefined ? stepStart.accountable : last.member).toBe(state.accountable);
          const stillOpen = stepStart.offer !== null && closed === null ? [stepStart.offer] : [];
          const open = [...stillOpen, ...made.filter(({ end }) => end === null)];
          expect(open.map(({ seq }) => seq)).toEqual(state.offer === null ? [] : [state.offer.seq]);
        }
      }),
      { numRuns: 300 },
    );
  });
});
