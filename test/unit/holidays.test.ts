/** Days off as people write them: by hand, by place, and which of several hold. */
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { type HolidayEntry, inForce, toHolidays } from '../../src/config/holidays.ts';
import { parseConfig } from '../../src/config/load.ts';
import { NoWordings } from '../../src/config/notices.ts';
import { toPolicy } from '../../src/config/policy.ts';
import { formatProblems } from '../../src/config/problems.ts';
import { daysOff } from '../../src/config/public-holidays.ts';
import type { Config } from '../../src/config/schema.ts';
import { fromIso, toIso } from '../../src/domain/instant.ts';
import type { Holidays, Policy, Schedule } from '../../src/domain/policy.ts';
import { nextWorkingAt } from '../../src/domain/working-time.ts';

type PlaceOff = Exclude<HolidayEntry, string>;
const place = (country: string, more: Partial<PlaceOff> = {}): PlaceOff => ({
  ...{ country, also: [], except: [] },
  ...more,
});

/** All days off of a year, a short one with its end. */
function daysOf(holidays: Holidays, year: number): string[] {
  const days: string[] = [];
  for (let day = Date.UTC(year, 0, 1); day < Date.UTC(year + 1, 0, 1); day += 86_400_000) {
    const date = new Date(day).toISOString().slice(0, 10);
    const end = holidays.endsAt?.(date) ?? null;
    if (holidays.has(date)) days.push(date.slice(5));
    else if (end !== null) days.push(`${date.slice(5)} ${end}`);
  }
  return days;
}

const config = (defaults: string, priya: string): Config => {
  const text = `
secret: ${'k'.repeat(32)}
defaults: {timeZone: America/New_York${defaults}}
inboxes:
  office: {address: office@elm.example, name: Elm, imap: {host: h, user: u, password: p}, smtp: {host: h}, triageLead: leah, finalManager: leah}
members:
  leah: {name: Leah, addresses: [leah@elm.example]}
  priya: {name: Priya, addresses: [priya@elm.example]${priya}}
`;
  const loaded = parseConfig(
    text,
    'baton.yaml',
    {},
    {
      secretFile: () => ({ ok: false, why: 'is not there' }),
      notices: () => ({ wordings: NoWordings, problems: [], why: null }),
    },
  );
  if (!loaded.ok) throw new Error(formatProblems(loaded.problems));
  return loaded.config;
};
const policyOf = (defaults: string, priya = ''): Policy => toPolicy(config(defaults, priya));
const scheduleOf = (policy: Policy, id: string): Schedule => {
  const schedule = policy.members.get(id)?.schedule;
  if (schedule === undefined) throw new Error(`no ${id}`);
  return schedule;
};
/** Whether a process of its own, since files share theirs, has read the library once the configuration is known and has such days off. */
function readsLibrary(holidays: string): boolean {
  const from = (file: string): string => JSON.stringify(new URL(`../../${file}`, import.meta.url).href);
  const script = `
    import { createRequire } from 'node:module';
    import { holidays, toHolidays } from ${from('src/config/holidays.ts')};
    import ${from('src/config/schema.ts')};
    toHolidays(holidays.parse(${holidays}));
    const files = Object.keys(createRequire(${from('src/config/holidays.ts')}).cache);
    process.stdout.write(String(files.some((file) => file.includes('date-holidays'))));`;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', script]).toString() === 'true';
}

describe('the calendar of public holidays', () => {
  test('is not even read by a configuration that names no place', () => {
    expect(readsLibrary('["2026-12-25", "2026-12-24T14:00"]')).toBe(false);
    expect(readsLibrary('[{ country: "NO" }]')).toBe(true);
  });

  test('has what the law of Bavaria calls a holiday, and nothing that is only observed', () => {
    expect(daysOf(toHolidays([place('DE', { state: 'BY' })]), 2026)).toEqual([
      ...['01-01', '01-06', '04-03', '04-06', '05-01', '05-14', '05-25', '06-04', '10-03', '11-01'],
      ...['12-25', '12-26'],
    ]);
  });

  test('has what banks have off where that is said, as short days that end when they do', () => {
    const days = daysOf(toHolidays([place('DE', { also: ['bank'] })]), 2026);
    expect(days.filter((day) => day.startsWith('12'))).toEqual([
      '12-24 14:00',
      '12-25',
      '12-26',
      '12-31 14:00',
    ]);
  });

  test('has what stands in for a holiday on a weekend, also when that lies in the year before', () => {
    expect(daysOf(toHolidays([place('US')]), 2027).slice(-4)).toEqual(['11-25', '12-24', '12-25', '12-31']);
    expect(daysOf(toHolidays([place('GB', { state: 'ENG' })]), 2027).slice(-4)).toEqual([
      ...['12-25', '12-26', '12-27', '12-28'],
    ]);
  });

  test('has the civil date of a day that begins on the evening before, and each day of a feast', () => {
    const eid = daysOf(toHolidays([place('TR')]), 2026).filter((day) => day.startsWith('03'));
    expect(eid).toEqual(['03-20', '03-21', '03-22']);
  });

  test('has what began in the year before, and a day on which the clocks change', () => {
    expect(daysOf(toHolidays([place('SZ')]), 2027).slice(0, 2)).toEqual(['01-01', '01-02']);
    // Easter Sunday of 2027 has 23 hours.
    expect(daysOf(toHolidays([place('DE', { state: 'BB' })]), 2027)).toContain('03-28');
  });

  test('leaves out what is named under except, in English or the language of the place, with its substitutes', () => {
    const all = daysOf(toHolidays([place('US')]), 2027);
    const some = toHolidays([place('US', { except: ['Columbus Day', 'juneteenth'] })]);
    expect(all.filter((day) => !daysOf(some, 2027).includes(day))).toEqual(['06-18', '06-19', '10-11']);
    const german = toHolidays([place('DE', { except: ['Karfreitag'] })]);
    expect(german.has('2026-04-03')).toBe(false);
  });

  test('is the same wherever this machine stands', () => {
    const before = process.env.TZ;
    try {
      const seen = ['Pacific/Apia', 'UTC', 'America/Los_Angeles'].map((zone) => {
        process.env.TZ = zone;
        return ['DE', 'US', 'TR', 'CN', 'IL'].map((country) => daysOff({ country }, ['public'], [], 2026));
      });
      expect(seen[1]).toEqual(seen[0]);
      expect(seen[2]).toEqual(seen[0]);
    } finally {
      if (before === undefined) delete process.env.TZ;
      else process.env.TZ = before;
    }
  });

  test('reaches twenty years on', () => {
    expect(daysOf(toHolidays([place('DE', { state: 'BY' })]), 2046)).toHaveLength(12);
  });
});

describe('holidays of several people', () => {
  const de = place('DE', { state: 'BY' });
  const us = place('US');

  test('add up as dates, while a place stands instead of the places before', () => {
    expect(inForce(['2026-11-27', us], ['2026-11-09'])).toEqual(['2026-11-27', '2026-11-09', us]);
    expect(inForce(['2026-11-27', us], [de, '2026-11-09'])).toEqual(['2026-11-27', '2026-11-09', de]);
    expect(inForce([us], [], [de])).toEqual([de]);
  });

  test('a date of which two things are told ends at the earlier', () => {
    const both = toHolidays(['2026-12-24T12:00', '2026-12-24T15:00', '2026-12-25T12:00', de]);
    expect(both.endsAt?.('2026-12-24')).toBe('12:00');
    expect(both.has('2026-12-24')).toBe(false);
    expect(both.has('2026-12-25')).toBe(true);
    expect(both.has('2026-12-28')).toBe(false);
    expect(both.endsAt?.('2026-12-28')).toBeNull();
  });

  test('a member in Munich works on Thanksgiving, one in New York on 6 January', () => {
    const policy = policyOf(
      ', holidays: [{country: US}]',
      ', timeZone: Europe/Berlin, holidays: [{country: DE, state: BY}]',
    );
    const next = (id: string, from: string): string =>
      toIso(nextWorkingAt(scheduleOf(policy, id), fromIso(from)) ?? 0).slice(0, 10);
    expect(next('leah', '2026-11-26T05:00:00Z')).toBe('2026-11-27');
    expect(next('priya', '2026-11-26T05:00:00Z')).toBe('2026-11-26');
    expect(next('leah', '2027-01-06T05:00:00Z')).toBe('2027-01-06');
    expect(next('priya', '2027-01-06T05:00:00Z')).toBe('2027-01-07');
  });
});

describe('a member who changes', () => {
  test('keeps what a change does not name, and changes are in the order of their dates', () => {
    const policy = policyOf(
      ', holidays: [2026-12-25]',
      ', from: {2027-03-01: {hours: {mon: 09:00-13:00}}, 2026-09-15: {timeZone: Europe/Berlin, holidays: [2026-10-03]}}',
    );
    const fullTime = [...Array(5).fill([{ from: '09:00', to: '17:00' }]), [], []];
    expect(scheduleOf(policy, 'priya')).toEqual({
      timeZone: 'America/New_York',
      week: fullTime,
      holidays: new Set(['2026-12-25']),
      absences: [],
      changes: [
        {
          from: '2026-09-15',
          timeZone: 'Europe/Berlin',
          week: fullTime,
          holidays: new Set(['2026-12-25', '2026-10-03']),
        },
        {
          from: '2027-03-01',
          timeZone: 'Europe/Berlin',
          week: [[{ from: '09:00', to: '13:00' }], [], [], [], [], [], []],
          holidays: new Set(['2026-12-25', '2026-10-03']),
        },
      ],
    });
  });

  test('is away by the clock that is in force on the day', () => {
    const policy = policyOf(
      '',
      ', from: {2026-09-15: {timeZone: Europe/Berlin}}, absences: [{from: 2026-09-14, until: 2026-09-16}]',
    );
    expect(scheduleOf(policy, 'priya').absences).toEqual([
      { from: fromIso('2026-09-14T00:00:00-04:00'), until: fromIso('2026-09-16T00:00:00+02:00') },
    ]);
  });
});
