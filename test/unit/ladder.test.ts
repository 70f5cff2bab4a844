/** Which ladder holds for a request. */
import { describe, expect, it } from 'vitest';
import { wayUp } from '../../src/domain/conversation/climbing.ts';
import { decideCommand } from '../../src/domain/conversation/commands.ts';
import { arrive, decide } from '../../src/domain/conversation/decide.ts';
import { foresee } from '../../src/domain/conversation/foresee.ts';
import { beginStep } from '../../src/domain/conversation/step.ts';
import { DAY, HOUR, MINUTE } from '../../src/domain/instant.ts';
import { ladderFor } from '../../src/domain/ladder.ts';
import type { Ladder, LadderConditions, Rung } from '../../src/domain/policy.ts';
import { MONDAY, testPolicy } from '../support/policy.ts';

const SAM: readonly Rung[] = [{ to: 'member', member: 'sam', after: null }];
const ladder = (when: LadderConditions, more: Partial<Ladder> = { owned: SAM }): Ladder => ({
  when,
  ...more,
});
const LEAK = {
  inboxId: 'maintenance',
  category: 'leak',
  priority: 'urgent',
  ruleId: 'leaks',
  owner: null,
} as const;
const names = (rungs: readonly Rung[]): readonly string[] => rungs.map(({ to }) => to);
const holds = (when: LadderConditions, request: Parameters<typeof ladderFor>[1] = LEAK): boolean =>
  ladderFor(testPolicy({ ladders: [ladder(when)] }), request).owned === SAM;

describe('the ladder of a request', () => {
  it('is the first of which all conditions fit', () => {
    const first = ladder({ inboxes: ['billing'] });
    const second = ladder({ inboxes: ['maintenance'], priority: 'urgent' }, { owned: [...SAM] });
    const policy = testPolicy({ ladders: [first, second, ladder({})] });
    expect(ladderFor(policy, LEAK).owned).toBe(second.owned);
    expect(ladderFor(policy, { ...LEAK, priority: 'normal' }).owned).toBe(SAM);
  });

  it('is told by inbox, category and priority', () => {
    expect(holds({ inboxes: ['billing', 'maintenance'] })).toBe(true);
    expect(holds({ inboxes: ['billing'] })).toBe(false);
    expect(holds({ categories: ['leak'], priority: 'urgent' })).toBe(true);
    expect(holds({ categories: ['invoice'] })).toBe(false);
    expect(holds({ categories: ['leak'] }, { ...LEAK, category: null })).toBe(false);
    expect(holds({ priority: 'normal' })).toBe(false);
  });

  it('is told by the team of its rule, else by the teams of who owns it', () => {
    expect(holds({ teams: ['maintenance'] })).toBe(true);
    const unruled = { ...LEAK, ruleId: null };
    expect(holds({ teams: ['maintenance'] }, unruled)).toBe(false);
    expect(holds({ teams: ['maintenance'] }, { ...unruled, owner: 'sam' })).toBe(true);
    expect(holds({ teams: ['maintenance'] }, { ...unruled, owner: 'omar' })).toBe(false);
  });

  it('is the usual one for what it leaves out', () => {
    const { unaccepted } = ladderFor(testPolicy({ ladders: [ladder({})] }), LEAK);
    expect(names(unaccepted)).toEqual(['backup', 'team', 'front-desk', 'final-manager']);
  });

  it('has whoever is on call before the front desk, for what is urgent', () => {
    const onCall = { type: 'member', member: 'sam' } as const;
    const policy = testPolicy({ inboxes: { maintenance: { onCall } } });
    const { unaccepted, owned } = ladderFor(policy, LEAK);
    expect(names(unaccepted)).toEqual(['backup', 'team', 'on-call', 'front-desk', 'final-manager']);
    expect(names(owned)).toEqual(['remind', 'backup', 'on-call', 'front-desk', 'final-manager']);
    expect(names(ladderFor(policy, { ...LEAK, priority: 'normal' }).owned)).not.toContain('on-call');
    expect(names(ladderFor(policy, { ...LEAK, inboxId: 'billing' }).owned)).not.toContain('on-call');
  });
});

describe('the way up that is told beforehand', () => {
  const reason = { code: 'test', sentence: 'a test says so' };
  const rung = (to: Exclude<Rung['to'], 'member'>, after: number | null = null): Rung => ({ to, after });
  const ladders: Readonly<Record<string, readonly Rung[] | undefined>> = {
    usual: undefined,
    'one with times, and a reminder to whoever is asked': [
      rung('remind', HOUR),
      { to: 'member', member: 'sam', after: null },
      rung('remind', 5 * MINUTE),
      rung('front-desk', 10 * MINUTE),
      rung('final-manager'),
    ],
    'one that ends with its final manager by name': [
      rung('backup'),
      { to: 'member', member: 'dana', after: 7 * MINUTE },
      rung('final-manager'),
    ],
  };

  it.each(Object.entries(ladders))('is the way that time takes on the ladder: %s', (_, owned) => {
    const clocks = {
      progress: { normal: DAY, urgent: 2 * HOUR },
      handoff: { normal: HOUR, urgent: 20 * MINUTE },
    };
    const policy = testPolicy({ clocks, ladders: owned === undefined ? [] : [{ when: {}, owned }] });
    const { state: arrived } = arrive(
      {
        ...{ conversationId: 1, inboxId: 'maintenance', messageId: 1, storedAt: MONDAY, author: null },
        ...{ acknowledge: 'none', person: true, text: null },
        classified: { category: null, priority: 'urgent', ruleId: null, reason },
      },
      policy,
    );
    const asked = decide(arrived, { type: 'routed', chain: ['priya'], reason }, MONDAY, policy).state;
    const context = { by: 'priya', messageId: null, shown: null, answered: 0, now: MONDAY + MINUTE, policy };
    const { state } = decideCommand(asked, { verb: 'accept' }, context);
    const told = wayUp(beginStep(policy, 1, state, context.now), 'priya');
    const { rings } = foresee(policy, state, { now: context.now, until: MONDAY + DAY, max: told.length });
    const heard = rings.flatMap(({ decision }) =>
      decision.events.flatMap((event) =>
        event.type === 'climbed' || event.type === 'asked-again' ? [{ to: event.to, at: event.at }] : [],
      ),
    );
    const spans = heard.map(({ to, at }, place) => ({
      to,
      after: Math.round((at - (heard[place - 1]?.at ?? context.now)) / MINUTE) * MINUTE,
    }));
    expect(told.map(({ to, after }) => ({ to, after }))).toEqual(spans);
    expect(told.at(-1)).toMatchObject({ to: 'dana', is: 'last' });
  });
});
