/** What fires next and what follows, told without anything being written, and as a person reads it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ForetellOptions, foretell } from '../../src/app/foretell.ts';
import type { ClockedRequest } from '../../src/app/ports/clock-list.ts';
import type { ParkedItem } from '../../src/app/ports/parked.ts';
import { inWords, span } from '../../src/cli/clocks-words.ts';
import { decideCommand, type MemberCommand } from '../../src/domain/conversation/commands.ts';
import { arrive, decide } from '../../src/domain/conversation/decide.ts';
import { foresee } from '../../src/domain/conversation/foresee.ts';
import { nextDueAt } from '../../src/domain/conversation/running-clocks.ts';
import type { Conversation } from '../../src/domain/conversation/state.ts';
import { DAY, HOUR, type Instant, MINUTE, toIso } from '../../src/domain/instant.ts';
import { decideParked } from '../../src/domain/parked/decide.ts';
import { NoStandingMails } from '../../src/domain/policy.ts';
import { MONDAY, testPolicy } from '../support/policy.ts';

const policy = testPolicy({ clocks: { answer: { normal: 16 * HOUR, urgent: 16 * HOUR } } });
const READER = {
  ...{ limit: 20, timeZone: 'UTC', of: null },
  nameOf: (id: string) => policy.members.get(id)?.name ?? id,
};

/** Priya, then Sam and Leah are asked; then it is Dana's. */
function asked(id: number, at: Instant = MONDAY): Conversation {
  const reason = { code: 'test', sentence: 'a test says so' };
  const { state } = arrive(
    {
      ...{ conversationId: id, inboxId: 'maintenance', messageId: id, storedAt: at, author: null },
      ...{ acknowledge: 'none', person: true, text: null },
      classified: { category: null, priority: 'normal', ruleId: null, reason },
    },
    policy,
  );
  return decide(state, { type: 'routed', chain: ['priya', 'sam', 'leah'], reason }, at, policy).state;
}

const does = (state: Conversation, by: string, command: MemberCommand, at: Instant): Conversation =>
  decideCommand(state, command, { by, messageId: null, shown: null, answered: 0, now: at, policy }).state;

const hoursIn = (at: Instant): number => Math.round((at - MONDAY) / HOUR);

const request = (state: Conversation): ClockedRequest => ({
  id: state.id,
  subject: `Leak ${state.id}`,
  state,
});

function look(
  states: readonly Conversation[],
  options: Partial<ForetellOptions> & { readonly now?: Instant } = {},
) {
  const { now = MONDAY + MINUTE, ...given } = options;
  const sorted = [...states].sort((a, b) => (nextDueAt(a) ?? 0) - (nextDueAt(b) ?? 0));
  return foretell({
    clocks: {
      now: async () => now,
      requests: async (limit) => sorted.slice(0, limit).map(request),
      count: async () => states.length,
      retries: async () => null,
    },
    parked: { list: async () => [] },
    ...{ policy, at: null, of: null, limit: 20 },
    ...given,
  });
}

describe('what is foretold', () => {
  test('is each clock that runs, earliest first, with whom it waits for and what follows', async () => {
    const { running, fired } = await look([asked(7)]);
    expect(fired).toEqual([]);
    expect(running.map(({ clock, at, waitsFor }) => [clock, hoursIn(at), waitsFor])).toEqual([
      ['accept', 2, 'priya'],
      ['answer-warning', 31, 'leah'],
    ]);
    expect(running[0]?.follows).toEqual([{ what: 'asked', member: 'sam', last: false }]);
  });

  test('names the last person, who is reminded until somebody decides', async () => {
    const { running } = await look([{ ...asked(7), asked: ['priya', 'sam', 'leah'] }]);
    expect(running[0]?.follows).toEqual([
      { what: 'accountable', member: 'dana' },
      { what: 'asked', member: 'dana', last: true },
      { what: 'told', member: 'leah' },
    ]);
  });

  test('marks what is late and tells it first', async () => {
    const told = await look([asked(7, MONDAY + HOUR), asked(8)], { now: MONDAY + 2 * HOUR + 6 * MINUTE });
    expect(told.running.map(({ id, isLate }) => [id, isLate]).slice(0, 2)).toEqual([
      [8, true],
      [7, false],
    ]);
    expect(inWords(told, READER)).toContain('LATE by 5 min');
  });

  test('does not call late what the clock is about to look at', async () => {
    const { running } = await look([asked(7)], { now: MONDAY + 2 * HOUR + 1 });
    expect(running[0]?.isLate).toBe(false);
  });

  test('goes on to a later instant as if nobody did anything, in the order in which it fires', async () => {
    const told = await look([asked(8, MONDAY + HOUR), asked(7)], { at: MONDAY + 5 * HOUR + MINUTE });
    expect(told.fired.map(({ id, at, clock }) => [id, hoursIn(at), clock])).toEqual([
      [7, 2, 'accept'],
      [8, 3, 'accept'],
      [7, 4, 'accept'],
      [8, 5, 'accept'],
    ]);
    expect(told.running.slice(0, 2).map(({ id, waitsFor }) => [id, waitsFor])).toEqual([
      [7, 'leah'],
      [8, 'leah'],
    ]);
    expect(told.isWhole).toBe(true);
  });

  test('is about one teammate where one is named: what waits for them, asks them or tells them', async () => {
    const mine = does(asked(7), 'priya', { verb: 'accept' }, MONDAY + 1);
    const snoozed = does(mine, 'priya', { verb: 'snooze', until: MONDAY + DAY, note: null }, MONDAY + 2);
    const others = does(asked(8), 'luis', { verb: 'take' }, MONDAY + 1);
    const { running } = await look([snoozed, others], { of: 'priya' });
    expect(running.map(({ id, clock }) => [id, clock])).toEqual([
      [7, 'snooze'],
      [7, 'answer-warning'],
      [7, 'progress'],
    ]);
  });

  test('says of what comes after another clock that this one comes first', async () => {
    const state = does(asked(7), 'priya', { verb: 'accept' }, MONDAY + 1);
    const helped = does(state, 'priya', { verb: 'help-from', to: 'sam', text: null }, MONDAY + 2);
    const { running } = await look([helped]);
    expect(running.find(({ clock }) => clock === 'help')?.follows).toEqual([
      { what: 'reminded', member: 'sam' },
    ]);
  });

  test('tells of mail that could not be read, and who hears of it next', async () => {
    const context = { id: 3, inboxId: 'maintenance', policy, now: MONDAY, why: 'too large' };
    const state = decideParked(null, { type: 'set-aside', code: 'too-large', author: null }, context)?.after;
    const item = { id: 3, inboxId: 'maintenance', subject: 'Photos', why: 'too large', state } as ParkedItem;
    const told = await look([], { parked: { list: async () => [item] }, at: MONDAY + 4 * HOUR });
    expect(told.fired).toMatchObject([
      { about: 'mail', id: 3, clock: 'parked', waitsFor: 'leah', at: MONDAY + 4 * HOUR },
    ]);
    expect(told.fired[0]?.follows).toContainEqual({ what: 'accountable', member: 'dana' });
    expect(told.running).toMatchObject([{ id: 3, waitsFor: 'dana' }]);
  });

  test('tells of the mails that members get at their own hour, each day until then and the next', async () => {
    const standingMails = { ...NoStandingMails, digest: '09:00' };
    const managed = testPolicy({ members: { dana: { standingMails } } });
    const told = await look([], { policy: managed, at: MONDAY + 2 * DAY });
    const days = [...told.fired, ...told.running].map(({ clock, at }) => [clock, toIso(at).slice(0, 16)]);
    expect(days).toEqual([
      ['digest', '2026-03-03T08:00'],
      ['digest', '2026-03-04T08:00'],
      ['digest', '2026-03-05T08:00'],
    ]);
    expect(told.running[0]?.follows).toEqual([{ what: 'told', member: 'dana' }]);
  });

  test('reads calmly, with the words of others made safe', async () => {
    const told = await look([asked(7)]);
    const [first] = told.running;
    const hostile = { ...told, running: first === undefined ? [] : [{ ...first, subject: '\u001b[31mred' }] };
    expect(inWords(hostile, READER)).toMatchInlineSnapshot(`
      "It is 9:01 (UTC).

      When   In             About  Subject      Clock       Waits for  If nothing happens
      11:00  in 1 h 59 min  #7     \\x1b[31mred  to take it  Priya      Sam is asked
      "
    `);
    expect(inWords({ ...told, running: [] }, READER)).toContain('No clock runs.');
    expect(inWords({ ...told, running: [] }, { ...READER, of: 'sam' })).toContain(
      'No clock waits for Sam or asks them next.',
    );
    const due = first === undefined ? [] : [{ ...first, at: told.at, isLate: true }];
    expect(inWords({ ...told, running: due }, READER)).not.toContain('LATE');
  });

  test('gives lengths of time in two units at most', () => {
    expect(
      [0, 59 * MINUTE, HOUR, 2 * HOUR + 10 * MINUTE, DAY, 3 * DAY + 4 * HOUR + MINUTE].map(span),
    ).toEqual(['0 min', '59 min', '1 h', '2 h 10 min', '1 day', '3 days 4 h']);
  });
});

describe('what time alone does', () => {
  test('is the same however it is cut: all at once up to there, or in two parts', () => {
    const moment = fc.integer({ min: 1, max: 10 * 24 * 60 }).map((minutes) => MONDAY + minutes * MINUTE);
    fc.assert(
      fc.property(moment, moment, (a, b) => {
        const [middle, until] = a < b ? [a, b] : [b, a];
        const span = { now: MONDAY, max: 1_000 };
        const whole = foresee(policy, asked(7), { ...span, until });
        const first = foresee(policy, asked(7), { ...span, until: middle });
        const second = foresee(policy, first.after, { ...span, until });
        expect(second.after).toEqual(whole.after);
        expect([...first.rings, ...second.rings].map(({ at }) => at)).toEqual(
          whole.rings.map(({ at }) => at),
        );
        expect(nextDueAt(whole.after)).toBeGreaterThan(until);
      }),
      { numRuns: 60 },
    );
  });

  test('ends at the number of rings that were asked for', () => {
    const seen = foresee(policy, asked(7), { now: MONDAY, until: MONDAY + 365 * DAY, max: 5 });
    expect([seen.rings.length, seen.isWhole]).toEqual([5, false]);
  });
});
