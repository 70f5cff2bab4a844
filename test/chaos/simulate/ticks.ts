/**
 * The clock worker of one life. It ticks every few seconds in truth; here it ticks when it can find something to do, so
 * that days cost no more than what happens in them.
 */
import { type Duration, type Instant, SECOND } from '../../../src/domain/instant.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import { nextStandingMailAt, StandingKinds } from '../../../src/domain/standing-mails.ts';
import type { OfficePlan } from './policies.ts';
import type { Processes } from './processes.ts';
import type { World } from './world.ts';

export type Ticks = {
  nextAt(): Instant;
  tick(): void;
  /** Whoever found nothing to do waits no longer than anybody. */
  hurry(): void;
};

const TICK: Duration = 5 * SECOND;
/** After so many fruitless ticks the wait for the next one grows no more: 21 minutes. */
const FRUITLESS_MAX = 8;
const NEVER: Instant = Number.POSITIVE_INFINITY;

export function ticksOf(world: World, processes: Processes): Ticks {
  const { dice, stage, start } = world;
  let lastTick = start - TICK;
  let isTicking = false;
  let fruitless = 0;
  let writesAtTick = 0;
  const wanted = wantedOf(world, processes);

  return {
    nextAt: () => (isTicking ? NEVER : wanted(lastTick, TICK * 2 ** Math.min(fruitless, FRUITLESS_MAX))),
    tick() {
      const worker = processes.some();
      lastTick = stage.now();
      if (worker === null) return;
      fruitless = world.writes === writesAtTick ? fruitless + 1 : 0;
      writesAtTick = world.writes;
      isTicking = true;
      processes.run(
        worker,
        'tick',
        (host) => host.tick(),
        () => {
          isTicking = false;
        },
      );
      // A second clock that has heard none of the ticks.
      const other = dice.happens(0.15) ? processes.some() : null;
      if (other !== null && other !== worker) processes.run(other, 'tick', (host) => host.tick());
      const patrol = dice.happens(0.3) ? processes.some() : null;
      if (patrol !== null) processes.run(patrol, 'patrol', (host) => host.patrol());
    },
    hurry() {
      fruitless = 0;
    },
  };
}

/** When a tick can find something to do; asked at every step, and the same as long as nothing has changed. */
function wantedOf(world: World, processes: Processes): (lastTick: Instant, wait: Duration) => Instant {
  const { store, start } = world;
  const edges = edgesOf(world.office);
  let known = { at: start, writes: -1, lastTick: start };
  let standing = { of: processes.adopted, at: Number.NEGATIVE_INFINITY };

  function nextStanding(lastTick: Instant): Instant {
    const { adopted } = processes;
    if (standing.of !== adopted || standing.at <= lastTick)
      standing = { of: adopted, at: Math.min(...standingTimes(adopted, lastTick)) };
    return standing.at;
  }

  function earliest(lastTick: Instant): Instant {
    const { messages, unrouted } = store.unfinished();
    const due = store.dueAt();
    const absences = store
      .absences()
      .flatMap(({ until, from, endedAt }) => (endedAt === null ? [from, until] : []))
      .filter((at) => at > lastTick);
    return Math.min(
      due === null ? NEVER : due - world.databaseShift,
      messages + unrouted > 0 ? lastTick + 3 * TICK : NEVER,
      edges.find((at) => at > lastTick) ?? NEVER,
      ...absences,
      nextStanding(lastTick),
    );
  }

  return (lastTick, wait) => {
    const { writes } = world;
    if (known.writes !== writes || known.lastTick !== lastTick)
      known = { at: Math.max(earliest(lastTick), lastTick + wait), writes, lastTick };
    return known.at;
  };
}

/** When configured absences begin and end. */
function edgesOf({ first, later }: OfficePlan): Instant[] {
  const all = [first, ...later].flatMap(({ members }) =>
    [...members.values()].flatMap(({ schedule }) =>
      schedule.absences.flatMap(({ from, until }) => [from, until]),
    ),
  );
  return [...new Set(all)].sort((a, b) => a - b);
}

const standingTimes = (policy: Policy, after: Instant): Instant[] =>
  [...policy.members.values()].flatMap(({ id, standingMails }) =>
    StandingKinds.flatMap((kind) => {
      const wanted =
        kind === 'digest'
          ? standingMails.digest
          : kind === 'morning-list'
            ? standingMails.morningList
            : standingMails.weeklyReport;
      return wanted === null ? [] : (nextStandingMailAt(policy, id, kind, after) ?? []);
    }),
  );
