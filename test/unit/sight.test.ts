import { describe, expect, it } from 'vitest';
import { maySee, sightOf } from '../../src/domain/sight.ts';
import { MONDAY, testPolicy } from '../support/policy.ts';

const firm = testPolicy({ members: { eve: { active: false }, billie: {} } });

const sees = (
  member: string,
  accountable: string | null,
  more: { asked?: string; tookPart?: boolean } = {},
) => {
  const sight = sightOf(firm, member, MONDAY);
  if (sight === null) return null;
  const offer = more.asked === undefined ? null : { ...OFFER, to: more.asked };
  const state = { inboxId: 'maintenance', accountable, owner: accountable, offer };
  return maySee(sight, state, more.tookPart ?? false);
};
const OFFER = { seq: 2, kind: 'offer', by: null, acceptBy: null, askedAt: MONDAY, note: null } as const;

describe('what is seen of the board', () => {
  it('is everything of an inbox for whoever decides there', () => {
    expect(sees('dana', 'billie')).toBe(true);
    expect(sees('omar', 'billie')).toBe(true);
    expect(sees('leah', 'billie')).toBe(true);
  });

  it('is for a teammate what is theirs, or their team’s', () => {
    expect(sees('priya', 'priya')).toBe(true);
    expect(sees('priya', 'sam')).toBe(true);
    expect(sees('priya', 'leah', { asked: 'luis' })).toBe(true);
  });

  it('is not what another team has, unless they had to do with it', () => {
    expect(sees('priya', 'billie')).toBe(false);
    expect(sees('priya', null)).toBe(false);
    expect(sees('priya', 'billie', { tookPart: true })).toBe(true);
  });

  it('is nothing for who has left, or was never there', () => {
    expect(sees('eve', 'eve')).toBeNull();
    expect(sees('nobody', 'priya')).toBeNull();
  });
});
