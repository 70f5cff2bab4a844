/** A few days of `npm run simulate:year`, and that its judge sees what it is there for: each kind of fault, planted alone. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/app/ports/store.ts';
import type { ConversationEvent } from '../../src/domain/conversation/events.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import type { Policy } from '../../src/domain/policy.ts';
import type { FaultCodes } from '../chaos/year/judge/fault.ts';
import { judgeYear } from '../chaos/year/judge/judge.ts';
import { live, type Spoil } from '../chaos/year/live.ts';
import { planYear, type YearPlan } from '../chaos/year/plan.ts';
import type { ConversationRecord, YearRecord } from '../chaos/year/record.ts';
import { oracleOf } from '../chaos/year/wall-clock.ts';

const planOf = (days: number, requests: number, seed = 3): YearPlan =>
  planYear({ seed, from: '2026-03-27', days, requests, people: 10 });

const cut = (day: YearPlan, hours: number): YearPlan => ({ ...day, end: day.start + hours * HOUR });

/** Over the night in which Berlin puts its clocks forward. */
const plan = planOf(5, 70);
let record: YearRecord;

beforeAll(async () => {
  record = await live(plan);
});

const oracle = oracleOf(plan.start, plan.end);

const faultsOf = (found: YearRecord, of = plan): string[] => [
  ...new Set(judgeYear(of, found, oracle).faults.map(({ what }) => what)),
];

type Event<T extends ConversationEvent['type']> = ConversationEvent & { type: T };

/** The first request with such an event, changed. */
function changed<T extends ConversationEvent['type']>(
  type: T,
  change: (request: ConversationRecord, event: Event<T>) => Partial<ConversationRecord>,
  fits: (event: Event<T>, request: ConversationRecord) => boolean = () => true,
): YearRecord {
  for (const request of record.conversations) {
    const event = request.events.find(
      (one): one is Event<T> => one.type === type && fits(one as Event<T>, request),
    );
    if (event === undefined) continue;
    const spoilt = { ...request, ...change(request, event) };
    return { ...record, conversations: record.conversations.map((one) => (one === request ? spoilt : one)) };
  }
  throw new Error(`no request has an event ${type} that fits`);
}

const replaced = (
  events: readonly ConversationEvent[],
  event: ConversationEvent,
  by: readonly ConversationEvent[],
): ConversationEvent[] =>
  events.flatMap((one) => (one === event ? by : [one])).map((one, index) => ({ ...one, seq: index + 1 }));

const moved = <T extends ConversationEvent['type']>(type: T, by: number): YearRecord =>
  changed(type, ({ events }, event) => ({
    events: events.map((one) => (one.seq >= event.seq ? { ...one, at: one.at + by } : one)),
  }));

describe('a simulated year', () => {
  it('has no fault in a few days of leave, downtime and clocks put forward, and most clocks fire in them', () => {
    const { faults, settings } = judgeYear(plan, record);
    expect(faults).toEqual([]);
    const fired = new Set(settings.filter(({ ended }) => ended?.how === 'fired').map(({ clock }) => clock));
    expect([...fired]).toEqual(
      expect.arrayContaining([
        'accept',
        'handoff',
        'ask-again',
        'last-person',
        'progress',
        'answer-warning',
        'answer',
      ]),
    );
  });

  it('comes to the same whether time jumps to where something is due or stops at every tick', async () => {
    const day = cut(planOf(1, 40), 11);
    const [jumping, stepping] = [await live(day), await live(day, { everyTick: true })];
    const told = ({ conversations, notices, deliveries }: YearRecord) => ({
      events: conversations.map(({ events }) => events),
      notices: notices.map(({ notice, state, settledAt }) => [
        notice.dedupeKey,
        notice.createdAt,
        state,
        settledAt,
      ]),
      deliveries,
    });
    expect(stepping.ticks).toBeGreaterThan(10 * jumping.ticks);
    expect(told(jumping)).toEqual(told(stepping));
  }, 60_000);
});

describe('the judge of a year sees', () => {
  it('a clock that fires twice', () => {
    const twice = changed('lapsed', ({ events }, event) => ({
      events: replaced(events, event, [event, { ...event, at: event.at + 1 }]),
    }));
    expect(faultsOf(twice)).toContain('fired-twice');
  });

  it('a clock that fires a minute early', () => {
    expect(faultsOf(moved('answer-warned', -MINUTE))).toContain('early');
  });

  it('a clock that fires two ticks late', () => {
    expect(faultsOf(moved('answer-warned', 10 * SECOND))).toContain('late');
  });

  it('a clock that never fires', () => {
    const missing = changed('answer-warned', ({ events }, { seq }) => ({ events: events.slice(0, seq - 1) }));
    expect(faultsOf(missing)).toContain('missed');
  });

  it('a question to somebody who is away, while another is left', () => {
    const away = plan.people.find(({ away: spans }) => spans.some(({ how }) => how === 'configured'));
    const span = away?.away.find(({ how }) => how === 'configured');
    if (away === undefined || span === undefined) throw new Error('somebody is away');
    const asked = changed(
      'offered',
      ({ events }, event) => ({ events: replaced(events, event, [{ ...event, to: away.id }]) }),
      ({ at, kind, to }) => span.from < at && at < span.until && kind === 'offer' && to !== away.id,
    );
    expect(faultsOf(asked)).toContain('rung-on-absent');
  });

  it('a gap in the ledger of a second', () => {
    const gap = changed(
      'accepted',
      ({ ledger }) => ({
        ledger: ledger.map((row, index) => (index === 1 ? { ...row, fromAt: row.fromAt + SECOND } : row)),
      }),
      (_, { ledger }) => ledger.length > 1,
    );
    expect(faultsOf(gap)).toEqual(['unaccountable']);
  });

  it('somebody who answers for a request and has left', () => {
    const left = plan.people.find(({ leavesAt }) => leavesAt !== null);
    const kept = changed(
      'accepted',
      ({ ledger }) => ({
        ledger: ledger.map((row) => (row.untilAt === null ? { ...row, member: left?.id ?? '' } : row)),
      }),
      (_, { phase }) => phase !== 'done',
    );
    expect(faultsOf(kept)).toEqual(['unaccountable']);
  });

  it('a second mail about one event', () => {
    const [first] = record.notices.filter(({ notice }) => notice.body.kind === 'offer');
    if (first === undefined) throw new Error('somebody was asked');
    const again = { ...first, notice: { ...first.notice, dedupeKey: 'another' }, key: 'another' };
    const deliveries = [...record.deliveries, { key: 'another', at: first.notice.createdAt }];
    expect(faultsOf({ ...record, notices: [...record.notices, again], deliveries })).toContain('told-twice');
  });

  it('a reminder that nobody took it, and beside it another that its customer waits', () => {
    const last = record.notices.find(({ notice }) => notice.body.kind === 'last-asked');
    if (last === undefined) throw new Error('somebody is the last who is asked');
    const body = { kind: 'answer-due', answerBy: 0, missed: true, toldCustomer: null } as const;
    const beside = { ...last, notice: { ...last.notice, body, dedupeKey: 'another' }, key: 'another' };
    const deliveries = [...record.deliveries, { key: 'another', at: last.notice.createdAt }];
    const notices = [...record.notices, beside];
    expect(faultsOf({ ...record, notices, deliveries })).toEqual(['told-twice']);
  });

  it('a question that is told to be settled, and of which nobody had heard', () => {
    const settled = record.notices.find(
      ({ notice, state }) => notice.body.kind === 'withdrawn' && state === 'sent',
    );
    if (settled === undefined) throw new Error('somebody else is quicker now and then');
    const { conversationId, recipient } = settled.notice;
    const notices = record.notices.map((one) =>
      one !== settled &&
      one.notice.conversationId === conversationId &&
      JSON.stringify(one.notice.recipient) === JSON.stringify(recipient)
        ? { ...one, state: 'dropped' }
        : one,
    );
    expect(faultsOf({ ...record, notices })).toContain('told-in-vain');
  });

  it.each(['digest', 'weekly-report'])('a %s that did not come, and one too many', (kind) => {
    const all = record.notices.filter(({ notice }) => notice.body.kind === kind);
    const [first] = all;
    if (first === undefined) throw new Error('managers get both');
    const without = record.notices.filter((one) => one !== first);
    expect(faultsOf({ ...record, notices: without })).toContain('not-told');
    const later = { ...first.notice, dedupeKey: 'another', createdAt: first.notice.createdAt + 10 * MINUTE };
    const more = { ...record, notices: [...record.notices, { ...first, notice: later, key: 'another' }] };
    expect(all.length).toBeGreaterThan(1);
    expect(faultsOf(more)).toContain('told-twice');
  });

  it('an open request that no clock watches', () => {
    const unwatched = changed(
      'progress-expected',
      ({ events }, { seq }) => ({ events: events.slice(0, seq - 1) }),
      // Before they answered, a clock waited for their yes, and another for the answer.
      ({ seq }, { events }) => events[seq - 3]?.type === 'accepted' && events[seq - 2]?.type === 'replied',
    );
    expect(faultsOf(unwatched)).toContain('nothing-runs');
  });

  it.each<[string, Spoil, keyof typeof FaultCodes, YearPlan?]>([
    ['clocks that nobody looks at', { store: neverDue }, 'missed', cut(planOf(1, 40), 14)],
    ['clocks that are a minute short', { policy: (policy) => withAccept(policy, 119 * MINUTE) }, 'wrong-due'],
    ['absences of which Baton was not told', { policy: withoutAbsences }, 'rung-on-absent'],
    ['a mail server that is handed each mail twice', { copies: () => 2 }, 'told-twice'],
  ])('%s', async (_, spoil, code, short = planOf(2, 20)) => {
    const spoilt = await live(short, { spoil });
    expect(faultsOf(spoilt, short)).toContain(code);
  });
});

const neverDue = (store: Store): Store => ({ ...store, findDue: async () => [] });

const withAccept = (policy: Policy, normal: number): Policy => ({
  ...policy,
  clocks: { ...policy.clocks, accept: { ...policy.clocks.accept, normal } },
});

const withoutAbsences = (policy: Policy): Policy => ({
  ...policy,
  members: new Map(
    [...policy.members].map(([id, member]) => [
      id,
      { ...member, schedule: { ...member.schedule, absences: [] } },
    ]),
  ),
});
