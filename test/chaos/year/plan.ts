/**
 * A year as it will be, before Baton sees any of it: who works when, who is away and how Baton learns of it, who joins
 * and leaves and moves, when Baton is down, and what customers write. Seeded; the judge reads this, and not the policy
 * that the product was given.
 */
import { DAY, fromIso, HOUR, type Instant, MINUTE, SECOND } from '../../../src/domain/instant.ts';
import { type Chance, chanceOf } from './chance.ts';
import { type Template, team } from './team.ts';
import type { Hours, Span } from './wall-clock.ts';

export type Person = {
  readonly id: string;
  readonly name: string;
  readonly template: Template;
  readonly joinsAt: Instant;
  /** null: stays. */
  readonly leavesAt: Instant | null;
  /** Oldest first: whoever moves to another zone has two. */
  readonly hours: readonly { readonly since: Instant; readonly hours: Hours }[];
  readonly away: readonly Away[];
};

/** `configured`: stands in the configuration from the first day on. `told`: by mail. `unsaid`: only an out-of-office. */
export type Away = Span & { readonly how: 'configured' | 'told' | 'unsaid'; readonly cover: string | null };

/** `all`: nothing runs. `clock`: only nothing rings by itself. `smtp`: no mail goes out. */
export type Outage = Span & { readonly what: 'all' | 'clock' | 'smtp' };

export type Arrival = {
  readonly number: number;
  readonly at: Instant;
  readonly customer: string;
  readonly inbox: 'maintenance' | 'billing';
  readonly subject: string;
  /** Nothing can read it. */
  readonly broken: boolean;
};

export type YearPlan = {
  readonly seed: number;
  readonly start: Instant;
  readonly end: Instant;
  readonly people: readonly Person[];
  readonly outages: readonly Outage[];
  readonly arrivals: readonly Arrival[];
};

export type PlanOptions = {
  readonly seed: number;
  readonly from: string;
  readonly days: number;
  readonly requests: number;
  readonly people: number;
};

export function planYear({ seed, from, days, requests, people }: PlanOptions): YearPlan {
  const start = fromIso(`${from}T00:00:00Z`);
  const end = start + days * DAY;
  /** The instant at which this part of the year is over, on a whole minute. */
  const part = (share: number): Instant => start + Math.round((share * days * DAY) / MINUTE) * MINUTE;
  return {
    seed,
    start,
    end,
    people: team(people).map((template) => personOf(seed, template, { days, part })),
    outages: outagesOf(days, part),
    arrivals: arrivalsOf(seed, { start, days, requests }),
  };
}

export const hoursAt = ({ hours }: Person, at: Instant): Hours => {
  const found = hours.findLast(({ since }) => since <= at) ?? hours[0];
  if (found === undefined) throw new Error('a person has hours');
  return found.hours;
};

export const isInTeam = ({ joinsAt, leavesAt }: Person, at: Instant): boolean =>
  joinsAt <= at && (leavesAt === null || at < leavesAt);

export const isDown = ({ outages }: YearPlan, at: Instant, what: readonly Outage['what'][]): Outage | null =>
  outages.find((outage) => what.includes(outage.what) && outage.from <= at && at < outage.until) ?? null;

// ── People ──

type Scale = { readonly days: number; readonly part: (share: number) => Instant };

function personOf(seed: number, template: Template, { days, part }: Scale): Person {
  const { id, name, joins, leaves, moves } = template;
  const chance = chanceOf(seed, 'person', id);
  return {
    id,
    name,
    template,
    joinsAt: joins === null ? 0 : part(joins),
    leavesAt: leaves === null ? null : part(leaves),
    hours: [
      { since: 0, hours: template.hours },
      ...(moves === null ? [] : [{ since: part(moves.at), hours: moves.to }]),
    ],
    away: [
      ...holidaysOf(chance, template, { days, part }),
      ...daysOff(chance, template, { days, part }),
    ].sort((a, b) => a.from - b.from),
  };
}

/** Two long ones a year, from the configuration; managers all at once. */
function holidaysOf(chance: Chance, { holidays, backup }: Template, { days, part }: Scale): Away[] {
  return holidays.map(({ at, weeks }) => {
    const from = part(at) + Math.floor(chance.between(0, 12)) * HOUR;
    const length = Math.max(DAY, Math.round((weeks * 7 * DAY * days) / 365 / HOUR) * HOUR);
    return { from, until: from + length, how: 'configured', cover: chance.happens(0.5) ? backup : null };
  });
}

/** Single days and illness: some told by mail, some by nothing but an out-of-office. */
function daysOff(chance: Chance, { holidays, backup }: Template, { days, part }: Scale): Away[] {
  const count = Math.max(1, Math.round((days / 365) * 8));
  const busy = holidays.map(({ at }) => at);
  return Array.from({ length: count }, (_, index) => {
    const share = (index + chance.between(0.1, 0.8)) / count;
    const from = part(share);
    const until = from + Math.round(chance.between(0.4, 3.2) * 24) * HOUR;
    const how = chance.happens(0.6) ? 'told' : 'unsaid';
    return { share, away: { from, until, how, cover: chance.happens(0.4) ? backup : null } as const };
  })
    .filter(({ share }) => busy.every((at) => Math.abs(at - share) > 0.06))
    .map(({ away }) => away);
}

// ── Downtime ──

function outagesOf(days: number, part: Scale['part']): Outage[] {
  const whole = days >= 100;
  // In a few days they must not run into each other.
  const shorter = Math.min(1, days / 6);
  const down = (at: number, hours: number, what: Outage['what']): Outage => {
    const from = part(at) + 17 * SECOND;
    return { from, until: from + Math.round(hours * shorter * 60) * MINUTE + 7 * SECOND, what };
  };
  return [
    down(0.08, 3, 'all'),
    down(0.21, 1.5, 'clock'),
    down(0.33, 2, 'smtp'),
    down(0.45, whole ? 48 : 6, 'all'),
    down(0.62, 0.4, 'all'),
    down(0.71, whole ? 9 : 3, 'clock'),
    down(0.86, 5, 'all'),
  ];
}

// ── Customers ──

const SUBJECTS = [
  { subject: 'A leak in the kitchen', inbox: 'maintenance', weight: 6 },
  { subject: 'The heating is cold', inbox: 'maintenance', weight: 30 },
  { subject: 'A question about the stairs', inbox: 'maintenance', weight: 14 },
  { subject: 'Your invoice', inbox: 'billing', weight: 20 },
  { subject: 'My contract', inbox: 'billing', weight: 18 },
  { subject: 'Something else', inbox: 'billing', weight: 12 },
] as const;

/** How busy each hour of the day is, in UTC. */
const BUSY = [1, 1, 1, 1, 1, 2, 5, 9, 12, 12, 11, 9, 8, 10, 11, 11, 10, 9, 8, 6, 4, 3, 2, 1];
const BUSIEST = Math.max(...BUSY);

function arrivalsOf(
  seed: number,
  { start, days, requests }: { start: Instant; days: number; requests: number },
): Arrival[] {
  const chance = chanceOf(seed, 'arrivals');
  const customers = Math.max(20, Math.round(requests / 7));
  const weighted = SUBJECTS.flatMap((one) => Array<(typeof SUBJECTS)[number]>(one.weight).fill(one));
  // The last days bring nothing new, so that what is open can come to its end.
  const span = Math.max(0.7, 1 - 12 / days) * days;
  const times: Instant[] = [];
  while (times.length < requests) {
    const at = start + Math.floor(chance.next() * span * DAY);
    const weekday = new Date(at / 1_000).getUTCDay();
    const quiet = weekday === 0 || weekday === 6 ? 0.25 : 1;
    const busy = (BUSY[Math.floor((at % DAY) / HOUR)] ?? 0) / BUSIEST;
    if (chance.next() < busy * quiet) times.push(at);
  }
  return times
    .sort((a, b) => a - b)
    .map((at, number) => {
      const { subject, inbox } = chance.pick(weighted);
      const customer = `customer-${Math.floor(chance.next() * customers)}@people-${number % 40}.example`;
      return { number, at, customer, inbox, subject, broken: chance.happens(0.003) };
    });
}
