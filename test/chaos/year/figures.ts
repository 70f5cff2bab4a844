/** What a year came to, in figures: for the table, and for `--json`. */
import { ClockNames } from '../../../src/domain/conversation/running-clocks.ts';
import { type Duration, SECOND } from '../../../src/domain/instant.ts';
import { STANDING } from './configure.ts';
import { FaultCodes } from './judge/fault.ts';
import type { Verdict } from './judge/judge.ts';
import { tickAfterDue } from './judge/known.ts';
import type { YearPlan } from './plan.ts';
import type { YearRecord } from './record.ts';

export type ClockFigures = {
  readonly clock: string;
  readonly set: number;
  readonly fired: number;
  /** Ended by what somebody did. */
  readonly answered: number;
  readonly running: number;
  readonly lateness: Spread;
  /** The worst while Baton was down. */
  readonly latestAfterDowntime: Duration;
};

export type Spread = { readonly median: Duration; readonly most: Duration };

export type Figures = ReturnType<typeof figuresOf>;

export function figuresOf(plan: YearPlan, record: YearRecord, { faults, settings, parked }: Verdict) {
  const { conversations, notices } = record;
  const events = conversations.flatMap((one) => one.events);
  return {
    requests: conversations.length,
    open: conversations.filter(({ phase }) => phase !== 'done').length,
    letters: record.letters,
    mails: record.deliveries.length,
    ticks: record.ticks,
    events: events.length,
    clocks: [...ClockNames.map((clock) => clockFigures(plan, clock, settings)), parkedFigures(plan, parked)],
    escalations: countBy(
      events.flatMap((event) => (event.type === 'offered' ? [`${event.kind}, rung ${event.rung}`] : [])),
    ),
    toAccept: spreadOf(conversations.flatMap(timesToAccept)),
    notices: countBy(notices.map(({ notice, state }) => `${notice.body.kind}/${state}`)),
    standing: countBy(
      notices.flatMap(({ notice: { body }, state }) =>
        state === 'sent' && STANDING.some(({ kind }) => kind === body.kind) ? [body.kind] : [],
      ),
    ),
    faults: Object.fromEntries(
      Object.keys(FaultCodes).map((code) => [code, faults.filter(({ what }) => what === code).length]),
    ),
  };
}

function clockFigures(plan: YearPlan, clock: string, all: Verdict['settings']): ClockFigures {
  const settings = all.filter((setting) => setting.clock === clock);
  const fired = settings.flatMap(({ due, setAt, ended }) =>
    ended?.how === 'fired' ? [{ due: Math.max(due, setAt), at: ended.at }] : [],
  );
  return {
    clock,
    set: settings.length,
    fired: fired.length,
    answered: settings.filter(({ ended }) => ended?.how === 'answered').length,
    running: settings.filter(({ ended }) => ended === null).length,
    ...latenessOf(plan, fired),
  };
}

function parkedFigures(plan: YearPlan, { set, fired, answered, open }: Verdict['parked']): ClockFigures {
  return { clock: 'parked', set, fired: fired.length, answered, running: open, ...latenessOf(plan, fired) };
}

/** Apart from what came due while nothing ran. */
function latenessOf(plan: YearPlan, fired: readonly { readonly due: number; readonly at: number }[]) {
  const isInTime = ({ due }: { readonly due: number }): boolean =>
    tickAfterDue(plan, due) - due <= 5 * SECOND;
  const [inTime, after] = [fired.filter(isInTime), fired.filter((one) => !isInTime(one))];
  const late = ({ due, at }: { readonly due: number; readonly at: number }): number => at - due;
  return {
    lateness: spreadOf(inTime.map(late)),
    latestAfterDowntime: after.reduce((most, one) => Math.max(most, late(one)), 0),
  };
}

/** From the first mail to each acceptance that was the first. */
function timesToAccept({ events }: YearRecord['conversations'][number]): Duration[] {
  const first = events.find(({ type }) => type === 'accepted');
  return first === undefined || events[0] === undefined ? [] : [first.at - events[0].at];
}

function spreadOf(values: readonly Duration[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)] ?? 0, most: sorted.at(-1) ?? 0 };
}

function countBy(names: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => a.localeCompare(b)));
}
