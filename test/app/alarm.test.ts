/** Who looks after Baton is told by another way; what cannot be told is tried again; a lost database is told too. */
import { describe, expect, test } from 'vitest';
import { type AlarmDeps, DatabaseWatch, lookForOutages } from '../../src/app/alarm.ts';
import { Failure } from '../../src/app/failures.ts';
import type { Alarm, AlarmChannel } from '../../src/app/ports/alarm-channel.ts';
import type { Outages, Told } from '../../src/app/ports/outages.ts';
import { HOUR, MINUTE, SECOND } from '../../src/domain/instant.ts';
import type { Trouble } from '../../src/domain/outage.ts';
import { Pulse } from '../../src/runtime/pulse.ts';
import type { Services } from '../../src/runtime/services.ts';
import { virtualClock } from '../../src/runtime/virtual-clock.ts';
import { runAlarm } from '../../workers/alarm.ts';
import { MONDAY } from '../support/policy.ts';
import { settableClock } from '../support/settable-clock.ts';

function scene(troubles: readonly Trouble[] = [], due: readonly Told[] = []) {
  const clock = settableClock(MONDAY);
  const said: Alarm[] = [];
  const logged: string[] = [];
  const noted: (readonly Trouble[])[] = [];
  const told: number[] = [];
  const notTold: number[] = [];
  const outages: Outages = {
    look: async () => ({ now: clock.now(), troubles }),
    note: async (lasting) => void noted.push(lasting),
    claim: async () => due,
    told: async ({ id }) => void told.push(id),
    notTold: async ({ id }) => void notTold.push(id),
    open: async () => [],
  };
  const channel: AlarmChannel = { name: 'a channel', tell: async (alarm) => void said.push(alarm) };
  const broken: AlarmChannel = {
    name: 'a broken one',
    tell: () => Promise.reject(new Error('it is down as well')),
  };
  const note = (fields: object, message: string) => void logged.push(`${JSON.stringify(fields)} ${message}`);
  const deps = (channels: readonly AlarmChannel[] = [channel]): AlarmDeps => ({
    ...{ outages, channels, clock, timeZone: 'UTC', watched: { folders: [], canaryWithin: null } },
    rhythm: { after: 5 * MINUTE, remindEvery: HOUR },
    addressOf: (id) => `${id}@elm.example`,
    log: { info: note, warn: note, error: note },
  });
  return { clock, said, logged, noted, told, notTold, deps, channel, broken };
}

const trouble = (since: number | null): Trouble => ({
  ...{ kind: 'sending', inboxId: 'office', since, code: 'smtp-unreachable' },
});
const DUE: Told = {
  ...{ id: 7, telling: 'begun', kind: 'sending', inboxId: 'office', since: MONDAY - 5 * MINUTE },
  ...{ code: 'smtp-unreachable', toldAt: null, now: MONDAY },
};

describe('one look', () => {
  test('notes what has lasted a minute or never worked, and is well only when nothing does', async () => {
    const short = scene([trouble(MONDAY - 30 * SECOND)]);
    expect(await lookForOutages(short.deps())).toBe(true);
    expect(short.noted).toEqual([[]]);
    const lasting = [trouble(MONDAY - MINUTE), trouble(null)];
    const long = scene(lasting);
    expect(await lookForOutages(long.deps())).toBe(false);
    expect(long.noted).toEqual([lasting]);
  });

  test('tells what is due by every channel, in words and as data', async () => {
    const { deps, said, told } = scene([], [DUE]);
    await lookForOutages(deps());
    expect(said).toMatchObject([
      {
        ...{ kind: 'sending', telling: 'begun', inbox: 'office', address: 'office@elm.example' },
        subject: 'Baton: mail of office@elm.example has not gone out since 8:55',
      },
    ]);
    expect(told).toEqual([7]);
  });

  test('is content when one of two channels works, and leaves it to a later one when none does', async () => {
    const one = scene([], [DUE]);
    await lookForOutages(one.deps([one.broken, one.channel]));
    expect([one.told, one.notTold]).toEqual([[7], []]);
    const none = scene([], [DUE]);
    await lookForOutages(none.deps([none.broken]));
    expect([none.told, none.notTold]).toEqual([[], [7]]);
    expect(none.logged.join()).toContain('an alarm reached nobody');
  });

  test('logs an outage at the least when no channel is configured', async () => {
    const { deps, logged, told } = scene([], [DUE]);
    await lookForOutages(deps([]));
    expect(logged.join()).toContain('mail does not flow');
    expect(logged.join()).not.toContain('@');
    expect(told).toEqual([7]);
  });
});

describe('a database that cannot be reached', () => {
  test('is told by the process itself after five minutes, again every hour, and when it is back', async () => {
    const { clock, deps, said } = scene();
    const watch = new DatabaseWatch();
    const lookFor = async (minutes: number) => {
      for (let at = 0; at < minutes * 4; at += 1) {
        await watch.failed(deps());
        clock.advance(15 * SECOND);
      }
    };
    await lookFor(5);
    expect(said).toEqual([]);
    await lookFor(70);
    await watch.answered(deps());
    await watch.answered(deps());
    expect(said.map(({ telling, kind }) => `${kind} ${telling}`)).toEqual([
      'database begun',
      'database still',
      'database over',
    ]);
    expect(said[0]?.text).toContain('none is lost');
  });

  test('is told again a minute later when the channel failed, and not over when it never was told', async () => {
    const { clock, deps, said, broken, channel } = scene();
    const watch = new DatabaseWatch();
    await watch.failed(deps([broken]));
    clock.advance(5 * MINUTE);
    await watch.failed(deps([broken]));
    clock.advance(30 * SECOND);
    await watch.failed(deps([channel]));
    expect(said).toEqual([]);
    clock.advance(30 * SECOND);
    await watch.failed(deps([channel]));
    expect(said).toHaveLength(1);
    const quiet = new DatabaseWatch();
    await quiet.failed(deps());
    await quiet.answered(deps());
    expect(said).toHaveLength(1);
  });
});

test('nobody looks for outages before time passes by itself, since skipped hours are no silence', async () => {
  const { promise: looked, resolve } = Promise.withResolvers<void>();
  let looks = 0;
  const { outages, clock, log } = scene().deps([]);
  const counting: Outages = {
    ...outages,
    look: (watched) => {
      looks += 1;
      resolve();
      return outages.look(watched);
    },
  };
  const skipping = virtualClock(MONDAY);
  const config = { alarm: {}, inboxes: {}, defaults: { timeZone: 'UTC' } };
  const stop = new AbortController();
  const services = {
    outages: counting,
    deps: { clock, log },
    settings: { config },
    timeRuns: skipping.runs,
    pulse: new Pulse(),
  };
  const running = runAlarm(services as unknown as Services, stop.signal);
  skipping.moveTo(MONDAY + 9 * HOUR);
  await new Promise(setImmediate);
  expect(looks).toBe(0);
  skipping.letRun();
  await looked;
  stop.abort();
  await running;
  expect(looks).toBe(1);
});

test('whoever runs and cannot reach PostgreSQL says once that it goes on by itself, and once that it does', async () => {
  const { outages, clock, log } = scene().deps([]);
  const stop = new AbortController();
  const away = new Failure('temporary', 'db-connection', 'PostgreSQL cannot be reached.');
  const answers = [away, away, null, away];
  const failing: Outages = {
    ...outages,
    async look(watched) {
      const answer = answers.shift();
      if (answers.length === 0) stop.abort();
      if (answer) throw answer;
      return outages.look(watched);
    },
  };
  const config = { alarm: { after: MINUTE, remindEvery: HOUR }, inboxes: {}, defaults: { timeZone: 'UTC' } };
  const said: string[] = [];
  const services = {
    ...{ outages: failing, deps: { clock, log }, settings: { config }, timeRuns: Promise.resolve() },
    pulse: { pause: () => new Promise(setImmediate) },
    say: (line: string) => void said.push(line),
  };
  await runAlarm(services as unknown as Services, stop.signal);
  const gone = 'PostgreSQL does not answer. Nothing is lost, and Baton goes on by itself once it does.';
  expect(said).toEqual([gone, 'PostgreSQL answers again, and Baton goes on.', gone]);
});
