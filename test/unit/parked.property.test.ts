/** Whatever happens to a mail that could not be read, in whatever order: it has one person and one next instant. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { MemberId } from '../../src/domain/ids.ts';
import { DAY, HOUR, type Instant, MINUTE } from '../../src/domain/instant.ts';
import { decideParked, type ParkedHappening } from '../../src/domain/parked/decide.ts';
import {
  fold,
  isOpen,
  type OpenParked,
  type Parked,
  type ParkedEvent,
} from '../../src/domain/parked/parked.ts';
import type { ParkedDecision } from '../../src/domain/parked/step.ts';
import type { Member, Policy } from '../../src/domain/policy.ts';
import { isHere } from '../../src/domain/roster.ts';
import { MONDAY, testPolicy } from '../support/policy.ts';
import { schedule } from '../support/schedules.ts';

const RUNS = 150;
const IN_CHARGE = ['leah', 'sam', 'dana', 'omar'] as const;
const ANYBODY = [...IN_CHARGE, 'priya', 'luis'] as const;

/** Leah and Sam have the desk by turns; Dana decides in the end, Omar in her place. */
function office(away: readonly MemberId[], left: readonly MemberId[]): Policy {
  const key = `${away.join()}/${left.join()}`;
  const known = offices.get(key) ?? makeOffice(away, left);
  offices.set(key, known);
  return known;
}

/** Calendars are kept by schedule, so that the same office is one value. */
const offices = new Map<string, Policy>();

function makeOffice(away: readonly MemberId[], left: readonly MemberId[]): Policy {
  const absences = [{ from: 0, until: MONDAY + 3_650 * DAY }];
  const members: Record<MemberId, Partial<Member>> = {};
  for (const id of away) members[id] = { schedule: schedule('Europe/Berlin', { absences }) };
  // Whom the configuration needs is in it.
  for (const id of left.filter((one) => one !== 'dana')) members[id] = { ...members[id], active: false };
  const triage = { type: 'weekly', members: ['leah', 'sam'], firstMonday: '2026-03-02' } as const;
  return testPolicy({ members, inboxes: { maintenance: { triage } } });
}

type Move = { readonly happening: ParkedHappening; readonly after: number; readonly office: () => Policy };

const who = fc.constantFrom(...ANYBODY);
const happening: fc.Arbitrary<ParkedHappening> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ type: 'tick' } as const) },
  { weight: 2, arbitrary: fc.constant({ type: 'look' } as const) },
  fc.record({ type: fc.constant('not-reached' as const), member: who }),
  fc.record({ type: fc.constant('told' as const), to: who, by: who }),
  fc.record({
    type: fc.constant('decided' as const),
    how: fc.constantFrom('request', 'dismiss', 'retry'),
    by: who,
    where: fc.constantFrom('by-mail', 'at-the-server'),
  }),
);
const move: fc.Arbitrary<Move> = fc.record({
  happening,
  after: fc.oneof(fc.constant(0), fc.integer({ min: -HOUR, max: 40 * DAY })),
  office: fc.tuple(fc.subarray([...IN_CHARGE]), fc.subarray([...IN_CHARGE], { maxLength: 1 })).map(
    ([away, left]) =>
      () =>
        office(away, left),
  ),
});

const SET_ASIDE = { type: 'set-aside', code: 'cpu-limit', author: null } as const;
const contextOf = (policy: Policy, now: Instant) => ({
  id: 7,
  inboxId: 'maintenance',
  policy,
  now,
  why: 'it takes too long to read',
});

/** Plays the moves; a mail that somebody had read again cannot be read this time either. */
function play(moves: readonly Move[], check: (step: ParkedDecision | null, at: Move, now: Instant) => void) {
  let now = MONDAY;
  let state: Parked | null = null;
  const events: ParkedEvent[] = [];
  const happen = (one: ParkedHappening, at: Move): void => {
    const step = decideParked(state, one, contextOf(at.office(), now));
    check(step, { ...at, happening: one }, now);
    if (step === null) return;
    state = step.after;
    events.push(...step.events);
  };
  for (const one of moves) {
    now += one.after;
    const before = state as Parked | null;
    if (before === null || before.decided?.how === 'retry') happen(SET_ASIDE, one);
    happen(one.happening, one);
  }
  return { state: state as Parked | null, events, now };
}

const someoneHere = (policy: Policy, now: Instant, without: readonly MemberId[] = []): boolean =>
  IN_CHARGE.some((id) => !without.includes(id) && isHere(policy, id, now));

describe('a mail that could not be read', () => {
  test('always has one person and one next instant until somebody decides, and is what its events make it', () => {
    fc.assert(
      fc.property(fc.array(move, { minLength: 1, maxLength: 30 }), (moves) => {
        const { state, events } = play(moves, (step) => {
          if (step === null) return;
          const { after } = step;
          expect(isOpen(after)).toBe(after.decided === null);
          if (isOpen(after)) expect(ANYBODY).toContain(after.accountable);
          for (const event of step.events) if ('due' in event) expect(event.due).toBeGreaterThan(event.at);
        });
        expect(fold(7, events)).toEqual(state);
      }),
      { numRuns: RUNS },
    );
  });

  test('never lands on somebody who is away while anybody in charge is here', () => {
    fc.assert(
      fc.property(fc.array(move, { minLength: 1, maxLength: 30 }), (moves) => {
        play(moves, (step, at, now) => {
          for (const event of step?.events ?? []) {
            if (event.type !== 'moved' && event.type !== 'set-aside') continue;
            const { unreached = [] } = step?.after ?? {};
            const when = Math.max(now, event.at);
            if (someoneHere(at.office(), when, unreached))
              expect(isHere(at.office(), event.to, when)).toBe(true);
          }
        });
      }),
      {
        numRuns: RUNS,
        // The manager who had it has left, the other is away, and so is whoever has the desk this week.
        examples: [
          [
            [
              { happening: { type: 'look' }, after: 0, office: () => office(['leah', 'sam', 'dana'], []) },
              {
                happening: { type: 'look' },
                after: 7 * DAY,
                office: () => office(['sam', 'dana'], ['omar']),
              },
            ],
          ],
        ],
      },
    );
  });

  test('is never silent when its time is up, and however late one mail follows and no second', () => {
    fc.assert(
      fc.property(fc.array(move, { minLength: 1, maxLength: 20 }), move, (moves, last) => {
        const { state, now } = play(moves, () => {});
        if (state === null || !isOpen(state)) return;
        const late = Math.max(now, state.due) + Math.max(0, last.after);
        const step = decideParked(state, { type: 'tick' }, contextOf(last.office(), late));
        const asked = (step?.notices ?? []).filter(({ body }) => body.kind === 'parked');
        expect(step?.events).toHaveLength(1);
        // Whoever has left is told nothing; `look` has handed on what was theirs before a clock gets here.
        const { accountable } = step?.after ?? state;
        expect(asked).toHaveLength(last.office().members.get(accountable)?.active === true ? 1 : 0);
        expect(
          decideParked(step?.after ?? null, { type: 'tick' }, contextOf(last.office(), late + MINUTE)),
        ).toBeNull();
      }),
      { numRuns: RUNS },
    );
  });

  test('ends at the final manager, who is reminded until somebody decides', () => {
    const here = office([], []);
    fc.assert(
      fc.property(fc.array(move, { minLength: 1, maxLength: 20 }), (moves) => {
        const { state } = play(moves, () => {});
        if (state === null || !isOpen(state) || state.unreached.includes('dana')) return;
        let open: OpenParked = state;
        for (let round = 0; round < 3; round += 1) {
          const step = decideParked(open, { type: 'tick' }, contextOf(here, open.due));
          if (step === null || !isOpen(step.after)) throw new Error('its time is up, and nothing follows');
          open = step.after;
          expect(open.accountable).toBe('dana');
          expect(step.notices[0]?.recipient).toEqual({ type: 'member', member: 'dana' });
        }
      }),
      { numRuns: RUNS },
    );
  });

  test('is decided once, and everybody who was told and did not decide learns it once', () => {
    fc.assert(
      fc.property(fc.array(move, { minLength: 1, maxLength: 20 }), who, (moves, by) => {
        const { state, now } = play(moves, () => {});
        if (state === null || !isOpen(state)) return;
        const here = office([], []);
        const order = { type: 'decided', how: 'dismiss', by, where: 'by-mail' } as const;
        const step = decideParked(state, order, contextOf(here, now));
        const told = (step?.notices ?? []).map(({ recipient }) =>
          recipient.type === 'member' ? recipient.member : '',
        );
        expect(told.toSorted()).toEqual(state.told.filter((id) => id !== by).toSorted());
        expect(decideParked(step?.after ?? null, order, contextOf(here, now))).toBeNull();
      }),
      { numRuns: RUNS },
    );
  });

  test('cannot be set aside while it waits, which would be a bug', () => {
    const first = decideParked(null, SET_ASIDE, contextOf(office([], []), MONDAY));
    expect(() => decideParked(first?.after ?? null, SET_ASIDE, contextOf(office([], []), MONDAY))).toThrow(
      /was to be read/,
    );
  });
});
