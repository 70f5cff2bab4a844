/** Who is in the team: their hours, their temper, and what happens to them in the course of a year. */
import type { Shift } from '../../../src/domain/policy.ts';
import type { Hours } from './wall-clock.ts';

/**
 * What somebody does with mail. `prompt` within the hour; `slow` often too late; `silent` for days; `declines` and
 * `passes-on` nearly everything; `forgets` what they took until they are reminded; `mornings`: reads mail once a day.
 */
export const Tempers = ['prompt', 'slow', 'silent', 'declines', 'passes-on', 'forgets', 'mornings'] as const;
export type Temper = (typeof Tempers)[number];

export type Template = {
  readonly id: string;
  readonly name: string;
  readonly temper: Temper;
  readonly hours: Hours;
  readonly backup: string | null;
  readonly capacity: number | null;
  readonly teams: readonly ('maintenance' | 'billing')[];
  /** Shares of the year. */
  readonly holidays: readonly { readonly at: number; readonly weeks: number }[];
  readonly joins: number | null;
  readonly leaves: number | null;
  readonly moves: { readonly at: number; readonly to: Hours } | null;
};

const BERLIN = 'Europe/Berlin';
const NEW_YORK = 'America/New_York';

/** Public holidays of 2026 in Bavaria. */
const GERMAN = new Set([
  ...['2026-01-01', '2026-01-06', '2026-04-03', '2026-04-06', '2026-05-01', '2026-05-14', '2026-05-25'],
  ...['2026-06-04', '2026-08-15', '2026-10-03', '2026-11-01', '2026-12-25', '2026-12-26'],
]);
const AMERICAN = new Set([
  ...['2026-01-01', '2026-01-19', '2026-02-16', '2026-05-25', '2026-06-19', '2026-07-03', '2026-09-07'],
  ...['2026-10-12', '2026-11-11', '2026-11-26', '2026-12-25'],
]);

function hours(zone: string, days: readonly number[], ...shifts: readonly Shift[]): Hours {
  const week = Array.from({ length: 7 }, (_, day) => (days.includes(day) ? shifts : []));
  return { zone, week, holidays: zone === BERLIN ? GERMAN : AMERICAN };
}

const WEEKDAYS = [0, 1, 2, 3, 4];
const shift = (from: string, to: string): Shift => ({ from, to });

function member(id: string, temper: Temper, at: Hours, more: Partial<Template> = {}): Template {
  const name = id.charAt(0).toUpperCase() + id.slice(1);
  const nobody = { backup: null, capacity: null, teams: [], holidays: [] };
  return { id, name, temper, hours: at, ...nobody, joins: null, leaves: null, moves: null, ...more };
}

const CORE: readonly Template[] = [
  member('leah', 'prompt', hours(BERLIN, WEEKDAYS, shift('08:30', '12:30'), shift('13:00', '17:00')), {
    backup: 'priya',
    holidays: [{ at: 0.16, weeks: 2 }],
  }),
  // The two managers are on holiday at once for a part of the summer.
  member('dana', 'prompt', hours(BERLIN, WEEKDAYS, shift('09:00', '17:30')), {
    holidays: [{ at: 0.58, weeks: 3 }],
  }),
  member('omar', 'slow', hours(NEW_YORK, WEEKDAYS, shift('09:00', '17:00')), {
    backup: 'dana',
    holidays: [
      { at: 0.27, weeks: 1 },
      { at: 0.6, weeks: 2 },
    ],
  }),
  member('priya', 'prompt', hours(BERLIN, WEEKDAYS, shift('09:00', '17:00')), {
    teams: ['maintenance'],
    backup: 'nina',
    capacity: 40,
    holidays: [{ at: 0.4, weeks: 2 }],
  }),
  // Nights: from Sunday to Thursday evening.
  member('luis', 'slow', hours(BERLIN, [6, 0, 1, 2, 3], shift('22:00', '06:00')), {
    teams: ['maintenance'],
    holidays: [{ at: 0.5, weeks: 2 }],
    moves: { at: 0.68, to: hours(NEW_YORK, [6, 0, 1, 2, 3], shift('22:00', '06:00')) },
  }),
  // Part time.
  member('sam', 'forgets', hours(BERLIN, [0, 1, 2], shift('09:00', '13:00')), {
    teams: ['maintenance'],
    backup: 'priya',
    leaves: 0.52,
  }),
  member('grace', 'passes-on', hours(NEW_YORK, WEEKDAYS, shift('09:00', '17:00')), {
    teams: ['billing'],
    backup: 'aiko',
    holidays: [{ at: 0.35, weeks: 2 }],
    leaves: 0.76,
  }),
  member('aiko', 'mornings', hours(NEW_YORK, [1, 2, 3, 4, 5], shift('12:00', '20:00')), {
    teams: ['billing'],
    holidays: [{ at: 0.9, weeks: 1 }],
  }),
  member('tomas', 'declines', hours(BERLIN, WEEKDAYS, shift('10:00', '18:00')), {
    teams: ['billing', 'maintenance'],
    holidays: [{ at: 0.65, weeks: 2 }],
  }),
  member('nina', 'silent', hours(BERLIN, WEEKDAYS, shift('07:00', '15:00')), {
    teams: ['maintenance', 'billing'],
    holidays: [{ at: 0.12, weeks: 1 }],
  }),
  member('ben', 'prompt', hours(BERLIN, WEEKDAYS, shift('09:00', '17:00')), {
    teams: ['maintenance'],
    backup: 'priya',
    joins: 0.49,
  }),
  member('hana', 'slow', hours(NEW_YORK, WEEKDAYS, shift('08:00', '16:00')), {
    teams: ['billing'],
    backup: 'aiko',
    joins: 0.8,
  }),
];

/** Those who are there at the same time are ten of these. */
const SIZE = 10;
const LEAST = 6;

/** A team of so many people: fewer lose the last ones, more get doubles of those who do the work. */
export function team(people: number): readonly Template[] {
  if (people < LEAST) throw new RangeError(`a team has at least ${LEAST} people here`);
  if (people <= SIZE) {
    const kept = CORE.slice(0, people).map(({ id }) => id);
    return CORE.filter(({ id, joins }) => kept.includes(id) || (people === SIZE && joins !== null));
  }
  const workers = CORE.slice(3, SIZE);
  const doubles = Array.from({ length: people - SIZE }, (_, index) => {
    const like = workers[index % workers.length] as Template;
    const id = `${like.id}-${Math.floor(index / workers.length) + 2}`;
    return { ...like, id, name: `${like.name} ${Math.floor(index / workers.length) + 2}`, leaves: null };
  });
  return [...CORE, ...doubles];
}
