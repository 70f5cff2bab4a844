/**
 * Each standing mail comes exactly once on each date on which its member works, in whatever zone and at whatever hour,
 * however many clocks run, however they are set, and whenever they are started anew. What is expected is told by another
 * calendar than the one that is tested: by what a wall clock shows at each tick.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NoBells } from '../../src/app/ports/queue.ts';
import { type StandingDeps, standingMails } from '../../src/app/send-digests.ts';
import { DAY, fromIso, HOUR, type Instant, SECOND, toDate } from '../../src/domain/instant.ts';
import { type Absence, NoStandingMails } from '../../src/domain/policy.ts';
import { MemoryQueue } from '../support/memory-queue.ts';
import { memoryStore } from '../support/memory-store.ts';
import { rosterOf, testPolicy } from '../support/policy.ts';
import { schedule } from '../support/schedules.ts';
import { settableClock } from '../support/settable-clock.ts';

const RUNS = Number(process.env.BATON_SCHEDULE_RUNS ?? 12);

/** Beginnings shortly before the clocks change in some of these zones, and a leap day. */
const Starts = ['2026-03-04', '2026-03-24', '2026-10-01', '2026-10-21', '2028-02-24', '2026-12-22'];
const Zones = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Kiritimati',
  'America/St_Johns',
  'Africa/Cairo',
  'Pacific/Chatham',
];
const WORK = [{ from: '09:00', to: '17:00' }];

/** One look: how long after the one before, how wrong two clocks are then, and whether they were started anew. */
const tick = fc.record({
  after: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 61, max: 3 * 3_600 }) },
    { weight: 1, arbitrary: fc.integer({ min: 8 * 3_600, max: 3 * 86_400 }) },
  ),
  wrong: fc.tuple(fc.constantFrom(0, 0, 0, 2, -2), fc.constantFrom(0, 0, 2, -2)),
  anew: fc.constantFrom(true, false, false, false, false, false, false, false, false, false),
});

const life = fc.record({
  start: fc.constantFrom(...Starts),
  zone: fc.constantFrom(...Zones),
  hour: fc.constantFrom('00:00', '01:45', '02:30', '07:15', '08:00', '13:20', '22:10'),
  days: fc.subarray([0, 1, 2, 3, 4, 5, 6], { minLength: 1 }),
  holiday: fc.integer({ min: 0, max: 12 }),
  away: fc.option(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 90 }))),
  ticks: fc.array(tick, { minLength: 60, maxLength: 120 }),
});
type Life = typeof life extends fc.Arbitrary<infer T> ? T : never;

describe('standing mails', () => {
  it(
    'come once on each working date, never twice and never on another, whatever clocks do',
    async () => {
      let days = 0;
      await fc.assert(
        fc.asyncProperty(life, async (one) => {
          const { sent, looks, timeZone, holidays, absences } = await live(one);
          const dates = new Set(looks.map((at) => wall(timeZone, at).date));
          for (const date of dates) {
            const seen = looks.filter((at) => wall(timeZone, at).date === date);
            const count = sent.filter((day) => day === date).length;
            const isOn = one.days.includes(weekday(date)) && !holidays.has(date);
            const due = seen.filter((at) => wall(timeZone, at).time >= one.hour && !isAway(absences, at));
            expect(count, `${date}: not more than once`).toBeLessThanOrEqual(isOn && due.length > 0 ? 1 : 0);
            // Within an hour after it the clocks may be put forward.
            const surely = due.some((at) => minutes(wall(timeZone, at).time) > minutes(one.hour) + 61);
            const isTouched = absences.some(({ from, until }) =>
              seen.some((at) => at > from - DAY && at < until + DAY),
            );
            if (isOn && surely && !isTouched) expect(count, `${date}: once`).toBe(1);
            days += 1;
          }
          expect(sent.filter((date) => !dates.has(date))).toEqual([]);
        }),
        { numRuns: RUNS },
      );
      expect(days).toBeGreaterThan(RUNS);
    },
    30_000 + RUNS * 2_000,
  );
});

/** Two clocks with a database whose time is right. */
async function live({ start, zone: timeZone, hour, days, holiday, away, ticks }: Life) {
  const begin = fromIso(`${start}T00:00:00Z`);
  const holidays = new Set([
    toDate(begin + holiday * DAY)
      .toISOString()
      .slice(0, 10),
  ]);
  const absences: Absence[] =
    away === null ? [] : [{ from: begin + away[0] * HOUR, until: begin + (away[0] + away[1]) * HOUR }];
  const week = [0, 1, 2, 3, 4, 5, 6].map((day) => (days.includes(day) ? WORK : []));
  const policy = testPolicy({
    members: {
      dana: {
        schedule: schedule(timeZone, { week, holidays, absences }),
        standingMails: { ...NoStandingMails, digest: hour },
      },
    },
  });
  const clock = settableClock(begin);
  const store = memoryStore({ clock });
  await store.syncRoster(rosterOf(policy));
  const before = { member: 'dana', kind: 'digest', date: '2020-01-01', at: begin - DAY, sent: true } as const;
  await store.transact([], (tx) => tx.claimStandingMail(before));
  const queue = new MemoryQueue();
  const deps = (skew: number): StandingDeps => ({
    store,
    queue: { ...NoBells, ring: (bell, ids) => queue.ring(bell, ids) },
    policy: () => policy,
    secret: 'a secret for tests',
    clock: { now: () => clock.now() + skew * HOUR },
  });
  let clocks = [standingMails(), standingMails()];
  const looks: Instant[] = [];
  for (const { after, wrong, anew } of ticks) {
    clock.advance(after * SECOND);
    if (anew) clocks = [standingMails(), standingMails()];
    // One at least shows the right time: what all clocks are wrong about nobody can know.
    const skews = wrong.includes(0) ? wrong : [0, wrong[1]];
    await Promise.all(clocks.map((look, at) => look(deps(skews[at] ?? 0))));
    looks.push(clock.now());
  }
  const sent = store.outbox().flatMap(({ notice: { body } }) => (body.kind === 'digest' ? [body.date] : []));
  return { sent, looks, timeZone, holidays, absences };
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** What a clock on the wall there shows. */
function wall(timeZone: string, at: Instant): { readonly date: string; readonly time: string } {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  formats.set(timeZone, format);
  const [date = '', time = ''] = format.format(toDate(at)).split(' ');
  return { date, time };
}

const weekday = (date: string): number => (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const isAway = (absences: readonly Absence[], at: Instant): boolean =>
  absences.some(({ from, until }) => from <= at && at < until);
