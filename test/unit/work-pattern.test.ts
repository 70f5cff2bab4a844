/** In which zone somebody tells time who moves, and what they say and are told around it. */
import { describe, expect, test } from 'vitest';
import { resolveWhen } from '../../src/domain/command/when.ts';
import { fromIso, toIso } from '../../src/domain/instant.ts';
import { at, type Scene } from '../../src/domain/notices/scene.ts';
import type { NoticeView } from '../../src/domain/notices/view.ts';
import type { Schedule } from '../../src/domain/policy.ts';
import { localDay } from '../../src/domain/roster.ts';
import { shiftsOn, timeZoneAt } from '../../src/domain/work-pattern.ts';
import { everyDay, schedule } from '../support/schedules.ts';

const moving = (from: string, to: string): Schedule =>
  schedule(from, { changes: [{ ...schedule(to), from: '2026-09-15' }] });
const east = moving('America/New_York', 'Europe/Berlin');
const west = moving('Europe/Berlin', 'America/New_York');

describe('the zone in which somebody tells time', () => {
  test('is another from the first moment of the date in the new zone', () => {
    expect(timeZoneAt(east, fromIso('2026-09-15T00:00:00+02:00') - 1)).toBe('America/New_York');
    expect(timeZoneAt(east, fromIso('2026-09-15T00:00:00+02:00'))).toBe('Europe/Berlin');
    expect(timeZoneAt(west, fromIso('2026-09-15T00:00:00-04:00') - 1)).toBe('Europe/Berlin');
    expect(timeZoneAt(west, fromIso('2026-09-15T00:00:00-04:00'))).toBe('America/New_York');
  });

  test('never has a date come back, whichever way they go', () => {
    for (const plan of [east, west, moving('Pacific/Kiritimati', 'Pacific/Honolulu')]) {
      let before = 0;
      for (let hour = 0; hour < 96; hour += 1) {
        const instant = fromIso('2026-09-13T00:00:00Z') + hour * 3_600_000_000;
        const day = localDay(timeZoneAt(plan, instant), instant);
        expect(day).toBeGreaterThanOrEqual(before);
        before = day;
      }
    }
  });
});

describe('what somebody says who moves', () => {
  const said = (plan: Schedule, days: number, time: { hour: number; minute: number } | null): string => {
    const found = resolveWhen(
      { type: 'date', day: { type: 'in-days', days }, time },
      { now: fromIso('2026-09-14T18:00:00Z'), schedule: plan, edge: 'start' },
    );
    return found.type === 'at' ? toIso(found.at) : found.type;
  };

  test('means the clock of the day that is meant', () => {
    expect(said(east, 1, { hour: 9, minute: 30 })).toBe('2026-09-15T07:30:00.000000Z');
    expect(said(east, 1, null)).toBe('2026-09-15T07:00:00.000000Z');
    expect(said(west, 1, { hour: 9, minute: 30 })).toBe('2026-09-15T13:30:00.000000Z');
  });

  test('is told back by that clock, in a mail that is sent before', () => {
    const view = {
      now: fromIso('2026-09-14T18:00:00Z'),
      timeZone: 'America/New_York',
      policy: { members: new Map([['priya', { schedule: east }]]) },
    } as unknown as NoticeView;
    const scene: Scene = { view, reader: 'priya', withWords: true };
    expect(at(scene, fromIso('2026-09-15T09:30:00+02:00'))).toMatchObject({ text: 'Tue 9:30' });
    expect(at({ ...scene, reader: null }, fromIso('2026-09-15T09:30:00+02:00'))).toMatchObject({
      text: 'Tue 3:30',
    });
  });
});

describe('a short day', () => {
  const day = (from: string, to: string) =>
    shiftsOn(
      {
        timeZone: 'Europe/Berlin',
        week: everyDay({ from, to }),
        holidays: { has: () => false, endsAt: () => '14:00' },
      },
      '2026-12-24',
    );

  test('ends every shift that goes on longer, nights as well, and has none that begins after it', () => {
    expect(day('09:00', '17:00')).toEqual([{ from: '09:00', to: '14:00' }]);
    expect(day('09:00', '12:00')).toEqual([{ from: '09:00', to: '12:00' }]);
    expect(day('09:00', '24:00')).toEqual([{ from: '09:00', to: '14:00' }]);
    expect(day('12:00', '02:00')).toEqual([{ from: '12:00', to: '14:00' }]);
    expect(day('14:00', '22:00')).toEqual([]);
    expect(day('22:00', '06:00')).toEqual([]);
  });
});
