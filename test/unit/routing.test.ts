import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY, fromIso, HOUR } from '../../src/domain/instant.ts';
import type { Member, Rule, Rung, Team } from '../../src/domain/policy.ts';
import { isAvailable } from '../../src/domain/roster.ts';
import { type Load, type RouteInput, route } from '../../src/domain/routing.ts';
import { member, policy } from '../support/roster.ts';
import { schedule } from '../support/schedules.ts';

const now = fromIso('2026-11-20T12:00:00Z');
const away: Partial<Member> = {
  schedule: schedule('Europe/Berlin', { absences: [{ from: now, until: now + DAY }] }),
};
const because = { code: 'rule', sentence: 'rule "leaks"' };
const team = (choose: Team['choose'], ...members: string[]): Team => ({
  id: 'maintenance',
  name: 'Maintenance',
  members,
  choose,
});
const toTeam: Rule['assign'] = { type: 'team', team: 'maintenance' };
const to = (id: string): Rule['assign'] => ({ type: 'member', member: id });

/** Who is asked in turn, and why, in a firm in which Leah has the front desk. */
function ask(parts: {
  readonly members: readonly Member[];
  readonly assign: Rule['assign'];
  readonly teams?: readonly Team[];
  readonly author?: string;
  readonly load?: Readonly<Record<string, { open?: number; asked?: number }>>;
  readonly rungs?: readonly Rung[];
}): { chain: readonly string[]; sentence: string; code: string; waits?: unknown } {
  const load: Load = new Map(
    Object.entries(parts.load ?? {}).map(([id, { open = 0, asked }]) => [
      id,
      { open, lastOfferedAt: asked === undefined ? null : now - asked * HOUR },
    ]),
  );
  const { chain, waits, reason } = route({
    policy: policy({
      members: [...parts.members, ...(hasLeah(parts.members) ? [] : [member('leah')])],
      teams: parts.teams ?? [],
    }),
    inboxId: 'office',
    classification: { assign: parts.assign, reason: because },
    author: parts.author ?? null,
    load,
    now,
    ...(parts.rungs !== undefined && { rungs: parts.rungs }),
  });
  return { chain, ...(waits !== undefined && { waits }), ...reason };
}

const hasLeah = (members: readonly Member[]): boolean => members.some(({ id }) => id === 'leah');

describe('a ladder of its own', () => {
  const members = [member('priya', { backup: 'sam' }), member('sam'), member('luis')];
  const teams = [team('in-order', 'priya', 'luis')];
  const rung = (to: Exclude<Rung['to'], 'member'>, after: number | null = null): Rung => ({ to, after });
  const named = (id: string, after: number | null = null): Rung => ({ to: 'member', member: id, after });

  it('is climbed rung by rung, with the times that it says and reminders to whoever was asked before', () => {
    const rungs = [rung('remind', 5), named('sam', 7), rung('team'), rung('final-manager', 9)];
    expect(ask({ members, teams, assign: toTeam, rungs })).toMatchObject({
      chain: ['priya', 'sam', 'luis'],
      waits: [{ reminders: [5], last: 7 }, null, { reminders: [], last: 9 }],
    });
  });

  it('asks whoever is on the first rung when nobody of those meant is here, and says so', () => {
    const rungs = [rung('remind'), named('sam'), rung('front-desk')];
    const found = ask({ members: [member('priya', away), member('sam')], assign: to('priya'), rungs });
    expect(found).toMatchObject({ chain: ['sam', 'leah'], code: 'to-rung' });
    expect(found.sentence).toBe('rule "leaks", but @priya is away; next in line: @sam');
  });

  it('asks the front desk when it leads to nobody but the final manager', () => {
    const rungs = [rung('remind', 5), rung('final-manager')];
    expect(ask({ members, assign: null, rungs })).toMatchObject({ chain: ['leah'], code: 'to-front-desk' });
  });

  it('asks nobody twice, whoever stands on several rungs', () => {
    const rungs = [named('sam'), rung('backup'), named('priya'), rung('front-desk'), named('leah')];
    expect(ask({ members, assign: to('priya'), rungs }).chain).toEqual(['priya', 'sam', 'leah']);
  });
});

describe('a rule that names a member', () => {
  const members = [member('priya', { backup: 'sam' }), member('sam', { backup: 'luis' }), member('luis')];

  it('asks the member, then their backup, then the front desk', () => {
    expect(ask({ members, assign: to('priya') })).toEqual({
      chain: ['priya', 'sam', 'leah'],
      code: 'to-member',
      sentence: 'rule "leaks"; goes to @priya',
    });
  });

  it.each([
    ['is away', away, undefined],
    ['has left', { active: false }, undefined],
    ['wrote it', {}, 'priya'],
  ])('asks the backup first when the member %s, and says so', (why, changes, author) => {
    const absent = members.map((one) => (one.id === 'priya' ? { ...one, ...changes } : one));
    expect(ask({ members: absent, assign: to('priya'), ...(author ? { author } : {}) })).toEqual({
      chain: ['sam', 'leah'],
      code: 'to-stand-in',
      sentence: `rule "leaks"; @priya ${why}, standing in: @sam`,
    });
  });

  it('means the member, however much they have open', () => {
    const full = [member('priya', { backup: 'sam', capacity: 1 }), member('sam')];
    expect(ask({ members: full, assign: to('priya'), load: { priya: { open: 5 } } }).chain).toEqual([
      'priya',
      'sam',
      'leah',
    ]);
  });

  it('falls to the front desk when neither can be asked', () => {
    const gone = [member('priya', { ...away, backup: 'sam' }), member('sam', { active: false })];
    expect(ask({ members: gone, assign: to('priya') })).toEqual({
      chain: ['leah'],
      code: 'to-front-desk',
      sentence: 'rule "leaks", but @priya is away; the front desk decides: @leah',
    });
  });

  it('asks whoever agreed to cover an absence before the backup, and in their place who stands in for them', () => {
    const covered = (cover: string): Partial<Member> => ({
      schedule: schedule('Europe/Berlin', { absences: [{ from: now, until: now + DAY, cover }] }),
    });
    const priya = member('priya', { ...covered('luis'), backup: 'sam' });
    const others = [member('sam'), member('luis'), member('zoe')];
    expect(ask({ members: [priya, ...others], assign: to('priya') }).chain).toEqual(['luis', 'leah']);
    const passedOn = [priya, member('sam'), member('luis', covered('zoe')), member('zoe')];
    expect(ask({ members: passedOn, assign: to('priya') }).chain).toEqual(['zoe', 'leah']);
  });

  it('asks who stands in for the front desk while it is away', () => {
    const members = [member('leah', { ...away, backup: 'sam' }), member('sam')];
    expect(ask({ members, assign: null })).toMatchObject({ chain: ['sam'], code: 'to-front-desk' });
  });

  it('asks nobody twice when the front desk is the backup', () => {
    expect(ask({ members: [member('priya', { backup: 'leah' })], assign: to('priya') }).chain).toEqual([
      'priya',
      'leah',
    ]);
  });

  it('falls to the front desk when it names somebody unknown', () => {
    expect(ask({ members, assign: to('nobody') }).sentence).toBe(
      'rule "leaks", but @nobody has left; the front desk decides: @leah',
    );
  });
});

describe('a rule that names a team', () => {
  const trio = [member('ann', { backup: 'cem' }), member('bob'), member('cem')];
  const ids = trio.map(({ id }) => id);

  it('in order asks the first, then their backup, then the others, then the front desk', () => {
    expect(ask({ members: trio, assign: toTeam, teams: [team('in-order', ...ids)] })).toEqual({
      chain: ['ann', 'cem', 'bob', 'leah'],
      code: 'to-team',
      sentence: 'rule "leaks"; Maintenance, first in line: @ann',
    });
  });

  it('in turn asks who was asked longest ago, before them who never was, in the order of the team', () => {
    const members = ['ann', 'bob', 'cem', 'dev'].map((id) => member(id));
    const load = { ann: { asked: 1 }, bob: { asked: 9 }, dev: {} };
    expect(
      ask({ members, assign: toTeam, teams: [team('round-robin', 'ann', 'bob', 'cem', 'dev')], load }),
    ).toEqual({
      chain: ['cem', 'dev', 'bob', 'ann', 'leah'],
      code: 'to-team',
      sentence: 'rule "leaks"; Maintenance, next in turn: @cem',
    });
  });

  it('by load asks who has the fewest open, of those who was asked longest ago, of those the first in the team', () => {
    const members = ['ann', 'bob', 'cem', 'dev'].map((id) => member(id));
    const load = {
      ann: { open: 2 },
      bob: { open: 1, asked: 1 },
      cem: { open: 1, asked: 5 },
      dev: { open: 1, asked: 5 },
    };
    expect(
      ask({ members, assign: toTeam, teams: [team('least-loaded', 'ann', 'bob', 'cem', 'dev')], load }),
    ).toEqual({
      chain: ['cem', 'dev', 'bob', 'ann', 'leah'],
      code: 'to-team',
      sentence: 'rule "leaks"; Maintenance, fewest open: @cem',
    });
  });

  it.each(['in-order', 'round-robin', 'least-loaded'] as const)(
    'choosing %s puts members who are full behind those who are not, and still asks them',
    (choose) => {
      const members = [member('ann', { capacity: 2 }), member('bob', { capacity: 4 }), member('cem')];
      const load = { ann: { open: 2, asked: 9 }, bob: { open: 3, asked: 5 }, cem: { open: 8, asked: 1 } };
      expect(
        ask({ members, assign: toTeam, teams: [team(choose, 'ann', 'bob', 'cem')], load }).chain,
      ).toEqual(['bob', 'cem', 'ann', 'leah']);
    },
  );

  it('asks the backup from outside first when the whole team is full', () => {
    const members = [member('ann', { capacity: 0, backup: 'zoe' }), member('zoe')];
    expect(ask({ members, assign: toTeam, teams: [team('in-order', 'ann')] })).toMatchObject({
      chain: ['zoe', 'ann', 'leah'],
      sentence: 'rule "leaks"; Maintenance, all have enough open, standing in: @zoe',
    });
  });

  it('passes over who is away, has left or wrote it', () => {
    const members = [member('ann', away), member('bob', { active: false }), member('cem'), member('dev')];
    const teams = [team('in-order', 'ann', 'bob', 'cem', 'dev')];
    expect(ask({ members, assign: toTeam, teams, author: 'cem' }).chain).toEqual(['dev', 'leah']);
  });

  it('falls to the front desk when nobody of the team can be asked, or the team is unknown', () => {
    const sentence = 'rule "leaks", but nobody of Maintenance can be asked; the front desk decides: @leah';
    expect(ask({ members: [member('ann', away)], assign: toTeam, teams: [team('in-order', 'ann')] })).toEqual(
      {
        chain: ['leah'],
        code: 'to-front-desk',
        sentence,
      },
    );
    expect(ask({ members: [], assign: toTeam }).chain).toEqual(['leah']);
  });
});

describe('what no rule assigns', () => {
  it('goes to the front desk', () => {
    expect(ask({ members: [], assign: null })).toEqual({
      chain: ['leah'],
      code: 'to-front-desk',
      sentence: 'rule "leaks"; the front desk decides: @leah',
    });
  });

  it.each([
    ['is away', member('leah', away), undefined],
    ['has left', member('leah', { active: false }), undefined],
    ['wrote it', member('leah'), 'leah'],
  ])('has nobody to ask when the front desk %s', (_, leah, author) => {
    expect(ask({ members: [leah], assign: null, ...(author ? { author } : {}) })).toEqual({
      chain: [],
      code: 'to-nobody',
      sentence: 'rule "leaks", and the front desk cannot be asked',
    });
  });
});

describe('any chain', () => {
  const ids = ['ann', 'bob', 'cem', 'dev', 'leah'];
  const id = fc.constantFrom(...ids);
  const anyMember = (name: string) =>
    fc
      .record({
        active: fc.boolean(),
        isAway: fc.boolean(),
        backup: fc.option(id),
        capacity: fc.option(fc.nat(3)),
      })
      .map(({ isAway, ...changes }) => member(name, { ...changes, ...(isAway ? away : {}) }));
  const anyInput: fc.Arbitrary<RouteInput> = fc
    .record({
      members: fc.tuple(...ids.map(anyMember)),
      names: fc.array(id, { maxLength: 6 }),
      choose: fc.constantFrom('in-order', 'round-robin', 'least-loaded'),
      assign: fc.oneof(fc.constant(null), fc.constant(toTeam), id.map(to)),
      author: fc.option(id),
      load: fc.array(fc.tuple(id, fc.record({ open: fc.nat(4), lastOfferedAt: fc.option(fc.nat(3)) }))),
    })
    .map(({ members, names, choose, assign, author, load }) => ({
      policy: policy({ members, teams: [team(choose as Team['choose'], ...names)] }),
      inboxId: 'office',
      classification: { assign, reason: because },
      author,
      load: new Map(load),
      now,
    }));

  it('holds nobody twice, nobody who is away or gone, and not the author', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { chain } = route(input);
        expect(new Set(chain).size).toBe(chain.length);
        expect(chain).not.toContain(input.author);
        for (const name of chain) {
          const one = input.policy.members.get(name);
          expect(one !== undefined && isAvailable(one, now)).toBe(true);
        }
      }),
    );
  });

  it('holds everybody of the team who can be asked, and the front desk when it can', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const { chain, reason } = route(input);
        const named =
          input.classification.assign?.type === 'team'
            ? (input.policy.teams.get('maintenance')?.members ?? [])
            : [];
        for (const name of [...named, 'leah']) {
          const one = input.policy.members.get(name);
          const canBeAsked = one !== undefined && isAvailable(one, now) && name !== input.author;
          if (canBeAsked) expect(chain).toContain(name);
        }
        expect(reason.code === 'to-nobody').toBe(chain.length === 0);
        if (chain[0] !== undefined) expect(reason.sentence).toContain(chain[0]);
      }),
    );
  });

  it('comes out the same every time and leaves its input as it was', () => {
    fc.assert(
      fc.property(anyInput, (input) => {
        const before = structuredClone(input);
        const first = route(input);
        expect(route(input)).toEqual(first);
        expect(route(before)).toEqual(first);
        expect(input).toEqual(before);
      }),
    );
  });
});
