/** Which ladder holds for a request. */
import { describe, expect, it } from 'vitest';
import { ladderFor } from '../../src/domain/ladder.ts';
import type { Ladder, LadderConditions, Rung } from '../../src/domain/policy.ts';
import { testPolicy } from '../support/policy.ts';

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
